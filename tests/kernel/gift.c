/* Slots that travel with messages and answers. */
#include "tests/kernel/support/pair.h"

/* A slot of the server to itself, sent to the client as an answer's gift. */
static i32 give_client(struct pair *pair, u64 badge)
{
    struct delivered message = pair_deliver(pair, "open");
    i32 minted = (i32)request_mint(pair->server, BETA_ID, badge);
    puppet_answer_gifts(pair->server, message.taken, &minted, 1);
    return puppet_poll(pair->client).gifts[0];
}

static bool has_slot(struct puppet *puppet, i32 slot)
{
    i64 copy = request_copy(puppet, slot);
    if (copy > 0)
        request_close(puppet, (i32)copy);
    return copy > 0;
}

static void test_gift_moves(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 5);
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, &minted, 1, 0) == 0, "a slot can be given");
    TAP_OK(!has_slot(pair.client, minted), "it leaves the sender");
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.gift_count == 1 && has_slot(pair.server, event.gifts[0]), "and is the receiver's");
    puppet_send(pair.server, event.gifts[0], "back", 0);
    event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_MESSAGE && event.badge == 5 && event.interface == BETA_ID &&
               event.sender == pair.server->id,
           "it leads where it led, badge and interface unchanged");
    PAIR_END();
}

static void test_gift_with_answer(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 9);
    TAP_OK(slot > 0, "an answer can bring a slot");
    puppet_send(pair.client, slot, "read", 0);
    TAP_OK(puppet_poll(pair.server).badge == 9, "which leads to its maker, with its badge");
    PAIR_END();
}

static void test_gift_to_a_waiting_receiver(void)
{
    struct pair pair = pair_start();
    puppet_wait(pair.server, -1);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 6);
    puppet_send_gifts(pair.client, pair.slot, &minted, 1, 0);
    TAP_OK(puppet_finish(pair.server) == WEFT_EVENT_MESSAGE &&
               pair.server->script.event.gift_count == 1,
           "a receiver that waits already gets its gift with the event");
    TAP_OK(!has_slot(pair.client, minted), "and the sender has it no more");
    PAIR_END();
}

static void test_gift_is_copied(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 7);
    i32 gift = minted | WEFT_GIFT_COPY;
    puppet_send_gifts(pair.client, pair.slot, &gift, 1, 0);
    TAP_OK(has_slot(pair.client, minted), "a copied gift stays with the sender");
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.gift_count == 1 && has_slot(pair.server, event.gifts[0]),
           "and arrives all the same");
    request_close(pair.client, minted);
    puppet_send(pair.server, event.gifts[0], "still", 0);
    TAP_OK(puppet_poll(pair.client).badge == 7, "each of the two stands for itself");
    PAIR_END();
}

static void test_gift_counts(void)
{
    struct pair pair = pair_start();
    i32 gifts[WEFT_GIFTS_MAX + 1];
    for (u32 i = 0; i <= WEFT_GIFTS_MAX; i++)
        gifts[i] = (i32)request_mint(pair.client, BETA_ID, i);
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, gifts, WEFT_GIFTS_MAX + 1, 0) == -WEFT_INVALID,
           "more than WEFT_GIFTS_MAX gifts are INVALID");
    TAP_OK(has_slot(pair.client, gifts[0]) && pair_gets_nothing(pair.server), "none has moved");
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, gifts, WEFT_GIFTS_MAX, 0) == 0,
           "WEFT_GIFTS_MAX are not");
    struct weft_event event = puppet_poll(pair.server);
    bool in_order = event.gift_count == WEFT_GIFTS_MAX;
    for (u32 i = 0; i < WEFT_GIFTS_MAX && in_order; i++) {
        puppet_send(pair.server, event.gifts[i], "", 0);
        in_order = puppet_poll(pair.client).badge == i;
    }
    TAP_OK(in_order, "they arrive in order");
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { message.taken, 0, 0, 0,
                                                          PUPPET_AT(pair.server, gifts), -1 } }) ==
               -WEFT_INVALID,
           "a negative count is INVALID");
    PAIR_END();
}

static void test_bad_gifts(void)
{
    struct pair pair = pair_start();
    i32 good = (i32)request_mint(pair.client, BETA_ID, 1);
    const i32 bad[] = { 0, -1, 9999, INT32_MAX, INT32_MIN, WEFT_GIFT_COPY, 9999 | WEFT_GIFT_COPY };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(bad); i++) {
        i32 gifts[2] = { good, bad[i] };
        all = all && puppet_send_gifts(pair.client, pair.slot, gifts, 2, 0) == -WEFT_BAD_SLOT;
        all = all && has_slot(pair.client, good);
    }
    TAP_OK(all, "a gift that is no slot is BAD_SLOT, and the good one next to it has not moved");
    i32 twice[2] = { good, good };
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, twice, 2, 0) == -WEFT_BAD_SLOT &&
               has_slot(pair.client, good),
           "a slot cannot move twice in one message");
    i32 copy_and_move[2] = { good | WEFT_GIFT_COPY, good };
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, copy_and_move, 2, 0) == 0 &&
               puppet_poll(pair.server).gift_count == 2 && !has_slot(pair.client, good),
           "but be copied and moved in one");
    PAIR_END();
}

