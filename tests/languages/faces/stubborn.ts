// Asks a handler that answers anything, and goes on.
import * as weft from "./build/weft/weft";
import { client, PrimitivesShapeResult, Thing, U8OptionOption, U64Option } from "./build/weft/shapes";

let right = 0;
let wrong = 0;

function count(status: weft.Status): void {
  if (status == weft.Status.Ok) right++;
  else wrong++;
}

const all = client();
for (let i = 0; i < 1000; i++) {
  count(all.echoShapes([]).status);
  count(all.echoOutcome(new PrimitivesShapeResult()).status);
  count(all.echoMatrix([]).status);
  count(all.echoStrings([]).status);
  count(all.echoFlags([], [], []).status);
  count(all.echoOptions(new U8OptionOption(), new U64Option()).status);
  count(all.nothing());
  const thing = Thing.create("");
  count(thing.status);
  if (thing.status == weft.Status.Ok) weft.close([thing.value]);
}
console.log(right > 100 && wrong > 100 ? "both" : "one");
