#include "arch/x86_64/privileged/io_apic.h"

/* In words of 4 bytes: one register chooses which of the others is to be seen in the window. */
enum {
    REGISTER_CHOICE = 0,
    REGISTER_WINDOW = 0x10 / 4,
    CHOICE_ENTRIES = 0x10, /* two registers each */
    DESTINATION_SHIFT = 24,
    ENTRY_MASKED = 1 << 16,
};

static void write_register(volatile u32 *registers, u32 choice, u32 value)
{
    registers[REGISTER_CHOICE] = choice;
    registers[REGISTER_WINDOW] = value;
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
