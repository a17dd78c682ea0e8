// Calls each function of shapes and looks at what comes back.
package main

import (
	"bytes"
	"fmt"
	"os"
	"reflect"

	"weft"
	. "weft/shapes"
)

func check(name string, right bool) {
	told := "ok"
	if !right {
		told = "WRONG"
	}
	fmt.Println(name + ": " + told)
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

type none = struct{}

var primitives = Primitives{true, -8, -1600, 200, -320000, 60000, -1 << 62, 4000000000, 1.5, 1 << 63,
	'ß', -2.25, "tëxt"}

func refused(result weft.Either[none, Color], color Color) bool {
	return result.Failed && result.Error == color
}

func things(all Client) {
	one, two := Thing(must(all.ThingCreate("one"))), Thing(must(all.ThingCreate("two")))
	check("rename", !must(one.Rename("three")).Failed && refused(must(one.Rename("")), ColorRed))
	again := Thing(must(one.Self()))
	check("self", refused(must(again.Rename("three")), ColorGreen))
	with := weft.Slot(one)
	must(none{}, again.Give(weft.Slot(two), &with))
	check("give", refused(must(again.Rename("twothree")), ColorGreen))
	joined := Thing(must(all.ThingJoin([]weft.Slot{weft.Slot(again), weft.Slot(two)})))
	check("join", refused(must(joined.Rename("twothree+two")), ColorGreen))
	weft.Slot(joined).Close()
	_, err := joined.Rename("x")
	check("closed", err == weft.BadSlot)
}

func values(all Client) {
	check("nothing", all.Nothing() == nil)
	check("primitives", must(all.EchoPrimitives(primitives)) == primitives)
	sets := Sets{FewA | FewC, SomeF8 | SomeF0, ManyG31, ColorBlue}
	check("sets", must(all.EchoSets(sets)) == sets)
	check("shape", must(all.EchoShape(Shape{Tag: ShapeCircle, Circle: 0.5})).Circle == 0.5)
	green := ColorGreen
	list := []Shape{{Tag: ShapePoint}, {Tag: ShapeNamed, Named: "n"},
		{Tag: ShapeCorners, Corners: []S32S32Tuple{{1, -1}, {2, -2}}},
		{Tag: ShapeNested, Nested: &green}, {Tag: ShapeNested}, {Tag: ShapeTag_, Tag_: 7}}
	check("shapes", reflect.DeepEqual(must(all.EchoShapes(list)), list))
	words := Words{1, 2, 3}
	check("words", must(all.EchoWords(words, 4, 5, 6)) == words)
	matrix := [][]uint16{{1, 2}, {}, {3}}
	check("matrix", reflect.DeepEqual(must(all.EchoMatrix(matrix)), matrix))
	outcome := weft.Either[Primitives, Shape]{Value: primitives}
	failed := weft.Either[Primitives, Shape]{Failed: true}
	check("outcome", reflect.DeepEqual(must(all.EchoOutcome(outcome)), outcome) &&
		reflect.DeepEqual(must(all.EchoOutcome(failed)), failed))
	var nothing *uint8
	nine, one := uint8(9), uint64(1)
	some := &nine
	check("options", *must(all.EchoOptions(&nothing, nil)) == nil &&
		**must(all.EchoOptions(&some, &one)) == 9 && must(all.EchoOptions(nil, nil)) == nil)
	large := bytes.Repeat([]byte("0123456789"), 10000)
	check("bytes", bytes.Equal(must(all.EchoBytes(large, "")), large))
	_, err := all.EchoBytes(nil, "refuse")
	check("refused", err == weft.Exists)
	check("results", must(all.EchoResults(weft.Either[none, none]{Failed: true}, weft.Either[uint32, none]{Value: 5})).Value == 5 &&
		must(all.EchoResults(weft.Either[none, none]{}, weft.Either[uint32, none]{Failed: true})).Failed)
	tuple := U8U64StringTuple{1, 2, "three"}
	check("tuple", must(all.EchoTuple(tuple)) == tuple)
	strings := []string{"a", "", "ç"}
	check("strings", reflect.DeepEqual(must(all.EchoStrings(strings)), strings))
	check("flags", reflect.DeepEqual(must(all.EchoFlags([]Few{FewB}, []bool{true, false, true}, []rune("abx"))),
		[]bool{true, false, false}))
}

func main() {
	values(Open())
	things(Open())
}
