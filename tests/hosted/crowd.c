/* The kernel on real CPUs: processes that talk at random (tests/simulate/guest/chatter.c) on more
 * OS threads than there are cores, killed and bound anew all the time. What the simulated machine
 * cannot interleave, within a function that calls no machine, meets here. */
#include "kernel/kernel.h"
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "tests/simulate/script.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CPUS = 4,
    MEMBERS = 12,
    KILLS = 1500,
};

extern const u8 guest_chatter[], guest_chatter_end[];

static _Atomic u32 ended;
static u32 spawned;
static struct program *program;
static struct silo *silos[3];
static struct process *members[MEMBERS];

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    (void)end;
    ended++;
}

static struct interface_key key_of(u8 byte)
{
    struct interface_key key = { .name = BYTES_LITERAL("test") };
    for (u32 i = 0; i < HASH_SIZE; i++)
        key.hash.bytes[i] = byte;
    return key;
}

static void start_member(u32 index, u32 number)
{
    char seed[16];
    struct engine_error error;
    snprintf(seed, sizeof(seed), "%u", number);
    const struct bytes arguments[] = { bytes_from_text(seed) };
    const struct spawn_options options = {
        .program = program,
        .silo = silos[index % BASE_ARRAY_COUNT(silos)],
        .arguments = arguments,
        .argument_count = 1,
    };
    members[index] = NULL;
    if (process_spawn(&options, &members[index], &error) == STATUS_OK)
        spawned++;
}

static void stop_member(u32 index)
{
    if (members[index] == NULL)
        return;
    process_kill(members[index]);
    process_release(members[index]);
}

static bool bind(u8 interface, u32 index)
{
    struct interface_key key = key_of(interface);
    return members[index] != NULL &&
           silo_bind_process(silo_root(), &key, members[index]) == STATUS_OK;
}

static bool make_silos(void)
{
    static const struct silo_limits limits = { .messages = 400,
                                               .slots = 1500,
                                               .body_bytes = 1 << 20 };
    return silo_create(silo_root(), BYTES_LITERAL("a"), &limits, &silos[0]) == STATUS_OK &&
           silo_create(silo_root(), BYTES_LITERAL("b"), &limits, &silos[1]) == STATUS_OK &&
           silo_create(silos[1], BYTES_LITERAL("c"), &limits, &silos[2]) == STATUS_OK;
}

static void kill_many(void)
{
    static const u8 interfaces[] = { 0xA1, 0xB2, 0xD3 };
    u32 random = 1;
    for (u32 i = 0; i < KILLS; i++) {
        random = random * 1664525 + 1013904223;
        u32 index = random >> 16 & 0xFF;
        usleep(random >> 24);
        stop_member(index % MEMBERS);
        start_member(index % MEMBERS, i);
        bind(interfaces[i % 3], (index >> 4) % MEMBERS);
    }
}

/* As a platform's own thread. */
static void *play(void *unused)
{
    (void)unused;
    struct engine_error error;
    struct bytes wasm = { guest_chatter, (usize)(guest_chatter_end - guest_chatter) };
    TAP_OK(program_add(wasm, true, &program, &error) == STATUS_OK && make_silos(),
           "a crowd starts on four CPUs");
    for (u32 i = 0; i < MEMBERS; i++)
        start_member(i, 1000000 + i);
    kill_many();
    for (u32 i = 0; i < MEMBERS; i++)
        stop_member(i);
    for (u32 i = 0; i < 10000 && ended < spawned; i++)
        usleep(1000);
    TAP_OK(spawned > KILLS * 9 / 10 && ended == spawned, "each of them comes to its end");
    program_release(program);
    cpu_stop_all();
    return NULL;
}

int main(void)
{
    const struct kernel_options options = { .ended = on_ended };
    pthread_t thread;
    fault_init();
    cpu_set_count(CPUS);
    cpu_init();
    if (kernel_start(&options) != STATUS_OK || pthread_create(&thread, NULL, play, NULL) != 0)
        return 1;
    cpu_run_all();
    pthread_join(thread, NULL);
    TAP_OK(kernel_end(), "and nothing is leaked");
    return tap_done();
}
