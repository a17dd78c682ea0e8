/* Messages, answers and events: who gets what, in which order, with what in its record. */
#include "tests/kernel/support/pair.h"

#include "kernel/message.h"

#include <string.h>

static void test_message_record(void)
{
    struct pair pair = pair_start();
    i64 id = puppet_send(pair.client, pair.slot, "hello", WEFT_WANT_ANSWER);
    TAP_OK(id > 0, "a message that wants an answer has an id above 0");
    memset(&pair.server->script.event, 0xEE, sizeof(struct weft_event));
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.kind == WEFT_EVENT_MESSAGE, "its event is of kind MESSAGE");
    TAP_OK(event.id > 0, "its event has the id to answer");
    TAP_OK(event.status == WEFT_OK, "its event has no status");
    TAP_OK(event.badge == 0, "a binding's slot has badge 0");
    TAP_OK(event.interface == ALPHA_ID, "the interface is the first 8 bytes of the hash");
    TAP_OK(event.sender == pair.client->id, "the sender is the client's process");
    TAP_OK(event.sender_silo == silo_id_of(silo_root()).value, "its silo is told");
    TAP_OK(event.size == 5 && puppet_received(pair.server, "hello"), "the body arrives");
    TAP_OK(event.gift_count == 0, "no gifts came with it");
    PAIR_END();
}

static void test_answer_record(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "question");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "reply!") == WEFT_OK,
           "the handler can answer what was delivered to it");
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_ANSWER, "the sender gets an event of kind ANSWER");
    TAP_OK(event.id == message.sent, "with the id that send gave");
    TAP_OK(event.status == WEFT_OK, "with the status that the handler gave");
    TAP_OK(event.size == 6 && puppet_received(pair.client, "reply!"), "with the body");
    TAP_OK(event.gift_count == 0 && event.badge == 0, "without gifts and badge");
    TAP_OK(pair_gets_nothing(pair.client), "once");
    PAIR_END();
}

static void test_no_answer_wanted(void)
{
    struct pair pair = pair_start();
    TAP_OK(puppet_send(pair.client, pair.slot, "note", 0) == 0,
           "a message that wants no answer gives 0");
    TAP_OK(puppet_poll(pair.server).id == 0, "and has id 0 at the handler");
    TAP_OK(puppet_answer(pair.server, 0, WEFT_OK, "x") == -WEFT_BAD_MESSAGE,
           "id 0 cannot be answered");
    PAIR_END();
}

static void test_answer_status(void)
{
    struct pair pair = pair_start();
    bool all = true;
    for (i32 status = 0; status < WEFT_STATUS_COUNT; status++) {
        struct delivered message = pair_deliver(&pair, "?");
        all = all && puppet_answer(pair.server, message.taken, (enum weft_status)status, "b") == 0;
        all = all && pair_gets_answer(pair.client, message.sent, (enum weft_status)status);
    }
    TAP_OK(all, "every status arrives as it was given");
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { message.taken, WEFT_STATUS_COUNT } }) ==
                   -WEFT_INVALID &&
               puppet_do(pair.server, (struct script_call){ .call = CALL_ANSWER,
                                                            .arguments = { message.taken, -1 } }) ==
                   -WEFT_INVALID,
           "a status that is none is INVALID");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "") == 0,
           "and leaves the message to be answered");
    PAIR_END();
}

static void test_ids_are_not_reused(void)
{
    enum { ROUNDS = 300 };
    struct pair pair = pair_start();
    bool rising_or_new = true;
    i64 ids[ROUNDS];
    for (u32 i = 0; i < ROUNDS; i++) {
        ids[i] = puppet_send(pair.client, pair.slot, "x", WEFT_WANT_ANSWER);
        puppet_withdraw(pair.client, ids[i]);
        for (u32 j = 0; j < i; j++)
            rising_or_new = rising_or_new && ids[j] != ids[i];
    }
    TAP_OK(rising_or_new, "an id is never used again");
    TAP_OK(puppet_withdraw(pair.client, ids[0]) == -WEFT_BAD_MESSAGE, "an old id is no message");
    PAIR_END();
}

/* As after hours of nothing but messages in the same records. A puppet's first message takes the
 * record of the script that came before. */
static void test_ids_run_out(void)
{
    struct pair pair = pair_start();
    struct script_call send = puppet_send_call(pair.client, pair.slot, "x", WEFT_WANT_ANSWER);
    puppet_withdraw(pair.client, puppet_send(pair.client, pair.slot, "x", WEFT_WANT_ANSWER));
    for (struct message *spare = message_spares; spare != NULL; spare = spare->next_spare)
        spare->id |= INT64_MAX ^ ((1 << MESSAGE_INDEX_BITS) - 1);
    const struct message *spent = message_spares;
    puppet_add(pair.client, send);
    puppet_add(pair.client, send);
    puppet_play(pair.client);
    const struct script_call *calls = pair.client->script.calls;
    TAP_OK(spent != NULL && spent->id < 0 && spent->state == MESSAGE_FREE,
           "a record whose ids are used up is not used again");
    TAP_OK(calls[0].result > 0 && calls[1].result > 0 && pair_gets(pair.server, "x") &&
               pair_gets(pair.server, "x") &&
               puppet_answer(pair.server, pair.server->script.event.id, WEFT_OK, "") == WEFT_OK &&
               pair_gets_answer(pair.client, calls[1].result, WEFT_OK),
           "and the message in another one is as any");
    PAIR_END();
}

