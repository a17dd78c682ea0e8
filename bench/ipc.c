/* How fast messages and processes are, beside Linux: all on one core, in the same run, in turns, of
 * which the median counts.  ipc FOLDER-OF-GUESTS
 *
 * round trip: a question of 64 bytes and its answer between two Wasm processes that wait for each
 * other; two Linux processes over a pair of pipes, and of eventfds. spawn: from
 * process_spawn of a cached program to its end; posix_spawn of /bin/true. idle: memory of a process
 * that waits, its own Wasm pages apart. */
#include "bench/ipc/mark.h"
#include "bench/kernel.h"

#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

enum {
    BATCHES = 21,
    SPAWNS = 301,
    IDLE_PROCESSES = 1000,
};

/* ---- The bench as a native handler ---------------------------------------------------------- */

static u64 marks[BENCH_MARK_COUNT];
static struct native *native;
static i64 ping_ready; /* its question what to do */
static sem_t marked;   /* ping is ready, or somebody has started */
static sem_t ended;

static void on_message(void *context, const struct native_message *message)
{
    (void)context;
    u8 mark = message->body.size == 1 ? message->body.data[0] : BENCH_MARK_COUNT;
    if (mark >= BENCH_MARK_COUNT)
        return;
    marks[mark] = linux_nanoseconds();
    if (mark == BENCH_MARK_READY)
        ping_ready = message->id;
    if (mark == BENCH_MARK_READY || mark == BENCH_MARK_STARTED)
        sem_post(&marked);
}

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    if (end->text.size != 0)
        fprintf(stderr, "%.*s\n", (int)end->text.size, (const char *)end->text.data);
    sem_post(&ended);
}

/* Nanoseconds that each of ping's messages took. */
static double ping_batch(u8 begin)
{
    enum weft_status status =
        native_answer(native, ping_ready, WEFT_OK, (struct bytes){ &begin, 1 }, NULL, 0);
    linux_must(status == WEFT_OK, "ping is gone");
    sem_wait(&marked);
    return (double)(marks[begin + 1] - marks[begin]) / (double)BENCH_ROUNDS;
}

/* ---- Questions ----------------------------------------------------------------------------- */

static void print_ratio(const char *what, double ns, double weft_ns)
{
    printf("  %-28s %9.0f ns   %5.1f times as long\n", what, ns, ns / weft_ns);
}

static void measure_messages(struct linux_peer *piped, struct linux_peer *eventfds)
{
    struct samples pipes = SAMPLES(BATCHES), events = SAMPLES(BATCHES);
    struct samples weft = SAMPLES(BATCHES), one_way = SAMPLES(BATCHES);
    sem_wait(&marked); /* ping is ready */
    for (u32 i = 0; i < BATCHES; i++) {
        samples_add(&pipes, (double)linux_round_trips(piped, BENCH_ROUNDS) / (double)BENCH_ROUNDS);
        samples_add(&weft, ping_batch(BENCH_MARK_ROUNDS_BEGIN));
        samples_add(&events, (double)linux_round_trips(eventfds, BENCH_ROUNDS) / (double)BENCH_ROUNDS);
        samples_add(&one_way, ping_batch(BENCH_MARK_ONE_WAY_BEGIN));
    }
    double weft_ns = samples_median(&weft);
    printf("messages of %d bytes between two processes on one core\n", BENCH_BODY_BYTES);
    printf("  %-28s %9.0f ns\n", "weft, there and back", weft_ns);
    print_ratio("pipe, there and back", samples_median(&pipes), weft_ns);
    print_ratio("eventfd, there and back", samples_median(&events), weft_ns);
    printf("  %-28s %9.0f ns   %5.1f million a second\n", "weft, no answer wanted",
           samples_median(&one_way), 1e3 / samples_median(&one_way));
}

