#!/bin/sh
# TCP, UDP and names over the loopback, with both ends in one program, which prints TAP.
build=${BUILD:-build}
exec "$build/weft" run --allow tcp --allow udp --allow names "$build/tests/hosted/guest/network.wasm"
