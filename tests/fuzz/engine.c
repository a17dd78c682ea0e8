/* The engine's tiers against each other: bytes become a valid program, which must end alike in all
 * of them (tests/fuzz/engine/program.h). */
#include "tests/fuzz/engine/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input(data, size);
    return 0;
}
