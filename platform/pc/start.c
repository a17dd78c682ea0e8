/* Bringing CPUs up. The others are started one after the other, each with a stack of its own, and
 * must know the same time as the first: a CPU that does not is left standing. */
#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/paging.h"
#include "kernel/kernel.h"
#include "platform/bare/space.h"
#include "platform/pc/boot.h"
#include "platform/pc/clock.h"
#include "platform/pc/cpus.h"
#include "platform/pc/features.h"
#include "platform/pc/lines.h"
#include "platform/pc/physical.h"

enum {
    INTERRUPT_STACK_BYTES = 16 << 10,
    OWN_STACK_BYTES = 64 << 10,
};

/* Times of the protocol (Intel's manual, volume 3, 9.4.4.1), and how long a CPU may take. */
static const u64 INIT_NS = 10000000;
static const u64 SECOND_START_NS = 1000000;
static const u64 COME_NS = 1000000000; /* emulated ones wait for the host's */

extern const u8 boot_trampoline[], boot_trampoline_end[];

/* What boot.S hands to the CPU that comes next. */
extern u64 boot_next_root, boot_next_stack, boot_next_cpu;
u64 boot_next_root, boot_next_stack, boot_next_cpu;

_Noreturn void pc_other_main(struct cpu *cpu);

static u32 wanted = 1; /* CPUs, the first included */
static u64 announced_tsc;
static u64 came_tsc;   /* of the CPU that came last; 0: it has not come */

/* ---- Every CPU ---- */

static void become(struct cpu *cpu, u32 index)
{
    cpu->self = cpu;
    cpu->index = index;
    cpu->current = &cpu->own;
    cpu->timer_deadline_ns = UINT64_MAX;
    cpu->stack_check = tsc_read();
    msr_write(MSR_FS_BASE, (usize)cpu);
    features_enable();
    paging_init_cpu();
    floats_reset();
}

void start_descriptors(void)
{
    u8 *tops[INTERRUPT_STACK_COUNT];
    for (u32 i = 0; i < INTERRUPT_STACK_COUNT; i++) {
        u8 *stack = space_create_stack(INTERRUPT_STACK_BYTES);
        BASE_ASSERT(stack != NULL);
        tops[i] = stack + INTERRUPT_STACK_BYTES;
    }
    descriptors_load(&cpu_here()->descriptors, tops);
}

/* ---- The first ---- */

void start_first(void)
{
    cpus[0].state = CPU_WAITS;
    become(&cpus[0], 0);
}

/* The old interrupt controllers would raise vectors that belong to exceptions. */
static void silence_8259(void)
{
    enum { FIRST_DATA = 0x21, SECOND_DATA = 0xA1, ALL = 0xFF };
    port_write_u8(FIRST_DATA, ALL);
    port_write_u8(SECOND_DATA, ALL);
}

void start_interrupts(const struct acpi *acpi)
{
    enum { REGISTERS_BYTES = 4096 };
    void *registers = physical_map(local_apic_address(), REGISTERS_BYTES, PHYSICAL_DEVICE);
    BASE_ASSERT(registers != NULL);
    silence_8259();
    local_apic_init(registers, local_apic_offered(), VECTOR_TIMER, VECTOR_SPURIOUS);
    cpus[0].apic_id = local_apic_id();
    if (!lines_init(acpi))
        cpus_set_polling();
}

/* ---- The others ---- */

void start_announce(const struct acpi *acpi, u32 count_max)
{
    if (count_max == 0 || count_max > MACHINE_CPUS_MAX)
        count_max = MACHINE_CPUS_MAX;
    for (u32 i = 0; i < acpi->cpu_count && wanted < count_max; i++) {
        if (acpi->apic_ids[i] == cpus[0].apic_id || acpi->apic_ids[i] > local_apic_id_max())
            continue;
        cpus[wanted++].apic_id = acpi->apic_ids[i];
        local_apic_send_init(acpi->apic_ids[i]);
    }
    announced_tsc = tsc_read();
}

/* Zero until it has come, or the time is over. */
static u64 wait_for_coming(u64 duration_ns)
{
    u64 end_ns = machine_monotonic_ns() + duration_ns;
    u64 tsc;
    while ((tsc = __atomic_load_n(&came_tsc, __ATOMIC_ACQUIRE)) == 0)
        if (machine_monotonic_ns() > end_ns)
            break;
        else
            cpu_pause();
    return tsc;
}

/* What it counted when it came lies between what we count before and after. */
static bool start_one(struct cpu *cpu, u64 page)
{
    u8 *stack = space_create_stack(OWN_STACK_BYTES);
    if (stack == NULL)
        return false;
    boot_next_root = paging_root();
    boot_next_stack = (usize)stack + OWN_STACK_BYTES;
    boot_next_cpu = (usize)cpu;
    came_tsc = 0;
    u64 before = tsc_read();
    local_apic_send_start(cpu->apic_id, (u8)(page / PAGE_BYTES));
    u64 came = wait_for_coming(SECOND_START_NS);
    if (came == 0) {
        local_apic_send_start(cpu->apic_id, (u8)(page / PAGE_BYTES));
        came = wait_for_coming(COME_NS);
    }
    return came >= before && came <= tsc_read();
}

static void complain(u32 index)
{
    u8 buffer[96];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "CPU ");
    writer_decimal(&text, index);
    writer_text(&text, " does not start, or counts another time; it and those behind are not used");
    struct bytes line = { buffer, u64_min(text.size, sizeof(buffer)) };
    log_line(LOG_WARNING, (struct process_id){ 0 }, line);
}

void start_others(void)
{
    u64 page = physical_start_page();
    u32 count = 1;
    if (wanted == 1 || page == 0)
        return;
    clock_settle();
    clock_pause_since(announced_tsc, INIT_NS);
    __builtin_memcpy(physical_at(page), boot_trampoline,
                     (usize)(boot_trampoline_end - boot_trampoline));
    while (count < wanted && start_one(&cpus[count], page))
        count++;
    if (count < wanted)
        complain(count);
    cpus_set_count(count);
}

/* Where boot.S leads. */
void pc_other_main(struct cpu *cpu)
{
    become(cpu, (u32)(cpu - cpus));
    start_descriptors();
    local_apic_init_other();
    __atomic_store_n(&cpu->state, CPU_WAITS, __ATOMIC_RELEASE);
    __atomic_store_n(&came_tsc, tsc_read(), __ATOMIC_RELEASE);
    interrupts_on();
    cpus_wait_first();
    cpus_run();
    for (;;)
        interrupts_on_and_halt(); /* others may still have it forget translations */
}
