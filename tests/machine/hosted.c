/* platform/hosted/machine_*.c through machine/machine.h: memory, contexts on several CPUs, guarded
 * calls, sleeping, timers, and the report of a fault that is nobody's. */
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "tests/machine/support/kernel.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RESERVATION = 1 << 20,
    COMMITTED = 1 << 16,
    MILLISECOND = 1000000,
};

static void test_memory(void)
{
    u8 *block = machine_allocate(1000);
    bool zeroed = block != NULL && (usize)block % 16 == 0;
    for (u32 i = 0; zeroed && i < 1000; i++)
        zeroed = block[i] == 0;
    TAP_OK(zeroed, "allocated memory is zeroed and aligned");
    block[99] = 5;
    block = machine_shrink(block, 1000, 100);
    TAP_OK(block != NULL && block[99] == 5, "a block keeps its beginning when its end is given back");
    machine_free(block, 100);
    TAP_OK(machine_reserve((usize)1 << 60) == NULL,
           "a reservation beyond the address space is NULL");
    u8 *reserved = machine_reserve((usize)8 << 30);
    TAP_OK(reserved != NULL && machine_commit(reserved + RESERVATION, COMMITTED),
           "8 GiB can be reserved and a part committed");
    reserved[RESERVATION] = 1;
    TAP_OK(reserved[RESERVATION + COMMITTED - 1] == 0, "committed memory reads as zero");
    machine_release(reserved, (usize)8 << 30);
}

/* As many as there may be, in pieces so that they lie beside each other and none is of one piece; then each
 * second one goes, which would make two of what is around it. */
static void test_mappings(void)
{
    enum { BYTES = 3 << 16, MANY = 200000 };
    static u8 *reserved[MANY];
    u32 count = 0;
    while (count < MANY && (reserved[count] = machine_reserve(BYTES)) != NULL &&
           machine_commit(reserved[count] + COMMITTED, COMMITTED))
        count++;
    TAP_OK(count > 10000 && count < MANY && reserved[count] == NULL,
           "reservations have a bound, before those of the kernel below");
    struct code_memory code;
    TAP_OK(!machine_code_reserve(1 << 16, &code), "machine code counts");
    for (u32 i = 0; i < count; i += 2)
        machine_release(reserved[i], BYTES);
    u8 *again = machine_reserve(BYTES);
    TAP_OK(again != NULL, "each can be released, and others take their places");
    machine_release(again, BYTES);
    for (u32 i = 1; i < count; i += 2)
        machine_release(reserved[i], BYTES);
}

/* ---- Guarded calls ---- */

static u8 *forbidden;
static u32 faults_asked;

static bool fault_is_forbidden(const struct machine_fault *fault)
{
    const u8 *address = fault->address;
    faults_asked++;
    return address == forbidden || address == forbidden + 8;
}

static void touch(void *argument)
{
    volatile u8 local[4000];
    memset((void *)local, 1, sizeof(local));
    *(volatile u8 *)argument = local[7];
}

static void touch_nested(void *argument)
{
    bool *inner_unwound = argument;
    *inner_unwound = !machine_guarded_call(touch, forbidden);
    touch(forbidden + 8);
}

static void touch_nothing(void *argument)
{
    (void)argument;
}

static void test_guards(void)
{
    test_kernel.fault = fault_is_forbidden;
    forbidden = machine_reserve(COMMITTED);
    TAP_OK(machine_guarded_call(touch_nothing, NULL), "a guarded call without a fault gives true");
    TAP_OK(!machine_guarded_call(touch, forbidden) && faults_asked == 1,
           "a guest's fault makes its guarded call give false");
    bool inner_unwound = false;
    TAP_OK(!machine_guarded_call(touch_nested, &inner_unwound) && inner_unwound,
           "guarded calls nest: the innermost unwinds");
    bool all = true;
    for (u32 i = 0; i < 1000; i++)
        all = all && !machine_guarded_call(touch, forbidden);
    TAP_OK(all, "a thousand faults in a row unwind");
}

/* What a child process says on standard error while it dies, and of which signal. */
static int dying_words(void (*die)(void *), void *argument, char *words, usize capacity)
{
    int ends[2];
    int status = 0;
    if (pipe(ends) != 0)
        return -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        die(argument);
        _exit(0);
    }
    close(ends[1]);
    usize size = 0;
    ssize_t got;
    while ((got = read(ends[0], words + size, capacity - 1 - size)) > 0)
        size += (usize)got;
    words[size] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void fault_in_guard(void *argument)
{
    machine_guarded_call(touch, argument);
}

static struct machine_context *deep_context;

static u32 recurse(u32 depth)
{
    volatile u8 local[3000];
    local[depth % 3000] = 1;
    return depth == 0 ? 0 : recurse(depth - 1) + local[depth % 3000];
}

static void deep_entry(void *argument)
{
    (void)argument;
    recurse(1000000);
    machine_context_switch(deep_context, machine_context_of_cpu());
}

static void overflow(void *argument)
{
    (void)argument;
    deep_context = machine_context_create(deep_entry, NULL);
    machine_context_switch(machine_context_of_cpu(), deep_context);
}

