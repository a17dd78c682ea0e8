#!/usr/bin/env python3
"""Machine code that is kept between runs: used, made again when it is no good, never in the way."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, WEFT, done, ok, weft
import wasm

HELLO = PROGRAMS / "example/wasi/hello_c.wasm"
HELLO_SAYS = "Hello, world, from C\n"
LIMIT = 512 << 20


class Cache:
    """A cache folder of its own, and what runs in it say."""

    def __init__(self, folder):
        self.base = pathlib.Path(folder) / "cache"
        self.folder = self.base / "weft"
        self.key = self.folder / "key"

    def run(self, *arguments, **variables):
        environment = dict(os.environ, XDG_CACHE_HOME=str(self.base), **variables)
        return weft("run", "--log", "debug", *arguments, env=environment)

    def images(self):
        return sorted(self.folder.glob("*.image"))


def counts(ran, words):
    return [int(number) for number in re.findall(r"(\d+) functions " + words, ran.errors)]


def taken(ran):
    return sum(counts(ran, "had been compiled"))


def compiled(ran):
    return sum(counts(ran, "were compiled"))


def hello(cache, *options):
    """Whether it runs as it should, and (functions taken, functions compiled and kept)."""
    ran = cache.run(*options, HELLO)
    return ran.status == 0 and ran.output == HELLO_SAYS, taken(ran), compiled(ran), ran


def mode(path):
    return path.stat().st_mode & 0o7777


def test_made_and_used(cache):
    good, first_taken, made, ran = hello(cache)
    ok(good and first_taken == 0 and made > 20, "the first run compiles, and keeps it", ran)
    ok(mode(cache.folder) == 0o700 and mode(cache.key) == 0o600 and cache.key.stat().st_size == 32
       and len(cache.images()) == 2, "folder and key are the user's alone")
    before = [image.read_bytes() for image in cache.images()]
    good, now_taken, again, ran = hello(cache)
    ok(good and now_taken == made and again == 0, "the second run compiles nothing", ran)
    ok(before == [image.read_bytes() for image in cache.images()], "and keeps nothing anew")
    ran = cache.run(HELLO, "Weft", "a", "b")
    more = compiled(ran)
    ran = cache.run(HELLO, "Weft", "a", "b")
    ok(taken(ran) == made + more and compiled(ran) == 0,
       "what another run compiles is kept besides", ran)


def test_turned_off(cache, folder):
    for option in (["--no-cache"], ["--engine", "interpreter"]):
        other = Cache(folder / option[-1])
        good, _, _, ran = hello(other, *option)
        ok(good and not other.base.exists(), f"{' '.join(option)} leaves the folder alone", ran)
        good, now_taken, _, ran = hello(cache, *option)
        ok(good and now_taken == 0, "and uses nothing of it", ran)


def test_corrupted(cache):
    for change in (lambda data: data[:-1] + bytes([data[-1] ^ 1]), lambda data: b"",
                   lambda data: data[: len(data) // 2], lambda data: bytes(len(data)),
                   lambda data: data + b"\0"):
        for image in cache.images():
            image.write_bytes(change(image.read_bytes()))
        good, now_taken, made, ran = hello(cache)
        ok(good and now_taken == 0 and made > 0, "what was changed is not used, and made again", ran)
        good, now_taken, made, ran = hello(cache)
        ok(good and now_taken > 0 and made == 0, "which is used then", ran)
    first, second = (image.read_bytes() for image in cache.images())
    cache.images()[0].write_bytes(second)
    cache.images()[1].write_bytes(first)
    good, now_taken, _, ran = hello(cache)
    ok(good and now_taken == 0, "code of one program is not taken for that of another", ran)
    cache.key.write_bytes(os.urandom(32))
    good, now_taken, made, ran = hello(cache)
    ok(good and now_taken == 0 and made > 0, "nor code that was kept under another key", ran)


def test_key(cache):
    for wrong in (0o644, 0o640, 0o606):
        cache.key.chmod(wrong)
        good, now_taken, made, ran = hello(cache)
        ok(good and now_taken == made == 0 and "key" in ran.errors,
           f"with a key of mode {wrong:o} nothing is kept or used", ran)
    cache.key.chmod(0o600)
    for wrong in (0o777, 0o720):
        cache.folder.chmod(wrong)
        good, now_taken, made, ran = hello(cache)
        ok(good and now_taken == made == 0, f"nor in a folder of mode {wrong:o}", ran)
    cache.folder.chmod(0o700)
    cache.key.write_bytes(b"short")
    good, now_taken, made, ran = hello(cache)
    ok(good and now_taken == 0 and made > 0 and cache.key.stat().st_size == 32,
       "a key that is none is made again", ran)
    cache.key.unlink()
    cache.key.symlink_to("/dev/zero")
    good, now_taken, made, ran = hello(cache)
    ok(good and now_taken == made == 0, "a key that is a link is not followed", ran)
    cache.key.unlink()
    os.mkfifo(cache.key)
    good, now_taken, made, ran = hello(cache)
    ok(good and now_taken == made == 0, "nor is a pipe waited for", ran)
    cache.key.unlink()
    if os.geteuid() == 0:
        cache.key.write_bytes(bytes(32))
        cache.key.chmod(0o600)
        os.chown(cache.key, 1, 1)
        good, now_taken, made, ran = hello(cache)
        ok(good and now_taken == made == 0, "nor is a key of another user used", ran)
        cache.key.unlink()
    good, _, made, ran = hello(cache)
    ok(good and made > 0 and cache.key.stat().st_size == 32, "and all is well without these", ran)


def test_no_folder(folder):
    blocked = folder / "file"
    blocked.write_text("")
    for name, variables in (("a file in its place", {"XDG_CACHE_HOME": str(blocked)}),
                            ("a folder that cannot be made", {"XDG_CACHE_HOME": "/proc/none"}),
                            ("no home", {"XDG_CACHE_HOME": "", "HOME": ""})):
        ran = weft("run", "--log", "debug", HELLO, env=dict(os.environ, **variables))
        ok(ran.status == 0 and ran.output == HELLO_SAYS and "no machine code is kept" in ran.errors,
           f"{name}: the program runs all the same", ran)
        ran = weft("run", HELLO, env=dict(os.environ, **variables))
        ok(ran.status == 0 and not ran.errors, "and nobody is told who did not ask", ran)


def test_full_disk(folder):
    cache = Cache(folder / "full")
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache.base))
    command = f"ulimit -f 4; exec {WEFT} run {HELLO}"
    ran = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, timeout=60,
                         check=False)
    left = [file.name for file in cache.folder.iterdir()]
    ok(ran.returncode == 0 and ran.stdout.decode() == HELLO_SAYS and not ran.stderr
       and left == ["key"], "an image that finds no room leaves nothing", f"{ran} {left}")


def test_two_at_once(folder):
    cache = Cache(folder / "race")
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache.base))
    for _ in range(3):
        runs = [subprocess.Popen([WEFT, "run", HELLO], env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE) for _ in range(8)]
        ends = [run.communicate(timeout=60) + (run.returncode,) for run in runs]
        ok(all(end == (HELLO_SAYS.encode(), b"", 0) for end in ends), "eight runs at once", ends)
    good, now_taken, made, ran = hello(cache)
    ok(good and now_taken > 20 and made == 0, "leave code that is used", ran)
    ok(len(list(cache.folder.iterdir())) == 3, "and no drafts", list(cache.folder.iterdir()))


def test_bound(cache):
    old = cache.folder / ("b" * 59 + ".image")
    with open(old, "wb") as file:
        file.truncate(LIMIT)
    os.utime(old, (1000, 1000))
    draft = cache.folder / "draft.1.0"
    draft.write_bytes(b"left")
    os.utime(draft, (1000, 1000))
    young = cache.folder / "draft.2.0"
    young.write_bytes(b"being written")
    for image in cache.images():
        if image != old:
            image.unlink()
    good, _, made, ran = hello(cache)
    ok(good and made > 0 and not old.exists() and len(cache.images()) == 2,
       "beyond the limit what was used longest ago goes", ran)
    ok(not draft.exists() and young.exists(), "with what a run has left that was stopped")
    young.unlink()
    image = cache.images()[0]
    os.utime(image, (1000, 1000))
    hello(cache)
    ok(image.stat().st_mtime > time.time() - 1000, "to be used counts")


def test_traps(cache, folder):
    """A backtrace through code that was kept, in which one function is inlined in the other."""
    path = folder / "trap.wasm"
    path.write_bytes(b"\0asm\1\0\0\0" + wasm.section(1, b"\1\x60\0\0") +
                     wasm.section(3, b"\2\0\0") + wasm.section(7, b"\1\6_start\0\0") +
                     wasm.section(10, b"\2\4\0\x10\1\x0b\3\0\0\x0b"))
    first, second = cache.run(path), cache.run(path)
    ok(first.status == second.status == 134 and compiled(first) == taken(second) == 1,
       "a program that traps is kept too", f"{first}\n{second}")
    tell = [[line for line in ran.errors.splitlines() if "debug" not in line] for ran in (first, second)]
    ok(tell[0] == tell[1] and len(tell[0]) > 1, "and its trap is told the same", tell)


def test_stopped(folder):
    """A program that is told to end has its code kept, too."""
    cache = Cache(folder / "stopped")
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache.base))
    with subprocess.Popen([WEFT, "run", PROGRAMS / "sqlite.wasm"], env=environment,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdin.write(b"select 6 * 7;\n")
        run.stdin.flush()
        said = run.stdout.readline()
        run.terminate()
        status = run.wait(timeout=60)
    ok(said == b"42\n" and status == -15 and len(cache.images()) == 2, "so has one that is stopped",
       f"{said} {status} {cache.images()}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cache = Cache(folder)
        test_made_and_used(cache)
        test_turned_off(cache, folder)
        test_corrupted(cache)
        test_key(cache)
        test_no_folder(folder)
        test_full_disk(folder)
        test_two_at_once(folder)
        test_bound(cache)
        test_traps(cache, folder)
        test_stopped(folder)
    done()


main()
