#!/usr/bin/env python3
"""The shell: the same scripts run by dash and by ours, then what only ours has."""
import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, ROOT, done, ok, run, weft

SCRIPTS = ROOT / "tests/shell/scripts"
BIN = PROGRAMS / "example/wasi"


def shell(folder, *arguments, options=(), **named):
    return weft("run", "--dir", f"{folder}:/data", "--dir", f"{BIN}:/bin:ro", "--env", "PWD=/data",
                "--env", "HOME=/data", "--allow", "boot", *options, "shell", *arguments, **named)


def commands(folder, text, **named):
    return shell(folder, "-c", text, **named)


def said(ran, status, output, *errors):
    return ran.status == status and ran.output == output and all(word in ran.errors for word in errors)


def test_like_dash(folder):
    """Output and exit status of each script, all of it."""
    for script in sorted(SCRIPTS.glob("*.sh")):
        results = []
        for which in "dash", "ours":
            place = folder / which
            place.mkdir()
            if which == "dash":
                ran = run("/bin/dash", script, cwd=place, env={"HOME": "/h", "PATH": "/nowhere"})
            else:
                ran = weft("run", "--dir", f"{place}:/data", "--dir", f"{SCRIPTS}:/scripts:ro", "--env", "PWD=/data",
                           "--env", "HOME=/h", "--env", "PATH=/nowhere", "--allow", "boot", "shell",
                           f"/scripts/{script.name}")
            results.append(ran)
            shutil.rmtree(place)
        dash, ours = results
        ok(dash.status == ours.status and dash.output == ours.output,
           f"{script.name}: {dash.output.count(chr(10))} lines as dash prints them",
           f"{dash}\n\n{ours}")


def test_messages(folder):
    ran = commands(folder, "$'no\\033[31m\\302\\233thing'; . $'./\\007\\177'; echo never")
    ok(ran.status == 2 and "no?[31m??thing: not found" in ran.errors and "./??: " in ran.errors and "\x1b" not in ran.errors,
       "what a message quotes brings no escape sequences", ran)


def test_programs(folder):
    ran = commands(folder, "hello_c; hello_c Weft 'a b'; echo $?")
    ok(said(ran, 0, "Hello, world, from C\nHello, Weft, from C\nHello, a b, from C\n0\n"),
       "programs are found in PATH, and get their arguments", ran)
    ran = commands(folder, "/bin/hello_c x; /bin/hello_c.wasm y; cd /bin; ./hello_c z; command -v hello_c; type hello_c")
    ok(said(ran, 0, "Hello, x, from C\nHello, y, from C\nHello, z, from C\n/bin/hello_c.wasm\n"
            "hello_c is /bin/hello_c.wasm\n"), "or by a path, with the ending or without", ran)
    ran = commands(folder, "NAME=here hello_rust; export NAME=there; hello_rust 1")
    ok("NAME is here" in ran.output and "NAME is there" in ran.output, "they get exported variables", ran)
    ran = commands(folder, "echo a b a | hello_cpp; hello_cpp <<E\nx\nE\nfor i in 1 2 3; do echo $i; done > f; hello_cpp < f")
    ok("3 words\na 2\nb 1\n" in ran.output and "1 words" in ran.output and "3 words\n1 1" in ran.output,
       "input from a pipe, a here-document, a file", ran)
    ran = commands(folder, "hello_c > out; hello_c again >> out; read a < out; echo $a; x=$(hello_c sub); echo \"[$x]\"; "
                   "hello_c piped | hello_cpp | { read l; echo \"$l\"; }")
    ok(said(ran, 0, "Hello, world, from C\n[Hello, sub, from C]\nHello from C++: 4 words\n"),
       "output to a file, a substitution, through pipes", ran)
    ran = commands(folder, "files /data; echo $?; files; echo $?")
    ok("all is as it was\n0\n" in ran.output and ran.output.endswith("2\n") and "usage: files" in ran.errors,
       "they find the shell's directories, and their exit status is kept", ran)
    cid = weft("cid", BIN / "hello_c.wasm").output.split()[0]
    ran = commands(folder, f"hello_c >/dev/null; {cid} by cid; example/hello/hello")
    ok(said(ran, 0, "Hello, by, from C\nHello, cid, from C\nHello from Weft\n"),
       "a program by its CID; one of the boot bundle", ran)
    ran = commands(folder, "hello_rust panic; echo $?")
    ok(said(ran, 0, "134\n", "unreachable", "asked to"), "a trap is 134, and its text is shown", ran)
    ran = commands(folder, "nothere; echo $?; /data/nothere; echo $?; /data; echo $?; printf 'a\\0b' > f; ./f; echo $?")
    ok(said(ran, 0, "127\n127\n126\n126\n", "not found", "no such file", "directory", "not WebAssembly"),
       "127 for what is not there, 126 for what is no program", ran)
    ran = commands(folder, "hello_c \"$(printf '\\377')\"; echo $?")
    ok(said(ran, 0, "126\n", "UTF-8"), "an argument that is no text is told", ran)


