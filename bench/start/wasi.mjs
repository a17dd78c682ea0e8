// Runs a WASI program under node: node wasi.mjs PROGRAM [ARGUMENT...]
import { WASI } from "node:wasi";
import fs from "node:fs";

const [path, ...rest] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [path, ...rest], env: { HOME: "/" }, returnOnExit: true });
const module = await WebAssembly.compile(fs.readFileSync(path));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
