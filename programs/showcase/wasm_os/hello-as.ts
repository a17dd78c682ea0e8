// A greeting, by wasm_os's functions.
@external("env", "putchar")
declare function putchar(byte: i32): void;
@external("env", "getargs")
declare function getargs(): usize;

function sizeAt(start: usize): i32 {
  let size = 0;
  while (load<u8>(start + size) != 0) size++;
  return size;
}

const program = getargs();
const argument = program + sizeAt(program) + 1;
const name = String.UTF8.decodeUnsafe(argument, sizeAt(argument));
const text = String.UTF8.encode("Hello, " + (name == "" ? "world" : name) + ", from AssemblyScript on Weft\n");
for (let i = 0; i < text.byteLength; i++) putchar(load<u8>(changetype<usize>(text) + i));
