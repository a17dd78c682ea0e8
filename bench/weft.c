#include "bench/weft.h"

#include "bench/linux.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROGRAM_BYTES_MAX = 1 << 20 };

struct interface_key bench_key(const char *name, const char *hash)
{
    struct interface_key key = { .name = bytes_from_text(name) };
    linux_must(hash_from_hex(bytes_from_text(hash), &key.hash), "hash");
    return key;
}

struct program *bench_load(const char *folder, const char *name)
{
    static u8 buffer[PROGRAM_BYTES_MAX];
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

void bench_stay_on_core(int from_the_end)
{
    static cpu_set_t allowed; /* of the process; what a thread may use changes below */
    cpu_set_t one;
    if (CPU_COUNT(&allowed) == 0)
        linux_must(sched_getaffinity(0, sizeof(allowed), &allowed) == 0, "sched_getaffinity");
    CPU_ZERO(&one);
    for (int core = CPU_SETSIZE - 1; core >= 0 && CPU_COUNT(&one) == 0; core--)
        if (CPU_ISSET(core, &allowed) && from_the_end-- == 0)
            CPU_SET(core, &one);
    linux_must(CPU_COUNT(&one) == 1, "too few cores");
    linux_must(pthread_setaffinity_np(pthread_self(), sizeof(one), &one) == 0, "affinity");
}
