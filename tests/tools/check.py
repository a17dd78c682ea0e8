#!/usr/bin/env python3
"""Tests tools/check: a small clean tree passes, and each planted mistake is found where it is."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import ROOT, done, ok, run

CLEAN = {
    "LAYERS": "base a.h,base.h -\nkernel kernel.h base\nprograms - base\n"
              "freestanding base kernel\nheaders stdint.h\nportable base kernel\n",
    "base/base.h": "/* The door. */\n#ifndef BASE_BASE_H\n#define BASE_BASE_H\n#include <stdint.h>\n#endif\n",
    "base/a.h": "/* Another door. */\n",
    "base/inner.h": "/* Private. */\n",
    "base/a.c": '#include "base/inner.h"\n\nint add(int a, int b)\n{\n    return a + b;\n}\n',
    "kernel/kernel.h": '/* The door. */\n#include "base/base.h"\n',
    "kernel/k.c": '#include "base/a.h"\n#include "kernel/kernel.h"\n',
    "programs/p.c": "#include <stdio.h>\n#ifdef ANY\n#endif\n",
}
LONG = "int long_one(void)\n{\n" + "    ;\n" * 71 + "}\n"
MANY = "int many(int a, int b, int c,\n         int (*d)(int, int), int e, int f)\n{\n    return 0;\n}\n"
FIVE = "int five(int a, int b, int c, int (*d)(int, int, int), int e)\n{\n    return 0;\n}\n"

# name, file, its text, what the checker must say (nothing: it must stay content)
PLANTED = (
    ("an include against the layers", "base/b.c", '#include "kernel/kernel.h"\n',
     "base/b.c:1: base/ may not include from kernel/"),
    ("an include past the door", "kernel/b.c", '#include "base/inner.h"\n',
     "kernel/b.c:1: base/inner.h is not a door"),
    ("a C library header in a freestanding room", "base/b.c", "\n#include <string.h>\n",
     "base/b.c:2: <string.h>"),
    ("a door that is not there", "LAYERS", CLEAN["LAYERS"].replace("kernel.h", "door.h"),
     "kernel/door.h: the door"),
    ("a file that is too long", "base/b.c", "\n" * 601, "base/b.c: 601 lines"),
    ("a file of just the limit", "base/b.c", "\n" * 600, None),
    ("a door that is too long", "base/a.h", "/* */\n" + "\n" * 300, "base/a.h: 301 lines"),
    ("a function that is too long", "base/b.c", "\n" + LONG, "base/b.c:2: long_one has 71 lines"),
    ("a function of just the limit", "base/b.c", LONG.replace("    ;\n", "", 1), None),
    ("a function with six parameters", "base/b.c", MANY, "base/b.c:1: many has 6 parameters"),
    ("a function with five", "base/b.c", FIVE, None),
    ("conditional compilation in a portable room", "kernel/b.c", "#ifdef X\n#endif\n",
     "kernel/b.c:1: #ifdef"),
    ("an #if in a portable header", "base/a.h", "/* */\n#if 1\n#endif\n", "base/a.h:2: #if"),
    ("a header without a contract", "base/inner.h", "int x;\n", "base/inner.h:1: a header begins"),
    ("an unfinished mark", "base/b.c", "/* TO" "DO: more */\n", "base/b.c:1: TO" "DO"),
    ("a machine path", "docs/x.md", "see /ho" "me/someone/x\n", "docs/x.md:1: /ho" "me/s"),
    ("a scratch path", "tools/x", "cat /t" "mp/x\n", "tools/x:1: /t" "mp/x"),
    ("a relative path that looks like one", "docs/x.md", "see lib/ho" "me/x\n", None),
    ("a registry address", "tools/x", "get https://deb.deb" "ian.org/x\n", "tools/x:1: deb.deb" "ian.org"),
    ("an exception that lets off", "tools/exceptions", "function-size base/*:long_one a table\n",
     "tools/exceptions:1: function-size base/*:long_one: nothing needs it"),
    ("an exception without a reason", "tools/exceptions", "file-size base/b.c\n",
     "tools/exceptions:1: base/b.c: give the reason"),
)


def check(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return run(ROOT / "tools/check", folder)


def main():
    clean = check(CLEAN)
    ok(clean.status == 0, "a clean tree passes", clean)
    for name, file, text, expected in PLANTED:
        ran = check({**CLEAN, file: text})
        if expected is None:
            ok(ran.status == 0, f"allowed: {name}", ran)
        else:
            ok(ran.status == 1 and "# " + expected in ran.output, f"found: {name}", ran)
    let_off = {"base/b.c": LONG, "tools/exceptions": "function-size base/b.c:long_* a table\n"}
    ran = check({**CLEAN, **let_off})
    ok(ran.status == 0, "allowed: what an exception with a reason names", ran)
    done()


if __name__ == "__main__":
    main()
