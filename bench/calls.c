/* What a call costs that leaves an instance: into a library of the same process, and into the
 * kernel; beside a call through a pointer in C, and through a table in WebAssembly. All on one core,
 * in turns, of which the median counts; the best tells what it is on a quiet machine.
 * calls FOLDER-OF-GUESTS */
#include "bench/calls/calls.h"
#include "bench/ipc/mark.h"
#include "bench/kernel.h"

#include <semaphore.h>
#include <stdio.h>

enum { BATCHES = 41 };

static struct samples taken[CALLS_QUESTIONS], native_calls;
static sem_t done;

/* ---- In C ----------------------------------------------------------------------------------- */

__attribute__((noinline)) static int add(int a, int b)
{
    return a + b;
}

static int (*volatile pointer)(int, int) = add;

/* Nanoseconds a call. */
static double call_natively(void)
{
    int (*function)(int, int) = pointer;
    volatile int result;
    int sum = 0;
    u64 begin = linux_nanoseconds();
    for (int i = 0; i < CALLS_A_BATCH; i++)
        sum = function(sum, i);
    result = sum;
    (void)result;
    return (double)(linux_nanoseconds() - begin) / (double)CALLS_A_BATCH;
}

/* ---- In WebAssembly -------------------------------------------------------------------------- */

/* The first batch of each is what compiles the code. */
static void on_message(void *context, const struct native_message *message)
{
    static u64 begin;
    static u32 batches;
    (void)context;
    u64 now = linux_nanoseconds();
    u8 question = message->body.size == 1 ? message->body.data[0] : CALLS_QUESTIONS;
    if (question >= CALLS_QUESTIONS || batches > BATCHES)
        return;
    if (begin == 0) {
        if (question == 0)
            samples_add(&native_calls, call_natively());
        begin = linux_nanoseconds();
        return;
    }
    if (batches != 0)
        samples_add(&taken[question], (double)(now - begin) / (double)CALLS_A_BATCH);
    begin = 0;
    batches += question == CALLS_QUESTIONS - 1;
    if (batches > BATCHES)
        sem_post(&done);
}

/* ---- Together ------------------------------------------------------------------------------- */

static void print(const char *what, struct samples *samples, double native_ns)
{
    double ns = samples_median(samples);
    printf("  %-40s %6.1f ns, at best %5.1f   %5.1f times as long\n", what, ns,
           samples->values[0], ns / native_ns);
}

static void measure(struct native *native, const char *folder)
{
    static const char *const texts[CALLS_QUESTIONS] = {
        [CALLS_POINTER] = "through a table, in one instance",
        [CALLS_LIBRARY] = "into a library of the same process",
        [CALLS_TRIVIAL] = "into the kernel, which returns at once",
        [CALLS_POLL] = "`wait` that finds nothing",
    };
    (void)native;
    struct program *library = bench_load(folder, "library");
    struct program *caller = bench_load(folder, "caller");
    linux_must(silo_set_library(silo_root(), BYTES_LITERAL("library"), library) == STATUS_OK,
               "silo_set_library");
    struct process *process = bench_spawn(caller);
    sem_wait(&done);
    process_kill(process);
    process_release(process);
    program_release(caller);
    program_release(library);
    double native_ns = samples_median(&native_calls);
    printf("a call\n");
    print("through a pointer, in C", &native_calls, native_ns);
    for (u32 i = 0; i < CALLS_QUESTIONS; i++)
        print(texts[i], &taken[i], native_ns);
}

int main(int count, char **arguments)
{
    static const struct bench bench = {
        .measure = measure,
        .operations = { .name = "bench", .message = on_message },
    };
    linux_must(count == 2, "usage: calls FOLDER");
    bench_stay_on_core(0);
    native_calls = SAMPLES(BATCHES + 1);
    struct samples rooms[CALLS_QUESTIONS] = { SAMPLES(BATCHES), SAMPLES(BATCHES), SAMPLES(BATCHES),
                                              SAMPLES(BATCHES) };
    for (u32 i = 0; i < CALLS_QUESTIONS; i++)
        taken[i] = rooms[i];
    linux_must(sem_init(&done, 0, 0) == 0, "sem_init");
    bench_run(&bench, arguments[1]);
    return 0;
}
