/* The first instructions: from 32-bit protected mode without paging to C in long mode.
 *
 * Two ways lead here. PVH (Xen's boot ABI, as QEMU and small monitors speak it): the address of a
 * start_info in ebx. Multiboot2 (GRUB): a magic number in eax, the address of its information in
 * ebx. Both promise flat segments and nothing of a stack.
 *
 * The page tables made here map the first 4 GiB where they are, writable and executable; main.c
 * replaces them. */

#include "platform/pc/boot.h"

/* ---- What boot loaders look for ---- */

        .section .multiboot2, "a"
        .balign 8
multiboot2_header:
        .long   0xE85250D6              /* magic */
        .long   0                       /* 32-bit protected mode of i386 */
        .long   multiboot2_header_end - multiboot2_header
        .long   -(0xE85250D6 + (multiboot2_header_end - multiboot2_header))
        .balign 8
        .short  6, 0                    /* modules begin on a page */
        .long   8
        .balign 8
        .short  5, 1                    /* a picture, if there can be one: */
        .long   20
        .long   1024, 768, 32           /* width, height, bits a pixel */
        .balign 8
        .short  0, 0                    /* end of tags */
        .long   8
multiboot2_header_end:

        .section .note.Xen, "a", @note
        .balign 4
        .long   4, 8, 18                /* sizes of name and entry; XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz  "Xen"
        .quad   pvh_entry

/* ---- 32-bit ---- */

        .text
        .code32
        .globl  pvh_entry
        .type   pvh_entry, @function
pvh_entry:
        movl    $BOOT_BY_PVH, %eax
        .size   pvh_entry, . - pvh_entry

        .globl  multiboot2_entry
        .type   multiboot2_entry, @function
multiboot2_entry:
        cli
        cld
        movl    %eax, %edi              /* main's arguments */
        movl    %ebx, %esi
        movl    $boot_stack_top, %esp

        /* The kernel is compiled for every CPU that has long mode. */
        movl    $0x80000000, %eax
        cpuid
        cmpl    $0x80000001, %eax
        jb      unfit
        movl    $0x80000001, %eax
        cpuid
        testl   $1 << 29, %edx
        je      unfit

        movl    $boot_pml4 + 3, boot_pml5
        movl    $boot_pdpt + 3, boot_pml4
        movl    $boot_pd + 3, %eax
        movl    $boot_pdpt, %edx
1:      movl    %eax, (%edx)
        addl    $4096, %eax
        addl    $8, %edx
        cmpl    $boot_pdpt + 4 * 8, %edx
        jne     1b
        movl    $0x83, %eax             /* present, writable, 2 MiB */
        movl    $boot_pd, %edx
1:      movl    %eax, (%edx)
        addl    $0x200000, %eax
        addl    $8, %edx
        cmpl    $boot_pd + 4 * 4096, %edx
        jne     1b

        movl    $first_long, %ebp

/* Into long mode with the tables above, and on at ebp; keeps esi and edi. */
enter_long_mode:
        movl    $0x620, %eax            /* PAE, OSFXSR, OSXMMEXCPT */
        movl    %eax, %cr4
        movl    $boot_pml4, %esp        /* not a stack yet */
        xorl    %eax, %eax
        cpuid
        cmpl    $7, %eax
        jb      1f
        movl    $7, %eax
        xorl    %ecx, %ecx
        cpuid
        testl   $1 << 16, %ecx          /* tables of five levels, which can be chosen only here */
        je      1f
        movl    %cr4, %eax
        orl     $1 << 12, %eax
        movl    %eax, %cr4
        movl    $boot_pml5, %esp
1:      movl    %esp, %cr3
        movl    $0x80000001, %eax
        cpuid
        andl    $1 << 20, %edx          /* whether pages can be without execution */
        shrl    $20 - 11, %edx
        orl     $1 << 8, %edx
        movl    %edx, %ebx
        movl    $0xC0000080, %ecx       /* EFER: long mode, and that */
        rdmsr
        orl     %ebx, %eax
        wrmsr
        movl    $0x80010023, %eax       /* paging, write protection, native x87 errors, MP, PE */
        movl    %eax, %cr0
        lgdt    boot_gdt_pointer
        ljmp    $8, $long_mode

/* The CPU lacks something: says so on the first serial port, as it was set by who booted us. */
unfit:
        movl    $unfit_text, %esi
1:      movw    $0x3F8 + 5, %dx
2:      inb     %dx, %al
        testb   $0x20, %al
        je      2b
        movw    $0x3F8, %dx
        lodsb
        testb   %al, %al
        je      3f
        outb    %al, %dx
        jmp     1b
3:      hlt
        jmp     3b

/* ---- 64-bit ---- */

        .code64
long_mode:
        movl    $16, %eax
        movl    %eax, %ss
        movl    %eax, %ds
        movl    %eax, %es
        xorl    %eax, %eax
        movl    %eax, %fs
        movl    %eax, %gs
        jmp     *%rbp
first_long:
        movl    $boot_stack_top, %esp
        xorl    %ebp, %ebp
        call    pc_main
        ud2
other_long:
        movq    boot_next_root, %rax    /* only the kernel's own tables map the stack */
        movq    %rax, %cr3
        movq    boot_next_stack, %rsp
        movq    boot_next_cpu, %rdi
        xorl    %ebp, %ebp
        call    pc_other_main
        ud2

/* ---- The other CPUs ---- */

/* Copied to a page of the first MiB, where they begin in real mode. */
        .section .rodata
        .code16
        .globl  boot_trampoline, boot_trampoline_end
boot_trampoline:
        cli
        cld
        movw    %cs, %ax
        movw    %ax, %ds
        lgdtl   1f - boot_trampoline
        movl    $0x11, %eax             /* protected mode */
        movl    %eax, %cr0
        ljmpl   $24, $other_protected
        .balign 4
1:      .short  boot_gdt_end - boot_gdt - 1
        .long   boot_gdt
boot_trampoline_end:

        .text
        .code32
other_protected:
        movl    $32, %eax
        movl    %eax, %ds
        movl    $other_long, %ebp
        jmp     enter_long_mode
        .code64

        .section .rodata
unfit_text:
        .asciz  "weft: this CPU is not an x86-64\r\n"
        .balign 8
boot_gdt:
        .quad   0
        .quad   0x00209B0000000000      /* 8: 64-bit code */
        .quad   0x0000930000000000      /* 16: data, as in the table that comes later */
        .quad   0x00CF9B000000FFFF      /* 24: 32-bit code */
        .quad   0x00CF93000000FFFF      /* 32: its data */
boot_gdt_end:
boot_gdt_pointer:
        .short  boot_gdt_end - boot_gdt - 1
        .long   boot_gdt

        .section .bss.boot, "aw", @nobits
        .balign 4096
boot_pml5:
        .skip   4096
boot_pml4:
        .skip   4096
boot_pdpt:
        .skip   4096
boot_pd:
        .skip   4 * 4096
/* The stack of the first CPU; the page below it is not mapped once main.c has made its tables. */
        .globl  boot_stack_guard, boot_stack_top
boot_stack_guard:
        .skip   4096
        .skip   BOOT_STACK_BYTES
boot_stack_top:

        .section .note.GNU-stack, "", @progbits