/* The kernel's record of the second message is the one that the first had. */
static void test_old_id_beside_a_new_message(void)
{
    struct pair pair = pair_start();
    struct script_call send = puppet_send_call(pair.client, pair.slot, "x", WEFT_WANT_ANSWER);
    const struct script_call withdraw_first = { .call = CALL_ANSWER, .refers = 1 };
    puppet_add(pair.client, send);
    puppet_add(pair.client, withdraw_first);
    puppet_add(pair.client, send);
    puppet_add(pair.client, withdraw_first);
    puppet_play(pair.client);
    const struct script_call *calls = pair.client->script.calls;
    TAP_OK(calls[1].result == WEFT_OK && calls[3].result == -WEFT_BAD_MESSAGE,
           "the id of a message that is gone is not that of the next one");
    TAP_OK(pair_gets(pair.server, "x") &&
               puppet_answer(pair.server, pair.server->script.event.id, WEFT_OK, "") == WEFT_OK &&
               pair_gets_answer(pair.client, calls[2].result, WEFT_OK),
           "which is as it was");
    PAIR_END();
}

static void test_settled_once(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_answer(pair.server, message.taken, WEFT_OK, "first");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "second") == -WEFT_BAD_MESSAGE,
           "a message cannot be answered twice");
    puppet_poll(pair.client);
    TAP_OK(puppet_received(pair.client, "first"), "the first answer stands");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "third") == -WEFT_BAD_MESSAGE,
           "not after the answer was taken either");
    TAP_OK(pair_gets_nothing(pair.client), "and nothing more arrives");
    PAIR_END();
}

static void test_only_the_receiver_answers(void)
{
    struct pair pair = pair_start();
    struct puppet *stranger = pair_puppet();
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_answer(stranger, message.taken, WEFT_OK, "lie") == -WEFT_BAD_MESSAGE,
           "a stranger cannot answer a message by its id");
    TAP_OK(puppet_wait_for(stranger, message.taken, 0) == -WEFT_BAD_MESSAGE, "nor wait for it");
    TAP_OK(puppet_wait_for(stranger, message.sent, 0) == -WEFT_BAD_MESSAGE, "nor for its answer");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "truth") == WEFT_OK,
           "the receiver still can");
    puppet_poll(pair.client);
    TAP_OK(puppet_received(pair.client, "truth"), "and its answer arrives");
    i64 queued = puppet_send(pair.client, pair.slot, "?", WEFT_WANT_ANSWER);
    TAP_OK(puppet_answer(pair.server, queued, WEFT_OK, "early") == -WEFT_BAD_MESSAGE,
           "nobody can answer what was not delivered to it yet");
    TAP_OK(pair_gets(pair.server, "?"), "which still arrives");
    PAIR_END();
}

static void test_bad_ids(void)
{
    struct pair pair = pair_start();
    static const i64 ids[] = { 0, -1, 1, 2, 3, INT64_MAX, INT64_MIN, 1 << 24, (i64)1 << 62 };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(ids); i++) {
        all = all && puppet_answer(pair.client, ids[i], WEFT_OK, "") == -WEFT_BAD_MESSAGE;
        all = all && puppet_wait_for(pair.client, ids[i], 0) == -WEFT_BAD_MESSAGE;
    }
    TAP_OK(all, "ids that nobody gave are BAD_MESSAGE");
    PAIR_END();
}

static void test_withdraw_queued(void)
{
    struct pair pair = pair_start();
    i64 id = puppet_send(pair.client, pair.slot, "never mind", WEFT_WANT_ANSWER);
    TAP_OK(puppet_withdraw(pair.client, id) == WEFT_OK,
           "the sender can take a queued message back");
    TAP_OK(pair_gets_nothing(pair.server), "the handler never sees it");
    TAP_OK(pair_gets_nothing(pair.client), "the sender gets no answer");
    TAP_OK(puppet_withdraw(pair.client, id) == -WEFT_BAD_MESSAGE, "it cannot be taken back twice");
    TAP_OK(puppet_wait_for(pair.client, id, -1) == -WEFT_BAD_MESSAGE, "nor waited for");
    PAIR_END();
}

static void test_withdraw_delivered(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "never mind");
    TAP_OK(puppet_withdraw(pair.client, message.sent) == WEFT_OK,
           "the sender can take a delivered message back");
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.kind == WEFT_EVENT_WITHDRAWN && event.id == message.taken,
           "the handler gets WITHDRAWN with its id");
    TAP_OK(event.size == 0 && event.gift_count == 0, "without a body");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "late") == -WEFT_BAD_MESSAGE,
           "the handler cannot answer it any more");
    TAP_OK(pair_gets_nothing(pair.client) && pair_gets_nothing(pair.server), "and that is all");
    PAIR_END();
}

