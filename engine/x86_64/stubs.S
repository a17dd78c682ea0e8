/* The ways between compiled code and C (engine/compile/native.h has the layouts).
 *
 * Compiled code: r15 execution, r14 base of memory 0, rsp guest stack; arguments in rdi rsi rdx rcx
 * r8 r9 and xmm0-7, results in rax rdx and xmm0-1; it keeps rbx rbp r10 r12 r13 and xmm10-14 for
 * its caller, of which C would lose r10 and the floats.
 *
 * An interrupt may stop compiled code and what is between native_stubs_begin and native_stubs_end
 * anywhere, and have the hook asked. It only leaves a note (execution.interrupt) for C, so the
 * stubs look at it after C and before compiled code, where they can be stopped themselves. */

#include "engine/x86_64/layout.h"

#define BULK_BYTES 104 /* three operands, r8, r9, xmm0 to xmm7 */

        .text

/* A row of native_stub_rows: where the return address of a stub is from here on, in words above the
 * stack pointer, or a STUB_ word. Wherever that changes between native_stubs_begin and
 * native_stubs_end there is one. */
        .macro  back_is where
.Lrow\@:
        .pushsection .rodata.native_stub_rows, "a"
        .long   .Lrow\@ - native_stubs_begin, \where
        .popsection
        .endm

        .pushsection .rodata.native_stub_rows, "a"
        .globl  native_stub_rows, native_stub_rows_end
        .balign 4
native_stub_rows:
        .popsection

/* Asks the hook, on the native stack, if somebody wants it; and looks again, for a request may come
 * while the hook returns. Not for ever: a hook may ask for itself each time, and what is left is seen
 * at the next call, or by the next interrupt. */
        .macro  look_at_interrupt
        .rept   3
        cmpl    $0, EXECUTION_INTERRUPT(%r15)
        je      1f
        movq    %r15, %rdi
        call    native_call_interrupted
        testl   %eax, %eax
        jne     enter_leave
        .endr
1:
        .endm

/* u32 native_enter(struct execution *, struct native_call *) */
        .globl  native_enter, native_enter_return, native_stubs_begin, native_stubs_end
        .type   native_enter, @function
        .balign 16
native_enter:
        pushq   %rbx
        pushq   %rbp
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        pushq   %rsi
        movq    %rdi, %r15
        movq    %rsi, %rbx
        movq    %rsp, EXECUTION_HOST_SP(%r15)
native_stubs_begin:
        back_is STUB_NOWHERE
        look_at_interrupt
        movq    EXECUTION_GUEST_SP(%r15), %rsp
        movq    (%rbx), %rdi
        movq    8(%rbx), %rsi
        movq    16(%rbx), %rdx
        movq    24(%rbx), %rcx
        movq    32(%rbx), %r8
        movq    40(%rbx), %r9
        movsd   64(%rbx), %xmm0
        movsd   72(%rbx), %xmm1
        movsd   80(%rbx), %xmm2
        movsd   88(%rbx), %xmm3
        movsd   96(%rbx), %xmm4
        movsd   104(%rbx), %xmm5
        movsd   112(%rbx), %xmm6
        movsd   120(%rbx), %xmm7
        movq    136(%rbx), %r14
        call    *128(%rbx)
native_enter_return:
        movq    EXECUTION_HOST_SP(%r15), %rsp
        movq    (%rsp), %rbx
        movq    %rax, (%rbx)
        movq    %rdx, 8(%rbx)
        movsd   %xmm0, 64(%rbx)
        movsd   %xmm1, 72(%rbx)
        xorl    %eax, %eax
        jmp     enter_leave
        .size   native_enter, . - native_enter

/* eax: the trap. Says where it was, and leaves by the innermost native_enter. */
        .globl  native_trap
        .type   native_trap, @function
        .balign 16
native_trap:
        back_is 0
        movq    (%rsp), %rcx
        movq    %rcx, EXECUTION_NATIVE_PC(%r15)
        leaq    8(%rsp), %rcx
        movq    %rcx, EXECUTION_NATIVE_SP(%r15)
        movq    EXECUTION_HOST_SP(%r15), %rsp
        back_is STUB_KEPT
        jmp     enter_leave
        .size   native_trap, . - native_trap

