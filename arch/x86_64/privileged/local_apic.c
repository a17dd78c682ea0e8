/* Registers and their bits: Intel's manual, volume 3, chapter 11. */
#include "arch/x86_64/privileged/local_apic.h"

#include "arch/x86_64/privileged/registers.h"

/* By number they begin at MSR_X2APIC; by address each has 16 bytes. */
enum local_apic_register {
    REGISTER_ID = 0x02,
    REGISTER_PRIORITY = 0x08,
    REGISTER_END = 0x0B,
    REGISTER_SPURIOUS = 0x0F,
    REGISTER_COMMAND = 0x30,
    REGISTER_COMMAND_HIGH = 0x31, /* by address only */
    REGISTER_TIMER = 0x32,
    REGISTER_TIMER_INITIAL = 0x38,
    REGISTER_TIMER_CURRENT = 0x39,
    REGISTER_TIMER_DIVIDE = 0x3E,
    REGISTER_WORDS = 4,
};

enum {
    BASE_BY_NUMBER = 1 << 10,
    BASE_ENABLED = 1 << 11,
    SPURIOUS_ENABLED = 1 << 8,
    DIVIDE_BY_16 = 3,
    TIMER_DEADLINE = 2 << 17,
    COMMAND_NMI = 4 << 8,
    COMMAND_INIT = 5 << 8,
    COMMAND_START = 6 << 8,
    COMMAND_PENDING = 1 << 12,
    COMMAND_ASSERT = 1 << 14,
    ID_SHIFT = 24,
    COMMAND_ID_SHIFT = 32,
};

static volatile u32 *apic;
static u32 features;
static u8 vector_of_timer, vector_of_spurious;

/* ---- Registers ---- */

static bool is_by_number(void)
{
    return (features & LOCAL_APIC_BY_NUMBER) != 0;
}

static u32 register_read(enum local_apic_register number)
{
    return is_by_number() ? (u32)msr_read(MSR_X2APIC + number) : apic[number * REGISTER_WORDS];
}

static void register_write(enum local_apic_register number, u32 value)
{
    if (is_by_number())
        msr_write(MSR_X2APIC + number, value);
    else
        apic[number * REGISTER_WORDS] = value;
}

/* ---- Turning on ---- */

u32 local_apic_offered(void)
{
    enum { HAS_X2APIC = 1 << 21, HAS_DEADLINE = 1 << 24 }; /* leaf 1, ecx */
    u32 has = cpuid(1).c;
    return ((has & HAS_X2APIC) != 0 ? (u32)LOCAL_APIC_BY_NUMBER : 0) |
           ((has & HAS_DEADLINE) != 0 ? (u32)LOCAL_APIC_DEADLINE : 0);
}

u64 local_apic_address(void)
{
    return msr_read(MSR_APIC_BASE) & 0x000FFFFFFFFFF000;
}

void local_apic_init(volatile u32 *registers, u32 wanted, u8 timer_vector, u8 spurious_vector)
{
    apic = registers;
    features = wanted;
    vector_of_timer = timer_vector;
    vector_of_spurious = spurious_vector;
    local_apic_init_other();
}

/* Only an APIC that is on can be made one by number. */
void local_apic_init_other(void)
{
    bool by_deadline = (features & LOCAL_APIC_DEADLINE) != 0;
    u64 base = msr_read(MSR_APIC_BASE) | BASE_ENABLED;
    msr_write(MSR_APIC_BASE, base);
    if (is_by_number())
        msr_write(MSR_APIC_BASE, base | BASE_BY_NUMBER);
    register_write(REGISTER_PRIORITY, 0);
    register_write(REGISTER_SPURIOUS, SPURIOUS_ENABLED | vector_of_spurious);
    register_write(REGISTER_TIMER_DIVIDE, DIVIDE_BY_16);
    register_write(REGISTER_TIMER, vector_of_timer | (by_deadline ? TIMER_DEADLINE : 0));
    if (by_deadline)
        memory_fence(); /* a deadline written before the way of the timer is would be lost */
    else
        register_write(REGISTER_TIMER_INITIAL, 0);
}

u32 local_apic_features(void)
{
    return features;
}

u32 local_apic_id(void)
{
    u32 id = register_read(REGISTER_ID);
    return is_by_number() ? id : id >> ID_SHIFT;
}

/* All ones is everybody. */
u32 local_apic_id_max(void)
{
    return is_by_number() ? UINT32_MAX - 1 : UINT8_MAX - 1;
}

void local_apic_end(void)
{
    register_write(REGISTER_END, 0);
}

/* ---- The timer ---- */

void local_apic_timer_set(u64 tsc)
{
    msr_write(MSR_TSC_DEADLINE, tsc);
}

void local_apic_timer_start(u32 count)
{
    register_write(REGISTER_TIMER_INITIAL, count);
}

u32 local_apic_timer_left(void)
{
    return register_read(REGISTER_TIMER_CURRENT);
}

/* ---- Commands ---- */

/* By address both halves of a command belong together, so no interrupt of this CPU may send another
 * one in between. By number it is one write, which would not wait for what was written to memory
 * before, and which the other CPU is to find. */
static void command(u32 id, u32 low)
{
    if (is_by_number()) {
        memory_fence();
        msr_write(MSR_X2APIC + REGISTER_COMMAND, (u64)id << COMMAND_ID_SHIFT | low);
        return;
    }
    u64 flags = interrupts_save();
    while ((register_read(REGISTER_COMMAND) & COMMAND_PENDING) != 0)
        cpu_pause();
    register_write(REGISTER_COMMAND_HIGH, id << ID_SHIFT);
    register_write(REGISTER_COMMAND, low);
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
