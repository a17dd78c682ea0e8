// CPU seconds that V8 takes for `new WebAssembly.Module`: v8.mjs FILE. Once a process, because it
// keeps what it has compiled.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const before = process.cpuUsage();
new WebAssembly.Module(bytes);
const used = process.cpuUsage(before);
console.log((used.user + used.system) / 1e6);
