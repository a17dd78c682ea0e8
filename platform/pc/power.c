#include "platform/pc/power.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/console.h"
#include "platform/bare/options.h"
#include "platform/pc/cpus.h"

enum {
    DEBUG_EXIT = 0xF4, /* QEMU's isa-debug-exit: ends it with the status value * 2 + 1 */
    DEBUG_EXIT_SUCCESS = 0x10,
    DEBUG_EXIT_FAILURE = 0x11,
    DEBUG_EXIT_PANIC = 0x12,
    KEYBOARD_COMMAND = 0x64,
    KEYBOARD_BUSY = 0x02,
    KEYBOARD_RESET = 0xFE,
    TURNS_MAX = 1 << 16,
};

static const struct acpi *acpi;

void power_init(const struct acpi *tables)
{
    acpi = tables;
}

static void debug_exit(u8 value)
{
    if (options.debug_exit)
        port_write_u8(DEBUG_EXIT, value);
}

/* By the keyboard controller, and if there is none, by a fault that cannot be entered. */
static _Noreturn void reboot(void)
{
    static const struct __attribute__((packed)) {
        u16 last_byte;
        u64 address;
    } no_vectors;
    for (u32 i = 0; i < TURNS_MAX && (port_read_u8(KEYBOARD_COMMAND) & KEYBOARD_BUSY) != 0; i++)
        cpu_pause();
    port_write_u8(KEYBOARD_COMMAND, KEYBOARD_RESET);
    for (u32 i = 0; i < TURNS_MAX; i++)
        cpu_pause();
    __asm__ volatile("lidt %0\n\tint3" : : "m"(no_vectors));
    cpu_halt_for_ever();
}

static void power_off(void)
{
    if (acpi != NULL)
        acpi_power_off(acpi);
    console_write(BYTES_LITERAL("weft: it is safe to switch the machine off\n"), true);
}

void power_end_panic(void)
{
    debug_exit(DEBUG_EXIT_PANIC);
    if (options.panic == PANIC_REBOOT)
        reboot();
    if (options.panic == PANIC_OFF)
        power_off();
    cpu_halt_for_ever();
}

void machine_stop(int status)
{
    interrupts_off();
    cpus_stop_others();
    console_seize(); /* one of them may have been writing */
    debug_exit(status == 0 ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
    power_off();
    cpu_halt_for_ever();
}
