// Asks a handler that answers anything, and goes on.
package main

import (
	"fmt"

	"weft"
	. "weft/shapes"
)

func main() {
	all, counts := Open(), map[bool]int{}
	for i := 0; i < 1000; i++ {
		_, shapes := all.EchoShapes(nil)
		_, outcome := all.EchoOutcome(weft.Either[Primitives, Shape]{Failed: true})
		_, matrix := all.EchoMatrix(nil)
		_, strings := all.EchoStrings(nil)
		_, flags := all.EchoFlags(nil, nil, nil)
		_, options := all.EchoOptions(nil, nil)
		thing, created := all.ThingCreate("")
		if created == nil {
			thing.Close()
		}
		for _, err := range []error{shapes, outcome, matrix, strings, flags, options, created, all.Nothing()} {
			counts[err == nil]++
		}
	}
	if counts[true] > 100 && counts[false] > 100 {
		fmt.Println("both")
	}
}