def test_tools(folder):
    """Tools of every day, which find the current directory by themselves."""
    tools = ("--dir", f"{PROGRAMS / 'bin'}:/tools:ro", "--env", "PATH=/tools")
    def tooled(text):
        return commands(folder, text, options=tools)
    ran = tooled("mkdir sub; cd sub; echo b > two; echo a > one; ls; cat one two | sort | tr ab AB; cd ..; ls sub | wc -l")
    ok(said(ran, 0, "one\ntwo\nA\nB\n2\n"), "ls, cat, sort, tr, wc in a directory", ran)
    ran = tooled("cat < sub/one > sub/three; cat sub/three; grep a sub/*; rm sub/o*; echo sub/*")
    ok(said(ran, 0, "a\nsub/one:a\nsub/three:a\nsub/three sub/two\n"), "redirected, with patterns", ran)
    ran = tooled("seq 1 100000 | tail -n 1; seq 1 100000 > f; wc -l < f; x=$(seq 1 20000); echo ${#x}; seq 1 5 | head -n 2")
    ok(said(ran, 0, "100000\n100000\n108893\n1\n2\n"), "much data through pipes, files, variables", ran)
    ran = tooled("{ head -n 1 > /dev/null; cat; } < f | head -n 1 > g; [ -s g ]; echo $?; yes | head -n 3; echo $?")
    ok(ran.status == 0 and ran.output.endswith("y\ny\ny\n0\n"), "a writer whose reader has gone ends", ran)
    (folder / "handles.js").write_text("import * as os from 'os';\nimport * as std from 'std';\nos.signal(os.SIGPIPE, undefined);\n"
                                       "let bytes = new Uint8Array(9).buffer, result;\nwhile ((result = os.write(1, bytes, 0, 9)) > 0);\n"
                                       "std.err.puts(std.strerror(-result));\n")
    ran = tooled("set -o pipefail; for writer in yes \"qjs -e 'for (;;) console.log(1)'\" \"lua -e 'while true do print(1) end'\" "
                 "\"awk 'BEGIN { while (1) print 1 }'\"; do eval $writer | head -n 1 >/dev/null; echo $?; done; { while ps --help; do :; done; } | true; echo $?; "
                 "qjs handles.js | true; echo $?")
    ok(said(ran, 0, "141\n" * 4 + "0\n0\n") and ran.errors == "Broken pipe",
       "  without a word and as by SIGPIPE, unless it ignores that", ran)


