#!/usr/bin/env python3
"""The examples of native Weft programs: processes that talk, handle interfaces for one another, are
denied, and lie."""
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

EXAMPLE = PROGRAMS / "example"


def cid_of(program):
    return weft("cid", program).output.split()[0]


def test_greeter():
    handled = ("run", "--handle", f"greeter={EXAMPLE}/greeter/server.wasm")
    ran = weft(*handled, EXAMPLE / "greeter/client.wasm", "Ada", "Grace and Lynn")
    ok(ran.status == 0 and ran.output == "Hello, Ada\nHello, Grace and Lynn\n",
       "a client and a server with an interface of their own", ran)
    ran = weft(*handled, EXAMPLE / "greeter/client.wasm", "x" * 300)
    ok(ran.status == 1 and ran.output == "", "what the server refuses is the client's to tell", ran)
    ran = weft("run", EXAMPLE / "greeter/client.wasm", "Ada")
    ok(ran.status == 1 and "--handle greeter=PROGRAM" in ran.errors,
       "without a handler the person is told which option gives one", ran)


def test_pong():
    ran = weft("run", "--handle", f"ball={EXAMPLE}/pong/pong.wasm", EXAMPLE / "pong/ping.wasm", "4")
    ok(ran.status == 0 and ran.output == "".join(f"ping {i}\npong {i + 1}\n" for i in (1, 3, 5, 7)),
       "two processes exchange messages in their order", ran)


def test_threads():
    ran = weft("run", EXAMPLE / "threads/threads.wasm")
    ok(ran.status == 0 and ran.output == "the sum is 499999500000\n",
       "threads of one process, each with its stack", ran)


def test_denied():
    ran = weft("run", EXAMPLE / "denied/denied.wasm")
    ok(ran.status == 3 and ran.output == "tcp is denied\n", "the network is denied", ran)
    ok("--allow tcp" in ran.errors, "and the person is told the option that grants it", ran)
    ran = weft("run", "--allow", "tcp", EXAMPLE / "denied/denied.wasm")
    ok(ran.status == 0 and not ran.errors, "with the option it is not", ran)


def test_loader():
    # The boot bundle has `hello`, which the honest loader finds by its hash.
    start = EXAMPLE / "loader/start.wasm"
    hello = cid_of(EXAMPLE / "hello/hello.wasm")
    ran = weft("run", "--handle", f"loader={EXAMPLE}/loader/lying.wasm", start, hello)
    ok(ran.status == 1 and ran.output == "wrong-hash\n", "a loader that lies is found out", ran)
    honest = ("run", "--allow", "boot", "--handle", f"loader={EXAMPLE}/loader/honest.wasm", start)
    ran = weft(*honest, hello)
    ok(ran.status == 0 and ran.output == "Hello from Weft\nit ran\n",
       "what an honest one brings is run", ran)
    ran = weft(*honest, cid_of(EXAMPLE / "denied/denied.wasm"))
    ok(ran.status == 1 and ran.output == "not-found\n", "what it does not have is not found", ran)


def test_files():
    client = EXAMPLE / "files/client.wasm"
    ran = weft("run", "--handle", f"files={EXAMPLE}/files/memory.wasm", client)
    ok(ran.status == 0 and ran.output.count("ok: ") == 12, "a process handles files for another", ran)
    with tempfile.TemporaryDirectory() as folder:
        ran = weft("run", "--dir", f"{folder}:/", client)
        ok(ran.status == 0 and ran.output.count("ok: ") == 12,
           "the same program works in a directory of the host", ran)


def test_tcp():
    echo = ("run", "--handle", f"tcp={EXAMPLE}/tcp/echo.wasm", EXAMPLE / "tcp/client.wasm")
    ran = weft(*echo, "there and back")
    ok(ran.status == 0 and ran.output == "received: there and back\n",
       "a process is the network of another", ran)
    ran = weft(*echo, "there", "9")
    ok(ran.status == 1 and ran.output == "refused\n", "and refuses what it likes", ran)


def main():
    test_greeter()
    test_pong()
    test_threads()
    test_denied()
    test_loader()
    test_files()
    test_tcp()
    done()


if __name__ == "__main__":
    main()
