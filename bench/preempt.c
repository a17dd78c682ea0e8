/* How soon is somebody heard while another computes? All on one core, which a program in a tight
 * loop has; who asks is on another.  preempt FOLDER-OF-GUESTS
 *
 * latency: from the word to a Wasm process that waits for it until it has answered; beside it two
 * Linux threads on one core, one of which computes and the other waits for a pipe. speed: two Wasm
 * loops at once, whose slices the timer ends, against one alone, for which it is not set. */
#include "bench/kernel.h"
#include "bench/preempt/mark.h"
#include "platform/hosted/machine_cpu.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    PROBES = 3000,
    PAUSE_MAX_US = 3000, /* between them, so that they meet slices anywhere */
    ROUNDS = 5,
    CORE_BUSY = 0,
    CORE_ASKING = 1,
};

/* ---- Samples ---- */

static u64 samples[PROBES];
static u64 own_samples[PROBES]; /* of the busy core's time that was the system's, others' left out */

static int compare(const void *a, const void *b)
{
    u64 left = *(const u64 *)a, right = *(const u64 *)b;
    return (left > right) - (left < right);
}

static void print_samples(const char *what, u64 *times)
{
    qsort(times, PROBES, sizeof(*times), compare);
    printf("  %-28s %9.1f us at the median, %.1f at the 99th percentile, %.1f at most\n", what,
           (double)times[PROBES / 2] / 1e3, (double)times[PROBES - 1 - PROBES / 100] / 1e3,
           (double)times[PROBES - 1] / 1e3);
}

static void pause_somehow(void)
{
    static u32 state = 1;
    state = state * 1664525 + 1013904223;
    usleep((state >> 8) % PAUSE_MAX_US);
}

/* ---- Weft ---- */

static struct native *native;
static i64 asked;            /* the question that waits to be answered */
static u64 heard_ns;         /* when it came */
static u64 begin_ns, end_ns; /* of loops: the first and the last */
static u64 heard_cpu_ns;     /* CPU time then */
static clockid_t cpu_clock;  /* of the thread that runs the CPU */
static sem_t heard, ended;