def test_jobs(folder):
    ran = commands(folder, "hello_cpp < /dev/null & wait $!; echo $?; while :; do :; done & kill $!; wait $!; echo $?")
    ok(said(ran, 0, "Hello from C++: 0 words\n0\n143\n"), "a program behind; one that is ended is 143", ran)
    ran = commands(folder, "(exit 3) & a=$!; (exit 4) & b=$!; wait $a; echo $?; wait $b; echo $?; wait 99999; echo $?")
    ok(said(ran, 0, "3\n4\n127\n"), "each job's own status", ran)
    ran = commands(folder, "i=0; while [ $i -lt 30 ]; do echo $i & i=$((i+1)); done; wait; echo done")
    ok(ran.status == 0 and sorted(ran.output.split()) == sorted([*map(str, range(30)), "done"]), "30 at once", ran)


    tools = ("--dir", f"{PROGRAMS / 'bin'}:/tools:ro", "--env", "PATH=/tools")
    ran = commands(folder, "sleep 100 & sleep 200 & jobs -p | wc -l; jobs 2>/dev/null | cat; set -- $(jobs -p) $!; echo $#; kill $(jobs -p); wait; jobs | wc -l",
                   options=tools)
    ok(said(ran, 0, "2\n[1]-  Running   sleep 100\n[2]+  Running   sleep 200\n3\n0\n"), "a pipeline and a substitution know them", ran)
    ran = commands(folder, "sleep 100 & sleep 200 & disown %1; jobs; disown; jobs; kill -9 $!; disown; echo $?; disown %7; echo $?", options=tools)
    ok(said(ran, 0, "[2]+  Running   sleep 200\n1\n1\n", "there is no job", "no such job"), "disown forgets them", ran)
    ran = commands(folder, "sleep 100 & env kill -NONE $!; echo $?; env kill $!; wait $!; echo $?; env cd /; pwd", options=tools)
    ok(said(ran, 0, "2\n137\n/\n", "kill: NONE: no signal that it knows"), "env kill is the program; env runs a builtin that is no program", ran)


def test_ways(folder):
    (folder / "script").write_text('echo "$0 $# $1"\nexit 7\n')
    ran = shell(folder, "/data/script", "a b", "c")
    ok(said(ran, 7, "/data/script 2 a b\n"), "a script with arguments", ran)
    ran = shell(folder, "-c", "echo $0 $1", "name", "one")
    ok(said(ran, 0, "name one\n"), "-c with a name and an argument", ran)
    ran = shell(folder, text="echo from input\nread x\nexit 3\n")
    ok(ran.status == 3 and ran.output == "from input\n", "commands from standard input", ran)
    ran = shell(folder, "-s", "p", text="echo $1\n")
    ok(said(ran, 0, "p\n"), "-s", ran)
    ran = shell(folder, "/data/missing")
    ok(said(ran, 127, "", "missing"), "a script that is not there", ran)
    ran = shell(folder, "-c", "if")
    ok(said(ran, 2, "", "not complete"), "a mistake in the language is 2", ran)
    ran = shell(folder, "-Z")
    ok(said(ran, 2, "", "usage"), "an unknown option", ran)
    ran = commands(folder, "echo a | hello_cpp", options=("--deny", "pipe"))
    ok(ran.status == 1 and "pipe" in ran.errors, "without pipes it says what it needs", ran)
    ran = commands(folder, "exec hello_c replaced; echo never")
    ok(said(ran, 0, "Hello, replaced, from C\n"), "exec ends the shell as the program ends", ran)
    (folder / "binary").write_bytes(os.urandom(5000))
    ran = shell(folder, "/data/binary")
    ok(isinstance(ran.status, int) and ran.status in (0, 1, 2, 126, 127), "a script of random bytes is refused", ran)


def test_scripts(folder):
    """Text files are run by the shell, or by what their first line says."""
    (folder / "plain").write_text('echo "$0 $1 $#"; exit 3\n')
    (folder / "sh.sh").write_text('#!/bin/sh -u\necho "$0 ${1-none}"; echo $unset; echo never\n')
    (folder / "env").write_text("#!/usr/bin/env bash\r\necho env $*\n")
    (folder / "words").write_text("#!/bin/hello_c first\n")
    (folder / "none").write_text("#!/usr/bin/nothing\n")
    (folder / "loop").write_text("#!/data/loop\n")
    (folder / "empty").write_text("")
    ran = commands(folder, "./plain 'a b' c; echo $?; ./sh.sh x; echo $?; PATH=$PATH:/data; env hello_c 1; plain d | { read a; echo $a; }")
    ok(said(ran, 0, "./plain a b 2\n3\n./sh.sh x\n2\nHello, 1, from C\n/data/plain d 1\n", "unset: is not set"),
       "scripts, with the shell's name in the first line or without a first line", ran)
    ran = commands(folder, "./env 1 2; ./words; ./empty; echo $?; sh -c 'echo $0 $1' a b; exec ./plain z")
    ok(said(ran, 3, "env 1 2\nHello, first, from C\nHello, ./words, from C\n0\na b\n./plain z 1\n"),
       "other programs, an empty one, sh", ran)
    ran = commands(folder, "./none; echo $?; ./loop; echo $?")
    ok(said(ran, 0, "126\n126\n", "`nothing`, which runs it, is not found in PATH",
            "what runs it is run by another, and so on"),
       "a first line that names nothing, or no program, is told", ran)
    ran = commands(folder, "x=1 env | { while read l; do case $l in x=*) echo $l;; esac; done; }; env -i a=b env; env -u PWD y=2 sh -c 'echo $y'; echo ${y-none}")
    ok(said(ran, 0, "x=1\na=b\n2\nnone\n"), "env shows what programs get, and runs one with something else", ran)
    (folder / "lines").write_text("\n(\n\n  echo $LINENO; echo $(echo $LINENO) )\nf() {\n  echo $LINENO\n}\nf; : | { echo $LINENO; }\n")
    ran = shell(folder, "/data/lines")
    ok(said(ran, 0, "4\n4\n6\n8\n"), "lines are those of the file in subshells and functions, too", ran)


