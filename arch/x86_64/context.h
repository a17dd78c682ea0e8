/* The door of arch/x86_64: switching stacks and unwinding to a mark, by the System V ABI.
 *
 * Unprivileged, without state, for every place that runs on x86-64. What a switch keeps is what a
 * called function must keep: rbx, rbp, r12 to r15 and rsp; but not the x87 control word and MXCSR,
 * which nobody changes: all code of a CPU runs with what it began with. Not made for shadow stacks: an object without the property note turns them off. */
#ifndef ARCH_X86_64_CONTEXT_H
#define ARCH_X86_64_CONTEXT_H

#include "base/base.h"

/* What `context_prepare` writes below the top of a new stack. */
enum { CONTEXT_PREPARED_BYTES = 56 };

/* Makes a stack ready for its first switch, which calls entry(argument); entry never returns.
 * `top` is the end of the stack, a multiple of 16. Gives the stack pointer to switch to. */
void *context_prepare(void *top, void (*entry)(void *), void *argument);

/* Saves the running code's registers on its stack and that stack's pointer in `*from`, and goes on
 * where the stack pointer `to` was saved. Returns when something switches back. */
void context_switch(void **from, void *to);

/* A mark in a running stack.
 *
 *   offset size
 *     0     8  rsp, at the return address of context_guard_call
 *     8    48  rbx, rbp, r12, r13, r14, r15
 *    56     4  MXCSR
 *    60     2  x87 control word
 *    62     2  unused */
struct context_guard {
    u64 stack;
    u64 registers[6];
    u32 mxcsr;
    u16 x87_control;
    u16 unused;
};

_Static_assert(sizeof(struct context_guard) == 64, "as context.S has it");

/* Calls function(argument) with a mark set: true when it returns, false when the mark was unwound
 * to. */
bool context_guard_call(struct context_guard *guard, void (*function)(void *), void *argument);
/* Makes the context_guard_call of `guard` return false; it must be a caller of the running code.
 * Needs no stack of its own, so a signal handler may send an interrupted thread here, with `guard`
 * in the first argument's register. */
_Noreturn void context_guard_unwind(const struct context_guard *guard);

#endif