/* Makes a native_frame of what C may need or lose, and notes where compiled code is, whose frame
 * begins `behind` bytes above the return address. rax and r11 are kept, rcx is lost. */
        .macro  frame_make floats, behind
        back_is \behind/8
        subq    $208, %rsp
        back_is 26+\behind/8
        movq    %rdi, (%rsp)
        movq    %rsi, 8(%rsp)
        movq    %rdx, 16(%rsp)
        movq    %rcx, 24(%rsp)
        movq    %r8, 32(%rsp)
        movq    %r9, 40(%rsp)
        .if     \floats
        movsd   %xmm0, 64(%rsp)
        movsd   %xmm1, 72(%rsp)
        movsd   %xmm2, 80(%rsp)
        movsd   %xmm3, 88(%rsp)
        movsd   %xmm4, 96(%rsp)
        movsd   %xmm5, 104(%rsp)
        movsd   %xmm6, 112(%rsp)
        movsd   %xmm7, 120(%rsp)
        .endif
        movq    %r10, 144(%rsp)
        movsd   %xmm10, 152(%rsp)
        movsd   %xmm11, 160(%rsp)
        movsd   %xmm12, 168(%rsp)
        movsd   %xmm13, 176(%rsp)
        movsd   %xmm14, 184(%rsp)
        movq    208(%rsp), %rcx
        movq    %rcx, EXECUTION_NATIVE_PC(%r15)
        leaq    216+\behind(%rsp), %rcx
        movq    %rcx, EXECUTION_NATIVE_SP(%r15)
        movq    %rsp, EXECUTION_GUEST_SP(%r15)
        .endm

/* From the native stack, where C has run, back to the frame, and what was kept out of it. */
        .macro  frame_resume behind
        look_at_interrupt
        movq    EXECUTION_GUEST_SP(%r15), %rsp
        back_is 26+\behind/8
        movq    144(%rsp), %r10
        movsd   152(%rsp), %xmm10
        movsd   160(%rsp), %xmm11
        movsd   168(%rsp), %xmm12
        movsd   176(%rsp), %xmm13
        movsd   184(%rsp), %xmm14
        .endm

/* Calls C on the native stack, with a frame. */
        .macro  call_c function, floats=1, behind=0
        frame_make \floats, \behind
        movq    %rax, 128(%rsp)
        movq    %r11, 136(%rsp)
        movq    %r15, %rdi
        movq    %rsp, %rsi
        movq    EXECUTION_HOST_SP(%r15), %rsp
        back_is STUB_KEPT
        call    \function
        testl   %eax, %eax
        jne     enter_leave
        frame_resume \behind
        .endm

/* Results from the frame, and back to who called the stub. */
        .macro  return_results
        movq    (%rsp), %rax
        movq    8(%rsp), %rdx
        movsd   64(%rsp), %xmm0
        movsd   72(%rsp), %xmm1
        addq    $208, %rsp
        back_is 0
        ret
        .endm

        .globl  native_host
        .type   native_host, @function
        .balign 16
native_host:
        call_c  native_call_host
        return_results
        .size   native_host, . - native_host

/* Returns. A CPU predicts returns by the calls that it has made, and those were another's if it has
 * been elsewhere meanwhile: then a jump, which it predicts by where it has jumped before. */
        .macro  return_predicted
        back_is 0
        cmpb    $0, EXECUTION_RESUMED(%r15)
        jne     1f
        ret
1:      movb    $0, EXECUTION_RESUMED(%r15)
        popq    %rcx
        back_is STUB_RCX
        jmp     *%rcx
        .endm

/* For a plain function: registers of arguments, side by side in the frame, are its slots. What it
 * does to where compiled code is, it undoes itself. */
        .macro  host_plain
        frame_make 0, 0
        movq    %r15, %rdi
        movq    FUNCTION_HOST_CONTEXT(%rax), %rsi
        movq    %rsp, %rdx
        movq    EXECUTION_HOST_SP(%r15), %rsp
        back_is STUB_KEPT
        movb    $1, EXECUTION_IN_HOST(%r15)
        call    *FUNCTION_HOST(%rax)
        testl   %eax, %eax
        jne     host_trapped
        movw    $0, EXECUTION_IN_HOST(%r15) /* and EXECUTION_HAS_RECORD */
        frame_resume 0
        .endm

        .globl  native_host_plain
        .type   native_host_plain, @function
        .balign 16
native_host_plain:
        host_plain
        movq    (%rsp), %rax
        addq    $208, %rsp
        return_predicted
        .size   native_host_plain, . - native_host_plain

        .globl  native_host_narrow
        .type   native_host_narrow, @function
        .balign 16
