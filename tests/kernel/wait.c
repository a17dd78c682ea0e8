/* Waiting: for ids or for anything, with deadlines, and by several threads. */
#include "tests/kernel/support/pair.h"

static void test_poll(void)
{
    struct pair pair = pair_start();
    u64 before = simulate_now();
    TAP_OK(puppet_wait(pair.client, 0) == WEFT_EVENT_NONE, "a poll without events gives 0");
    TAP_OK(simulate_now() == before, "at once");
    puppet_send(pair.client, pair.slot, "x", 0);
    TAP_OK(puppet_wait(pair.server, 0) == WEFT_EVENT_MESSAGE,
           "a poll takes an event that is there");
    PAIR_END();
}

static void test_blocks(void)
{
    struct pair pair = pair_start();
    TAP_OK(puppet_wait(pair.server, -1) == PUPPET_BLOCKED, "wait blocks while there is no event");
    world_run((u64)3600 * SECOND);
    TAP_OK(puppet_finish(pair.server) == PUPPET_BLOCKED, "for ever");
    puppet_send(pair.client, pair.slot, "now", 0);
    TAP_OK(puppet_finish(pair.server) == WEFT_EVENT_MESSAGE && puppet_received(pair.server, "now"),
           "until there is one");
    PAIR_END();
}

static void test_deadline(void)
{
    struct pair pair = pair_start();
    u64 deadline = simulate_now() + 5 * MILLISECOND;
    TAP_OK(puppet_wait(pair.client, (i64)deadline) == PUPPET_BLOCKED,
           "wait blocks before its deadline");
    simulate_run(deadline - 1);
    TAP_OK(!puppet_done(pair.client), "one nanosecond before too");
    simulate_run(deadline);
    TAP_OK(puppet_done(pair.client) && simulate_now() == deadline, "and ends exactly then");
    TAP_OK(pair.client->result == WEFT_EVENT_NONE, "with 0");
    TAP_OK(puppet_wait(pair.client, (i64)deadline) == WEFT_EVENT_NONE,
           "a deadline that has passed ends at once");
    TAP_OK(puppet_wait(pair.client, 1) == WEFT_EVENT_NONE, "long ago too");
    PAIR_END();
}

static void test_event_before_deadline(void)
{
    struct pair pair = pair_start();
    u64 deadline = simulate_now() + 5 * MILLISECOND;
    puppet_wait(pair.server, (i64)deadline);
    world_run(MILLISECOND);
    puppet_send(pair.client, pair.slot, "in time", 0);
    TAP_OK(puppet_finish(pair.server) == WEFT_EVENT_MESSAGE && simulate_now() < deadline,
           "an event before the deadline ends the wait");
    world_run(10 * MILLISECOND);
    TAP_OK(pair_gets_nothing(pair.server), "and the deadline then does nothing");
    puppet_send(pair.client, pair.slot, "waiting", 0);
    TAP_OK(puppet_wait(pair.server, 1) == WEFT_EVENT_MESSAGE,
           "an event that is there counts more than a deadline that has passed");
    PAIR_END();
}

static void test_many_deadlines(void)
{
    enum { SLEEPERS = 12 };
    struct puppet *sleepers[SLEEPERS];
    struct pair pair = pair_start();
    u64 start = simulate_now();
    for (u32 i = 0; i < SLEEPERS; i++) {
        sleepers[i] = pair_puppet();
        puppet_wait(sleepers[i], (i64)(start + (u64)(i * 7 % SLEEPERS + 1) * MILLISECOND));
    }
    bool all = true;
    for (u32 step = 1; step <= SLEEPERS; step++) {
        simulate_run(start + step * (u64)MILLISECOND);
        for (u32 i = 0; i < SLEEPERS; i++)
            all = all && sleepers[i]->idle == (i * 7 % SLEEPERS + 1 <= step);
    }
    TAP_OK(all, "many deadlines each end their own wait, in the order of time");
    TAP_OK(!pair.client->ended, "and nothing else happens");
    PAIR_END();
}

