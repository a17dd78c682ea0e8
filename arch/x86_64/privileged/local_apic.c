/* Registers and their bits: Intel's manual, volume 3, chapter 11. */
#include "arch/x86_64/privileged/local_apic.h"

#include "arch/x86_64/privileged/registers.h"

/* In words of 4 bytes. */
enum {
    REGISTER_ID = 0x20 / 4,
    REGISTER_PRIORITY = 0x80 / 4,
    REGISTER_END = 0xB0 / 4,
    REGISTER_SPURIOUS = 0xF0 / 4,
    REGISTER_COMMAND_LOW = 0x300 / 4,
    REGISTER_COMMAND_HIGH = 0x310 / 4,
    REGISTER_TIMER = 0x320 / 4,
    REGISTER_TIMER_INITIAL = 0x380 / 4,
    REGISTER_TIMER_CURRENT = 0x390 / 4,
    REGISTER_TIMER_DIVIDE = 0x3E0 / 4,
};

enum {
    BASE_ENABLED = 1 << 11,
    SPURIOUS_ENABLED = 1 << 8,
    DIVIDE_BY_16 = 3,
    COMMAND_NMI = 4 << 8,
    COMMAND_INIT = 5 << 8,
    COMMAND_START = 6 << 8,
    COMMAND_PENDING = 1 << 12,
    COMMAND_ASSERT = 1 << 14,
    ID_SHIFT = 24,
};

static volatile u32 *apic;
static u8 vector_of_timer, vector_of_spurious;

u64 local_apic_address(void)
{
    return msr_read(MSR_APIC_BASE) & 0x000FFFFFFFFFF000;
}

void local_apic_init(volatile u32 *registers, u8 timer_vector, u8 spurious_vector)
{
    apic = registers;
    vector_of_timer = timer_vector;
    vector_of_spurious = spurious_vector;
    local_apic_init_other();
}

void local_apic_init_other(void)
{
    msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | BASE_ENABLED);
    apic[REGISTER_PRIORITY] = 0;
    apic[REGISTER_SPURIOUS] = SPURIOUS_ENABLED | vector_of_spurious;
    apic[REGISTER_TIMER_DIVIDE] = DIVIDE_BY_16;
    apic[REGISTER_TIMER] = vector_of_timer;
    apic[REGISTER_TIMER_INITIAL] = 0;
}

u32 local_apic_id(void)
{
    return apic[REGISTER_ID] >> ID_SHIFT;
}

void local_apic_end(void)
{
    apic[REGISTER_END] = 0;
}

void local_apic_timer_start(u32 count)
{
    apic[REGISTER_TIMER_INITIAL] = count;
}

u32 local_apic_timer_left(void)
{
    return apic[REGISTER_TIMER_CURRENT];
}

/* Both halves of a command belong together, so no interrupt of this CPU may send another one in
 * between. */
static void command(u32 id, u32 low)
{
    u64 flags = interrupts_save();
    while ((apic[REGISTER_COMMAND_LOW] & COMMAND_PENDING) != 0)
        cpu_pause();
    apic[REGISTER_COMMAND_HIGH] = id << ID_SHIFT;
    apic[REGISTER_COMMAND_LOW] = low;
    interrupts_restore(flags);
}

void local_apic_interrupt(u32 id, u8 vector)
{
    command(id, COMMAND_ASSERT | vector);
}

void local_apic_send_nmi(u32 id)
{
    command(id, COMMAND_ASSERT | COMMAND_NMI);
}

void local_apic_send_init(u32 id)
{
    command(id, COMMAND_ASSERT | COMMAND_INIT);
}

void local_apic_send_start(u32 id, u8 page)
{
    command(id, COMMAND_ASSERT | COMMAND_START | page);
}
