/* The whole system on several CPUs, from C: processes that compute, sleep and trap are started and
 * killed by the thousand; nothing hangs, every end is told once, and all is given back. */
#include "kernel/kernel.h"
#include "platform/hosted/ending.h"
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "platform/hosted/native_stream.h"
#include "platform/hosted/reactor.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 3000, AT_ONCE = 24, CPUS = 4 };

/* _start is () -> (), with a body of its own; and a memory of a page, so that memory is part of it.
 */
static const u8 head[] = {
    0x00, 'a', 's', 'm', 1, 0, 0,  0, 1, 4,   1,   0x60, 0,   0,   3,   2, 1, 0,
    5,    3,   1,   0,   1, 7, 10, 1, 6, '_', 's', 't',  'a', 'r', 't', 0, 0,
};

struct guest {
    const char *name;
    u8 code[16];
    u8 code_size;
};

static const struct guest guests[] = {
    { "compute for ever", { 0x03, 0x40, 0x0C, 0x00, 0x0B, 0x0B }, 6 },
    { "trap at once", { 0x00, 0x0B }, 2 },
    { "end at once", { 0x0B }, 1 },
    /* i32.load beyond the memory: a fault that unwinds */
    { "fault", { 0x41, 0x7F, 0x28, 0x02, 0x00, 0x1A, 0x0B }, 7 },
};

static struct program *programs[BASE_ARRAY_COUNT(guests)];
static u8 modules[BASE_ARRAY_COUNT(guests)][sizeof(head) + 32];

static _Atomic u32 ends[3];
static _Atomic u32 faults_told;

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    ends[end->kind]++;
    faults_told += end->kind == PROCESS_END_TRAPPED && end->trap == TRAP_MEMORY_OUT_OF_BOUNDS;
}

static bool add_programs(void)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++) {
        u8 *at = modules[i];
        memcpy(at, head, sizeof(head));
        at += sizeof(head);
        *at++ = 10; /* code section: one function, no locals */
        *at++ = (u8)(3 + guests[i].code_size);
        *at++ = 1;
        *at++ = (u8)(1 + guests[i].code_size);
        *at++ = 0;
        memcpy(at, guests[i].code, guests[i].code_size);
        at += guests[i].code_size;
        struct engine_error error;
        struct bytes module = { modules[i], (usize)(at - modules[i]) };
        if (program_add(module, true, &programs[i], &error) != STATUS_OK)
            return false;
    }
    return true;
}

static struct process *start(u32 kind)
{
    struct engine_error error;
    struct process *process;
    struct spawn_options options = { .program = programs[kind], .silo = silo_root() };
    return process_spawn(&options, &process, &error) == STATUS_OK ? process : NULL;
}

static u32 random_below(u32 bound)
{
    static u64 state = 42;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (u32)(state >> 33) % bound;
}

static u32 started[BASE_ARRAY_COUNT(guests)];
static bool all_started = true;

/* On a thread that is no CPU, as a platform's own threads are. */
static void *disturb(void *argument)
{
    struct process *running[AT_ONCE] = { 0 };
    for (u32 i = 0; i < PROCESSES; i++) {
        u32 place = random_below(AT_ONCE);
        if (running[place] != NULL) {
            process_kill(running[place]);
            process_release(running[place]);
        }
        u32 kind = random_below(BASE_ARRAY_COUNT(guests));
        running[place] = start(kind);
        all_started = all_started && running[place] != NULL;
        started[kind]++;
        if (random_below(16) == 0) {
            struct timespec pause = { .tv_nsec = random_below(200000) };
            nanosleep(&pause, NULL);
        }
    }
    for (u32 i = 0; i < AT_ONCE; i++)
        if (running[i] != NULL)
            process_release(running[i]);
    cpu_stop_all();
    return argument;
}

static void ignore_signal(int signal)
{
    (void)signal;
}

int main(void)
{
    struct kernel_options options = { .ended = on_ended };
    pthread_t thread;
    alarm(120);
    cpu_set_count(CPUS);
    ending_init();
    fault_init();
    TAP_OK(reactor_start(NULL, 0, ignore_signal), "the reactor starts");
    cpu_init();
    TAP_OK(kernel_start(&options) == STATUS_OK, "the kernel starts");
    TAP_OK(native_stream_init() == STATUS_OK && add_programs(), "handlers and programs are there");
    pthread_create(&thread, NULL, disturb, NULL);
    cpu_run_all();
    pthread_join(thread, NULL);
    TAP_OK(all_started, "every process could be started");
    u32 ended = ends[0] + ends[1] + ends[2];
    printf("# exited %u, trapped %u (faults %u), killed %u\n", ends[PROCESS_END_EXITED],
           ends[PROCESS_END_TRAPPED], faults_told, ends[PROCESS_END_KILLED]);
    TAP_OK(ended == PROCESSES, "every end was told once");
    TAP_OK(ends[PROCESS_END_EXITED] <= started[2] &&
               ends[PROCESS_END_TRAPPED] <= started[1] + started[3],
           "nobody ended as another would");
    TAP_OK(ends[PROCESS_END_EXITED] > 0 && faults_told > 0 &&
               ends[PROCESS_END_KILLED] >= started[0],
           "some ended by themselves, those that compute for ever did not");
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++)
        program_release(programs[i]);
    reactor_stop();
    native_stream_deinit();
    reactor_deinit();
    TAP_OK(kernel_end(), "nothing is left behind");
    return tap_done();
}