static void test_by_id(void)
{
    struct pair pair = pair_start();
    world_bind(silo_root(), BETA_ID, pair.client->process);
    struct delivered first = pair_deliver(&pair, "1");
    struct delivered second = pair_deliver(&pair, "2");
    puppet_send(pair.server, pair.server->slots[SLOT_BETA], "other", 0);
    TAP_OK(puppet_wait_for(pair.client, second.sent, -1) == PUPPET_BLOCKED,
           "a wait for an id does not end with other events");
    puppet_answer(pair.server, first.taken, WEFT_OK, "one");
    TAP_OK(puppet_finish(pair.client) == PUPPET_BLOCKED, "nor with another answer");
    puppet_answer(pair.server, second.taken, WEFT_OK, "two");
    TAP_OK(puppet_finish(pair.client) == WEFT_EVENT_ANSWER &&
               pair.client->script.event.id == second.sent && puppet_received(pair.client, "two"),
           "but with its own");
    TAP_OK(pair_gets(pair.client, "other") && pair_gets_answer(pair.client, first.sent, WEFT_OK),
           "the other events stay, in their order");
    PAIR_END();
}

static void test_by_several_ids(void)
{
    struct pair pair = pair_start();
    struct delivered messages[6]; /* more than the kernel keeps in the thread itself */
    for (u32 i = 0; i < 6; i++) {
        messages[i] = pair_deliver(&pair, "?");
        pair.client->script.ids[i] = messages[i].sent;
    }
    for (u32 i = 0; i < 6; i++)
        pair.client->script.ids[i] = messages[i].sent;
    i64 result = puppet_do(pair.client, puppet_wait_call(pair.client, 6, -1));
    TAP_OK(result == PUPPET_BLOCKED, "a wait for several ids blocks while none is ready");
    puppet_answer(pair.server, messages[4].taken, WEFT_OK, "");
    TAP_OK(puppet_finish(pair.client) == WEFT_EVENT_ANSWER &&
               pair.client->script.event.id == messages[4].sent,
           "and ends with the first that is");
    puppet_answer(pair.server, messages[3].taken, WEFT_OK, "");
    puppet_answer(pair.server, messages[1].taken, WEFT_OK, "");
    pair.client->script.ids[0] = messages[1].sent;
    pair.client->script.ids[1] = messages[3].sent;
    puppet_do(pair.client, puppet_wait_call(pair.client, 2, -1));
    TAP_OK(pair.client->script.event.id == messages[3].sent,
           "of several that are ready the earliest comes, whatever the order of the ids");
    pair.client->script.ids[0] = messages[1].sent;
    pair.client->script.ids[1] = messages[1].sent;
    TAP_OK(puppet_do(pair.client, puppet_wait_call(pair.client, 2, -1)) == WEFT_EVENT_ANSWER,
           "an id may be listed twice");
    PAIR_END();
}

static void test_one_bad_id_among_good(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    pair.client->script.ids[0] = message.sent;
    pair.client->script.ids[1] = 12345;
    TAP_OK(puppet_do(pair.client, puppet_wait_call(pair.client, 2, -1)) == PUPPET_BLOCKED,
           "an id that is none is passed over while another one may bring an event");
    puppet_answer(pair.server, message.taken, WEFT_OK, "");
    TAP_OK(puppet_finish(pair.client) == WEFT_EVENT_ANSWER &&
               pair.client->script.event.id == message.sent,
           "which ends the wait");
    PAIR_END();
}

static void test_id_counts(void)
{
    struct pair pair = pair_start();
    struct script_call call = puppet_wait_call(pair.client, 0, 0);
    call.arguments[0] = 0;
    call.arguments[1] = WEFT_IDS_MAX + 1;
    TAP_OK(puppet_do(pair.client, call) == -WEFT_INVALID, "more than WEFT_IDS_MAX ids are INVALID");
    call.arguments[1] = -1;
    TAP_OK(puppet_do(pair.client, call) == -WEFT_INVALID, "so is a negative count");
    call.arguments[1] = WEFT_IDS_MAX;
    TAP_OK(puppet_do(pair.client, call) == -WEFT_BAD_MESSAGE, "WEFT_IDS_MAX ids are looked at");
    PAIR_END();
}

