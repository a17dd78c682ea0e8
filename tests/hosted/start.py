#!/usr/bin/env python3
"""Programs that start others, as programs written for Unix do: with streams, pipes, directories and
variables handed on, statuses handed back."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from space import BIN, space
from tap import done, ok, weft


def says(name, commands, output, errors="", status=0, options=()):
    ran = space("shell", "-c", commands, options=options)
    ok(ran.output == output and ran.status == status and errors in ran.errors and (errors or not ran.errors), name, ran)


says("find", "cd /tmp; mkdir d; echo a >d/a; echo b >d/b; find d -type f -exec cat {} \\;; find d -type f -exec echo {} +; "
     "find d -name a -exec sh -c 'echo the shell has $0' {} \\;", "a\nb\nd/a d/b\nthe shell has d/a\n")
says("xargs, one at a time and all at once", "echo 1 2 3 | xargs -n 1 echo n; echo 1 2 3 | xargs echo all; echo x | xargs cat",
     "n 1\nn 2\nn 3\nall 1 2 3\n", "cat: x", 123)
says("env", "env X=5 printenv X; env -i A=1 env | sort; env -i PATH=/bin printenv PATH", "5\nA=1\n/bin\n", options=("--env", "PWD=/"))
says("archives through gzip", "cd /tmp; mkdir d; echo text >d/a; tar -czf d.tgz d; rm -r d; tar -tf d.tgz; tar -xzf d.tgz; cat d/a; "
     "tar -cf d.tar d; gzip d.tar; tar -xOf d.tar.gz d/a", "d/\nd/a\ntext\ntext\n")
says("statuses come back", "env false; echo $?; env nothing; echo $?; timeout 0.1 sleep 20; echo $?; timeout 50 sh -c 'exit 7'; echo $?",
     "1\n127\n124\n7\n", "nothing")
says("the time is told", "time sh -c 'exit 3'", "", "real 0.", 3)
says("a share of the CPU", "nice -n 5 echo nice; nice -n 5 tail -1 /sys/silos | grep -c nice; nice -n 30 echo too nice", "nice\n1\n", "usage: nice", 125)
says("nested as deep as that", "env env env sh -c 'find /tmp -maxdepth 0 -exec env echo deep \\;'", "deep\n")
says("directories and the current one are handed on", "cd /tmp; mkdir a; cd a; env sh -c 'pwd; echo x >here'; cat /tmp/a/here", "/tmp/a\nx\n")
ran = weft("run", "--dir", f"{BIN}:/bin", "--env", "PATH=/bin", BIN / "env.wasm", "ls", "/bin/ls.wasm")
ok(ran.output == "/bin/ls.wasm\n" and not ran.errors, "without a session, too", ran)
ran = weft("run", "--deny", "system", "--dir", f"{BIN}:/bin", "--env", "PATH=/bin", BIN / "env.wasm", "ls")
ok(ran.status != 0 and "system" in ran.errors, "but not without the right to start programs", ran)
done()