def test_signals(folder):
    ran = commands(folder, "trap 'echo got $?' USR1; (exit 4); kill -USR1 $$; echo $?; trap '' TERM; kill $$; trap - TERM; trap")
    ok(said(ran, 0, "got 0\n0\ntrap -- 'echo got $?' USR1\n"), "a shell that sends itself a signal", ran)
    ran = commands(folder, "trap 'echo end' EXIT; kill -s int $$; echo never")
    ok(said(ran, 130, "end\n"), "it ends of one without a trap", ran)
    ran = commands(folder, "trap 'echo told; exit 5' HUP; (kill -HUP $$) & while :; do :; done")
    ok(said(ran, 5, "told\n"), "from a subshell, in a loop that waits for nothing", ran)
    ran = commands(folder, "{ trap 'echo child; exit 6' TERM; echo up; while :; do :; done; } > f & until [ -s f ]; do :; done; kill $!; wait $!; echo $?; read a < f; echo $a")
    ok(said(ran, 0, "6\nup\n"), "to a subshell", ran)
    ran = commands(folder, "trap : USR1; { kill -USR1 $$; while :; do :; done; } & wait $!; echo $?; kill -0 $!; echo $?; kill -9 $!; wait $!; echo $?; kill -0 $! 2>&1; echo $?")
    ok(ran.status == 0 and ran.output.startswith("138\n0\n137\n") and ran.output.endswith("1\n"),
       "`wait` ends at a signal with a trap, and -9 ends whatever it is", ran)
    ran = commands(folder, "kill -l 143; kill -NONE $$; echo $?; trap x NONE; echo $?; kill; echo $?; kill 99999; echo $?; kill -s HUP; echo $?")
    ok(said(ran, 0, "TERM\n2\n1\n2\n1\n2\n", "no such signal", "no such condition", "usage"), "mistakes are told", ran)


