// A greeting on standard output. QuickJS runs this file; what it may reach is what its runner was
// given. `import * as std from "std"` has files and the environment, "os" timers and directories.
const name = scriptArgs[1] ?? "world";
console.log(`Hello, ${name}, from JavaScript`);
console.log(`The clock says ${new Date().getFullYear()}`);
