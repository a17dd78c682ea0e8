import * as os from "os";
import * as std from "std";

class Shape {
    #sides;
    constructor(sides) { this.#sides = sides; }
    get sides() { return this.#sides; }
}

const folder = scriptArgs[1];
const file = std.open(folder + "/note", "w");
file.puts("first\nsecond\n");
file.close();
console.log("note:", std.loadFile(folder + "/note").trim().split("\n").join("+"));
console.log("names:", os.readdir(folder)[0].filter(name => !name.startsWith(".")).sort().join(","));
console.log("removed:", os.remove(folder + "/note"), std.loadFile(folder + "/note"));

console.log("big:", 3n ** 100n);
console.log("sorted:", [3, 1, 2].toSorted().map(x => x * x));
console.log("matched:", /(?<year>\d{4})-(?<month>\d\d)/u.exec("on 2024-05-06").groups.month);
console.log("private:", new Shape(5).sides, JSON.stringify({ a: [1, { b: null }] }));
function* count(to) { for (let i = 0; i < to; i++) yield i; }
console.log("generated:", [...count(5)].reduce((sum, x) => sum + x));
let depth = 0;
try { (function down() { depth++; down(); })(); } catch (error) {
    console.log("deep:", error instanceof InternalError, depth > 100);
}
console.log("sum of floats:", 0.1 + 0.2, Math.hypot(3, 4), (255).toString(2));

console.log("awaited:", await Promise.all([1, Promise.resolve(2)]));

const before = Date.now();
os.setTimeout(() => {
    console.log("later:", Date.now() - before >= 20);
    std.exit(7);
}, 20);