static void test_gift_of_the_slot_it_travels_on(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 3);
    TAP_OK(puppet_send_gifts(pair.client, slot, &slot, 1, 0) == 0,
           "a slot can be given to the one it leads to, over itself");
    struct weft_event event = puppet_poll(pair.server);
    u64 badge = 0;
    TAP_OK(event.gift_count == 1 && request_badge(pair.server, event.gifts[0], &badge) == 0 &&
               badge == 3,
           "who finds its own badge on it");
    TAP_OK(puppet_send(pair.client, slot, "", 0) == -WEFT_BAD_SLOT, "the giver has it no more");
    PAIR_END();
}

static void test_gift_to_self(void)
{
    struct pair pair = pair_start();
    i32 first = (i32)request_mint(pair.client, BETA_ID, 1);
    i32 second = (i32)request_mint(pair.client, BETA_ID, 2);
    puppet_send_gifts(pair.client, first, &second, 1, 0);
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.gift_count == 1 && has_slot(pair.client, event.gifts[0]),
           "a slot can travel in a message to oneself");
    puppet_send(pair.client, event.gifts[0], "", 0);
    TAP_OK(puppet_poll(pair.client).badge == 2, "and still works");
    PAIR_END();
}

static void test_gifts_of_a_withdrawn_message(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 4);
    i64 id = puppet_send_gifts(pair.client, pair.slot, &minted, 1, WEFT_WANT_ANSWER);
    puppet_withdraw(pair.client, id);
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 4,
           "gifts of a message that is taken back are gone");
    PAIR_END();
}

static void test_gift_waits_with_its_sender(void)
{
    struct pair pair = pair_start();
    struct script_call call = puppet_send_call(pair.client, pair.slot, "fill", 0);
    call.times = 256;
    puppet_do(pair.client, call);
    struct puppet *other = puppet_thread(pair.client, 1);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 8);
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, &minted, 1, 0) == PUPPET_BLOCKED,
           "a message with a gift waits for room like any other");
    TAP_OK(puppet_send(other, minted, "", 0) == -WEFT_BAD_SLOT,
           "the gift cannot be used meanwhile");
    TAP_OK(puppet_send_gifts(other, pair.client->slots[SLOT_ALPHA], &minted, 1, WEFT_NO_WAIT) ==
               -WEFT_BAD_SLOT,
           "nor given to somebody else");
    TAP_OK(pair_gets(pair.server, "fill") && puppet_finish(pair.client) == 0,
           "until the message finds room");
    PAIR_END();
}

static void test_gift_comes_back(void)
{
    struct pair pair = pair_start();
    i32 to_server = give_client(&pair, 11);
    struct script_call call = puppet_send_call(pair.client, pair.slot, "fill", 0);
    call.times = 256;
    puppet_do(pair.client, call);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 12);
    TAP_OK(puppet_send_gifts(pair.client, to_server, &minted, 1, 0) == PUPPET_BLOCKED,
           "a message waits for room on a badged slot");
    puppet_kill(pair.server);
    TAP_OK(puppet_finish(pair.client) == -WEFT_GONE, "its handler dies: GONE");
    TAP_OK(has_slot(pair.client, minted), "and the gift is the sender's again");
    PAIR_END();
}

static void test_gifts_to_native(void)
{
    struct pair pair = pair_start();
    struct recorder *recorder = recorder_create();
    recorder_bind(recorder, silo_root(), GAMMA_ID);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 21);
    TAP_OK(puppet_send_gifts(pair.client, pair.client->slots[SLOT_GAMMA], &minted, 1, 0) == 0 &&
               recorder_last(recorder)->gift_count == 1,
           "a native handler gets gifts");
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 21,
           "and those that it does not keep are closed");
    PAIR_END();
}

static void tests(void)
{
    test_gift_moves();
    test_gift_with_answer();
    test_gift_to_a_waiting_receiver();
    test_gift_is_copied();
    test_gift_counts();
    test_bad_gifts();
    test_gift_of_the_slot_it_travels_on();
    test_gift_to_self();
    test_gifts_of_a_withdrawn_message();
    test_gift_waits_with_its_sender();
    test_gift_comes_back();
    test_gifts_to_native();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
