#!/usr/bin/env python3
"""Files that are no WebAssembly are run by the program that handles them: by their first line, or their ending."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft


def shell(folder, commands, *options, **named):
    return weft("run", "--dir", f"{folder}:/data", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PWD=/data", "--env",
                "PATH=/bin:/data", "--allow", "boot", *options, "shell", "-c", commands, **named)


def said(ran, status, output, *errors):
    return ran.status == status and ran.output == output and all(word in ran.errors for word in errors)


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)


def test_endings(folder):
    write(folder, {"hello.js": "import * as std from 'std'; console.log('js', scriptArgs.slice(1).join('|')); std.exit(3);",
                   "hello.lua": "print('lua', ...) os.exit(4)", "hello.sh": "echo sh $*; exit 5",
                   "module.mjs": "import * as os from 'os'; print('mjs', typeof os.open);",
                   "read.lua": "for line in io.lines() do print('<' .. line .. '>') end"})
    ran = shell(folder, "hello.js a 'b c'; echo $?; ./hello.lua a; echo $?; hello.sh x y; echo $?; /data/module.mjs")
    ok(said(ran, 0, "js a|b c\n3\nlua\ta\n4\nsh x y\n5\nmjs function\n") and not ran.errors,
       "JavaScript, Lua and shell files run, with arguments and exit statuses", ran)
    ran = shell(folder, "echo one | read.lua | read.lua > out; cat out; x=$(hello.js s); echo [$x]")
    ok(said(ran, 0, "<<one>>\n[js s]\n"), "in pipelines, redirections and substitutions", ran)


def test_first_lines(folder):
    write(folder, {"a": "#!/usr/bin/env lua\nprint('a', ...)", "b": "#!/bin/sh\necho b $1", "c": "#! qjs\nprint('c')",
                   "d": "#!/bin/lua -W\nprint('d', arg[-1])", "e.js": "#!/usr/bin/env lua\nprint('e')",
                   "f": "#!/usr/local/bin/node\nprint('f', scriptArgs[1])", "empty": "#!\n", "deep0": "#!/data/deep1\n",
                   "deep1": "#!/data/deep2\n", "deep2": "#!/data/deep3\n", "deep3": "#!/data/deep4\n",
                   "deep4": "#!/data/deep0\n", "two": "#!/data/b\nnothing", "none": "#!/opt/fortran\n"})
    ran = shell(folder, "a 1; b 2; c; d; e.js; two; RUNNERS=node=qjs; f 3")
    ok(said(ran, 0, "a\t1\nb 2\nc\nd\t-W\ne\nb /data/two\nf 3\n"), "`#!` names what runs it, whatever the ending", ran)
    ran = shell(folder, "empty; echo $?; none; echo $?; deep0; echo $?")
    ok(said(ran, 0, "126\n126\n126\n", "empty: this is not WebAssembly", "none: `fortran`, which runs it, is not found",
            "deep0: what runs it is run by another, and so on"), "where that is nobody, it is told", ran)


def test_table(folder):
    write(folder, {"x.up": "print('up', ...)", "y.js": "print('y')", "z": "text", ".lua": "text", "w.": "text",
                   "l.lua": "print('l', arg[-2], arg[-1])"})
    ran = shell(folder, "x.up; echo $?; RUNNERS='up=lua:lua=lua -W'; x.up 1; l.lua; y.js; echo $?")
    ok(said(ran, 0, "126\nup\t1\nl\tlua\t-W\n126\n", "x.up: this is not WebAssembly, and RUNNERS names no program that runs .up",
            "y.js: this is not WebAssembly, and RUNNERS names no program that runs .js"),
       "the table RUNNERS is the user's", ran)
    ran = shell(folder, "for r in '' : = js js= =qjs js=: ::js=qjs; do RUNNERS=$r; y.js; done; RUNNERS=js=nothing; y.js")
    ok(said(ran, 126, "y\n", "`nothing`, which runs it, is not found") and ran.errors.count("names no program") == 7,
       "rows that say nothing are none", ran)
    (folder / "bytes").write_bytes(b"text\0")
    ran = shell(folder, "z; echo $?; /data/.lua; echo $?; w.; echo $?; nothere.js; echo $?; bytes; echo $?")
    ok(said(ran, 0, "127\n127\n127\n127\n126\n", "bytes: this is not WebAssembly, or not valid") and
       ran.errors.count("text: not found") == 3,
       "without an ending a text is the shell's own, and what is not there is not found", ran)
    (folder / "broken.js").write_bytes(b"\0asm\1\0\0\0\xff")
    (folder / "large").write_bytes(b"#!lua " + b"x" * 100000)
    ran = shell(folder, "broken.js; echo $?; large; echo $?")
    ok(said(ran, 0, "126\n1\n", "broken.js: this is not WebAssembly, or not valid"),
       "what begins as a module is one, whatever its ending; a first line of any length", ran)


def test_python(folder):
    """The table has a row for Python, which who wants it adds with tools/python."""
    write(folder, {"p.py": "import json, sys\nprint(json.dumps(sys.argv[1:]))", "q": "#!/usr/bin/env python3\nprint(2 ** 100)"})
    ran = shell(folder, "p.py a; RUNNERS=python3=python; q")
    if (PROGRAMS / "bin/python.wasm").exists():
        ok(said(ran, 0, '["a"]\n1267650600228229401496703205376\n'), "Python's scripts run", ran)
    else:
        ok(said(ran, 126, "", "`python`, which runs it, is not found in PATH"), "without Python its scripts say what is missing",
           ran)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for test in (test_endings, test_first_lines, test_table, test_python):
            folder = pathlib.Path(scratch, test.__name__)
            folder.mkdir()
            test(folder)
    done()


if __name__ == "__main__":
    main()
