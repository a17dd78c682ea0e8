/* abort: as AssemblyScript calls it, with strings of UTF-16 behind their sizes. */
#include "programs/example/wasm_os/wasm_os.h"

static const struct {
    uint32_t size;
    uint16_t units[8];
} message = { 12, u"broken" }, file = { 12, u"ab.ts\u00E9" };

void _start(void)
{
    say("before\n");
    abort(message.units, file.units, 12, 34);
    say("behind: never seen\n");
}
