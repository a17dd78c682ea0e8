/* Queues that are full, handlers that are not there, and rings of processes that wait for each
 * other. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

/* As many messages as one receiver's queue holds. */
static i64 fill(struct puppet *puppet, i32 slot)
{
    struct script_call call = puppet_send_call(puppet, slot, "fill", 0);
    call.times = QUEUE_MAX;
    return puppet_do(puppet, call);
}

static void test_no_wait_and_nobody(void)
{
    struct pair pair = pair_start();
    struct interface_key beta = world_key(BETA_ID);
    i64 status = silo_set_verdict(silo_root(), &beta, VERDICT_ALLOW);
    TAP_OK(status == STATUS_OK && puppet_send(pair.client, pair.client->slots[SLOT_BETA], "x",
                                              WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "NO_WAIT without a handler is WOULD_BLOCK");
    world_bind(silo_root(), BETA_ID, pair.server->process);
    TAP_OK(pair_gets_nothing(pair.server), "and nothing was sent");
    TAP_OK(puppet_send(pair.client, pair.client->slots[SLOT_BETA], "y", WEFT_NO_WAIT) == 0 &&
               pair_gets(pair.server, "y"),
           "with a handler it is sent");
    PAIR_END();
}

static void test_wait_for_a_handler(void)
{
    struct pair pair = pair_start();
    struct interface_key beta = world_key(BETA_ID);
    i64 status = silo_set_verdict(silo_root(), &beta, VERDICT_ALLOW);
    i64 id = puppet_send(pair.client, pair.client->slots[SLOT_BETA], "early", WEFT_WANT_ANSWER);
    TAP_OK(status == STATUS_OK && id != PUPPET_BLOCKED && id > 0,
           "a message can be sent before its handler is there");
    world_bind(silo_root(), BETA_ID, pair.server->process);
    TAP_OK(pair_gets(pair.server, "early"), "and reaches it when it is bound");
    TAP_OK(puppet_answer(pair.server, pair.server->script.event.id, WEFT_OK, "here") == WEFT_OK &&
               pair_gets_answer(pair.client, id, WEFT_OK),
           "which can answer it");
    PAIR_END();
}

static void test_wait_for_a_handler_is_bounded(void)
{
    struct pair pair = pair_start();
    struct interface_key beta = world_key(BETA_ID);
    i64 status = silo_set_verdict(silo_root(), &beta, VERDICT_ALLOW);
    i32 slot = pair.client->slots[SLOT_BETA];
    TAP_OK(status == STATUS_OK && fill(pair.client, slot) == 0,
           "as many messages wait for a handler as a queue holds");
    TAP_OK(puppet_send(pair.client, slot, "one more", 0) == PUPPET_BLOCKED,
           "the sender of one more blocks");
    world_bind(silo_root(), BETA_ID, pair.server->process);
    TAP_OK(puppet_finish(pair.client) == 0 || puppet_finish(pair.client) == PUPPET_BLOCKED,
           "until there is a handler");
    bool all = true;
    for (u32 i = 0; i < QUEUE_MAX; i++)
        all = all && pair_gets(pair.server, "fill");
    TAP_OK(all && pair_gets(pair.server, "one more"), "which gets all of them, in order");
    TAP_OK(puppet_finish(pair.client) == 0, "and the sender goes on");
    PAIR_END();
}

static void test_back_pressure(void)
{
    struct pair pair = pair_start();
    TAP_OK(fill(pair.client, pair.slot) == 0, "a queue takes QUEUE_MAX messages");
    TAP_OK(puppet_send(pair.client, pair.slot, "no", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "with NO_WAIT one more is WOULD_BLOCK");
    TAP_OK(puppet_send(pair.client, pair.slot, "late", WEFT_WANT_ANSWER) == PUPPET_BLOCKED,
           "without, its sender blocks");
    world_run((u64)3600 * SECOND);
    TAP_OK(puppet_finish(pair.client) == PUPPET_BLOCKED, "for as long as there is no room");
    pair_gets(pair.server, "fill");
    i64 id = puppet_finish(pair.client);
    TAP_OK(id > 0, "and goes on when the handler takes one");
    bool all = true;
    for (u32 i = 1; i < QUEUE_MAX; i++)
        all = all && pair_gets(pair.server, "fill");
    TAP_OK(all && pair_gets(pair.server, "late"), "the order stays");
    puppet_answer(pair.server, pair.server->script.event.id, WEFT_OK, "");
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_OK), "and the late one can be answered");
    PAIR_END();
}

