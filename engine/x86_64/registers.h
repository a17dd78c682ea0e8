/* What registers are for, in compiled code. Private to engine/x86_64.
 *
 *   r15 execution, r14 base of memory 0, rsp guest stack; r11 and xmm15 are the emitter's own
 *   rdi rsi rdx rcx r8 r9, xmm0-7   arguments; the rest on the stack, above the return address
 *   rax rdx, xmm0 xmm1              results; the rest in execution.results
 *   rbx rbp r10 r12 r13, xmm10-14   survive calls */
#ifndef ENGINE_X86_64_REGISTERS_H
#define ENGINE_X86_64_REGISTERS_H

#include "engine/compile/target.h"
#include "engine/x86_64/encode.h"

enum {
    EXECUTION = R15,
    MEMORY = R14,
    SCRATCH = R11,
    FLOAT_SCRATCH = XMM15,
};

#define REGISTER_BIT(number) ((register_set)1 << (number))

static const register_set registers_integer =
    REGISTER_BIT(RAX) | REGISTER_BIT(RCX) | REGISTER_BIT(RDX) | REGISTER_BIT(RBX) |
    REGISTER_BIT(RSI) | REGISTER_BIT(RDI) | REGISTER_BIT(RBP) | REGISTER_BIT(R8) |
    REGISTER_BIT(R9) | REGISTER_BIT(R10) | REGISTER_BIT(R12) | REGISTER_BIT(R13);
static const register_set registers_float = (REGISTER_BIT(15) - 1) << XMM0;
static const register_set registers_kept =
    REGISTER_BIT(RBX) | REGISTER_BIT(RBP) | REGISTER_BIT(R10) | REGISTER_BIT(R12) |
    REGISTER_BIT(R13) | (REGISTER_BIT(15) - REGISTER_BIT(10)) << XMM0;

enum {
    INTEGER_ARGUMENTS = 6,
    FLOAT_ARGUMENTS = 8,
    INTEGER_RESULTS = 2,
    FLOAT_RESULTS = 2,
};

/* Where the next argument or result goes. */
struct passing {
    u32 integers, floats; /* so many have been */
    u32 words;            /* on the stack, likewise */
};

/* A register, or PLACE_NONE: word `words - 1` of the stack. */
u16 passing_argument(struct passing *passing, u8 type);
/* A register, or PLACE_NONE: in execution.results, by its index. */
u16 passing_result(struct passing *passing, u8 type);

#endif