def test_more_than_posix(folder):
    ran = commands(folder, "set -o pipefail; (exit 3) | true; echo $?; false | (exit 2) | true; echo $?; set +o pipefail; false | true; echo $?")
    ok(said(ran, 0, "3\n2\n0\n"), "pipefail", ran)
    ran = commands(folder, "let x=2+3 y=x*2; echo $? $x $y; let 0; echo $?; let 1/0; echo $?; let; echo $?")
    ok(said(ran, 0, "0 5 10\n1\n1\n1\n", "division", "usage"), "let", ran)
    ran = commands(folder, "printf 'abcäöü\\n  x y  \\nl:m\\0n' | { read -n 4 a; read -n2 b; read c; read; read -d : d; read -d '' e; read f; "
                   "echo \"$a|$b|$c|$REPLY|$d|$e|$f\"; read -t 0.1 -u 0 g; echo $?; read -Z h; echo $?; read -n 0 h; echo $?; }")
    ok(said(ran, 0, "abcä|öü||  x y  |l|m|n\n1\n2\n2\n", "usage"), "read: characters, delimiters, REPLY, a time", ran)
    ran = commands(folder, "{ while :; do :; done; } | { read -t 0.2 x; echo $?; kill -9 $$; }")
    ok(ran.output == "1\n", "a time that passes", ran)
    ran = commands(folder, "f() { return 2; }; f; echo $?; eval '(exit 2)'; echo $?; . ./s a b; echo $? $#" if (folder / "s").write_text("echo $2; return 2\n") else "")
    ok(said(ran, 0, "2\n2\nb\n2 0\n"), "a status of 2 is none of a mistake; `.` with arguments", ran)
    ran = commands(folder, "source ./s a b; echo $? $#; source ./no; echo $?; source; echo $?; source() { echo mine; }; source x")
    ok(said(ran, 0, "b\n2 0\n2\n2\nmine\n", "./no: ", "source: usage: "), "source, which ends no script, and may be a function", ran)
    (folder / "part").write_text("echo read\nnothere\n(\n")
    (folder / "whole").write_text("# reads the other\n. ./part\n")
    ran = shell(folder, "whole")
    ok(ran.status == 2 and ran.errors == "whole: ./part: line 2: nothere: not found\nwhole: ./part: line 4: the command is not complete\n",
       "mistakes in a file that is read are told with its name and line", ran)
    ran = shell(folder, "gone")
    ok(ran.status == 127 and ran.errors == "shell: gone: no such file or directory\n", "a script that is not there", ran)
    ran = commands(folder, "read x <<<")
    ok(said(ran, 2, "", "not complete"), "<<< without a word is a mistake", ran)
    ran = commands(folder, "x='a  b'; cat() { while read -r l; do echo \"[$l]\"; done; }; cat <<<\"$x\"; cat <<< $x; (cat <<<'it'\\''s') | cat; cat 3<<<y <&3")
    ok(said(ran, 0, "[a  b]\n[a  b]\n[[it's]]\n[y]\n"), "with one it is a line of input", ran)
    ran = commands(folder, "i=0; while [ $i -lt 200 ]; do echo $RANDOM; i=$((i+1)); done; let x=RANDOM y=RANDOM; [ $x -ne $y ]; echo $?; "
                   "a=$(echo $RANDOM); RANDOM=7; echo $RANDOM; unset RANDOM; [ -n \"$RANDOM\" ]; echo $?")
    numbers = [int(line) for line in ran.output.split()]
    ok(len(numbers) == 203 and all(0 <= number < 32768 for number in numbers) and len(set(numbers[:200])) > 150 and
       max(numbers) > 16384 and numbers[200:] == [0, 7, 0], "RANDOM: each time another, unless it is set", ran)
    ran = commands(folder, "ulimit; ulimit -u; ulimit -nu; ulimit -n 5; echo $?; ulimit 5; echo $?; ulimit -z; echo $?; ulimit x; echo $?")
    all_limits = dict(re.findall(r"-(\w) (\w+)\n", ran.output))
    ok(set(all_limits) == set("vuTnq") and ran.output.endswith(
        f"{all_limits['u']}\n{all_limits['u']}\n{all_limits['n']}\n1\n1\n2\n2\n") and "silo limit" in ran.errors,
       "ulimit tells the silo's limits, and sets none", ran)
    ran = commands(folder, "a=1; a=2 b=$a eval 'echo $a $b'; v=x; v=$(exit 3) $(true); echo $? [$v]; g() { (break; echo no); echo on; }; while :; do g; (break; echo no); echo $?; break; done")
    ok(said(ran, 0, "2 2\n3 []\nno\non\n0\n"), "assignments one after the other; break in a subshell", ran)


