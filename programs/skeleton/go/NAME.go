// A greeting on standard output, by WASI, and two of Weft's own interfaces: the clock is asked for the
// time since the machine's start, and the operator's log gets a line.
package main

import (
	"fmt"
	"os"

	"weft/clock"
	"weft/log"
)

func main() {
	name := "world"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	fmt.Printf("Hello, %s, from Go\n", name)
	now, err := clock.Open().Monotonic()
	if err != nil {
		fmt.Fprintln(os.Stderr, "@NAME@: the clock does not answer:", err)
		os.Exit(1)
	}
	fmt.Printf("Weft's clock has counted for %d ms\n", now/1000000)
	log.Open().Write(log.LevelWarning, "@NAME@ was here")
}