static void test_blocked_senders_keep_their_order(void)
{
    enum { SENDERS = 5 };
    struct puppet *senders[SENDERS];
    char text[2] = "0";
    struct pair pair = pair_start();
    fill(pair.client, pair.slot);
    for (u32 i = 0; i < SENDERS; i++) {
        senders[i] = pair_puppet();
        text[0] = (char)('0' + i);
        puppet_send(senders[i], senders[i]->slots[SLOT_ALPHA], text, 0);
    }
    bool one_by_one = true;
    for (u32 i = 0; i < SENDERS; i++) {
        pair_gets(pair.server, "fill");
        for (u32 j = 0; j < SENDERS; j++)
            one_by_one = one_by_one && puppet_done(senders[j]) == (j <= i);
    }
    TAP_OK(one_by_one, "each message taken lets the sender in that blocked first");
    TAP_OK(puppet_send(pair.client, pair.slot, "x", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "nobody overtakes them");
    PAIR_END();
}

static void test_withdrawal_makes_room(void)
{
    struct pair pair = pair_start();
    i64 id = puppet_send(pair.client, pair.slot, "first", WEFT_WANT_ANSWER);
    struct script_call call = puppet_send_call(pair.client, pair.slot, "fill", 0);
    call.times = QUEUE_MAX - 1;
    puppet_do(pair.client, call);
    struct puppet *other = pair_puppet();
    puppet_send(other, other->slots[SLOT_ALPHA], "late", 0);
    puppet_withdraw(pair.client, id);
    TAP_OK(puppet_finish(other) == 0, "a message that is taken back leaves its room to another");
    PAIR_END();
}

static void test_answers_never_block(void)
{
    struct pair pair = pair_start();
    struct delivered question = pair_deliver(&pair, "?");
    world_bind(silo_root(), BETA_ID, pair.client->process);
    fill(pair.server, pair.server->slots[SLOT_BETA]);
    TAP_OK(puppet_answer(pair.server, question.taken, WEFT_OK, "!") == WEFT_OK,
           "an answer finds room where a message would not");
    TAP_OK(puppet_wait_for(pair.client, question.sent, -1) == WEFT_EVENT_ANSWER, "and arrives");
    PAIR_END();
}

static void test_killed_sender_leaves_the_backlog(void)
{
    struct pair pair = pair_start();
    fill(pair.client, pair.slot);
    struct puppet *other = pair_puppet();
    puppet_send(other, other->slots[SLOT_ALPHA], "from the dead", WEFT_WANT_ANSWER);
    puppet_kill(other);
    TAP_OK(other->ended, "a process that is blocked in send can be killed");
    for (u32 i = 0; i < QUEUE_MAX; i++)
        pair_gets(pair.server, "fill");
    TAP_OK(pair_gets_nothing(pair.server), "its message is never delivered");
    PAIR_END();
}

/* ---- Rings ---- */

enum { RING_MAX = 5 };

struct ring {
    struct puppet *puppets[RING_MAX];
    i32 next[RING_MAX]; /* slot of each to the next one */
    u32 count;
};

/* Slots from each to the next, minted by the next and given. */
static void ring_start(struct ring *ring, u32 count)
{
    world_start(&(struct world_options){ 0 });
    ring->count = count;
    for (u32 i = 0; i < count; i++)
        ring->puppets[i] = pair_puppet();
    for (u32 i = 0; i < count; i++) {
        struct puppet *next = ring->puppets[(i + 1) % count];
        world_bind(silo_root(), ALPHA_ID, ring->puppets[i]->process);
        i32 minted = (i32)request_mint(next, BETA_ID, i);
        puppet_send_gifts(next, next->slots[SLOT_ALPHA], &minted, 1, 0);
        ring->next[i] = puppet_poll(ring->puppets[i]).gifts[0];
    }
}

static i64 ring_send(struct ring *ring, u32 from)
{
    return puppet_send(ring->puppets[from], ring->next[from], "round", 0);
}

static void test_ring_of_senders(u32 count, const char *name)
{
    struct ring ring;
    ring_start(&ring, count);
    for (u32 i = 0; i < count; i++)
        fill(ring.puppets[i], ring.next[i]);
    bool all = true;
    for (u32 i = 0; i + 1 < count; i++)
        all = all && ring_send(&ring, i) == PUPPET_BLOCKED;
    TAP_OK(all, "processes may block in send to the next, as long as one does not");
    TAP_OK(ring_send(&ring, count - 1) == -WEFT_DEADLOCK, name);
    TAP_OK(pair_gets(ring.puppets[count - 1], "fill"), "and leaves it free to take a message");
    TAP_OK(puppet_finish(ring.puppets[count - 2]) == 0, "so that the others go on");
    PAIR_END();
}

static void test_own_full_queue(void)
{
    struct ring ring;
    ring_start(&ring, 1);
    fill(ring.puppets[0], ring.next[0]);
    TAP_OK(ring_send(&ring, 0) == -WEFT_DEADLOCK,
           "a process cannot wait for room in its own queue");
    PAIR_END();
}

static void test_ring_with_a_second_thread(void)
{
    struct ring ring;
    ring_start(&ring, 2);
    struct puppet *helper = puppet_thread(ring.puppets[0], 1);
    fill(ring.puppets[0], ring.next[0]);
    fill(ring.puppets[1], ring.next[1]);
    ring_send(&ring, 0);
    TAP_OK(ring_send(&ring, 1) == PUPPET_BLOCKED,
           "no ring is closed while another thread can take a message");
    TAP_OK(pair_gets(helper, "fill") && puppet_finish(ring.puppets[1]) == 0,
           "which then lets the sender go on");
    PAIR_END();
}

static void test_ring_with_a_deadline(void)
{
    struct ring ring;
    ring_start(&ring, 2);
    fill(ring.puppets[0], ring.next[0]);
    i64 id = puppet_send(ring.puppets[1], ring.next[1], "?", WEFT_WANT_ANSWER);
    puppet_wait_for(ring.puppets[1], id, (i64)(simulate_now() + MILLISECOND));
    TAP_OK(ring_send(&ring, 0) == PUPPET_BLOCKED, "a wait with a deadline closes no ring");
    world_run(2 * MILLISECOND);
    TAP_OK(puppet_done(ring.puppets[1]) && ring.puppets[1]->result == WEFT_EVENT_NONE,
           "since it ends by itself");
    PAIR_END();
}

static void test_ring_of_waiters(void)
{
    struct ring ring;
    ring_start(&ring, 2);
    i64 first = puppet_send(ring.puppets[0], ring.next[0], "?", WEFT_WANT_ANSWER);
    i64 second = puppet_send(ring.puppets[1], ring.next[1], "?", WEFT_WANT_ANSWER);
    TAP_OK(puppet_wait_for(ring.puppets[0], first, -1) == PUPPET_BLOCKED,
           "a process may wait for another's answer");
    TAP_OK(puppet_wait_for(ring.puppets[1], second, -1) == -WEFT_DEADLOCK,
           "but not both for each other's, for ever and for nothing else");
    TAP_OK(puppet_wait(ring.puppets[1], -1) == WEFT_EVENT_MESSAGE, "who can still take messages");
    PAIR_END();
}

static void tests(void)
{
    test_no_wait_and_nobody();
    test_wait_for_a_handler();
    test_wait_for_a_handler_is_bounded();
    test_back_pressure();
    test_blocked_senders_keep_their_order();
    test_withdrawal_makes_room();
    test_answers_never_block();
    test_killed_sender_leaves_the_backlog();
    test_own_full_queue();
    test_ring_of_senders(2, "the one who would close a ring of two gets DEADLOCK");
    test_ring_of_senders(5, "the one who would close a ring of five gets DEADLOCK");
    test_ring_with_a_second_thread();
    test_ring_with_a_deadline();
    test_ring_of_waiters();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
