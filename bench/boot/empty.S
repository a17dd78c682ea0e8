/* The least that QEMU can be asked to boot, by PVH: one byte on the first serial port, and the end by
 * isa-debug-exit. What it takes until that byte is QEMU's own. */

        .section .note.Xen, "a", @note
        .balign 4
        .long   4, 8, 18                /* sizes of name and entry; XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz  "Xen"
        .quad   entry

        .text
        .code32
        .globl  entry
entry:
        movw    $0x3F8, %dx
        movb    $'!', %al
        outb    %al, %dx
        movw    $0xF4, %dx
        movl    $0x10, %eax
        outl    %eax, %dx
1:      hlt
        jmp     1b

        .section .note.GNU-stack, "", @progbits