static void measure_spawn(struct program *brief)
{
    struct samples weft = SAMPLES(SPAWNS), first = SAMPLES(SPAWNS), posix = SAMPLES(SPAWNS);
    for (u32 i = 0; i < SPAWNS; i++) {
        u64 begin = linux_nanoseconds();
        process_release(bench_spawn(brief));
        sem_wait(&marked);
        sem_wait(&ended);
        samples_add(&weft, (double)(linux_nanoseconds() - begin));
        samples_add(&first, (double)(marks[BENCH_MARK_STARTED] - begin));
        samples_add(&posix, (double)linux_spawn("/bin/true"));
    }
    double weft_ns = samples_median(&weft);
    printf("a process of a cached program, from spawn to end\n");
    printf("  %-28s %9.1f us   %.1f us to its first message\n", "weft", weft_ns / 1e3,
           samples_median(&first) / 1e3);
    printf("  %-28s %9.1f us   %5.1f times as long\n", "posix_spawn of /bin/true",
           samples_median(&posix) / 1e3, samples_median(&posix) / weft_ns);
}

static void measure_idle(struct program *idle)
{
    static struct process *processes[IDLE_PROCESSES];
    u32 pages, pages_max;
    linux_must(module_memory(program_module(idle), &pages, &pages_max), "idle has a memory");
    u64 own_size = (u64)pages * 64;
    processes[0] = bench_spawn(idle); /* so that what the first one brings is there */
    sem_wait(&marked);
    u64 resident = linux_kilobytes("VmRSS:"), tables = linux_kilobytes("VmPTE:");
    u64 own = linux_resident_of_size(own_size);
    for (u32 i = 1; i < IDLE_PROCESSES; i++)
        processes[i] = bench_spawn(idle);
    for (u32 i = 1; i < IDLE_PROCESSES; i++)
        sem_wait(&marked);
    usleep(1000);
    own = linux_resident_of_size(own_size) - own;
    resident = linux_kilobytes("VmRSS:") - resident - own;
    tables = linux_kilobytes("VmPTE:") - tables;
    printf("an idle process, of %d\n", IDLE_PROCESSES);
    printf("  %-28s %9.1f KB   besides %.1f KB of its own pages, %.1f KB of page tables\n", "weft",
           (double)resident / (IDLE_PROCESSES - 1), (double)own / (IDLE_PROCESSES - 1),
           (double)tables / (IDLE_PROCESSES - 1));
    for (u32 i = 0; i < IDLE_PROCESSES; i++)
        process_release(processes[i]);
}

/* ---- Together ------------------------------------------------------------------------------- */

static struct linux_peer piped, eventfds;

static void measure(struct native *of, const char *folder)
{
    static const char *const names[] = { "pong", "ping", "brief", "idle" };
    struct program *programs[BASE_ARRAY_COUNT(names)];
    struct interface_key ball = bench_key("ball", BALL_INTERFACE);
    native = of;
    for (u32 i = 0; i < BASE_ARRAY_COUNT(names); i++)
        programs[i] = bench_load(folder, names[i]);
    struct process *pong = bench_spawn(programs[0]);
    linux_must(silo_bind_process(silo_root(), &ball, pong) == STATUS_OK, "bind");
    process_release(pong);
    process_release(bench_spawn(programs[1]));
    measure_messages(&piped, &eventfds);
    measure_spawn(programs[2]);
    measure_idle(programs[3]);
    for (u32 i = 0; i < BASE_ARRAY_COUNT(names); i++)
        program_release(programs[i]);
}

int main(int count, char **arguments)
{
    static const struct bench bench = {
        .measure = measure,
        .operations = { .name = "bench", .message = on_message },
        .options = { .ended = on_ended },
    };
    linux_must(count == 2, "usage: ipc FOLDER");
    bench_stay_on_core(0);
    piped = linux_pipe_peer(BENCH_BODY_BYTES);
    eventfds = linux_eventfd_peer();
    linux_must(sem_init(&marked, 0, 0) == 0 && sem_init(&ended, 0, 0) == 0, "sem_init");
    bench_run(&bench, arguments[1]);
    linux_peer_end(&piped);
    linux_peer_end(&eventfds);
    return 0;
}
