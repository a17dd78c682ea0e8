/* Limits of silos: each at its value and one past it. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

static struct silo *silo_with(struct silo_limits limits)
{
    struct silo *silo = NULL;
    enum status status = silo_create(silo_root(), BYTES_LITERAL("limited"), &limits, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

static void test_memory(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .memory_pages = 5 });
    struct puppet *puppet = puppet_spawn(silo); /* takes 2 */
    TAP_OK(puppet_do(puppet, (struct script_call){ .call = CALL_GROW, .arguments = { 4 } }) == -1,
           "memory cannot grow past the silo's limit");
    TAP_OK(puppet_do(puppet, (struct script_call){ .call = CALL_GROW, .arguments = { 3 } }) == 2,
           "but up to it");
    TAP_OK(puppet_do(puppet, (struct script_call){ .call = CALL_GROW, .arguments = { 1 } }) == -1,
           "and no further");
    TAP_OK(puppet_spawn(silo) == NULL, "then no other process finds room");
    puppet_kill(puppet);
    TAP_OK(puppet_spawn(silo) != NULL, "until one ends");
    TAP_OK(puppet_do(pair.client, (struct script_call){ .call = CALL_GROW, .arguments = { 9 } }) ==
               2,
           "others are not touched");
    PAIR_END();
}

static void test_processes(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .processes = 3 });
    struct puppet *first = puppet_spawn(silo);
    TAP_OK(first != NULL && puppet_spawn(silo) != NULL && puppet_spawn(silo) != NULL,
           "as many processes as the limit says");
    TAP_OK(puppet_spawn(silo) == NULL, "no more");
    TAP_OK(request_spawn(first, program_cid(world_program("puppet")), 0, WEFT_NO_SLOT) ==
               REQUEST_ERROR - SYSTEM_ERROR_LIMIT,
           "asked from within it is LIMIT");
    puppet_kill(first);
    TAP_OK(puppet_spawn(silo) != NULL, "until one ends");
    TAP_OK(!pair.client->ended, "others are not touched");
    PAIR_END();
}

static void test_threads(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .threads = 3 });
    struct puppet *puppet = puppet_spawn(silo);
    struct puppet *second = puppet_thread(puppet, 1);
    TAP_OK(second != NULL && puppet_thread(puppet, 2) != NULL, "as many threads as the limit says");
    TAP_OK(request_thread(puppet, 3) == REQUEST_ERROR - SYSTEM_ERROR_LIMIT, "one more is LIMIT");
    puppet_do(second, (struct script_call){ .call = CALL_RETURN });
    TAP_OK(puppet_thread(puppet, 3) != NULL, "until one ends");
    TAP_OK(puppet_thread(pair.client, 1) != NULL, "others are not touched");
    PAIR_END();
}

/* A script between whose calls no message of the puppet's own is under way. */
static void test_messages(void)
{
    enum { LIMIT = 4 };
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .messages = LIMIT });
    struct puppet *puppet = puppet_spawn(silo);
    struct script_call send =
        puppet_send_call(puppet, puppet->slots[SLOT_ALPHA], "x", WEFT_WANT_ANSWER);
    for (u32 i = 0; i <= LIMIT; i++)
        puppet_add(puppet, send);
    for (u32 i = 0; i < LIMIT; i++)
        puppet_add(puppet,
                   (struct script_call){ .call = CALL_ANSWER, .refers = 1, .arguments = { i } });
    TAP_OK(puppet_play(puppet), "a silo with a limit of messages works");
    bool all = true;
    for (u32 i = 0; i < LIMIT; i++)
        all = all && puppet->script.calls[i].result > 0;
    TAP_OK(all, "as many messages as the limit says can be under way");
    TAP_OK(puppet->script.calls[LIMIT].result == -WEFT_LIMIT, "one more is LIMIT");
    TAP_OK(puppet_send(puppet, puppet->slots[SLOT_ALPHA], "y", 0) == 0,
           "those that were taken back count no more");
    TAP_OK(pair_gets(pair.server, "y"), "and the next arrives");
    PAIR_END();
}

