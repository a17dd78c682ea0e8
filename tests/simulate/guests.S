/* The guest programs, within the test program: guest_NAME to guest_NAME_end. */

        .section .rodata

        .macro  include_guest name
        .balign 16
        .globl  guest_\name, guest_\name\()_end
guest_\name:
        .incbin "tests/guest/\name\().wasm"
guest_\name\()_end:
        .endm

#define GUEST(name) include_guest name
#include "tests/simulate/guest.def"

        .section .note.GNU-stack, "", @progbits
