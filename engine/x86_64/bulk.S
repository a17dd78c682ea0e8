/* Copies and fills for compiled code: rdi to, rsi from or the byte, rdx how many.
 *
 * memory.copy and memory.fill within memory 0 lose these, rax, rcx, r11, xmm8, xmm9 and xmm15; all
 * else is kept. What a host_copy stands for (engine.h) is a call, which may lose more; rax is the
 * function.
 *
 * Bounds are compared first, so nothing here faults: a memory never shrinks. What is out of them,
 * and what takes long, is left to C, with the operands as they came. An interrupt may stop this
 * anywhere, as it may compiled code. */

#include "engine/x86_64/layout.h"

#define LONG_BYTES (64 << 10) /* more than this is done in slices, by C */
#define STRING_BYTES 1024     /* from here on the string instructions are worth their start */

        .text
        .globl  native_bulk_begin, native_bulk_end, native_copy, native_fill
native_bulk_begin:

/* Leaves for native_bulk_slow if `start` + rdx is beyond the size in rax. */
        .macro  check start, slow
        leaq    (\start,%rdx), %rcx
        cmpq    %rax, %rcx
        ja      \slow
        .endm

        .macro  size_of_memory_to_rax
        movq    EXECUTION_INSTANCE(%r15), %rax
        movq    INSTANCE_MEMORIES(%rax), %rax
        movq    (%rax), %rax
        movq    MEMORY_SIZE_BYTES(%rax), %rax
        .endm

/* Zero is what the host gives for a copy; memory.copy gives nothing. */
        .macro  copied
        xorl    %eax, %eax
        ret
        .endm

        .type   native_copy, @function
        .balign 16
native_copy:
        movl    %edi, %edi
        movl    %esi, %esi
        movl    %edx, %edx
        size_of_memory_to_rax
        check   %rdi, copy_slow
        check   %rsi, copy_slow
        cmpl    $LONG_BYTES, %edx
        ja      copy_slow
        addq    %r14, %rdi
        addq    %r14, %rsi
copy_bytes:
        cmpl    $16, %edx
        ja      copy_17
        cmpl    $8, %edx
        jae     copy_8
        cmpl    $4, %edx
        jae     copy_4
        testl   %edx, %edx
        je      1f
        movl    %edx, %r11d
        shrl    %r11d
        movzbl  (%rsi), %eax
        movzbl  -1(%rsi,%rdx), %ecx
        movzbl  (%rsi,%r11), %esi
        movb    %al, (%rdi)
        movb    %sil, (%rdi,%r11)
        movb    %cl, -1(%rdi,%rdx)
1:      copied
copy_4: movl    (%rsi), %eax
        movl    -4(%rsi,%rdx), %ecx
        movl    %eax, (%rdi)
        movl    %ecx, -4(%rdi,%rdx)
        copied
copy_8: movq    (%rsi), %rax
        movq    -8(%rsi,%rdx), %rcx
        movq    %rax, (%rdi)
        movq    %rcx, -8(%rdi,%rdx)
        copied
copy_17:
        cmpl    $32, %edx
        ja      copy_33
        movups  (%rsi), %xmm8
        movups  -16(%rsi,%rdx), %xmm15
        movups  %xmm8, (%rdi)
        movups  %xmm15, -16(%rdi,%rdx)
        copied
/* Overlapping or not: what the loop may write over before it reads it is read before the loop. */
copy_33:
        movq    %rdi, %rax
        subq    %rsi, %rax
        cmpq    %rdx, %rax
        jb      copy_down
        cmpl    $STRING_BYTES, %edx
        jae     copy_string
copy_up:
        leaq    (%rdi,%rdx), %r11
        movups  -32(%rsi,%rdx), %xmm15
        movq    -16(%rsi,%rdx), %rax
        movq    -8(%rsi,%rdx), %rcx
2:      movups  (%rsi), %xmm8
        movups  16(%rsi), %xmm9
        movups  %xmm8, (%rdi)
        movups  %xmm9, 16(%rdi)
        addq    $32, %rsi
        addq    $32, %rdi
        subl    $32, %edx
        cmpl    $32, %edx
        ja      2b
        movups  %xmm15, -32(%r11)
        movq    %rax, -16(%r11)
        movq    %rcx, -8(%r11)
        copied
