#include "platform/pc/power.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/console.h"
#include "platform/bare/options.h"
#include "platform/pc/clock.h"
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

/* By ACPI, else by the keyboard controller, and if there is none, by a fault that cannot be entered. */
static _Noreturn void reboot(void)
{
    static const struct __attribute__((packed)) {
        u16 last_byte;
        u64 address;
    } no_vectors;
    if (acpi != NULL)
        acpi_restart(acpi);
    for (u32 i = 0; i < TURNS_MAX && (port_read_u8(KEYBOARD_COMMAND) & KEYBOARD_BUSY) != 0; i++)
        cpu_pause();
    port_write_u8(KEYBOARD_COMMAND, KEYBOARD_RESET);
    for (u32 i = 0; i < TURNS_MAX; i++)
        cpu_pause();
    __asm__ volatile("lidt %0\n\tint3" : : "m"(no_vectors));
    cpu_halt_for_ever();
}

/* Without tables, the ports at which virtual machines have what the tables would have told. On a
 * real machine anything may be there. */
static void power_off_virtual(void)
{
    enum { LAST_NS = 100000000 }; /* it need not be at once */
    const u32 has_hypervisor = 1u << 31;
    static const struct {
        u16 port;
        u16 value;
    } ways[] = {
        { 0x604, 0x2000 },  /* QEMU */
        { 0xB004, 0x2000 }, /* Bochs, and QEMU of old */
        { 0x4004, 0x3400 }, /* VirtualBox */
    };
    if ((cpuid(1).c & has_hypervisor) == 0)
        return;
    for (usize i = 0; i < BASE_ARRAY_COUNT(ways); i++)
        port_write_u16(ways[i].port, ways[i].value);
    clock_pause_ns(LAST_NS);
}

static void power_off(void)
{
    if (acpi != NULL)
        acpi_power_off(acpi);
    power_off_virtual();
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

static void stand_still(void)
{
    interrupts_off();
    cpus_stop_others();
    console_seize(); /* one of them may have been writing */
}

void power_restart(void)
{
    stand_still();
    reboot();
}

void machine_stop(int status)
{
    stand_still();
    debug_exit(status == 0 ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
    power_off();
    cpu_halt_for_ever();
}
