#include "bench/kernel.h"

#include "bench/ipc/mark.h"
#include "platform/hosted/machine_cpu.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Samples ------------------------------------------------------------------------------- */

void samples_add(struct samples *samples, double value)
{
    linux_must(samples->count < samples->capacity, "too many samples");
    samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double samples_median(struct samples *samples)
{
    qsort(samples->values, samples->count, sizeof(double), compare);
    return samples->values[samples->count / 2];
}

/* ---- Programs ------------------------------------------------------------------------------ */

struct interface_key bench_key(const char *name, const char *hash)
{
    struct interface_key key = { .name = bytes_from_text(name) };
    linux_must(hash_from_hex(bytes_from_text(hash), &key.hash), "hash");
    return key;
}

struct program *bench_load(const char *folder, const char *name)
{
    static u8 buffer[1 << 20];
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.wasm", folder, name);
    FILE *file = fopen(path, "rb");
    linux_must(file != NULL, path);
    usize size = fread(buffer, 1, sizeof(buffer), file);
    fclose(file);
    struct program *program;
    struct engine_error error;
    linux_must(program_add((struct bytes){ buffer, size }, false, &program, &error) == STATUS_OK,
               path);
    return program;
}

struct process *bench_spawn(struct program *program)
{
    const struct spawn_options options = { .program = program, .silo = silo_root() };
    struct process *process;
    struct engine_error error;
    if (process_spawn(&options, &process, &error) == STATUS_OK)
        return process;
    fprintf(stderr, "spawn: %s\n", error.message);
    exit(1);
}

/* ---- The kernel ----------------------------------------------------------------------------- */

/* A thread has what its creator had left, so the cores are those of the first call. */
void bench_stay_on_core(int from_the_end)
{
    static cpu_set_t allowed;
    cpu_set_t one;
    if (CPU_COUNT(&allowed) == 0)
        linux_must(sched_getaffinity(0, sizeof(allowed), &allowed) == 0, "sched_getaffinity");
    CPU_ZERO(&one);
    for (int core = CPU_SETSIZE - 1; core >= 0 && CPU_COUNT(&one) == 0; core--)
        if (CPU_ISSET(core, &allowed) && from_the_end-- == 0)
            CPU_SET(core, &one);
    linux_must(CPU_COUNT(&one) != 0, "too few cores");
    linux_must(sched_setaffinity(0, sizeof(one), &one) == 0, "sched_setaffinity");
}

struct running {
    const struct bench *bench;
    const char *folder;
    struct native *native;
};

static void *measure(void *argument)
{
    const struct running *running = argument;
    running->bench->measure(running->native, running->folder);
    cpu_stop_all();
    return NULL;
}

void bench_run(const struct bench *bench, const char *folder)
{
    struct running running = { .bench = bench, .folder = folder };
    struct interface_key key = bench_key("bench", BENCH_INTERFACE);
    cpu_set_count(1);
    cpu_init();
    linux_must(kernel_start(&bench->options) == STATUS_OK, "kernel_start");
    linux_must(native_create(&bench->operations, NULL, &running.native) == STATUS_OK,
               "native_create");
    linux_must(native_bind(running.native, silo_root(), &key) == STATUS_OK, "native_bind");
    pthread_t thread;
    linux_must(pthread_create(&thread, NULL, measure, &running) == 0, "pthread_create");
    cpu_run_all();
    pthread_join(thread, NULL);
    native_destroy(running.native);
    linux_must(kernel_end(), "something was lost");
}
