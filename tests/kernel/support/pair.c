#include "tests/kernel/support/pair.h"

#include <stdlib.h>

static void need(bool condition, const char *what)
{
    if (condition)
        return;
    printf("not ok - a test could not begin: %s\n", what);
    fflush(stdout);
    _Exit(1);
}

struct puppet *pair_puppet(void)
{
    struct puppet *puppet = puppet_spawn(silo_root());
    need(puppet != NULL && puppet->idle, "a puppet did not start");
    return puppet;
}

struct pair pair_start_with(const struct simulate_options *options)
{
    struct pair pair;
    need(world_start(&(struct world_options){ .machine = *options }), "no kernel");
    pair.server = pair_puppet();
    world_bind(silo_root(), ALPHA_ID, pair.server->process);
    pair.client = pair_puppet();
    pair.slot = pair.client->slots[SLOT_ALPHA];
    return pair;
}

static struct simulate_options machine;

struct pair pair_start(void)
{
    return pair_start_with(&machine);
}

void pair_run(void (*tests)(void))
{
    static const struct simulate_options machines[] = {
        { 0 },
        { .seed = 1, .cpu_count = 3, .switch_one_in = 3, .early_one_in = 4 },
        { .seed = 2, .cpu_count = 3, .switch_one_in = 25 },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(machines); i++) {
        machine = machines[i];
        tests();
    }
}

struct delivered pair_deliver(struct pair *pair, const char *text)
{
    struct delivered delivered;
    delivered.sent = puppet_send(pair->client, pair->slot, text, WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(pair->server);
    delivered.taken = event.kind == WEFT_EVENT_MESSAGE ? event.id : 0;
    return delivered;
}

bool pair_gets(struct puppet *puppet, const char *text)
{
    return puppet_poll(puppet).kind == WEFT_EVENT_MESSAGE && puppet_received(puppet, text);
}

bool pair_gets_nothing(struct puppet *puppet)
{
    return puppet_wait(puppet, 0) == WEFT_EVENT_NONE;
}

bool pair_gets_answer(struct puppet *puppet, i64 id, enum weft_status status)
{
    struct weft_event event = puppet_poll(puppet);
    return event.kind == WEFT_EVENT_ANSWER && event.id == id && event.status == (i32)status;
}
