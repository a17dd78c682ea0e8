// A greeting on standard output. QuickJS runs this file; `std` and `os` are its modules for files,
// the environment and timers. What it may reach is what its runner was given.
const name = scriptArgs[1] ?? "world";
console.log(`Hello, ${name}, from JavaScript`);
console.log(`The clock says ${new Date().getFullYear()}`);
