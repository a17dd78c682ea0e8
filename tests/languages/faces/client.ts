// Calls each function of `shapes` and looks at what comes back.
import * as weft from "./build/weft/weft";
import {
  client, Color, Few, Some, Many, Primitives, Sets, Shape, ShapeTag, Thing, Words, S32S32Tuple, ColorOption,
  PrimitivesShapeResult, U8OptionOption, U8Option, U64Option, NoneNoneResult, U32NoneResult,
  U8U64StringTuple, NoneColorResult, ThingOption,
} from "./build/weft/shapes";

function check(name: string, right: bool): void {
  console.log(name + ": " + (right ? "ok" : "WRONG"));
}

function primitives(): Primitives {
  const value = new Primitives();
  value.truth = true;
  value.s8 = -8;
  value.s16 = -1600;
  value.u8_ = 200;
  value.s32 = -320000;
  value.u16_ = 60000;
  value.s64 = -1 << 62;
  value.u32_ = 4000000000;
  value.f32_ = 1.5;
  value.u64_ = <u64>1 << 63;
  value.letter = 0xdf;
  value.f64_ = -2.25;
  value.text = "tëxt";
  return value;
}

function same(a: Primitives): bool {
  const b = primitives();
  return a.truth == b.truth && a.s8 == b.s8 && a.s16 == b.s16 && a.u8_ == b.u8_ && a.s32 == b.s32 && a.u16_ == b.u16_
    && a.s64 == b.s64 && a.u32_ == b.u32_ && a.f32_ == b.f32_ && a.u64_ == b.u64_ && a.letter == b.letter
    && a.f64_ == b.f64_ && a.text == b.text;
}

function shape(tag: ShapeTag): Shape {
  const value = new Shape();
  value.tag = tag;
  return value;
}

function shapes(): bool {
  const named = shape(ShapeTag.Named);
  named.named = "n";
  const corners = shape(ShapeTag.Corners);
  const corner = new S32S32Tuple();
  corner.f0 = 1;
  corner.f1 = -1;
  corners.corners = [corner, corner];
  const nested = shape(ShapeTag.Nested);
  nested.nested = new ColorOption();
  nested.nested.tag = 1;
  nested.nested.value = Color.Green;
  const list = [shape(ShapeTag.Point), named, corners, nested, shape(ShapeTag.Nested)];
  const back = client().echoShapes(list).value;
  return back.length == 5 && back[0].tag == ShapeTag.Point && back[1].named == "n" && back[2].corners[1].f1 == -1
    && back[3].nested.value == Color.Green && back[4].nested.tag == 0;
}

function options(): bool {
  const value = new U8OptionOption();
  value.tag = 1;
  const none = client().echoOptions(value, new U64Option());
  value.value = new U8Option();
  value.value.tag = 1;
  value.value.value = 9;
  const nine = client().echoOptions(value, new U64Option());
  return none.value.tag == 1 && none.value.value.tag == 0 && nine.value.value.value == 9;
}

function outcome(): bool {
  const good = new PrimitivesShapeResult();
  good.value = primitives();
  const bad = new PrimitivesShapeResult();
  bad.tag = 1;
  bad.error = shape(ShapeTag.Point);
  return same(client().echoOutcome(good).value.value) && client().echoOutcome(bad).value.tag == 1;
}

function results(): bool {
  const five = new U32NoneResult();
  five.value = 5;
  const failed = new U32NoneResult();
  failed.tag = 1;
  return client().echoResults(new NoneNoneResult(), five).value.value == 5
    && client().echoResults(new NoneNoneResult(), failed).value.tag == 1;
}

function values(): void {
  const all = client();
  check("nothing", all.nothing() == weft.Status.Ok);
  check("primitives", same(all.echoPrimitives(primitives()).value));
  const sets = new Sets();
  sets.few = Few.A | Few.C;
  sets.some = Some.F8 | Some.F0;
  sets.many = <u32>Many.G31;
  sets.color = Color.Blue;
  const back = all.echoSets(sets).value;
  check("sets", back.few == 5 && back.some == 257 && back.many == <u32>1 << 31 && back.color == Color.Blue);
  const circle = shape(ShapeTag.Circle);
  circle.circle = 0.5;
  check("shape", all.echoShape(circle).value.circle == 0.5);
  check("shapes", shapes());
  const words = new Words();
  words.int = 1;
  words.class_ = 2;
  words.stdin = 3;
  const echoed = all.echoWords(words, 4, 5, 6).value;
  check("words", echoed.int == 1 && echoed.class_ == 2 && echoed.stdin == 3);
  const matrix = all.echoMatrix([[1, 2], [], [3]]).value;
  check("matrix", matrix.length == 3 && matrix[0][1] == 2 && matrix[1].length == 0 && matrix[2][0] == 3);
  check("outcome", outcome());
  check("options", options());
  const large = new Uint8Array(100000);
  for (let i = 0; i < large.length; i++) large[i] = <u8>i;
  const same_ = all.echoBytes(large, "").value;
  check("bytes", same_.length == 100000 && memory.compare(same_.dataStart, large.dataStart, 100000) == 0);
  check("refused", all.echoBytes(large, "refuse").status == weft.Status.Exists);
  check("results", results());
  const tuple = new U8U64StringTuple();
  tuple.f0 = 1;
  tuple.f1 = 2;
  tuple.f2 = "three";
  const three = all.echoTuple(tuple).value;
  check("tuple", three.f0 == 1 && three.f1 == 2 && three.f2 == "three");
  const strings = all.echoStrings(["a", "", "ç"]).value;
  check("strings", strings.length == 3 && strings[0] == "a" && strings[1] == "" && strings[2] == "ç");
  const flags = all.echoFlags([Few.B], [true, false, true], [0x61, 0x62, 0x78]).value;
  check("flags", flags.length == 3 && flags[0] && !flags[1] && !flags[2]);
}

function refused(answer: weft.Answer<NoneColorResult>, color: Color): bool {
  return answer.value.tag == 1 && answer.value.error == color;
}

function things(): void {
  const one = new Thing(Thing.create("one").value);
  const two = new Thing(Thing.create("two").value);
  check("rename", one.rename("three").value.tag == 0 && refused(one.rename(""), Color.Red));
  const again = new Thing(one.self().value);
  check("self", refused(again.rename("three"), Color.Green));
  const withOne = new ThingOption();
  withOne.tag = 1;
  withOne.value = one.slot;
  again.give(two.slot, withOne);
  check("give", refused(again.rename("twothree"), Color.Green));
  const joined = new Thing(Thing.join([again.slot, two.slot]).value);
  check("join", refused(joined.rename("twothree+two"), Color.Green));
  weft.close([joined.slot]);
  check("closed", joined.rename("x").status == weft.Status.BadSlot);
}

values();
things();
