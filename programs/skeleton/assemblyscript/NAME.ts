// A greeting on standard output, by WASI, and two of Weft's own interfaces: the clock is asked for the
// time since the machine's start, and the operator's log gets a line.
import * as clock from "./build/weft/clock";
import * as log from "./build/weft/log";
import { Status } from "./build/weft/weft";

const name = process.argv.length > 1 ? process.argv[1] : "world";
console.log("Hello, " + name + ", from AssemblyScript");
const now = clock.client().monotonic();
if (now.status == Status.Ok) {
  console.log("Weft's clock has counted for " + (now.value / 1000000).toString() + " ms");
  log.client().write(log.Level.Warning, "@NAME@ was here");
} else {
  console.error("@NAME@: the clock does not answer");
  process.exit(1);
}
