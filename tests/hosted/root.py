#!/usr/bin/env python3
"""The name space of a session: `/tmp`, `/boot`, granted directories, as tools for WASI and the shell
find them."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from space import space
from tap import PROGRAMS, done, ok


def shell(commands, **more):
    return space("shell", "-c", commands, **more)


def says(name, commands, output, errors="", **more):
    ran = shell(commands, **more)
    ok(ran.output == output and errors in ran.errors and (errors or not ran.errors), name, ran)


def test_memory():
    says("what is written is read", "cd /tmp; echo hi >a; cat a | wc; echo more >>a; cat a", "      1       1       3\nhi\nmore\n")
    says("copies, names, directories", "cd /tmp; mkdir -p d/e; cp /boot/init.wasm d/e; mv d/e/init.wasm d/f; "
         "cmp d/f /boot/init.wasm && ls d; rmdir d/e; rm -r d; ls", "e\nf\n")
    says("links, relative, absolute, hard, and `..`", "cd /tmp; mkdir d; echo text >d/a; ln -s d/a s; ln -s /tmp/d t; ln d/a h; "
         "cat s t/a h d/../s; readlink s; stat -c %h h; cd t; cat ../h", "text\n" * 4 + "d/a\n2\ntext\n")
    says("a link to itself", "cd /tmp; ln -s l l; cat l", "", "cat: l: Symbolic link loop")
    says("cut and grown", "cd /tmp; echo 123456 >a; truncate -s 3 a; cat a; echo; truncate -s 5 a; od -c a | head -1",
         "123\n0000000   1   2   3  \\0  \\0\n")
    says("times", "cd /tmp; touch -d '2001-02-03 04:05:06' a b; date -r b '+%F %T'; stat -c %y a",
         "2001-02-03 04:05:06\n2001-02-03 04:05:06.000000000 +0000\n")
    says("a hundred files", "cd /tmp; for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do : >$i$j; done; done; "
         "ls | wc -l; rm *; ls | wc -l", "100\n0\n")
    ran = shell("cd /tmp; head -c 70000000 </data/zero >big; echo $?; rm big; echo again >a; cat a",
                options=("--dir", "/dev:/data:ro"), timeout=120)
    ok(ran.output == "1\nagain\n" and "No space" in ran.errors, "a full one says that there is no space, and goes on", ran)


def test_mounts():
    says("the first directory lists the mounts", "ls / | tr \"\\n\" \" \"; cd /; echo *", "bin boot cid dev proc programs sys tmp bin boot cid dev proc programs sys tmp\n")
    says("nothing is made there, and no mount is removed", "mkdir /a; rmdir /tmp; mv /tmp /b; true >/c; echo $?", "2\n", "/a")
    says("`..` leads from one to the other, and not out", "cat /boot/../../../tmp/../boot/../boot/session.wasm | wc -c",
         f"{(PROGRAMS / 'session.wasm').stat().st_size}\n")
    says("the boot bundle may only be read", "echo x >/boot/init.wasm; rm /boot/init.wasm; echo $?", "1\n", "read")
    says("programs by name", "cd /programs; ls hello shell root; hello | head -1", "hello\nroot\nshell\nHello from Weft\n")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "there").write_text("from the host\n")
        (path / "out").symlink_to("/etc/passwd")
        ran = shell("cat /data/there; cd /data; echo back >new; cp new /tmp; cat /tmp/new; mv /tmp/new moved; cat moved; "
                    "mkdir d; mv moved d/; ls d; cat d/../../tmp/../data/there; ln there hard; cat hard",
                    options=("--dir", f"{folder}:/data"))
        ok(ran.output == "from the host\nback\nback\nmoved\nfrom the host\nfrom the host\n" and not ran.errors and
           (path / "d/moved").read_text() == "back\n", "a granted directory, files there and from mount to mount", ran)
        ran = shell("cat /data/out; cat /data/../../etc/passwd; ln /data/there /tmp/x; rm /data/there; echo x >/data/y; echo $?",
                    options=("--dir", f"{folder}:/data:ro"))
        ok("root:" not in ran.output and (path / "there").exists() and not (path / "y").exists() and ran.output == "2\n",
           "nothing leaves it, and one that may only be read stays as it is", ran)
        ran = shell("ls /", options=("--dir", f"{folder}:/tmp"))
        ok("tmp: it cannot be mounted" in ran.errors, "what cannot be mounted is told", ran)


def test_authority():
    """The name space has the session's rights, and lends them to nobody."""
    ran = shell("ls /", withheld=["boot"])
    ok(ran.status == 127 and "may not use boot" in ran.errors, "without the right to the bundle there is no session", ran)


def test_engines():
    ran = shell("cd /tmp; cp /boot/shell.wasm a; cat a a >b; cmp b b && wc -c b",
                  options=("--engine", "interpreter"), timeout=120)
    ok(ran.output == f"{2 * (PROGRAMS / 'shell.wasm').stat().st_size} b\n", "interpreted too", ran)
    ran = shell("cd /tmp; for i in 1 2 3 4 5 6 7 8; do cat /boot/shell.wasm >$i & done; wait; cat * | wc -c",
                  options=("--cpus", "2"))
    ok(ran.output == f"{8 * (PROGRAMS / 'shell.wasm').stat().st_size}\n", "eight programs at once on two CPUs", ran)
    ran = space("hello/hello")
    ok(ran.status == 0 and ran.output == "Hello from Weft\n", "another program than the shell", ran)
    ran = shell("exit 7")
    ok(ran.status == 7, "its status is the session's", ran)


test_memory()
test_mounts()
test_authority()
test_engines()
done()
