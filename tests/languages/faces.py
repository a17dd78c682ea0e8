#!/usr/bin/env python3
"""Interfaces in C++, Rust, Go and AssemblyScript: a client in each calls every function of tests/wit/shapes.wit,
whose handler is in Rust, and the lists of statuses are those of abi/weft.h."""
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, ROOT, done, ok, run, weft

HERE = pathlib.Path(__file__).parent / "faces"
OUTPUT = BUILD / "tests/faces"
CHECKED = ("nothing primitives sets shape shapes words matrix outcome options bytes refused results tuple strings"
           " flags rename self give join").split()
EXPECTED = {
    "rust": CHECKED, "go": CHECKED + ["closed"], "assemblyscript": CHECKED + ["closed"],
    "cpp": "nothing primitives bytes refused strings shape rename self give join closed".split(),
}
ENDINGS = {"c": "c", "rust": "rs", "go": "go", "assemblyscript": "ts", "cpp": "cpp"}


# A program that names each of the system's interfaces.
def write_all(folder, language):
    names = sorted(path.stem for path in (ROOT / "abi/interface").glob("*.wit"))
    lines = {
        "cpp": [f'#include "interface/{name}.hpp"' for name in names] + ["int main() { return 0; }"],
        "go": ["package main", *(f'import _ "weft/{name}"' for name in names), "func main() {}"],
        "assemblyscript": [f'import * as {name}_ from "./build/weft/{name}";' for name in names]
                          + [f"{name}_.client();" for name in names],
    }.get(language)
    text = "\n".join(lines or []) + "\n"
    path = folder / f"all.{ENDINGS[language]}"
    if lines and not (path.exists() and path.read_text() == text):
        path.write_text(text)


def build(language):
    folder = OUTPUT / language
    folder.mkdir(parents=True, exist_ok=True)
    for source in (*HERE.glob(f"*.{ENDINGS[language]}"), ROOT / "tests/wit/shapes.wit"):
        if not (folder / source.name).exists() or (folder / source.name).read_bytes() != source.read_bytes():
            shutil.copy(source, folder)
    write_all(folder, language)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = run("make", "--silent", "program", f"FOLDER={folder}", f"LANGUAGE={language}", cwd=ROOT, timeout=600,
              env=environment)
    ok(ran.status == 0 and not ran.errors, f"{language}: everything compiles without a word", ran)
    return folder


def test_statuses():
    header = (ROOT / "abi/weft.h").read_text()
    names = [name.replace("_", "").lower() for name in re.findall(r"\bWEFT_(\w+) = (?:\d+),.*\n", header.split(
        "enum weft_status {")[1].split("};")[0])]
    for face, begin, end in (("rust/weft.rs", "pub enum Status {", "}"), ("go/weft.go", "const (\n\tFault", ")"),
                             ("assemblyscript/weft.ts", "export enum Status {\n  Ok,", "}")):
        text = (ROOT / "lib" / face).read_text()
        text = text[text.index(begin) + len(begin) - (5 if "Fault" in begin else 0):]
        words = re.findall(r"^\s*([A-Z]\w+)\b", text[:text.index(end)], re.MULTILINE)
        found = [word.lower() for word in words]
        ok(found == names[1:], f"{face} has the statuses of abi/weft.h in their order", f"{found}\n{names}")


def main():
    test_statuses()
    rust, hostile = build("rust"), build("c")
    for language, checked in EXPECTED.items():
        folder = rust if language == "rust" else build(language)
        ran = weft("run", "--handle", f"shapes={rust}/handler.wasm", folder / "client.wasm")
        ok(ran.status == 0 and ran.output == "".join(f"{name}: ok\n" for name in checked) and not ran.errors,
           f"{language}: every value comes back as it was", ran)
        ran = weft("run", "--handle", f"shapes={hostile}/hostile.wasm", folder / "stubborn.wasm")
        ok(ran.status == 0 and ran.output == "both\n" and not ran.errors,
           f"{language}: answers of any bytes, with gifts that nobody asked for, are refused or values", ran)
    done()


if __name__ == "__main__":
    main()
