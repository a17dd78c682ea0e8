/* Signals under the simulated machine: memory faults of guests, and a tick that finds guests which
 * compute without ever coming back. */
#include "platform/hosted/machine_interrupted.h"
#include "tests/simulate/state.h"

#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum {
    SIGNAL_STACK_BYTES = 128 << 10,
    TICK_NS = 250000,
    BUSY_NS = 1000000, /* of CPU time without a call of the machine, and still in guest code: busy */
    KERNEL_PATIENCE = 100, /* so many times as long if it is elsewhere */
    CODES_MAX = 64,
};

/* Code that files were loaded for. */
static struct code {
    u64 start;
    u64 end;
} codes[CODES_MAX];
static u32 code_count;

static struct sigaction previous_segv, previous_bus, previous_tick;
static timer_t tick_timer;
static u8 signal_stacks[MACHINE_CPUS_MAX][SIGNAL_STACK_BYTES];
static sigset_t usual_mask;
static u8 test_signal_stack[SIGNAL_STACK_BYTES];
static u64 seen_calls;  /* of the machine, at the last tick */
static u64 seen_cpu_ns; /* CPU time then */
static u64 busy_ns;     /* CPU time since the last call */

/* A machine_guarded_call may be under way in a context that moved, so the guard is looked up when
 * the fault comes. */
static bool guest_fault(const u8 *address, ucontext_t *interrupted)
{
    struct virtual_cpu *cpu = state_cpu();
    struct guard *guard = cpu == NULL ? NULL : cpu->current->guard;
    greg_t *registers = interrupted->uc_mcontext.gregs;
    struct machine_fault fault = { address, (u64)registers[REG_RIP], (u64)registers[REG_RSP] };
    if (guard == NULL || !kernel_fault(&fault))
        return false;
    guard->fault_stack = context_frames_end(cpu->current, fault.sp);
    registers[REG_RDI] = (greg_t)(usize)&guard->mark;
    registers[REG_RIP] = (greg_t)(usize)context_guard_unwind;
    return true;
}

/* What is not the guest's goes to whoever was there before: the sanitizer, or the end. */
static void on_fault(int number, siginfo_t *info, void *interrupted)
{
    simulation.in_fault = true;
    bool is_guests = guest_fault(info->si_addr, interrupted);
    simulation.in_fault = false;
    if (!is_guests)
        sigaction(number, number == SIGSEGV ? &previous_segv : &previous_bus, NULL);
}

static u64 cpu_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

static void use_stack(u8 *memory)
{
    stack_t stack = { .ss_sp = memory, .ss_size = SIGNAL_STACK_BYTES };
    BASE_ASSERT(sigaltstack(&stack, NULL) == 0);
}

static void block_all(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* While a handler's stack is the one for signals, and the handler itself is not at work on it, any
 * signal would overwrite what it left there. Its return lets them in again. */
void signals_enter(const struct virtual_cpu *cpu)
{
    if (cpu->in_tick)
        block_all();
    use_stack(signal_stacks[cpu - simulation.cpus]);
}

void signals_leave(const struct virtual_cpu *cpu)
{
    use_stack(test_signal_stack);
    if (cpu->in_tick)
        pthread_sigmask(SIG_SETMASK, &usual_mask, NULL);
}

static int code_note(struct dl_phdr_info *object, usize size, void *context)
{
    (void)size;
    (void)context;
    for (u32 i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0)
            continue;
        BASE_ASSERT(code_count < CODES_MAX);
        u64 start = object->dlpi_addr + part->p_vaddr;
        codes[code_count++] = (struct code){ start, start + part->p_memsz };
    }
    return 0;
}

/* Whether it is code that no file was loaded for. Elsewhere it may be the kernel at long work, say at
 * compiling; or the interpreter. The loader is not asked: a tick that comes while it is may wait for
 * its lock for ever. */
static bool in_guest(const ucontext_t *frame)
{
    u64 at = (u64)frame->uc_mcontext.gregs[REG_RIP];
    for (u32 i = 0; i < code_count; i++)
        if (at - codes[i].start < codes[i].end - codes[i].start)
            return false;
    return true;
}

/* The busy guest's context is left from within the handler, which returns when its CPU's turn comes
 * again. Then the kernel may want the guest to go on elsewhere. */
static void on_tick(int number, siginfo_t *info, void *frame)
{
    (void)number;
    (void)info;
    if (simulation.in_machine || simulation.running == MACHINE_NO_CPU)
        return;
    /* Time that somebody else took from us in one piece is no sign of being busy. */
    u64 cpu_ns = cpu_time_ns();
    bool has_called = seen_calls != simulation.calls;
    u64 passed_ns = u64_min(cpu_ns - seen_cpu_ns, TICK_NS);
    bool is_guest = in_guest(frame);
    busy_ns = has_called ? 0 : busy_ns + passed_ns;
    seen_calls = simulation.calls;
    seen_cpu_ns = cpu_ns;
    if (busy_ns < (is_guest ? BUSY_NS : BUSY_NS * KERNEL_PATIENCE))
        return;
    busy_ns = 0;
    simulation.calls++;
    block_all();
    struct virtual_cpu *cpu = state_cpu();
    cpu->busy = true;
    cpu->in_tick = true;
    state_yield();
    interrupted_ask(kernel_interrupted, simulation.running, frame); /* may leave, too */
    cpu->in_tick = false;
}

/* No tick interrupts another: on a slow host they would pile up on a stack that may be left. */
static void tick_start(void)
{
    struct sigaction action = {
        .sa_sigaction = on_tick,
        .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK,
    };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2 };
    struct itimerspec every = {
        .it_value.tv_nsec = TICK_NS,
        .it_interval.tv_nsec = TICK_NS,
    };
    sigemptyset(&action.sa_mask);
    BASE_ASSERT(sigaction(SIGRTMIN + 2, &action, &previous_tick) == 0);
    BASE_ASSERT(timer_create(CLOCK_MONOTONIC, &event, &tick_timer) == 0);
    BASE_ASSERT(timer_settime(tick_timer, 0, &every, NULL) == 0);
}

void signals_take(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigfillset(&action.sa_mask);
    pthread_sigmask(SIG_BLOCK, NULL, &usual_mask);
    code_count = 0;
    dl_iterate_phdr(code_note, NULL);
    for (u32 i = 0; i < simulation.cpu_count; i++)
        context_unpoison(signal_stacks[i], signal_stacks[i] + SIGNAL_STACK_BYTES);
    use_stack(test_signal_stack);
    BASE_ASSERT(sigaction(SIGSEGV, &action, &previous_segv) == 0);
    BASE_ASSERT(sigaction(SIGBUS, &action, &previous_bus) == 0);
    tick_start();
}

void signals_give_back(void)
{
    stack_t none = { .ss_flags = SS_DISABLE };
    timer_delete(tick_timer);
    sigaction(SIGRTMIN + 2, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    sigaction(SIGSEGV, &previous_segv, NULL);
    sigaction(SIGBUS, &previous_bus, NULL);
    sigaltstack(&none, NULL);
}

/* Fake frames are kept by OS thread, and ours move between stacks. The fault signals are ours. */
__attribute__((used, visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_stack_use_after_return=0:use_sigaltstack=0:handle_segv=0:handle_sigbus=0";
}
