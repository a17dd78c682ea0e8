/* Arming is asked for far more often than a timer fires: each slice sets it anew. So the timer
 * below is only touched for an earlier deadline than it has; one that fires too early arms itself
 * for the rest. Both deadlines are written by their CPU's thread and by the signal handler on it.
 */
#include "platform/hosted/machine_timer.h"

#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_interrupt.h"
#include "platform/hosted/machine_interrupted.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

struct timer {
    _Atomic u64 wanted; /* UINT64_MAX: none */
    _Atomic u64 armed;  /* of the timer below; UINT64_MAX: not armed */
    timer_t timer;
    bool created;
    bool missing; /* the place has no more timers: slices never end on this CPU */
} __attribute__((aligned(64)));

static struct timer timers[MACHINE_CPUS_MAX];

static void arm_below(struct timer *timer, u64 deadline_ns)
{
    atomic_store_explicit(&timer->armed, deadline_ns, memory_order_relaxed);
    u64 at = deadline_ns == UINT64_MAX ? 0 : u64_max(deadline_ns, 1);
    struct itimerspec spec = {
        .it_value = { .tv_sec = (time_t)(at / 1000000000), .tv_nsec = (long)(at % 1000000000) },
    };
    timer_settime(timer->timer, TIMER_ABSTIME, &spec, NULL);
}

static void on_timer(int signal, siginfo_t *info, void *frame)
{
    (void)signal;
    (void)info;
    struct cpu *cpu = cpu_here();
    if (cpu == NULL)
        return;
    int saved_errno = errno;
    struct timer *timer = &timers[cpu->index];
    u64 wanted = atomic_load_explicit(&timer->wanted, memory_order_relaxed);
    if (wanted == UINT64_MAX) {
        atomic_store_explicit(&timer->armed, UINT64_MAX, memory_order_relaxed);
    } else if (machine_monotonic_ns() < wanted) {
        arm_below(timer, wanted);
    } else {
        atomic_store_explicit(&timer->wanted, UINT64_MAX, memory_order_relaxed);
        atomic_store_explicit(&timer->armed, UINT64_MAX, memory_order_relaxed);
        interrupted_ask(kernel_timer, cpu->index, frame);
    }
    errno = saved_errno;
}

void timer_init(void)
{
    interrupt_catch(INTERRUPT_TIMER, on_timer);
    for (u32 i = 0; i < MACHINE_CPUS_MAX; i++) {
        atomic_store_explicit(&timers[i].wanted, UINT64_MAX, memory_order_relaxed);
        atomic_store_explicit(&timers[i].armed, UINT64_MAX, memory_order_relaxed);
    }
}

static bool create(struct timer *timer)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = interrupt_number(INTERRUPT_TIMER),
        ._sigev_un._tid = gettid(),
    };
    timer->created = timer_create(CLOCK_MONOTONIC, &event, &timer->timer) == 0;
    timer->missing = !timer->created;
    if (timer->missing)
        machine_log(BYTES_LITERAL("weft: no timer (RLIMIT_SIGPENDING?): a busy program will not be "
                                  "interrupted"));
    return timer->created;
}

void timer_deinit(u32 cpu)
{
    struct timer *timer = &timers[cpu];
    atomic_store_explicit(&timer->wanted, UINT64_MAX, memory_order_relaxed);
    if (timer->created)
        timer_delete(timer->timer);
    timer->created = false;
}

void machine_timer_arm(u64 deadline_ns)
{
    struct timer *timer = &timers[machine_cpu()];
    atomic_store_explicit(&timer->wanted, deadline_ns, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    if (deadline_ns >= atomic_load_explicit(&timer->armed, memory_order_relaxed) || timer->missing)
        return;
    if (timer->created || create(timer))
        arm_below(timer, deadline_ns);
}