native_host_narrow:
        host_plain
        movl    (%rsp), %eax
        addq    $208, %rsp
        return_predicted
        .size   native_host_narrow, . - native_host_narrow

        .globl  native_runtime
        .type   native_runtime, @function
        .balign 16
native_runtime:
        call_c  native_call_runtime
        return_results
        .size   native_runtime, . - native_runtime

/* On to the function that has been compiled, with its arguments; if there is none, it has been
 * interpreted, and the results are there. */
        .macro  go_on
        movq    136(%rsp), %r11
        testq   %r11, %r11
        je      1f
        movq    (%rsp), %rdi
        movq    8(%rsp), %rsi
        movq    16(%rsp), %rdx
        movq    24(%rsp), %rcx
        movq    32(%rsp), %r8
        movq    40(%rsp), %r9
        movsd   64(%rsp), %xmm0
        movsd   72(%rsp), %xmm1
        movsd   80(%rsp), %xmm2
        movsd   88(%rsp), %xmm3
        movsd   96(%rsp), %xmm4
        movsd   104(%rsp), %xmm5
        movsd   112(%rsp), %xmm6
        movsd   120(%rsp), %xmm7
        addq    $208, %rsp
        back_is 0
        jmp     *%r11
1:      back_is 26
        return_results
        .endm

        .globl  native_lazy
        .type   native_lazy, @function
        .balign 16
native_lazy:
        call_c  native_call_lazy
        go_on
        .size   native_lazy, . - native_lazy

        .globl  native_lazy_function
        .type   native_lazy_function, @function
        .balign 16
native_lazy_function:
        call_c  native_call_lazy_function
        go_on
        .size   native_lazy_function, . - native_lazy_function

/* An indirect call whose tag did not match: another type, or another instance. */
        .globl  native_indirect
        .type   native_indirect, @function
        .balign 16
native_indirect:
        back_is 0
        pushq   %rcx
        back_is 1
        movq    EXECUTION_INSTANCE(%r15), %rcx
        movq    INSTANCE_MODULE(%rcx), %rcx
        movq    MODULE_TYPES(%rcx), %rcx
        movq    (%rcx,%r11,8), %rcx
        movl    TYPE_ID(%rcx), %r11d
        popq    %rcx
        back_is 0
        cmpl    %r11d, FUNCTION_TYPE_ID(%rax)
        jne     1f
        jmp     *FUNCTION_FAR(%rax)
1:      movl    $TRAP_OF_INDIRECT_CALL, %eax
        jmp     native_trap
        .size   native_indirect, . - native_indirect

/* Makes an instance the one that runs; xmm15 is lost. */
        .macro  enter_instance instance
        movq    \instance, EXECUTION_INSTANCE(%r15)
        movq    INSTANCE_MEMORY_BASE(\instance), %r14
        movups  INSTANCE_OWN_GLOBALS(\instance), %xmm15
        movups  %xmm15, EXECUTION_OWN_GLOBALS(%r15)
        movq    INSTANCE_TABLE0(\instance), %xmm15
        movq    %xmm15, EXECUTION_TABLE0(%r15)
        .endm

/* A native_far_frame. The caller's instance stays in rbx, which the callee keeps. */
        .macro  far_frame_make
        back_is 0
        pushq   %rbx
        back_is 1
        movq    EXECUTION_INSTANCE(%r15), %rbx
        pushq   %rbx
        .endm

/* Calls the function in rax, in its own instance. */
        .macro  far_enter
        movq    FUNCTION_INSTANCE(%rax), %r11
        enter_instance %r11
        call    *FUNCTION_NATIVE(%rax)
        .endm

/* Back from the frame to the caller, whose instance runs again. */
        .macro  far_leave
        back_is 2
        addq    $8, %rsp
        back_is 1
        popq    %rbx
        back_is 0
        ret
        .endm

        .globl  native_far, native_far_return
        .type   native_far, @function
        .balign 16
native_far:
        far_frame_make
        back_is STUB_FAR
        far_enter
native_far_return:
        enter_instance %rbx
        far_leave
        .size   native_far, . - native_far

/* The same with arguments on the stack, of which the callee gets copies: a native_far_stack_frame. */
        .globl  native_far_stack, native_far_stack_return
        .type   native_far_stack, @function
        .balign 16
native_far_stack:
        far_frame_make
        back_is 2
        pushq   %rbp
        back_is 3
        pushq   EXECUTION_FAR(%r15)
        back_is 4
        movq    %rsp, EXECUTION_FAR(%r15)
        back_is STUB_FAR_STACK
        movq    FUNCTION_STACK_WORDS(%rax), %rbp
        movq    %rbp, %r11
