/* How fast messages are, beside a pipe and an eventfd between two Linux processes: all on one core,
 * in the same run.  ipc FOLDER-OF-GUESTS
 *
 * round trip: a question of 64 bytes and its answer between two processes, each of which waits for
 * the other. spawn: from process_spawn of a cached program to the first message of its guest code,
 * and on to its end. idle: memory of a process that waits. */
#define _GNU_SOURCE
#include "bench/ipc/mark.h"
#include "kernel/kernel.h"
#include "platform/hosted/machine_cpu.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SPAWN_ROUNDS = 2000,
    IDLE_PROCESSES = 500,
};

/* ---- Linux --------------------------------------------------------------------------------- */

static double average(u64 total, u32 count)
{
    return (double)total / (double)count;
}

static u64 nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

static void must(bool condition, const char *what)
{
    if (condition)
        return;
    perror(what);
    exit(1);
}

/* One side of a ping-pong: reads from one descriptor, writes to the other. */
static void bounce(int from, int to, size_t size, bool begins)
{
    u8 body[BENCH_BODY_BYTES] = { 1 };
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        if (begins)
            must(write(to, body, size) == (ssize_t)size, "write");
        must(read(from, body, size) == (ssize_t)size, "read");
        if (!begins)
            must(write(to, body, size) == (ssize_t)size, "write");
    }
}

/* Nanoseconds of a round trip over two pairs of descriptors. */
static double ping_pong_once(const int there[2], const int back[2], size_t size)
{
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        bounce(there[0], back[1], size, false);
        _exit(0);
    }
    u64 begin = nanoseconds();
    bounce(back[0], there[1], size, true);
    u64 end = nanoseconds();
    waitpid(child, NULL, 0);
    return average(end - begin, BENCH_ROUNDS);
}

static double ping_pong(const int there[2], const int back[2], size_t size)
{
    double best = ping_pong_once(there, back, size);
    for (u32 i = 1; i < BENCH_BATCHES; i++) {
        double another = ping_pong_once(there, back, size);
        best = another < best ? another : best;
    }
    return best;
}

static double pipe_round_trip(void)
{
    int there[2], back[2];
    must(pipe(there) == 0 && pipe(back) == 0, "pipe");
    return ping_pong(there, back, BENCH_BODY_BYTES);
}

static double eventfd_round_trip(void)
{
    int there = eventfd(0, 0), back = eventfd(0, 0);
    must(there >= 0 && back >= 0, "eventfd");
    return ping_pong((int[]){ there, there }, (int[]){ back, back }, sizeof(u64));
}

/* Of this process, from /proc/self/status. */
static u64 kilobytes(const char *field)
{
    char line[256];
    unsigned long value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    must(file != NULL, "/proc/self/status");
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, field, strlen(field)) == 0)
            value = strtoul(line + strlen(field), NULL, 10);
    fclose(file);
    return value;
}

/* ---- Weft ---------------------------------------------------------------------------------- */

static u64 marks[BENCH_MARK_STARTED + 1];
static u64 best_rounds_ns = UINT64_MAX;
static u64 best_one_way_ns = UINT64_MAX;
static _Atomic u32 started;
static _Atomic u32 ended;

static void on_message(void *context, const struct native_message *message)
{
    (void)context;
    u8 mark = message->body.data[0];
    marks[mark] = nanoseconds();
    if (mark == BENCH_MARK_STARTED)
        started++;
    if (mark == BENCH_MARK_ROUNDS_END)
        best_rounds_ns = u64_min(best_rounds_ns, marks[mark] - marks[BENCH_MARK_ROUNDS_BEGIN]);
    if (mark == BENCH_MARK_ONE_WAY_END)
        best_one_way_ns = u64_min(best_one_way_ns, marks[mark] - marks[BENCH_MARK_ONE_WAY_BEGIN]);
}

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    if (end->text.size != 0)
        fprintf(stderr, "%.*s\n", (int)end->text.size, (const char *)end->text.data);
    ended++;
}

static struct interface_key key_of(const char *name, const char *hash)
{
    struct interface_key key = { .name = bytes_from_text(name) };
    must(hash_from_hex(bytes_from_text(hash), &key.hash), "hash");
    return key;
}

static struct program *load(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.wasm", folder, name);
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    static u8 buffer[1 << 20];
    usize size = fread(buffer, 1, sizeof(buffer), file);
    fclose(file);
    struct program *program;
    struct engine_error error;
    must(program_add((struct bytes){ buffer, size }, false, &program, &error) == STATUS_OK, path);
    return program;
}