def test_help(folder):
    tools = ("--dir", f"{PROGRAMS / 'bin'}:/tools:ro", "--env", "PATH=/tools")
    ran = commands(folder, "help")
    listed, more = ran.output.split("`help NAME`")
    builtins = [line.split()[0] for line in listed.splitlines()]
    ok(ran.status == 0 and len(builtins) >= 43 and all(re.match(r"\S+ +[a-z]", line) for line in listed.splitlines()),
       "help has a line for each builtin", ran)
    words = builtins + ["if", "for", "while", "until", "case", "function", "{", "!"]
    ran = commands(folder, f"help {' '.join(map(shlex.quote, words))}")
    ok(ran.status == 0 and ran.output.count("usage: ") == len(words), "and more of each, and of the language's words", ran)
    ran = commands(folder, "jobs --help; kill; echo --help; true --help; nothere --help; help nothere")
    ok(said(ran, 127, "usage: jobs [-l|-p] [%JOB...]\nLists jobs that are stopped, run behind or have ended since; -l: with their "
            "processes, -p: only these.\n--help\n", "kill: usage: kill [-s SIGNAL|-SIGNAL]") and ran.errors.count("nothere: not found") == 2,
       "NAME --help and a misuse tell it, too; for echo that is a word like any", ran)
    ran = commands(folder, "man kill | head -n 5; man ps ls | grep -A 1 -e NAME -e SYNOPSIS", options=tools)
    ok(said(ran, 0, "NAME\n    kill - ends jobs, or processes that were started from this shell\n\nSYNOPSIS\n    kill [-s SIGNAL|-SIGNAL] "
            "%JOB|PROCESS...\nNAME\n    ps - lists the processes that this program may see\n--\nSYNOPSIS\n    ps [-ef|aux]\n--\nNAME\n"
            "    ls - list files\n--\nSYNOPSIS\n    ls [-ACFHLRSZacdfhiklmnpqrstuwx1] [--color[=auto]] [FILE...]\n"),
       "man has a page of a builtin, and of tools", ran)
    names = [*(ROOT / "programs/toybox/applets").read_text().split(), *(path.stem for path in (PROGRAMS / "system").glob("*.wasm")),
             *(path.stem for path in (ROOT / "programs/tool").glob("*.c")), "silo", "interface", "permission", "lua", "awk", "sqlite3", "sh"]
    ran = commands(folder, f"for name in {' '.join(names)}; do case $(man $name 2>&1) in NAME*SYNOPSIS*|*'Clear the screen'*) ;; "
                   "*) echo $name;; esac; done; man less | grep -c 'Display this help'", options=tools)
    ok(said(ran, 0, "1\n"), f"every tool has one: {len(names)}", ran)
    (folder / "script").write_text("echo ran\n")
    ran = commands(folder, "man nothere; echo $?; man ./script; echo $?; f() { :; }; man f; echo $?; man; echo $?")
    ok(said(ran, 0, "127\n126\n1\n2\n", "nothere: not found", "./script: a file that is no program", "f: a function or an alias",
            "usage: man COMMAND..."), "what has none is told, and no script is run for it", ran)
    silent = "there is no text in it on how it is used: it has no manual"
    ran = commands(folder, "man hello-c; echo $?; help adventure hello-c; echo $?; help ./script; f() { echo ran; }; help f", options=tools)
    ok(said(ran, 1, "1\n1\n", f"adventure: {silent}\n") and ran.errors.count(f"hello-c: {silent}\n") == 2,
       "nor a program that would not say how it is used, or a function", ran)
    ran = commands(folder, "man -h; echo $?; help -h; echo $?")
    ok(said(ran, 0, "2\n2\n", "man: usage: man COMMAND...", "help: usage: help [COMMAND...]"), "neither takes options", ran)


def test_deep(folder):
    ran = commands(folder, "f() { f; }; f; echo $?")
    ok(ran.status == 1 and "too deeply" in ran.errors, "endless recursion is told", ran)
    ran = commands(folder, "eval " + "(" * 300 + ":" + ")" * 300)
    ok(ran.status == 2, "nesting has a bound", ran)
    ran = commands(folder, "x='eval \"$x\"'; eval \"$x\"")
    ok(ran.status == 1 and "too deeply" in ran.errors, "so does eval of itself", ran)
    ran = commands(folder, "i=0; while [ $i -lt 200 ]; do x=$(echo $i | { read y; echo $y; }); i=$((i+1)); done; echo $x")
    ok(said(ran, 0, "199\n"), "200 pipelines one after the other leave nothing behind", ran)


def main():
    for test in (test_like_dash, test_messages, test_programs, test_tools, test_jobs, test_ways, test_scripts, test_signals, test_more_than_posix, test_help, test_deep):
        with tempfile.TemporaryDirectory() as scratch:
            test(pathlib.Path(scratch))
    done()


if __name__ == "__main__":
    main()