static void test_withdraw_before_the_handler_knows(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_withdraw(pair.client, message.sent);
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "late") == -WEFT_BAD_MESSAGE,
           "an answer that crosses a withdrawal is BAD_MESSAGE");
    TAP_OK(puppet_poll(pair.server).kind == WEFT_EVENT_WITHDRAWN, "WITHDRAWN follows all the same");
    PAIR_END();
}

static void test_withdraw_answered(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_answer(pair.server, message.taken, WEFT_OK, "too late");
    TAP_OK(puppet_withdraw(pair.client, message.sent) == WEFT_OK,
           "an answer that was not taken yet can be refused by withdrawing");
    TAP_OK(pair_gets_nothing(pair.client), "and does not arrive then");
    TAP_OK(pair_gets_nothing(pair.server), "the handler is not told");
    PAIR_END();
}

static void test_order(void)
{
    struct pair pair = pair_start();
    struct puppet *third = pair_puppet();
    world_bind(silo_root(), BETA_ID, pair.client->process);
    struct delivered question = pair_deliver(&pair, "?");
    puppet_send(third, third->slots[SLOT_BETA], "one", 0);
    puppet_answer(pair.server, question.taken, WEFT_OK, "answer");
    puppet_send(third, third->slots[SLOT_BETA], "two", 0);
    TAP_OK(pair_gets(pair.client, "one") && pair_gets_answer(pair.client, question.sent, WEFT_OK) &&
               pair_gets(pair.client, "two"),
           "messages and answers come in the order in which they became ready");
    PAIR_END();
}

static void test_order_of_many(void)
{
    struct pair pair = pair_start();
    char text[2] = "a";
    bool all = true;
    for (u32 i = 0; i < 26; i++) {
        text[0] = (char)('a' + i);
        all = all && puppet_send(pair.client, pair.slot, text, 0) == 0;
    }
    for (u32 i = 0; i < 26; i++) {
        text[0] = (char)('a' + i);
        all = all && pair_gets(pair.server, text);
    }
    TAP_OK(all, "messages of one sender arrive in the order in which they were sent");
    PAIR_END();
}

static void test_message_to_self(void)
{
    struct pair pair = pair_start();
    i32 slot = (i32)request_mint(pair.client, BETA_ID, 77);
    TAP_OK(slot > 0, "a process can mint a slot to itself");
    i64 id = puppet_send(pair.client, slot, "note to self", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_MESSAGE && event.badge == 77 && event.interface == BETA_ID,
           "a message on it arrives with badge and interface");
    TAP_OK(event.sender == pair.client->id, "from itself");
    TAP_OK(puppet_answer(pair.client, event.id, WEFT_OK, "yes") == WEFT_OK,
           "it can be answered by itself");
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_OK), "to itself");
    id = puppet_send(pair.client, slot, "?", WEFT_WANT_ANSWER);
    TAP_OK(puppet_withdraw(pair.client, id) == WEFT_OK && pair_gets_nothing(pair.client),
           "or taken back while it is queued");
    PAIR_END();
}

static void test_flags(void)
{
    struct pair pair = pair_start();
    bool all = true;
    for (u32 bit = 2; bit < 32; bit++)
        all = all && puppet_send(pair.client, pair.slot, "x", 1u << bit) == -WEFT_INVALID;
    TAP_OK(all, "an unknown flag is INVALID");
    TAP_OK(pair_gets_nothing(pair.server), "and nothing is sent");
    PAIR_END();
}

static void test_slots(void)
{
    struct pair pair = pair_start();
    static const i32 slots[] = { 0, -1, 1000, INT32_MAX, INT32_MIN, WEFT_GIFT_COPY };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(slots); i++)
        all = all && puppet_send(pair.client, slots[i], "x", 0) == -WEFT_BAD_SLOT;
    TAP_OK(all, "a number that is no slot is BAD_SLOT");
    TAP_OK(puppet_send(pair.client, pair.slot | WEFT_GIFT_COPY, "x", 0) == -WEFT_BAD_SLOT,
           "the mark of a copied gift is no part of a slot to send on");
    bool same = true;
    for (u32 i = 0; i < SLOT_COUNT; i++)
        for (u32 j = 0; j < i; j++)
            same = same && pair.client->slots[i] != pair.client->slots[j];
    TAP_OK(same, "each imported interface has a slot of its own");
    PAIR_END();
}

static void tests(void)
{
    test_message_record();
    test_answer_record();
    test_no_answer_wanted();
    test_answer_status();
    test_ids_are_not_reused();
    test_ids_run_out();
    test_old_id_beside_a_new_message();
    test_settled_once();
    test_only_the_receiver_answers();
    test_bad_ids();
    test_withdraw_queued();
    test_withdraw_delivered();
    test_withdraw_before_the_handler_knows();
    test_withdraw_answered();
    test_order();
    test_order_of_many();
    test_message_to_self();
    test_flags();
    test_slots();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
