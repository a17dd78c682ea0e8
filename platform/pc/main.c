/* The kernel on a bare PC: from the first line of C to the first program. */
#include "platform/pc/serial.h"

#include "arch/x86_64/privileged/registers.h"

_Noreturn void pc_main(u32 boot_magic, u32 boot_information);

_Noreturn void pc_main(u32 boot_magic, u32 boot_information)
{
    (void)boot_magic;
    (void)boot_information;
    serial_init();
    serial_write(BYTES_LITERAL("weft: booting\r\n"));
    cpu_halt_for_ever();
}
