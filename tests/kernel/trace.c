/* Tracers: messages of a silo pass through a process that sends them on. */
#include "tests/kernel/support/pair.h"

static i64 trace(struct puppet *by, u64 silo, u64 interface)
{
    struct system_any_error_result result;
    struct interface_key key = world_key(interface);
    const struct weft_bytes hash = { key.hash.bytes, HASH_SIZE };
    bool encoded = system_trace_encode(request_begin(by), silo, hash, (struct weft_bytes){ 0 });
    i64 status = encoded ? request_send(by, by->slots[SLOT_SYSTEM]) : REQUEST_STATUS;
    if (status != 0 || !system_trace_result_decode(request_reader(by), &result))
        return status;
    return result.failed ? REQUEST_ERROR - (i64)result.error : result.value;
}

static struct silo *silo_in(struct silo *parent)
{
    struct silo *silo = NULL;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(parent, BYTES_LITERAL("one"), &none, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

static void test_row_of_the_parent(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo), *tracer = pair_puppet();
    u64 id = silo_id_of(silo).value;
    i32 alpha = inside->slots[SLOT_ALPHA];
    i64 below = trace(tracer, id, ALPHA_ID);
    TAP_OK(below > 0, "a row of a silo below can be traced");
    i64 sent = puppet_send(inside, alpha, "question", WEFT_WANT_ANSWER);
    TAP_OK(pair_gets(tracer, "question") && pair_gets_nothing(pair.server),
           "its messages come to the tracer");
    i64 taken = tracer->script.event.id;
    puppet_send(tracer, (i32)below, "question", WEFT_WANT_ANSWER);
    TAP_OK(pair_gets(pair.server, "question"), "who sends them on by the slot that he got");
    puppet_answer(pair.server, pair.server->script.event.id, WEFT_OK, "answer");
    puppet_poll(tracer);
    puppet_answer(tracer, taken, WEFT_OK, "answer");
    TAP_OK(pair_gets_answer(inside, sent, WEFT_OK), "and answers");
    puppet_send(pair.client, pair.slot, "direct", 0);
    TAP_OK(pair_gets(pair.server, "direct"), "those of other silos pass by");
    TAP_OK(trace(pair.client, id, ALPHA_ID) == REQUEST_ERROR - SYSTEM_ERROR_EXISTS,
           "there is one tracer for a row");
    sent = puppet_send(inside, alpha, "late", WEFT_WANT_ANSWER);
    puppet_kill(tracer);
    TAP_OK(pair_gets_answer(inside, sent, WEFT_GONE), "what a tracer has when it dies is gone");
    puppet_send(inside, alpha, "later", 0);
    TAP_OK(pair_gets(pair.server, "later"), "and the row as it was");
    TAP_OK(trace(pair.client, id, ALPHA_ID) > 0, "it can be traced again");
    PAIR_END();
}

static void test_row_with_a_handler(void)
{
    pair_start();
    struct silo *silo = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo), *own = pair_puppet(), *tracer = pair_puppet();
    world_bind(silo, ALPHA_ID, own->process);
    i64 below = trace(tracer, silo_id_of(silo).value, ALPHA_ID);
    puppet_send(inside, inside->slots[SLOT_ALPHA], "one", 0);
    bool came = pair_gets(tracer, "one");
    puppet_send(tracer, (i32)below, "one", 0);
    TAP_OK(came && pair_gets(own, "one"), "a silo's own handler gets what is sent on");
    struct puppet *deeper = puppet_spawn(silo_in(silo));
    puppet_send(deeper, deeper->slots[SLOT_ALPHA], "two", 0);
    TAP_OK(pair_gets(tracer, "two"), "messages of silos below pass the row, too");
    puppet_kill(tracer);
    puppet_send(inside, inside->slots[SLOT_ALPHA], "three", 0);
    TAP_OK(pair_gets(own, "three"), "after the tracer it has all again");
    PAIR_END();
}

static void test_refused(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo);
    struct interface_key key = world_key(BETA_ID);
    u64 id = silo_id_of(silo).value;
    TAP_OK(silo_set_verdict(silo, &key, VERDICT_DENY) == STATUS_OK &&
               trace(pair.client, id, BETA_ID) == REQUEST_ERROR - SYSTEM_ERROR_DENIED,
           "what is denied cannot be traced");
    TAP_OK(trace(inside, id, ALPHA_ID) == REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND &&
               trace(inside, 0, ALPHA_ID) < 0 && trace(inside, 1, ALPHA_ID) < 0 &&
               trace(pair.client, 4711, ALPHA_ID) < 0,
           "nor rows of one's own silo, or above");
    TAP_OK(trace(pair.client, id, ALPHA_ID) > 0 && request_destroy_silo(pair.client, id) == 0,
           "a silo that is traced can be destroyed");
    PAIR_END();
}

/* A row that waits for somebody has messages already. */
static void test_waiting_messages(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo);
    puppet_kill(pair.server);
    puppet_send(inside, inside->slots[SLOT_ALPHA], "waits", 0);
    struct puppet *tracer = pair_puppet();
    i64 below = trace(tracer, silo_id_of(silo).value, ALPHA_ID);
    TAP_OK(below > 0 && pair_gets(tracer, "waits"), "what waits on a row comes to its tracer");
    PAIR_END();
}

int main(void)
{
    test_row_of_the_parent();
    test_row_with_a_handler();
    test_refused();
    test_waiting_messages();
    return tap_done();
}
