#include "engine/engine.h"

const char *trap_text(enum trap trap)
{
    static const char *const texts[TRAP_COUNT] = {
        [TRAP_NONE] = "no trap",
        [TRAP_UNREACHABLE] = "unreachable",
        [TRAP_MEMORY_OUT_OF_BOUNDS] = "out of bounds memory access",
        [TRAP_TABLE_OUT_OF_BOUNDS] = "out of bounds table access",
        [TRAP_UNDEFINED_ELEMENT] = "undefined element",
        [TRAP_UNINITIALIZED_ELEMENT] = "uninitialized element",
        [TRAP_INDIRECT_CALL_TYPE] = "indirect call type mismatch",
        [TRAP_INTEGER_DIVIDE_BY_ZERO] = "integer divide by zero",
        [TRAP_INTEGER_OVERFLOW] = "integer overflow",
        [TRAP_INVALID_CONVERSION] = "invalid conversion to integer",
        [TRAP_CALL_STACK_EXHAUSTED] = "call stack exhausted",
        [TRAP_NULL_REFERENCE] = "null reference",
        [TRAP_HOST_FAULT] = "a host function was given what it cannot work with",
        [TRAP_STOPPED] = "stopped",
        [TRAP_NO_MEMORY] = "out of memory",
    };
    BASE_ASSERT(trap < TRAP_COUNT);
    return texts[trap];
}