copy_down:
        movups  (%rsi), %xmm15
        movq    16(%rsi), %rax
        movq    24(%rsi), %rcx
3:      movups  -16(%rsi,%rdx), %xmm8
        movups  -32(%rsi,%rdx), %xmm9
        movups  %xmm8, -16(%rdi,%rdx)
        movups  %xmm9, -32(%rdi,%rdx)
        subl    $32, %edx
        cmpl    $32, %edx
        ja      3b
        movups  %xmm15, (%rdi)
        movq    %rax, 16(%rdi)
        movq    %rcx, 24(%rdi)
        copied
copy_string:
        negq    %rax
        cmpq    %rdx, %rax
        jb      copy_up
        movl    %edx, %ecx
        rep movsb
        copied
copy_slow:
        movl    $BULK_COPY, %r11d
        jmp     native_bulk_slow
        .size   native_copy, . - native_copy

/* The base of memory 0 of the instance that a field of rax points at, in `base`; to `slow` if there
 * is none, or `start` + rdx is beyond it. */
        .macro  memory_of field, start, base, slow
        movq    \field(%rax), %rcx
        movq    (%rcx), %rcx
        testq   %rcx, %rcx
        je      \slow
        movq    INSTANCE_MEMORY_BASE(%rcx), \base
        testq   \base, \base
        je      \slow
        movq    INSTANCE_MEMORIES(%rcx), %rcx
        movq    (%rcx), %rcx
        leaq    (\start,%rdx), %r11
        cmpq    MEMORY_SIZE_BYTES(%rcx), %r11
        ja      \slow
        .endm

        .globl  native_host_copy
        .type   native_host_copy, @function
        .balign 16
native_host_copy:
        movl    %edi, %edi
        movl    %esi, %esi
        movl    %edx, %edx
        memory_of FUNCTION_COPY_TO, %rdi, %r8, native_host_narrow
        memory_of FUNCTION_COPY_FROM, %rsi, %r9, native_host_narrow
        cmpl    $LONG_BYTES, %edx
        ja      native_host_narrow
        addq    %r8, %rdi
        addq    %r9, %rsi
        jmp     copy_bytes
        .size   native_host_copy, . - native_host_copy

        .type   native_fill, @function
        .balign 16
native_fill:
        movl    %edi, %edi
        movl    %edx, %edx
        size_of_memory_to_rax
        check   %rdi, fill_slow
        cmpl    $LONG_BYTES, %edx
        ja      fill_slow
        addq    %r14, %rdi
        movzbl  %sil, %eax
        movabsq $0x0101010101010101, %rcx
        imulq   %rcx, %rax
        cmpl    $16, %edx
        ja      fill_17
        cmpl    $8, %edx
        jae     fill_8
        cmpl    $4, %edx
        jae     fill_4
        testl   %edx, %edx
        je      1f
        movl    %edx, %ecx
        shrl    %ecx
        movb    %al, (%rdi)
        movb    %al, (%rdi,%rcx)
        movb    %al, -1(%rdi,%rdx)
1:      ret
fill_4: movl    %eax, (%rdi)
        movl    %eax, -4(%rdi,%rdx)
        ret
fill_8: movq    %rax, (%rdi)
        movq    %rax, -8(%rdi,%rdx)
        ret
fill_17:
        cmpl    $STRING_BYTES, %edx
        jae     fill_string
        movq    %rax, %xmm15
        punpcklqdq %xmm15, %xmm15
        leaq    (%rdi,%rdx), %r11
        movups  %xmm15, -16(%r11)
2:      movups  %xmm15, (%rdi)
        addq    $16, %rdi
        subl    $16, %edx
        cmpl    $16, %edx
        ja      2b
        ret
fill_string:
        movl    %edx, %ecx
        rep stosb
        ret
fill_slow:
        movl    $BULK_FILL, %r11d
        jmp     native_bulk_slow
        .size   native_fill, . - native_fill

native_bulk_end:

        .section .note.GNU-stack, "", @progbits