static struct process *spawn(struct program *program)
{
    struct spawn_options options = { .program = program, .silo = silo_root() };
    struct process *process;
    struct engine_error error;
    if (process_spawn(&options, &process, &error) != STATUS_OK) {
        fprintf(stderr, "spawn: %s\n", error.message);
        exit(1);
    }
    return process;
}

static void until(_Atomic u32 *counter, u32 value)
{
    while (*counter < value)
        usleep(200);
}

static void report_rounds(double pipe_ns, double eventfd_ns)
{
    double round_ns = average(best_rounds_ns, BENCH_ROUNDS);
    double one_way_ns = average(best_one_way_ns, BENCH_ROUNDS);
    printf("round trip of 64 bytes   %8.0f ns   pipe %.0f ns: %.1f times as fast\n", round_ns,
           pipe_ns, pipe_ns / round_ns);
    printf("                                       eventfd %.0f ns: %.1f times as fast\n",
           eventfd_ns, eventfd_ns / round_ns);
    printf("messages without answer  %8.0f ns   %.1f million a second\n", one_way_ns,
           1e3 / one_way_ns);
}

static void measure_spawn(struct program *brief)
{
    u64 to_start = 0, to_end = 0;
    for (u32 i = 0; i < SPAWN_ROUNDS; i++) {
        u32 before = ended;
        u64 begin = nanoseconds();
        process_release(spawn(brief));
        while (ended == before)
            sched_yield();
        to_start += marks[BENCH_MARK_STARTED] - begin;
        to_end += nanoseconds() - begin;
    }
    printf("spawn of a cached program %7.1f us to its first message, %.1f us to its end\n",
           average(to_start, SPAWN_ROUNDS) / 1e3, average(to_end, SPAWN_ROUNDS) / 1e3);
}

static void measure_idle(struct program *idle)
{
    static struct process *processes[IDLE_PROCESSES];
    process_release(spawn(idle)); /* so that what the first one brings is there */
    until(&started, SPAWN_ROUNDS + 1);
    u64 resident = kilobytes("VmRSS:"), tables = kilobytes("VmPTE:");
    for (u32 i = 0; i < IDLE_PROCESSES; i++)
        processes[i] = spawn(idle);
    until(&started, SPAWN_ROUNDS + 1 + IDLE_PROCESSES);
    usleep(1000);
    resident = kilobytes("VmRSS:") - resident;
    tables = kilobytes("VmPTE:") - tables;
    printf("idle process             %8.1f KB resident, its own %u KB included; page tables %.1f KB\n",
           average(resident, IDLE_PROCESSES), BENCH_IDLE_PAGES * 4,
           average(tables, IDLE_PROCESSES));
    for (u32 i = 0; i < IDLE_PROCESSES; i++)
        process_release(processes[i]);
}

static const char *folder;
static double pipe_ns, eventfd_ns;

/* Beside the CPU, as a platform's own thread. */
static void *measure(void *unused)
{
    (void)unused;
    struct interface_key ball = key_of("ball", BALL_INTERFACE);
    struct program *pong_program = load(folder, "pong"), *ping_program = load(folder, "ping");
    struct program *brief = load(folder, "brief"), *idle = load(folder, "idle");
    struct process *pong = spawn(pong_program);
    must(silo_bind_process(silo_root(), &ball, pong) == STATUS_OK, "bind");
    process_release(spawn(ping_program));
    until(&ended, 1);
    report_rounds(pipe_ns, eventfd_ns);
    measure_spawn(brief);
    measure_idle(idle);
    process_release(pong);
    struct program *programs[] = { pong_program, ping_program, brief, idle };
    for (u32 i = 0; i < BASE_ARRAY_COUNT(programs); i++)
        program_release(programs[i]);
    cpu_stop_all();
    return NULL;
}

int main(int count, char **arguments)
{
    must(count == 2, "usage: ipc FOLDER");
    folder = arguments[1];
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    must(sched_setaffinity(0, sizeof(one), &one) == 0, "sched_setaffinity");
    pipe_ns = pipe_round_trip();
    eventfd_ns = eventfd_round_trip();

    static const struct native_operations operations = { .name = "bench", .message = on_message };
    struct kernel_options options = { .ended = on_ended };
    struct interface_key key = key_of("bench", BENCH_INTERFACE);
    struct native *native;
    cpu_set_count(1);
    cpu_init();
    must(kernel_start(&options) == STATUS_OK, "kernel_start");
    must(native_create(&operations, NULL, &native) == STATUS_OK, "native_create");
    must(native_bind(native, silo_root(), &key) == STATUS_OK, "native_bind");
    pthread_t thread;
    must(pthread_create(&thread, NULL, measure, NULL) == 0, "pthread_create");
    cpu_run_all();
    pthread_join(thread, NULL);
    native_destroy(native);
    must(kernel_end(), "something was lost");
    return 0;
}
