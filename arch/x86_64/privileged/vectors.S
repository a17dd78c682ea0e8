/* Entries of all vectors: each brings its number and an error code, if only 0, to one place that
 * saves the registers as a struct interrupted (base/interrupted.h) and asks the platform. */

        .set    GENERAL, 24             /* of struct interrupted; before it pc, sp, flags */
        .set    VECTOR, 280
        .set    VECTOR_CONTROL, 792
        .set    INTERRUPTED_BYTES, 800 + 8 /* and 8 that align the stack */
        /* Above it: vector, error code, and what the CPU pushed: pc, cs, flags, sp, ss. */
        .set    NUMBER, INTERRUPTED_BYTES
        .set    ERROR, INTERRUPTED_BYTES + 8
        .set    PUSHED_PC, INTERRUPTED_BYTES + 16
        .set    PUSHED_FLAGS, INTERRUPTED_BYTES + 32
        .set    PUSHED_SP, INTERRUPTED_BYTES + 40

        /* Vectors 8, 10 to 14, 17, 21, 29 and 30, for which the CPU pushes an error code. */
        .set    PUSH_AN_ERROR, 0x60227D00

        .text
        .globl  vector_entries
        .balign 16
vector_entries:
        .set    number, 0
        .rept   256
        .balign 16
        .if     (PUSH_AN_ERROR >> number) & 1 == 0 || number > 31
        pushq   $0
        .endif
        pushq   $number
        jmp     vector_common
        .set    number, number + 1
        .endr

        .type   vector_common, @function
        .balign 16
vector_common:
        subq    $INTERRUPTED_BYTES, %rsp
        movq    %rax, GENERAL+8*0(%rsp)
        movq    %rcx, GENERAL+8*1(%rsp)
        movq    %rdx, GENERAL+8*2(%rsp)
        movq    %rbx, GENERAL+8*3(%rsp)
        movq    %rbp, GENERAL+8*5(%rsp)
        movq    %rsi, GENERAL+8*6(%rsp)
        movq    %rdi, GENERAL+8*7(%rsp)
        movq    %r8, GENERAL+8*8(%rsp)
        movq    %r9, GENERAL+8*9(%rsp)
        movq    %r10, GENERAL+8*10(%rsp)
        movq    %r11, GENERAL+8*11(%rsp)
        movq    %r12, GENERAL+8*12(%rsp)
        movq    %r13, GENERAL+8*13(%rsp)
        movq    %r14, GENERAL+8*14(%rsp)
        movq    %r15, GENERAL+8*15(%rsp)
        movq    PUSHED_PC(%rsp), %rax
        movq    %rax, (%rsp)
        movq    PUSHED_SP(%rsp), %rax
        movq    %rax, 8(%rsp)
        movq    %rax, GENERAL+8*4(%rsp)
        movq    PUSHED_FLAGS(%rsp), %rax
        movq    %rax, 16(%rsp)
        .irp    number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movups  %xmm\number, VECTOR+16*\number(%rsp)
        .endr
        stmxcsr VECTOR_CONTROL(%rsp)
        xorps   %xmm0, %xmm0            /* registers that there are not */
        .irp    number, 0,1,2,3,4,5,6,7
        movups  %xmm0, GENERAL+8*16+16*\number(%rsp)
        .endr
        .irp    number, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        movups  %xmm0, VECTOR+16*\number(%rsp)
        .endr

        cld
        movq    %rsp, %rdi
        movl    NUMBER(%rsp), %esi
        movq    ERROR(%rsp), %rdx
        xorl    %ebp, %ebp              /* the outermost frame */
        call    vector_entry

        movq    (%rsp), %rax
        movq    %rax, PUSHED_PC(%rsp)
        movq    8(%rsp), %rax
        movq    %rax, PUSHED_SP(%rsp)
        movq    16(%rsp), %rax
        movq    %rax, PUSHED_FLAGS(%rsp)
        .irp    number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movups  VECTOR+16*\number(%rsp), %xmm\number
        .endr
        ldmxcsr VECTOR_CONTROL(%rsp)
        movq    GENERAL+8*0(%rsp), %rax
        movq    GENERAL+8*1(%rsp), %rcx
        movq    GENERAL+8*2(%rsp), %rdx
        movq    GENERAL+8*3(%rsp), %rbx
        movq    GENERAL+8*5(%rsp), %rbp
        movq    GENERAL+8*6(%rsp), %rsi
        movq    GENERAL+8*7(%rsp), %rdi
        movq    GENERAL+8*8(%rsp), %r8
        movq    GENERAL+8*9(%rsp), %r9
        movq    GENERAL+8*10(%rsp), %r10
        movq    GENERAL+8*11(%rsp), %r11
        movq    GENERAL+8*12(%rsp), %r12
        movq    GENERAL+8*13(%rsp), %r13
        movq    GENERAL+8*14(%rsp), %r14
        movq    GENERAL+8*15(%rsp), %r15
        addq    $INTERRUPTED_BYTES + 16, %rsp
        iretq
        .size   vector_common, . - vector_common

        .section .note.GNU-stack, "", @progbits
