#include "platform/pc/cpus.h"

#include "arch/x86_64/privileged/io_apic.h"
#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/paging.h"
#include "kernel/kernel.h"
#include "platform/bare/space.h"
#include "platform/bare/terminal.h"
#include "platform/pc/clock.h"
#include "platform/pc/physical.h"

enum { INTERRUPT_STACK_BYTES = 16 << 10 };

static const u64 POLL_EVERY_NS = 10000000;

struct cpu cpus[MACHINE_CPUS_MAX];
static u32 cpu_count = 1;
static bool stopped;
static u32 attention; /* 1: a device has something */
static bool polls;    /* no device can interrupt us */

/* ---- Coming up ---- */

/* What the CPU offers beyond its baseline and helps against mistakes, and the vector registers. */
static void enable_features(void)
{
    enum { HAS_XSAVE = 1 << 26, HAS_AVX = 1 << 28 };   /* leaf 1, ecx */
    enum { HAS_SMEP = 1 << 7, HAS_SMAP = 1 << 20 };    /* leaf 7, ebx */
    enum { HAS_UMIP = 1 << 2 };                        /* leaf 7, ecx */
    enum { CR4_GLOBAL_PAGES = 1 << 7, XCR0_X87_SSE = 3, XCR0_AVX = 4 };
    u64 cr4 = cr4_read() | CR4_GLOBAL_PAGES;
    u32 first = cpuid(1).c;
    struct cpuid seventh = cpuid(0).a >= 7 ? cpuid(7) : (struct cpuid){ 0 };
    if ((seventh.b & HAS_SMEP) != 0)
        cr4 |= CR4_SMEP;
    if ((seventh.b & HAS_SMAP) != 0)
        cr4 |= CR4_SMAP;
    if ((seventh.c & HAS_UMIP) != 0)
        cr4 |= CR4_UMIP;
    if ((first & HAS_XSAVE) != 0)
        cr4 |= CR4_OSXSAVE;
    cr4_write(cr4);
    if ((first & HAS_XSAVE) != 0)
        xcr0_write((first & HAS_AVX) != 0 ? XCR0_X87_SSE | XCR0_AVX : XCR0_X87_SSE);
}

static void become(struct cpu *cpu, u32 index)
{
    cpu->self = cpu;
    cpu->index = index;
    cpu->current = &cpu->own;
    cpu->timer_deadline_ns = UINT64_MAX;
    msr_write(MSR_FS_BASE, (usize)cpu);
    enable_features();
}

void cpus_init_first(void)
{
    cpus[0].state = CPU_STARTED;
    become(&cpus[0], 0);
}

void cpus_load_descriptors(void)
{
    u8 *tops[INTERRUPT_STACK_COUNT];
    for (u32 i = 0; i < INTERRUPT_STACK_COUNT; i++) {
        u8 *stack = space_create_stack(INTERRUPT_STACK_BYTES);
        BASE_ASSERT(stack != NULL);
        tops[i] = stack + INTERRUPT_STACK_BYTES;
    }
    descriptors_load(&cpu_here()->descriptors, tops);
}

/* The old interrupt controllers would raise vectors that belong to exceptions. */
static void silence_8259(void)
{
    enum { FIRST_DATA = 0x21, SECOND_DATA = 0xA1, ALL = 0xFF };
    port_write_u8(FIRST_DATA, ALL);
    port_write_u8(SECOND_DATA, ALL);
}

static void init_local_apic(void)
{
    enum { REGISTERS_BYTES = 4096 };
    void *registers = physical_map(local_apic_address(), REGISTERS_BYTES, PHYSICAL_DEVICE);
    BASE_ASSERT(registers != NULL);
    local_apic_init(registers, VECTOR_TIMER, VECTOR_SPURIOUS);
}

/* The first serial port's line of the old PC, to this CPU. */
static void route_serial(const struct acpi *acpi)
{
    enum { SERIAL_LINE = 4, REGISTERS_BYTES = 32 };
    const struct acpi_line *line = &acpi->lines[SERIAL_LINE];
    void *registers = acpi->io_apic == 0
                          ? NULL
                          : physical_map(acpi->io_apic, REGISTERS_BYTES, PHYSICAL_DEVICE);
    u32 how = (line->low ? IO_APIC_LOW : 0) | (line->level ? IO_APIC_LEVEL : 0);
    polls = registers == NULL;
    if (!polls)
        io_apic_route(registers, line->input, how, cpus[0].apic_id, VECTOR_SERIAL);
}