static void test_reports(void)
{
    char words[4096];
    u8 *elsewhere = machine_reserve(COMMITTED);
    int ended_by = dying_words(touch, elsewhere, words, sizeof(words));
    TAP_OK(ended_by == SIGSEGV, "a fault outside of guarded calls ends the process by its signal");
    TAP_OK(strstr(words, "a write to memory without access") != NULL &&
               strstr(words, "in the scheduler") != NULL && strstr(words, "rip ") != NULL,
           "and reports what happened, where, and the registers");
    ended_by = dying_words(fault_in_guard, elsewhere, words, sizeof(words));
    TAP_OK(ended_by == SIGSEGV && strstr(words, "mistake of weft's own") != NULL,
           "a fault that the kernel does not own is not unwound");
    ended_by = dying_words(overflow, NULL, words, sizeof(words));
    TAP_OK(ended_by == SIGSEGV && strstr(words, "its native stack is full") != NULL,
           "a native stack that overflows meets its guard pages");
}

/* ---- Contexts that move between CPUs ---- */

enum { MOVES = 2000 };

static struct machine_context *traveller;
static _Atomic u32 traveller_at; /* the CPU that is to run it next */
static u32 traveller_moves;
static bool traveller_right = true;
static u32 guards_unwound;

static void travel(void *argument)
{
    u32 *moves = argument;
    for (;;) {
        u32 here = machine_cpu();
        traveller_right = traveller_right && here == *moves % 2;
        guards_unwound += !machine_guarded_call(touch, forbidden);
        *moves += 1;
        machine_context_switch(traveller, machine_context_of_cpu());
    }
}

static void run_cpu_travel(void)
{
    u32 here = machine_cpu();
    u32 other = 1 - here;
    for (;;) {
        while (atomic_load(&traveller_at) != here) {
            if (traveller_moves >= MOVES)
                return;
            machine_cpu_wait(UINT64_MAX);
        }
        if (traveller_moves < MOVES)
            machine_context_switch(machine_context_of_cpu(), traveller);
        atomic_store(&traveller_at, other);
        machine_cpu_wake(other);
    }
}

static void test_travel(void)
{
    test_kernel.run_cpu = run_cpu_travel;
    traveller = machine_context_create(travel, &traveller_moves);
    cpu_run_all();
    TAP_OK(traveller_moves == MOVES && traveller_right,
           "a context goes on wherever it is switched to");
    TAP_OK(guards_unwound == MOVES, "its guarded calls unwind on both CPUs");
    machine_context_destroy(traveller);
}

static void nothing_entry(void *argument)
{
    machine_context_switch(argument, machine_context_of_cpu());
}

static void test_many_contexts(void)
{
    enum { MANY = 300 };
    struct machine_context *contexts[MANY];
    bool all = true;
    for (u32 round = 0; round < 3; round++) {
        for (u32 i = 0; i < MANY; i++) {
            contexts[i] = machine_context_create(touch_nothing, NULL);
            all = all && contexts[i] != NULL;
        }
        for (u32 i = 0; i < MANY; i++)
            machine_context_destroy(contexts[i]);
    }
    TAP_OK(all, "hundreds of contexts at once, again and again");
    struct machine_context *context = machine_context_create(nothing_entry, NULL);
    machine_context_destroy(context);
}

/* ---- Time ---- */

static _Atomic u32 timer_calls;
static _Atomic u64 timer_called_ns;

static bool count_timer(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    (void)interrupted;
    timer_called_ns = machine_monotonic_ns();
    timer_calls++;
    return false;
}

static void spin_until(u64 deadline_ns)
{
    for (u32 turns = 0; machine_monotonic_ns() < deadline_ns; turns++)
        machine_relax(turns);
}

static void test_time(void)
{
    u64 before = machine_monotonic_ns();
    machine_cpu_wait(before + 5 * MILLISECOND);
    TAP_OK(machine_monotonic_ns() >= before + 5 * MILLISECOND, "a sleep lasts until its deadline");
    machine_cpu_wake(0);
    before = machine_monotonic_ns();
    machine_cpu_wait(before + 10000 * (u64)MILLISECOND);
    TAP_OK(machine_monotonic_ns() < before + 5000 * (u64)MILLISECOND,
           "a wake that came before the sleep ends it at once");

    test_kernel.timer = count_timer;
    before = machine_monotonic_ns();
    machine_timer_arm(before + 2 * MILLISECOND);
    spin_until(before + 20 * MILLISECOND);
    TAP_OK(timer_calls == 1 && timer_called_ns >= before + 2 * MILLISECOND,
           "an armed timer calls once, not before its deadline");
    before = machine_monotonic_ns();
    machine_timer_arm(before + 2 * MILLISECOND);
    machine_timer_arm(before + 8 * MILLISECOND);
    spin_until(before + 30 * MILLISECOND);
    TAP_OK(timer_calls == 2 && timer_called_ns >= before + 8 * MILLISECOND,
           "arming again replaces the deadline, also by a later one");
    before = machine_monotonic_ns();
    machine_timer_arm(before + 50 * MILLISECOND);
    machine_timer_arm(before + 2 * MILLISECOND);
    spin_until(before + 30 * MILLISECOND);
    TAP_OK(timer_calls == 3, "and by an earlier one");
    machine_timer_arm(UINT64_MAX);
    spin_until(before + 70 * MILLISECOND);
    TAP_OK(timer_calls == 3, "a timer that is not wanted any more does not call");
}

static void test_random(void)
{
    u8 a[64] = { 0 };
    u8 b[64] = { 0 };
    machine_random(a, sizeof(a));
    machine_random(b, sizeof(b));
    TAP_OK(memcmp(a, b, sizeof(a)) != 0, "random bytes differ");
}

int main(void)
{
    cpu_set_count(2);
    fault_init();
    cpu_init();
    TAP_OK(machine_cpu_count() == 2 && machine_cpu() == 0, "the first thread is CPU 0");
    test_memory();
    test_mappings();
    test_guards();
    test_reports();
    test_many_contexts();
    test_time();
    test_random();
    test_travel();
    return tap_done();
}