static void test_slots(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .slots = 40 });
    struct puppet *puppet = puppet_spawn(silo);
    i64 last = 0;
    i32 first = (i32)request_copy(puppet, puppet->slots[SLOT_ALPHA]);
    u32 made = 1;
    while (last >= 0 && made < 100) {
        last = request_copy(puppet, puppet->slots[SLOT_ALPHA]);
        made += last > 0;
    }
    TAP_OK(last == REQUEST_ERROR - SYSTEM_ERROR_LIMIT || last == REQUEST_STATUS - WEFT_LIMIT,
           "slots end at the silo's limit");
    TAP_OK(made > 40 - 2 * SLOT_COUNT && made <= 40, "not before it");
    request_close(puppet, first);
    TAP_OK(request_copy(puppet, puppet->slots[SLOT_ALPHA]) > 0, "one that is closed makes room");
    TAP_OK(request_copy(pair.client, pair.slot) > 0, "others are not touched");
    PAIR_END();
}

static void test_gift_past_the_receivers_limit(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .slots = 40 });
    struct puppet *puppet = puppet_spawn(silo);
    world_bind(silo_root(), BETA_ID, puppet->process);
    while (request_copy(puppet, puppet->slots[SLOT_ALPHA]) > 0)
        continue;
    i32 minted = (i32)request_mint(pair.client, GAMMA_ID, 5);
    i64 id =
        puppet_send_gifts(pair.client, pair.client->slots[SLOT_BETA], &minted, 1, WEFT_WANT_ANSWER);
    TAP_OK(id > 0 && pair_gets_nothing(puppet),
           "a message with a gift that finds no room with its receiver does not arrive");
    TAP_OK(puppet_wait_for(pair.client, id, 0) == WEFT_EVENT_ANSWER &&
               pair.client->script.event.status == WEFT_LIMIT,
           "the sender is told LIMIT");
    TAP_OK(puppet_poll(pair.client).kind == WEFT_EVENT_CLOSED, "and the gift is gone");
    TAP_OK(!puppet->ended && !pair.client->ended, "and harms nobody");
    PAIR_END();
}

static void test_body_bytes(void)
{
    enum { LIMIT = 40000 };
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .body_bytes = LIMIT });
    struct puppet *puppet = puppet_spawn(silo);
    i32 slot = puppet->slots[SLOT_ALPHA];
    struct script_call large = { .call = CALL_SEND, .arguments = { slot, 0, LIMIT + 1, 0, 0, 0 } };
    TAP_OK(puppet_do(puppet, large) == -WEFT_LIMIT, "a body above the silo's limit is LIMIT");
    large.arguments[2] = LIMIT;
    puppet_add(puppet, large);
    puppet_add(puppet,
               (struct script_call){ .call = CALL_SEND, .arguments = { slot, 0, 1, 0, 0, 0 } });
    puppet_add(puppet, puppet_wait_call(puppet, 0, (i64)simulate_now() + MILLISECOND));
    puppet_begin(puppet);
    world_settle();
    struct script_call take = {
        .call = CALL_WAIT,
        .arguments = { 0, 0, PUPPET_MEMORY_BYTES - 88, 0, LIMIT, 0 },
    };
    TAP_OK(puppet_do(pair.server, take) == WEFT_EVENT_MESSAGE, "one of its size arrives");
    world_run(MILLISECOND);
    TAP_OK(puppet_done(puppet) && puppet->script.calls[0].result == 0 &&
               puppet->script.calls[1].result == -WEFT_LIMIT,
           "and leaves no room for a byte more while it is queued");
    puppet_do(puppet, large);
    TAP_OK(puppet_do(pair.server, take) == WEFT_EVENT_MESSAGE,
           "when it was taken there is room again");
    PAIR_END();
}

