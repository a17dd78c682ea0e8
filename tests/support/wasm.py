"""Small WebAssembly modules, built byte by byte, for test scripts."""

I32, I64 = 0x7F, 0x7E
UNREACHABLE, END = b"\x00", b"\x0b"
LOOP_FOREVER = b"\x03\x40\x0c\x00\x0b"  # loop br 0 end


def leb(value):
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def vector(items):
    return leb(len(items)) + b"".join(items)


def name(text):
    data = text.encode()
    return leb(len(data)) + data


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def function_type(parameters=(), results=()):
    return b"\x60" + leb(len(parameters)) + bytes(parameters) + leb(len(results)) + bytes(results)


def module(body=b"", imports=(), memory=None, export="_start", data=b""):
    """A module that exports one function `() -> ()` with that body, without its `end`. `imports` are
    (module, name, parameters, results) of functions; `memory` is (minimum,) or (minimum, maximum)."""
    types = [function_type(i[2], i[3]) for i in imports] + [function_type()]
    out = b"\0asm\1\0\0\0" + section(1, vector(types))
    if imports:
        rows = [name(i[0]) + name(i[1]) + b"\x00" + leb(n) for n, i in enumerate(imports)]
        out += section(2, vector(rows))
    out += section(3, vector([leb(len(imports))]))
    exports = [name(export) + b"\x00" + leb(len(imports))]
    if memory:
        out += section(5, vector([bytes([len(memory) - 1]) + b"".join(leb(n) for n in memory)]))
        exports.append(name("memory") + b"\x02\x00")
    out += section(7, vector(exports))
    code = b"\x00" + body + END
    out += section(10, vector([leb(len(code)) + code]))
    if data:
        out += section(11, vector([b"\x00\x41\x00\x0b" + leb(len(data)) + data]))
    return out


def i32_const(value):
    """Of 0 to 63."""
    return b"\x41" + bytes([value])


def exit_with(status):
    """A WASI program that exits with that status, 0 to 63."""
    return module(i32_const(status) + b"\x10\x00",
                  [("wasi_snapshot_preview1", "proc_exit", [I32], [])], memory=(1,))
