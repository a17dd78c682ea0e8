/* The registers of code that was stopped where it stood. */
#ifndef BASE_INTERRUPTED_H
#define BASE_INTERRUPTED_H

#include "base/types.h"

/* general[i] and vector[i] go by the architecture's own register numbers; those that it has not
 * are zero. On x86-64 the numbers are as instructions encode them: rax 0, rcx 1, rdx 2, rbx 3,
 * rsp 4, rbp 5, rsi 6, rdi 7, r8 to r15. The stack pointer is there twice, and `sp` counts. */
struct interrupted {
    u64 pc;
    u64 sp;
    u64 flags;
    u64 general[32];
    u8 vector[32][16]; /* what is beyond 16 bytes of a register stays as it is */
    u32 vector_control; /* x86-64: MXCSR */
};

#endif