static void test_answer_past_the_limit(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .body_bytes = 8000 });
    struct puppet *puppet = puppet_spawn(silo);
    i64 id = puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", WEFT_WANT_ANSWER);
    i64 taken = puppet_poll(pair.server).id;
    pair.server->script.gifts[0] = (i32)request_mint(pair.server, BETA_ID, 6);
    struct script_call answer = {
        .call = CALL_ANSWER,
        .arguments = { taken, WEFT_OK, 0, 30000, PUPPET_AT(pair.server, gifts), 1 },
    };
    TAP_OK(puppet_do(pair.server, answer) == WEFT_OK, "an answer is settled whatever its size");
    struct weft_event event = puppet_poll(puppet);
    TAP_OK(event.id == id && event.status == WEFT_LIMIT && event.size == 0 && event.gift_count == 0,
           "if it is above the asker's limit, that one is told LIMIT");
    event = puppet_poll(pair.server);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 6,
           "and the gifts are not left with the handler");
    PAIR_END();
}

static void test_refused_body_costs_nothing(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .body_bytes = 40000 });
    struct puppet *puppet = puppet_spawn(silo);
    struct puppet *next = pair_puppet();
    world_bind(silo_root(), BETA_ID, next->process);
    struct script_call large = {
        .call = CALL_SEND,
        .arguments = { puppet->slots[SLOT_ALPHA], 0, 30000, 0, 0, WEFT_WANT_ANSWER },
    };
    TAP_OK(puppet_do(puppet, large) > 0, "a large message waits with its handler");
    puppet_kill(pair.server);
    large.arguments[0] = puppet->slots[SLOT_BETA];
    TAP_OK(puppet_do(puppet, large) > 0,
           "when that dies the body counts no more, though GONE was not taken yet");
    PAIR_END();
}

static void test_limits_of_the_parent(void)
{
    struct pair pair = pair_start();
    struct silo *parent = silo_with((struct silo_limits){ .processes = 3 });
    struct silo *child = NULL;
    const struct silo_limits wide = { .processes = 100 };
    enum status status = silo_create(parent, BYTES_LITERAL("wide"), &wide, &child);
    TAP_OK(status == STATUS_OK, "a child silo may name a wider limit");
    u32 count = 0;
    while (count < 100 && puppet_spawn(child) != NULL)
        count++;
    TAP_OK(count >= 2 && count <= 3, "and is bound by its parent's all the same");
    TAP_OK(!pair.client->ended, "others are not touched");
    PAIR_END();
}

static void test_lowered_limit(void)
{
    struct pair pair = pair_start();
    u64 silo = (u64)request_create_silo(pair.client, 0, &(struct silo_limits){ .processes = 5 });
    const struct cid *cid = program_cid(world_program("puppet"));
    for (u32 i = 0; i < 3; i++)
        request_spawn(pair.client, cid, silo, WEFT_NO_SLOT);
    TAP_OK(request_set_limits(pair.client, silo, &(struct silo_limits){ .processes = 2 }) == 0,
           "a limit can be set below what is in use");
    TAP_OK(request_spawn(pair.client, cid, silo, WEFT_NO_SLOT) ==
               REQUEST_ERROR - SYSTEM_ERROR_LIMIT,
           "which refuses what is new");
    TAP_OK(request_set_limits(pair.client, silo, &(struct silo_limits){ .processes = 4 }) == 0 &&
               request_spawn(pair.client, cid, silo, WEFT_NO_SLOT) > 0,
           "and raised again");
    PAIR_END();
}

static void test_queues_cost_their_sender(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_with((struct silo_limits){ .messages = 8 });
    struct puppet *flooder = puppet_spawn(silo);
    struct script_call flood = puppet_send_call(flooder, flooder->slots[SLOT_ALPHA], "flood", 0);
    flood.times = 100;
    puppet_add(flooder, flood);
    puppet_begin(flooder);
    world_settle();
    TAP_OK(puppet_send(pair.client, pair.slot, "calm", 0) == 0,
           "one who floods a handler meets its own limit, not the others'");
    u32 flooded = 0;
    while (pair_gets(pair.server, "flood"))
        flooded++;
    TAP_OK(flooded <= 8, "its limit is what it can have in the queue");
    PAIR_END();
}

static void tests(void)
{
    test_memory();
    test_processes();
    test_threads();
    test_messages();
    test_slots();
    test_gift_past_the_receivers_limit();
    test_body_bytes();
    test_answer_past_the_limit();
    test_refused_body_costs_nothing();
    test_limits_of_the_parent();
    test_lowered_limit();
    test_queues_cost_their_sender();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
