#include "arch/x86_64/privileged/io_apic.h"

/* In words of 4 bytes: one register chooses which of the others is to be seen in the window. */
enum {
    REGISTER_CHOICE = 0,
    REGISTER_WINDOW = 0x10 / 4,
    CHOICE_VERSION = 1,
    CHOICE_ENTRIES = 0x10, /* two registers each */
    LAST_PIN_SHIFT = 16,
    DESTINATION_SHIFT = 24,
    ENTRY_MASKED = 1 << 16,
};

static void write_register(volatile u32 *registers, u32 choice, u32 value)
{
    registers[REGISTER_CHOICE] = choice;
    registers[REGISTER_WINDOW] = value;
}

u32 io_apic_pins(volatile u32 *registers)
{
    registers[REGISTER_CHOICE] = CHOICE_VERSION;
    return (registers[REGISTER_WINDOW] >> LAST_PIN_SHIFT & UINT8_MAX) + 1;
}

void io_apic_set(volatile u32 *registers, u32 pin, u32 entry, bool masked)
{
    write_register(registers, CHOICE_ENTRIES + 2 * pin, entry | (masked ? ENTRY_MASKED : 0));
}

void io_apic_route(volatile u32 *registers, u32 pin, u32 entry, u32 apic_id)
{
    io_apic_set(registers, pin, entry, true);
    write_register(registers, CHOICE_ENTRIES + 2 * pin + 1, apic_id << DESTINATION_SHIFT);
}
