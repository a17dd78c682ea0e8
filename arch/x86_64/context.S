/* Switching stacks on x86-64, System V ABI: see context.h. */

        .text

/* A suspended stack, from its saved pointer up:
 *    0  r15, r14, r13, r12, rbx, rbp
 *   48  return address */

/* void *context_prepare(void *top, void (*entry)(void *), void *argument) */
        .globl  context_prepare
        .type   context_prepare, @function
        .balign 16
context_prepare:
        .cfi_startproc
        endbr64
        leaq    -56(%rdi), %rax
        movq    $0, (%rax)              /* r15, r14 */
        movq    $0, 8(%rax)
        movq    $0, 16(%rax)            /* r13 */
        movq    %rdx, 24(%rax)          /* r12: argument */
        movq    %rsi, 32(%rax)          /* rbx: entry */
        movq    $0, 40(%rax)            /* rbp: outermost frame */
        leaq    context_begin(%rip), %rcx
        movq    %rcx, 48(%rax)
        ret
        .cfi_endproc
        .size   context_prepare, . - context_prepare

/* The first instructions on a new stack. */
        .type   context_begin, @function
        .balign 16
context_begin:
        .cfi_startproc
        .cfi_undefined rip
        endbr64
        movq    %r12, %rdi
        call    *%rbx
        ud2
        .cfi_endproc
        .size   context_begin, . - context_begin

/* void context_switch(void **from, void *to) */
        .globl  context_switch
        .type   context_switch, @function
        .balign 16
context_switch:
        .cfi_startproc
        endbr64
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        .cfi_def_cfa_offset 56
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        .cfi_def_cfa_offset 8
        ret
        .cfi_endproc
        .size   context_switch, . - context_switch

/* bool context_guard_call(struct context_guard *, void (*function)(void *), void *argument) */
        .globl  context_guard_call
        .type   context_guard_call, @function
        .balign 16
context_guard_call:
        .cfi_startproc
        endbr64
        movq    %rsp, (%rdi)
        movq    %rbx, 8(%rdi)
        movq    %rbp, 16(%rdi)
        movq    %r12, 24(%rdi)
        movq    %r13, 32(%rdi)
        movq    %r14, 40(%rdi)
        movq    %r15, 48(%rdi)
        stmxcsr 56(%rdi)
        fnstcw  60(%rdi)
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        movq    %rdx, %rdi
        call    *%rsi
        movl    $1, %eax
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_endproc
        .size   context_guard_call, . - context_guard_call

/* void context_guard_unwind(const struct context_guard *) */
        .globl  context_guard_unwind
        .type   context_guard_unwind, @function
        .balign 16
context_guard_unwind:
        .cfi_startproc
        endbr64
        cld
        movq    (%rdi), %rsp
        movq    8(%rdi), %rbx
        movq    16(%rdi), %rbp
        movq    24(%rdi), %r12
        movq    32(%rdi), %r13
        movq    40(%rdi), %r14
        movq    48(%rdi), %r15
        ldmxcsr 56(%rdi)
        fninit                          /* no x87 exception or stack entry survives */
        fldcw   60(%rdi)
        xorl    %eax, %eax
        ret
        .cfi_endproc
        .size   context_guard_unwind, . - context_guard_unwind

        .section .note.GNU-stack, "", @progbits
