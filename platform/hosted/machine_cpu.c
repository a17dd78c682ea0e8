/* CPUs as OS threads: starting, sleeping, waking, interrupting. */
#include "platform/hosted/machine_cpu.h"

#include "kernel/kernel.h"
#include "platform/hosted/machine_context.h"
#include "platform/hosted/machine_fault.h"
#include "platform/hosted/machine_interrupt.h"
#include "platform/hosted/machine_interrupted.h"
#include "platform/hosted/machine_timer.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The word a CPU sleeps on. */
enum wake {
    WAKE_NONE,
    WAKE_CAME,
    WAKE_SLEEPS,
};

enum cpu_state {
    CPU_OFF,
    CPU_STARTED,
};

struct cpu_thread {
    _Atomic u32 wake;
    _Atomic u32 state;
    _Atomic u64 idle_ns;       /* that it has slept, ... */
    _Atomic u64 idle_since_ns; /* ... but for the sleep that it is in; 0: it is in none */
    _Atomic pid_t tid; /* 0: it is not there yet, or not any more */
    pthread_t thread;
    struct cpu cpu;
} __attribute__((aligned(64)));

static struct cpu_thread cpus[MACHINE_CPUS_MAX];
static u32 cpu_count;
static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static bool stopping; /* no CPU starts any more; under start_lock */
static _Thread_local struct cpu *this_cpu;

/* Not inlined, so that no caller keeps the thread's address across a switch to another thread. */
__attribute__((noinline)) struct cpu *cpu_here(void)
{
    return this_cpu;
}

static void become(u32 index)
{
    struct cpu *cpu = &cpus[index].cpu;
    cpu->index = index;
    cpu->current = &cpu->own;
    cpu->own.cpu = cpu;
    context_init_own(&cpu->own);
    this_cpu = cpu;
    fault_thread_init();
    atomic_store(&cpus[index].tid, gettid());
}

static void on_interrupt(int signal, siginfo_t *info, void *frame)
{
    (void)signal;
    (void)info;
    struct cpu *cpu = cpu_here();
    int saved_errno = errno;
    if (cpu != NULL)
        interrupted_ask(kernel_interrupted, cpu->index, frame);
    errno = saved_errno;
}

/* A thread that has ended meanwhile is no mistake, and then nobody gets the signal. */
void machine_cpu_interrupt(u32 cpu)
{
    pid_t tid = atomic_load(&cpus[cpu].tid);
    if (tid != 0)
        tgkill(getpid(), tid, interrupt_number(INTERRUPT_CPU));
}

/* Threads of the platform's own wait for the host. */
void machine_attend(void)
{
}

void cpu_set_count(u32 count)
{
    cpu_set_t allowed;
    if (count == 0 && sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
        count = (u32)CPU_COUNT(&allowed);
    cpu_count = (u32)u64_min(u64_max(count, 1), MACHINE_CPUS_MAX);
}

void cpu_init(void)
{
    timer_init();
    interrupt_catch(INTERRUPT_CPU, on_interrupt);
    atomic_store(&cpus[0].state, CPU_STARTED);
    become(0);
}

u32 machine_cpu_count(void)
{
    if (cpu_count == 0)
        cpu_set_count(0);
    return cpu_count;
}

u32 machine_cpu(void)
{
    struct cpu *cpu = cpu_here();
    return cpu == NULL ? MACHINE_NO_CPU : cpu->index;
}

static void *thread_main(void *argument)
{
    struct cpu_thread *thread = argument;
    u32 index = (u32)(thread - cpus);
    become(index);
    kernel_run_cpu();
    atomic_store(&thread->tid, 0);
    timer_deinit(index);
    fault_thread_deinit();
    return NULL;
}

/* The system's own signals belong to the reactor's thread; only those of CPUs come here. */
static void start_thread(struct cpu_thread *thread)
{
    sigset_t blocked, previous;
    sigfillset(&blocked);
    for (u32 i = 0; i < INTERRUPT_COUNT; i++)
        sigdelset(&blocked, interrupt_number((enum interrupt)i));
    sigdelset(&blocked, SIGSEGV);
    sigdelset(&blocked, SIGBUS);
    sigdelset(&blocked, SIGILL);
    sigdelset(&blocked, SIGFPE);
    pthread_sigmask(SIG_SETMASK, &blocked, &previous);
    int failure = pthread_create(&thread->thread, NULL, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    if (failure == 0) {
        atomic_store(&thread->state, CPU_STARTED);
        return;
    }
    machine_log(BYTES_LITERAL("weft: cannot start another thread (too many processes?); "
                              "--cpus 1 needs none"));
    machine_stop(1);
}

static void start(struct cpu_thread *thread)
{
    pthread_mutex_lock(&start_lock);
    if (!stopping && atomic_load(&thread->state) == CPU_OFF)
        start_thread(thread);
    pthread_mutex_unlock(&start_lock);
}

static void futex(_Atomic u32 *word, int operation, u32 value, const struct timespec *deadline)
{
    syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, deadline, NULL,
            FUTEX_BITSET_MATCH_ANY);
}

void machine_cpu_wait(u64 deadline_ns)
{
    u32 cpu = machine_cpu();
    _Atomic u32 *wake = &cpus[cpu].wake;
    u32 expected = WAKE_NONE;
    if (atomic_compare_exchange_strong(wake, &expected, WAKE_SLEEPS)) {
        struct timespec deadline = {
            .tv_sec = (time_t)(deadline_ns / 1000000000),
            .tv_nsec = (long)(deadline_ns % 1000000000),
        };
        u64 since_ns = machine_monotonic_ns();
        atomic_store(&cpus[cpu].idle_since_ns, since_ns);
        futex(wake, FUTEX_WAIT_BITSET, WAKE_SLEEPS, deadline_ns == UINT64_MAX ? NULL : &deadline);
        atomic_store(&cpus[cpu].idle_since_ns, 0);
        cpus[cpu].idle_ns += machine_monotonic_ns() - since_ns;
    }
    atomic_store(wake, WAKE_NONE);
}

u64 cpu_idle_ns(u32 cpu)
{
    u64 since_ns = cpus[cpu].idle_since_ns;
    if (atomic_load(&cpus[cpu].state) == CPU_OFF)
        return UINT64_MAX;
    return cpus[cpu].idle_ns + (since_ns == 0 ? 0 : machine_monotonic_ns() - since_ns);
}

void machine_cpu_wake(u32 cpu)
{
    struct cpu_thread *thread = &cpus[cpu];
    if (atomic_load_explicit(&thread->state, memory_order_acquire) == CPU_OFF)
        start(thread);
    else if (atomic_exchange(&thread->wake, WAKE_CAME) == WAKE_SLEEPS)
        futex(&thread->wake, FUTEX_WAKE_BITSET, 1, NULL);
}

void machine_relax(u32 turns)
{
    enum { TURNS_BEFORE_YIELD = 64 };
    if (turns % TURNS_BEFORE_YIELD == TURNS_BEFORE_YIELD - 1)
        sched_yield();
    else
        __builtin_ia32_pause();
}

static void no_more_starts(void)
{
    pthread_mutex_lock(&start_lock);
    stopping = true;
    pthread_mutex_unlock(&start_lock);
}

void cpu_stop_all(void)
{
    no_more_starts();
    kernel_stop();
}

void cpu_run_all(void)
{
    kernel_run_cpu();
    timer_deinit(0);
    no_more_starts();
    for (u32 i = 1; i < cpu_count; i++)
        if (atomic_load(&cpus[i].state) == CPU_STARTED)
            pthread_join(cpus[i].thread, NULL);
}
