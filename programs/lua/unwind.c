/* Where an unwinding begins. Asyncify leaves alone who calls this import, so the function must not be
 * built into its callers. */
#include "programs/lua/unwind.h"

#include <stdint.h>

/* What Asyncify keeps of frames lies between the two. A throw takes what the frames between it and
 * who tries have in their locals; Lua has at most 200 calls in C within one another. */
static uint8_t kept[1 << 20];
static struct {
    void *next, *end;
} region;

__attribute__((import_module("asyncify"), import_name("start_unwind"))) void start_unwind(void *to);

__attribute__((noinline)) void unwind_begin(void)
{
    region.next = kept;
    region.end = kept + sizeof(kept);
    start_unwind(&region);
}
