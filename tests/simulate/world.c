/* The kernel under test, its guests, and what it tells its operator. */
#include "tests/simulate/world.h"

#include "tests/simulate/cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS_MAX = 32 };

struct guest {
    const char *name;
    const u8 *start;
    const u8 *end;
    struct program *program;
};

#define GUEST(name) extern const u8 guest_##name[], guest_##name##_end[];
#include "tests/simulate/guest.def"
#undef GUEST

static struct guest guests[] = {
#define GUEST(name) { #name, guest_##name, guest_##name##_end, NULL },
#include "tests/simulate/guest.def"
#undef GUEST
};

static u32 finish_count;
static enum kernel_end_way finish_way;
static u32 unheard_count;
static u32 denied_count;
static char denied_name[128];

static void on_denied(void *context, struct bytes program, struct bytes interface_name)
{
    (void)context;
    (void)program;
    denied_count++;
    snprintf(denied_name, sizeof(denied_name), "%.*s", (int)interface_name.size,
             (const char *)interface_name.data);
}

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    if (getenv("SIMULATE_LOG") != NULL)
        printf("# process %llu ended: kind %d, status %u, %.*s\n",
               (unsigned long long)end->process.value, (int)end->kind, end->exit_status,
               (int)end->text.size, (const char *)end->text.data);
    cast_ended(end);
}

static void on_unheard(void *context, const struct process_end *end)
{
    (void)context;
    (void)end;
    unheard_count++;
}

u32 world_unheard_count(void)
{
    return unheard_count;
}

static void on_finish(void *context, enum kernel_end_way way)
{
    (void)context;
    finish_count++;
    finish_way = way;
}

u32 world_finish_count(void)
{
    return finish_count;
}

enum kernel_end_way world_finish_way(void)
{
    return finish_way;
}

u32 world_denied_count(void)
{
    return denied_count;
}

const char *world_denied_name(void)
{
    return denied_name;
}

static _Noreturn void give_up(const char *why)
{
    printf("not ok - the test's world broke: %s\n", why);
    fflush(stdout);
    _Exit(1);
}

/* Without memory for the first parts, all is as before. */
static bool start_cast(const struct world_options *world)
{
    const struct kernel_options options = {
        .bundle = world->bundle,
        .images = world->images,
        .denied = on_denied,
        .ended = on_ended,
        .unheard = on_unheard,
        .finish = on_finish,
        .restarts = world->restarts,
    };
    if (kernel_start(&options) != STATUS_OK)
        return false;
    if (cast_start())
        return true;
    kernel_stop();
    if (!simulate_run_out() || !kernel_end())
        give_up("what was started did not stop");
    return false;
}

bool world_start(const struct world_options *options)
{
    denied_count = 0;
    unheard_count = 0;
    finish_count = 0;
    denied_name[0] = '\0';
    simulate_start(&options->machine);
    if (options->allocations != 0)
        simulate_refuse(options->allocations, UINT64_MAX);
    bool started = start_cast(options);
    simulate_refuse(0, 0);
    if (!started && !simulate_end())
        give_up("a start that failed kept something");
    return started;
}

bool world_end(void)
{
    simulate_refuse(0, 0);
    simulate_refuse_one_in(0);
    kernel_stop();
    if (!simulate_run_out())
        give_up("a CPU did not stop");
    cast_end();
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++)
        if (guests[i].program != NULL)
            program_release(guests[i].program);
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++)
        guests[i].program = NULL;
    bool kernel_says = kernel_end();
    if (!kernel_says)
        printf("# kernel_end: something is leaked\n");
    return simulate_end() && kernel_says;
}

/* Long work looks like an endless loop to the machine, and on a slow host short work does: where
 * there is no such loop, it is given some seconds. */
void world_run(u64 duration_ns)
{
    enum { PATIENCE = 5000 };
    u64 until_ns = simulate_now() + duration_ns;
    for (u32 i = 0; i < PATIENCE; i++) {
        while (simulate_run(until_ns))
            continue;
        if (!simulate_is_busy() || cast_computes_for_ever())
            return;
    }
}

void world_settle(void)
{
    world_run(0);
}

struct bytes world_guest(const char *name)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++)
        if (strcmp(guests[i].name, name) == 0)
            return (struct bytes){ guests[i].start, (usize)(guests[i].end - guests[i].start) };
    give_up(name);
}

struct program *world_program(const char *name)
{
    struct engine_error error;
    for (usize i = 0; i < BASE_ARRAY_COUNT(guests); i++) {
        if (strcmp(guests[i].name, name) != 0)
            continue;
        if (guests[i].program == NULL &&
            program_add(world_guest(name), false, &guests[i].program, &error) != STATUS_OK)
            return NULL;
        return guests[i].program;
    }
    give_up(name);
}

struct interface_key world_key(u64 interface)
{
    struct interface_key key = { .name = BYTES_LITERAL("test") };
    for (usize i = 0; i < sizeof(key.hash.bytes); i++)
        key.hash.bytes[i] = (u8)(interface >> i % 8 * 8);
    return key;
}

void world_bind(struct silo *silo, u64 interface, struct process *handler)
{
    struct interface_key key = world_key(interface);
    if (silo_bind_process(silo, &key, handler) != STATUS_OK)
        give_up("a binding was refused");
}