static u64 cpu_time_ns(void)
{
    struct timespec now;
    linux_must(clock_gettime(cpu_clock, &now) == 0, "clock_gettime");
    return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

static void on_message(void *context, const struct native_message *message)
{
    (void)context;
    u64 now_ns = linux_nanoseconds();
    u8 mark = message->body.size == 1 ? message->body.data[0] : PREEMPT_READY;
    if (mark == PREEMPT_BEGIN && begin_ns == 0)
        begin_ns = now_ns;
    if (mark == PREEMPT_END) {
        end_ns = now_ns;
        sem_post(&ended);
    }
    if (message->id == 0)
        return;
    asked = message->id;
    heard_ns = now_ns;
    heard_cpu_ns = cpu_time_ns();
    sem_post(&heard);
}

static void measure_latency(struct program *spin, struct program *reply)
{
    struct process *busy = bench_spawn(spin), *waiting = bench_spawn(reply);
    sem_wait(&heard);
    for (u32 i = 0; i < PROBES; i++) {
        pause_somehow();
        u64 begin_cpu = cpu_time_ns(), begin = linux_nanoseconds();
        linux_must(native_answer(native, asked, WEFT_OK, (struct bytes){ 0 }, NULL, 0) == WEFT_OK,
                   "nobody waits");
        sem_wait(&heard);
        samples[i] = heard_ns - begin;
        own_samples[i] = heard_cpu_ns - begin_cpu;
    }
    process_kill(busy);
    process_kill(waiting);
    process_release(busy);
    process_release(waiting);
    print_samples("weft", samples);
    print_samples("weft, of its own CPU time", own_samples);
}

/* So many loops at once, in seconds. */
static double loops(struct program *turns, u32 count)
{
    begin_ns = 0;
    for (u32 i = 0; i < count; i++)
        process_release(bench_spawn(turns));
    for (u32 i = 0; i < count; i++)
        sem_wait(&ended);
    return (double)(end_ns - begin_ns) / 1e9;
}

static void measure_speed(struct program *turns)
{
    double alone = 1e9, together = 1e9;
    for (u32 i = 0; i < ROUNDS; i++) {
        double one = loops(turns, 1), two = loops(turns, 2) / 2;
        alone = one < alone ? one : alone;
        together = two < together ? two : together;
    }
    printf("a loop whose slices the timer ends, against one alone\n");
    printf("  %-28s %9.4f times as long\n", "weft", together / alone);
}

static void *measure_weft(void *argument)
{
    const char *folder = argument;
    bench_stay_on_core(CORE_ASKING);
    struct program *spin = bench_load(folder, "spin");
    struct program *reply = bench_load(folder, "reply");
    struct program *turns = bench_load(folder, "turns");
    measure_latency(spin, reply);
    measure_speed(turns);
    program_release(spin);
    program_release(reply);
    program_release(turns);
    cpu_stop_all();
    return NULL;
}

/* ---- Linux ---- */

static int question[2], answer[2];
static _Atomic bool is_over;

static void *compute(void *argument)
{
    (void)argument;
    bench_stay_on_core(CORE_BUSY);
    while (!is_over)
        continue;
    return NULL;
}

static void *reply_to_pipe(void *argument)
{
    (void)argument;
    bench_stay_on_core(CORE_BUSY);
    char byte;
    while (read(question[0], &byte, 1) == 1) {
        heard_ns = linux_nanoseconds();
        linux_must(write(answer[1], &byte, 1) == 1, "write");
    }
    return NULL;
}

static void *measure_linux(void *argument)
{
    (void)argument;
    pthread_t busy, waiting;
    char byte = 0;
    bench_stay_on_core(CORE_ASKING);
    linux_must(pipe(question) == 0 && pipe(answer) == 0, "pipe");
    linux_must(pthread_create(&busy, NULL, compute, NULL) == 0 &&
                   pthread_create(&waiting, NULL, reply_to_pipe, NULL) == 0,
               "pthread_create");
    for (u32 i = 0; i < PROBES; i++) {
        pause_somehow();
        u64 begin = linux_nanoseconds();
        linux_must(write(question[1], &byte, 1) == 1 && read(answer[0], &byte, 1) == 1, "pipe");
        samples[i] = heard_ns - begin;
    }
    is_over = true;
    close(question[1]);
    pthread_join(busy, NULL);
    pthread_join(waiting, NULL);
    print_samples("linux, two threads, a pipe", samples);
    return NULL;
}

/* ---- Together ---- */

static void *beside(void *(*run)(void *), void *argument, void (*meanwhile)(void))
{
    pthread_t thread;
    linux_must(pthread_create(&thread, NULL, run, argument) == 0, "pthread_create");
    if (meanwhile != NULL)
        meanwhile();
    pthread_join(thread, NULL);
    return NULL;
}

int main(int count, char **arguments)
{
    static const struct native_operations operations = { .name = "bench", .message = on_message };
    const struct kernel_options options = { 0 };
    struct interface_key key = bench_key("bench", PREEMPT_INTERFACE);
    linux_must(count == 2, "usage: preempt FOLDER");
    linux_must(sem_init(&heard, 0, 0) == 0 && sem_init(&ended, 0, 0) == 0, "sem_init");
    bench_stay_on_core(CORE_BUSY);
    printf("a word to who waits, while another computes on the only core\n");
    beside(measure_linux, NULL, NULL);
    linux_must(pthread_getcpuclockid(pthread_self(), &cpu_clock) == 0, "pthread_getcpuclockid");
    cpu_set_count(1);
    cpu_init();
    linux_must(kernel_start(&options) == STATUS_OK, "kernel_start");
    linux_must(native_create(&operations, NULL, &native) == STATUS_OK, "native_create");
    linux_must(native_bind(native, silo_root(), &key) == STATUS_OK, "native_bind");
    beside(measure_weft, arguments[1], cpu_run_all);
    native_destroy(native);
    linux_must(kernel_end(), "something was lost");
    return 0;
}
