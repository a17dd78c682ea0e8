/* In place of the kernel: one of the test programs of base/, engine/ and kernel/, by the name that
 * init= gives, as kernel/message. */
#include "base/interrupted.h"
#include "kernel/kernel.h"
#include "platform/bare/cpu.h"
#include "platform/bare/launch.h"
#include "platform/bare/options.h"
#include "platform/bare/terminal.h"
#include "platform/pc/cpus.h"
#include "tests/system/own/own.h"
#include "tests/system/spec/library.h"

#include "tests/own.def.h"

extern const u8 image_start[], image_end[]; /* the linker's */

static const struct {
    const char *name;
    int (*main)(void);
} tests[] = {
#define OWN_TEST(name, function) { name, function },
#include "tests/own.def"
#undef OWN_TEST
};

/* ---- What the machine asks of the kernel ---- */

static bool ticks;

void own_tick(bool on)
{
    ticks = on;
    machine_timer_arm(on ? machine_monotonic_ns() + OWN_TICK_NS : UINT64_MAX);
}

bool kernel_timer(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    bool in_guest = interrupted->pc < (usize)image_start || interrupted->pc >= (usize)image_end;
    u64 now_ns = machine_monotonic_ns();
    if (ticks)
        machine_timer_arm(now_ns + OWN_TICK_NS);
    if (ticks)
        simulated_tick(interrupted, in_guest, now_ns);
    return true;
}

void own_interrupt(void)
{
    __asm__ volatile("int %0" : : "i"(VECTOR_CPU) : "memory");
}

bool kernel_interrupted(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    simulated_interrupted(interrupted);
    return true;
}

/* The machine goes on at its own innermost guarded call: that is made the simulated one. */
bool kernel_fault(const struct machine_fault *fault)
{
    return place_has_fault(fault) || simulated_fault(fault, &cpu_here()->current->guard->mark);
}


void log_line(enum log_severity level, struct process_id process, struct bytes text)
{
    (void)process;
    if (level <= options.log)
        machine_log(text);
}

void log_set_level(enum log_severity level)
{
    (void)level; /* it is that of the options */
}

void terminal_look(void)
{
}

/* ---- The run, on the stack of a kernel's thread ---- */

static void run_test(void *argument)
{
    (void)argument;
    for (usize i = 0; i < BASE_ARRAY_COUNT(tests); i++)
        if (bytes_equal(options.init, bytes_from_text(tests[i].name)))
            machine_stop(tests[i].main());
}

/* Guarded, so that there is always a guarded call for a fault to go to. */
static void run(void *argument)
{
    (void)machine_guarded_call(run_test, argument);
    machine_stop(1);
}

static struct machine_context *context;

int launch_start(struct bytes bundle)
{
    (void)bundle;
    context = machine_context_create(run, NULL);
    return context != NULL && library_init((struct bytes){ 0 }) ? 0 : 1;
}

void kernel_run_cpu(void)
{
    machine_context_switch(machine_context_of_cpu(), context);
}

int launch_end(void)
{
    return 1;
}

bool launch_restarts(void)
{
    return false;
}