void cpus_init(const struct acpi *acpi, u32 count_max)
{
    (void)count_max;
    silence_8259();
    init_local_apic();
    cpus[0].apic_id = local_apic_id();
    route_serial(acpi);
}

void cpus_stop_others(void)
{
    __atomic_store_n(&stopped, true, __ATOMIC_SEQ_CST);
    for (u32 i = 0; i < cpu_count; i++)
        if (__atomic_load_n(&cpus[i].state, __ATOMIC_ACQUIRE) == CPU_STARTED && i != machine_cpu())
            local_apic_send_nmi(cpus[i].apic_id);
}

bool cpus_are_stopped(void)
{
    return __atomic_load_n(&stopped, __ATOMIC_SEQ_CST);
}

/* ---- The seam ---- */

u32 machine_cpu_count(void)
{
    return cpu_count;
}

u32 machine_cpu(void)
{
    return cpu_here()->index;
}

void machine_relax(u32 turns)
{
    (void)turns;
    cpu_pause();
}

static void set_timer(u64 deadline_ns)
{
    local_apic_timer_start(deadline_ns == UINT64_MAX ? 0 : clock_apic_steps(deadline_ns));
}

static bool is_wanted(struct cpu *cpu)
{
    return __atomic_load_n(&cpu->wake, __ATOMIC_ACQUIRE) != 0 ||
           __atomic_load_n(&attention, __ATOMIC_ACQUIRE) != 0;
}

/* With interrupts off from the look to the halt, nothing is missed in between. */
void machine_cpu_wait(u64 deadline_ns)
{
    struct cpu *cpu = cpu_here();
    if (polls)
        deadline_ns = u64_min(deadline_ns, machine_monotonic_ns() + POLL_EVERY_NS);
    interrupts_off();
    if (!is_wanted(cpu)) {
        cpu->sleeps = true;
        set_timer(deadline_ns);
        interrupts_on_and_halt();
        interrupts_off();
        cpu->sleeps = false;
        set_timer(cpu->timer_deadline_ns);
    }
    __atomic_store_n(&cpu->wake, 0, __ATOMIC_RELEASE);
    interrupts_on();
    machine_attend();
}

void machine_attend(void)
{
    if (polls || __atomic_exchange_n(&attention, 0, __ATOMIC_ACQ_REL) != 0)
        terminal_look();
}

/* Interrupts what runs here as the timer would, so that its CPU comes by machine_attend soon. */
void cpus_device_came(struct cpu *cpu, struct interrupted *interrupted)
{
    __atomic_store_n(&attention, 1, __ATOMIC_RELEASE);
    if (!cpu->sleeps)
        kernel_timer(cpu->index, interrupted);
}

void machine_cpu_wake(u32 index)
{
    __atomic_store_n(&cpus[index].wake, 1, __ATOMIC_RELEASE);
}

void machine_cpu_interrupt(u32 index)
{
    (void)index;
}

void machine_timer_arm(u64 deadline_ns)
{
    cpu_here()->timer_deadline_ns = deadline_ns;
    set_timer(deadline_ns);
}

/* One that came before its time, which the steps of the timer may make it, goes on for the rest. */
void cpus_timer_came(struct cpu *cpu, struct interrupted *interrupted)
{
    if (cpu->sleeps || cpu->timer_deadline_ns == UINT64_MAX)
        return;
    if (machine_monotonic_ns() < cpu->timer_deadline_ns) {
        set_timer(cpu->timer_deadline_ns);
        return;
    }
    cpu->timer_deadline_ns = UINT64_MAX;
    kernel_timer(cpu->index, interrupted);
}

/* ---- Translations that have gone ---- */

void cpus_forget_came(struct cpu *cpu)
{
    (void)cpu;
    paging_forget();
}

void space_forget_everywhere(void)
{
    paging_forget();
}
