// A greeting, by AssemblyScript's WASI.
const name = process.argv.length > 1 ? process.argv[1] : "world";
console.log("Hello, " + name + ", from AssemblyScript on Weft");