static void test_withdrawn_by_id(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_wait_for(pair.server, message.taken, -1) == PUPPET_BLOCKED,
           "a handler can wait for a message that it has");
    puppet_withdraw(pair.client, message.sent);
    TAP_OK(puppet_finish(pair.server) == WEFT_EVENT_WITHDRAWN &&
               pair.server->script.event.id == message.taken,
           "and learns that it was taken back");
    PAIR_END();
}

static void test_settled_while_waited_for(void)
{
    struct pair pair = pair_start();
    struct puppet *other = puppet_thread(pair.server, 1);
    struct delivered message = pair_deliver(&pair, "?");
    puppet_wait_for(other, message.taken, -1);
    puppet_answer(pair.server, message.taken, WEFT_OK, "");
    TAP_OK(puppet_finish(other) == -WEFT_BAD_MESSAGE,
           "a thread that waits for a message that another thread answers is sent away");
    other = puppet_thread(pair.client, 1);
    message = pair_deliver(&pair, "?");
    puppet_wait_for(other, message.sent, -1);
    puppet_withdraw(pair.client, message.sent);
    TAP_OK(puppet_finish(other) == -WEFT_BAD_MESSAGE,
           "so is one that waits for an answer to what another thread takes back");
    PAIR_END();
}

static void test_threads_share_events(void)
{
    struct pair pair = pair_start();
    struct puppet *threads[3] = { pair.server, puppet_thread(pair.server, 1),
                                  puppet_thread(pair.server, 2) };
    for (u32 i = 0; i < 3; i++)
        puppet_wait(threads[i], -1);
    puppet_send(pair.client, pair.slot, "a", 0);
    world_settle();
    u32 idle = 0;
    for (u32 i = 0; i < 3; i++)
        idle += threads[i]->idle;
    TAP_OK(idle == 1, "one message ends one thread's wait");
    puppet_send(pair.client, pair.slot, "b", 0);
    puppet_send(pair.client, pair.slot, "c", 0);
    world_settle();
    u32 seen = 0;
    for (u32 i = 0; i < 3; i++)
        if (threads[i]->idle && threads[i]->script.event.size == 1)
            seen |= 1u << (threads[i]->script.received[0] - 'a');
    TAP_OK(seen == 7, "each thread gets another message");
    PAIR_END();
}

static void test_answer_goes_to_who_waits_for_it(void)
{
    struct pair pair = pair_start();
    struct puppet *any = puppet_thread(pair.client, 1);
    struct delivered message = pair_deliver(&pair, "?");
    puppet_wait(any, -1);
    puppet_wait_for(pair.client, message.sent, -1);
    puppet_answer(pair.server, message.taken, WEFT_OK, "");
    TAP_OK(puppet_finish(pair.client) == WEFT_EVENT_ANSWER,
           "an answer goes to the thread that waits for just it");
    TAP_OK(puppet_finish(any) == PUPPET_BLOCKED, "not to one that waits for anything");
    PAIR_END();
}

static void test_negative_deadlines(void)
{
    struct pair pair = pair_start();
    i64 result = puppet_wait(pair.client, INT64_MIN);
    TAP_OK(result == -WEFT_INVALID || result == WEFT_EVENT_NONE,
           "a deadline below -1 does not block");
    TAP_OK(puppet_wait(pair.client, INT64_MAX) == PUPPET_BLOCKED,
           "the last deadline there is blocks");
    world_run(SECOND);
    TAP_OK(puppet_finish(pair.client) == PUPPET_BLOCKED, "for long");
    PAIR_END();
}

static void tests(void)
{
    test_poll();
    test_blocks();
    test_deadline();
    test_event_before_deadline();
    test_many_deadlines();
    test_by_id();
    test_by_several_ids();
    test_one_bad_id_among_good();
    test_id_counts();
    test_withdrawn_by_id();
    test_settled_while_waited_for();
    test_threads_share_events();
    test_answer_goes_to_who_waits_for_it();
    test_negative_deadlines();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
