#!/usr/bin/env python3
"""What a session's name space has besides files, and its tools: devices, processes, the system, names
with schemes; `mount`, `umount`, `df`; and that nobody gets by it what he may not have."""
import pathlib
import re
import socket
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from space import space
from tap import done, ok


def shell(commands, allowed=(), withheld=()):
    return space("shell", "-c", commands, withheld={"machine", "tcp", "udp", "names", *withheld} - {*allowed})


def says(name, commands, output, errors="", allowed=(), withheld=()):
    ran = shell(commands, allowed, withheld)
    ok(re.fullmatch(output, ran.output, re.DOTALL) and re.search(errors, ran.errors) and
       (errors or not ran.errors), name, ran)


def test_devices():
    says("echo where there is no space", "echo x >/dev/full; echo $?; (echo y >/dev/full; echo $?)", "1\n1\n",
         "^(shell: line 1: output: there is no space left\n){2}$")
    says("null, zero, full", "cat /dev/null; echo x >/dev/null; head -c 3 /dev/zero | od -An -c; dd if=/dev/zero of=/dev/full count=1",
         r" +\\0  \\0  \\0\n", "No space")
    says("random", "head -c 100000 /dev/random | gzip | wc -c; head -c 20 /dev/urandom | wc -c", r"100\d\d\d\n20\n")
    says("a program's own streams", "echo in | cat /dev/stdin; echo out | tee /dev/stdout; echo x | cat /dev/fd/0",
         "in\nout\nout\nx\n")
    says("the log is written and read", "echo one line >/dev/log; grep -c 'process [0-9]*: one line$' /dev/log", "1\n")
    says("what the machine has not is not there", "ls /dev | grep -c -e serial0 -e framebuffer; cat /dev/serial0; cat /dev/framebuffer; cat /sys/screen",
         "0\n", "serial0: No such file.*\n.*framebuffer: No such file", allowed=["machine"])
    says("names with schemes, wherever one is", "cd /tmp; echo a line >log:; cat log: | grep -c 'a line'; head -c 3 zero: | wc -c; "
         "cat null:; ls", "1\n3\n")
    says("programs by CID, to be read and run", "set -- $(ls /cid); cat cid:$1 >/tmp/a; sha256sum /cid/$1 /tmp/a | cut -c 1-64 | uniq | wc -l; "
         "cat cid:bnothing; echo $?", "1\n1\n", "cid:bnothing")
    says("without a terminal there is none", "cat /dev/console", "", "denied|device", withheld=["terminal"])


def test_processes():
    says("a process finds itself", "cat /proc/self/status | head -3; ls /proc | grep -c '^[0-9]*$'; cat /proc/self/comm | head -c 1",
         r"name\t\S+\nprogram\tb\w+\nprocess\t\d+\n[1-3]\n\w")
    says("what is not there", "cat /proc/99999/status; cat /proc/self/nothing; cat /proc/self", "", "No such file.*directory")
    says("memory and time, of who may ask", "cat /proc/uptime /proc/meminfo /sys/memory /sys/cpus /sys/uptime",
         r"[\d.]+ [\d.]+\nMemTotal:.*MemFree:.*total\t\d+\nfree\t\d+\ncpu\tidle\n0\t.*", allowed=["machine"])
    says("and not of who may not", "cat /proc/uptime; cat /sys/memory", "", "Permission denied(.|\n)*Permission denied")
    says("interfaces and silos", "grep -c '^files' /sys/interfaces; tail -1 /sys/silos", "1\n.*shell\n")
    says("nothing is written there", "echo x >/proc/uptime; echo x >/sys/log; rm /proc/mounts; mkdir /sys/a; true", "", "read")


def test_table():
    says("what is mounted", "mount", "PLACE .*/tmp +0  memory\n.*/bin +-  granted directory\n")
    says("a directory at a second place", "mkdir /tmp/d; echo in >/tmp/d/f; mount /tmp/d /mnt/d; cat /mnt/d/f; cd /mnt/d; "
         "cat ../d/f; ls /mnt; umount /mnt/d; ls /mnt", "in\nin\nd\n", "mnt: No such")
    says("places where nothing can be mounted", "mkdir /tmp/d; mount /tmp/d /tmp/e; mount /tmp/d /bin; mount /tmp/d /; mount /no /mnt; "
         "mount tag:no /mnt; umount /mnt; mount own:no /mnt", "",
         "within another mount\n/bin: something is mounted there(.|\n)*no place(.|\n)*no directory(.|\n)*tag:no(.|\n)*nothing is mounted(.|\n)*own:no")
    says("what is in use stays, and who uses it is told", "echo x >/tmp/f; exec 5</tmp/f; umount /tmp; exec 5<&-; n=0; until umount /tmp 2>/dev/null || [ $((n=n+1)) -gt 100 ]; do sleep 0.1; done; "
         "ls /tmp; mount own:memory /tmp; cat /tmp/f", "x\n", r"in use\n  process \d+ has 1 open\n(.|\n)*No such")
    says("room", "df; head -c 1000000 /dev/zero >/tmp/a; df | grep /tmp", r"WHAT .*memory +\d+ +4 +\d+ +1%  /tmp\n.*memory +\d+ +99\d +\d+ +2%  /tmp\n")


def serve(replies):
    """A server that says something and then what it was told; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"hello from outside\n")
            connection.shutdown(socket.SHUT_WR)
            replies.append(connection.recv(100))

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


def test_connections():
    port = serve([])
    ran = shell(f"cat tcp:127.0.0.1:{port}", ["tcp"])
    ok(ran.status == 0 and ran.output == "hello from outside\n", "a connection is read to its end", ran)
    heard = []
    port = serve(heard)
    ran = shell(f"exec 5<>tcp:localhost:{port}; head -n 1 <&5; echo told >&5; exec 5>&-; sleep 0.2",
                ["tcp", "names"])
    ok(ran.output == "hello from outside\n" and heard == [b"told\n"], "and written, to a host by name", f"{ran}{heard}")
    port = serve(heard)
    ran = shell(f"cat tcp:127.0.0.1:{port}")
    ok(ran.output == "" and "denied" in ran.errors.lower(), "but not by who may not use `tcp`", ran)
    says("addresses that are none", "cat tcp:; cat tcp:1.2.3.4; cat tcp::80; cat tcp:1.2.3.4:0; cat tcp:1.2.3.4:70000", "",
         "(Invalid argument(.|\n)*){5}", ["tcp"])


test_devices()
test_processes()
test_table()
test_connections()
done()