1:      pushq   32(%rsp,%rbp,8)
        subq    $1, %r11
        jne     1b
        far_enter
native_far_stack_return:
        leaq    (%rsp,%rbp,8), %rsp
        movq    8(%rsp), %rbp
        enter_instance %rbx
        popq    EXECUTION_FAR(%r15)
        back_is 3
        addq    $8, %rsp
        far_leave
        .size   native_far_stack, . - native_far_stack

/* What bulk.S leaves: r11 bits of the IR_RUNTIME. Whatever compiled code may have in registers is
 * kept, as it does not expect a call. */
        .globl  native_bulk_slow
        .type   native_bulk_slow, @function
        .balign 16
native_bulk_slow:
        back_is 0
        subq    $BULK_BYTES, %rsp
        back_is BULK_BYTES/8
        movq    %rdi, (%rsp)
        movq    %rsi, 8(%rsp)
        movq    %rdx, 16(%rsp)
        movq    %r8, 24(%rsp)
        movq    %r9, 32(%rsp)
        .irp    number, 0,1,2,3,4,5,6,7
        movsd   %xmm\number, 40+8*\number(%rsp)
        .endr
        pushq   BULK_BYTES(%rsp)
        call_c  native_call_runtime, 0, (BULK_BYTES+8)
        addq    $216, %rsp
        back_is BULK_BYTES/8
        movq    24(%rsp), %r8
        movq    32(%rsp), %r9
        .irp    number, 0,1,2,3,4,5,6,7
        movsd   40+8*\number(%rsp), %xmm\number
        .endr
        addq    $BULK_BYTES, %rsp
        back_is 0
        ret
        .size   native_bulk_slow, . - native_bulk_slow

native_stubs_end:

/* The end of native_enter: eax is its result. An interrupt may not stop it, because r15 is the
 * caller's again before it is over. */
        .type   host_trapped, @function
host_trapped:
        movb    $0, EXECUTION_IN_HOST(%r15)
        .size   host_trapped, . - host_trapped

        .type   enter_leave, @function
enter_leave:
        popq    %rsi
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbp
        popq    %rbx
        ret
        .size   enter_leave, . - enter_leave

/* Where an interrupt handler sends what it has stopped: all that it had is in execution.stopped,
 * the stack is the native one. An interrupt here begins it anew. */
        .globl  native_preempt, native_preempt_end
        .type   native_preempt, @function
        .balign 16
native_preempt:
        cld
        .rept   3
        movq    %r15, %rdi
        call    native_call_preempted
        testl   %eax, %eax
        jne     enter_leave
        cmpl    $0, EXECUTION_INTERRUPT(%r15)
        je      1f
        .endr
1:
        movq    EXECUTION_STOPPED(%r15), %rax
        movl    %ss, %ecx
        pushq   %rcx
        pushq   8(%rax)
        pushq   16(%rax)
        movl    %cs, %ecx
        pushq   %rcx
        pushq   (%rax)
        .irp    number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movups  STOPPED_VECTOR+16*\number(%rax), %xmm\number
        .endr
        ldmxcsr STOPPED_CONTROL(%rax)
        movq    STOPPED_GENERAL+8*1(%rax), %rcx
        movq    STOPPED_GENERAL+8*2(%rax), %rdx
        movq    STOPPED_GENERAL+8*3(%rax), %rbx
        movq    STOPPED_GENERAL+8*5(%rax), %rbp
        movq    STOPPED_GENERAL+8*6(%rax), %rsi
        movq    STOPPED_GENERAL+8*7(%rax), %rdi
        movq    STOPPED_GENERAL+8*8(%rax), %r8
        movq    STOPPED_GENERAL+8*9(%rax), %r9
        movq    STOPPED_GENERAL+8*10(%rax), %r10
        movq    STOPPED_GENERAL+8*11(%rax), %r11
        movq    STOPPED_GENERAL+8*12(%rax), %r12
        movq    STOPPED_GENERAL+8*13(%rax), %r13
        movq    STOPPED_GENERAL+8*14(%rax), %r14
        movq    STOPPED_GENERAL(%rax), %rax
        iretq
native_preempt_end:
        .size   native_preempt, . - native_preempt

        .section .rodata.native_stub_rows, "a"
native_stub_rows_end:

        .section .note.GNU-stack, "", @progbits
