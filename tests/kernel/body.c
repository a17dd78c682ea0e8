/* Bodies of all sizes, and pointers that reach outside. */
#include "tests/kernel/support/pair.h"

enum {
    HIGH = PUPPET_MEMORY_BYTES, /* where grown memory begins */
    PAGE = 1 << 16,
    MANY_PAGES = WEFT_BODY_MAX / PAGE + 2,
};

static i64 grow(struct puppet *puppet, i64 pages)
{
    return puppet_do(puppet, (struct script_call){ .call = CALL_GROW, .arguments = { pages } });
}

static void fill(struct puppet *puppet, i64 size, i64 value)
{
    puppet_do(puppet,
              (struct script_call){ .call = CALL_FILL, .arguments = { HIGH, size, value } });
}

static bool check(struct puppet *puppet, i64 size, i64 value)
{
    return puppet_do(puppet, (struct script_call){ .call = CALL_CHECK,
                                                   .arguments = { HIGH, size, value } }) == 1;
}

static struct script_call send_high(i32 slot, i64 size, u32 flags)
{
    return (struct script_call){ .call = CALL_SEND,
                                 .arguments = { slot, HIGH, size, 0, 0, flags } };
}

static struct script_call wait_high(struct puppet *puppet, u32 id_count, i64 capacity)
{
    return (struct script_call){
        .call = CALL_WAIT,
        .arguments = { PUPPET_AT(puppet, ids), id_count, PUPPET_AT(puppet, event), HIGH, capacity,
                       -1 },
    };
}

static bool travels(struct pair *pair, i64 size, bool receiver_waits)
{
    fill(pair->client, size, size);
    fill(pair->server, size + 1, 0);
    if (receiver_waits)
        puppet_do(pair->server, wait_high(pair->server, 0, size));
    i64 id = puppet_do(pair->client, send_high(pair->slot, size, WEFT_WANT_ANSWER));
    i64 kind = receiver_waits ? puppet_finish(pair->server)
                              : puppet_do(pair->server, wait_high(pair->server, 0, size));
    if (id <= 0 || kind != WEFT_EVENT_MESSAGE || pair->server->script.event.size != size ||
        !check(pair->server, size, size))
        return false;
    i64 taken = pair->server->script.event.id;
    fill(pair->server, size, size + 3);
    pair->client->script.ids[0] = id;
    if (receiver_waits)
        puppet_do(pair->client, wait_high(pair->client, 1, size));
    puppet_do(pair->server, (struct script_call){ .call = CALL_ANSWER,
                                                  .arguments = { taken, 0, HIGH, size, 0, 0 } });
    kind = receiver_waits ? puppet_finish(pair->client)
                          : puppet_do(pair->client, wait_high(pair->client, 0, size));
    return kind == WEFT_EVENT_ANSWER && pair->client->script.event.size == size &&
           check(pair->client, size, size + 3);
}

static void test_sizes(void)
{
    static const i64 sizes[] = { 0,    1,    7,    127,  128,  129,   1023,  1024,
                                 1025, 4095, 4096, 4097, 8192, 65535, 65536, 300001 };
    struct pair pair = pair_start();
    grow(pair.client, 8);
    grow(pair.server, 8);
    bool queued = true, straight = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(sizes); i++) {
        queued = queued && travels(&pair, sizes[i], false);
        straight = straight && travels(&pair, sizes[i], true);
    }
    TAP_OK(queued, "bodies of all sizes arrive through the queue, questions and answers");
    TAP_OK(straight, "and when the receiver waits already");
    PAIR_END();
}

static void test_largest(void)
{
    struct pair pair = pair_start();
    TAP_OK(grow(pair.client, MANY_PAGES) > 0 && grow(pair.server, MANY_PAGES) > 0,
           "puppets can have 64 MiB");
    TAP_OK(puppet_do(pair.client, send_high(pair.slot, WEFT_BODY_MAX + 1, 0)) == -WEFT_TOO_LARGE,
           "a body of WEFT_BODY_MAX and a byte is TOO_LARGE");
    TAP_OK(pair_gets_nothing(pair.server), "and not sent");
    TAP_OK(puppet_do(pair.client, send_high(pair.slot, WEFT_BODY_MAX, WEFT_WANT_ANSWER)) > 0,
           "one of WEFT_BODY_MAX is sent");
    TAP_OK(puppet_do(pair.server, wait_high(pair.server, 0, WEFT_BODY_MAX)) == WEFT_EVENT_MESSAGE &&
               pair.server->script.event.size == WEFT_BODY_MAX,
           "and arrives");
    i64 id = pair.server->script.event.id;
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { id, 0, HIGH, WEFT_BODY_MAX + 1 } }) ==
               -WEFT_TOO_LARGE,
           "an answer above it is TOO_LARGE");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { id, 0, HIGH, WEFT_BODY_MAX } }) ==
               WEFT_OK,
           "one of it is not");
    TAP_OK(puppet_do(pair.client, wait_high(pair.client, 0, WEFT_BODY_MAX)) == WEFT_EVENT_ANSWER,
           "and arrives");
    PAIR_END();
}

static void test_too_large_stays_queued(void)
{
    struct pair pair = pair_start();
    puppet_send(pair.client, pair.slot, "0123456789", WEFT_WANT_ANSWER);
    puppet_send(pair.client, pair.slot, "next", 0);
    struct script_call call = puppet_wait_call(pair.server, 0, -1);
    call.arguments[4] = 9;
    bool twice = true;
    for (u32 i = 0; i < 2; i++) {
        pair.server->script.event = (struct weft_event){ 0 };
        twice = twice && puppet_do(pair.server, call) == -WEFT_TOO_LARGE;
        twice = twice && pair.server->script.event.size == 10;
    }
    TAP_OK(twice, "a body above the capacity is TOO_LARGE, its size is told, as often as one asks");
    TAP_OK(pair.server->script.event.kind == WEFT_EVENT_MESSAGE &&
               pair.server->script.event.sender == pair.client->id,
           "the rest of the record is there too");
    call.arguments[4] = 10;
    TAP_OK(puppet_do(pair.server, call) == WEFT_EVENT_MESSAGE &&
               puppet_received(pair.server, "0123456789"),
           "it stays first until there is room for it");
    TAP_OK(pair_gets(pair.server, "next"), "then the next comes");
    PAIR_END();
}

static void test_too_large_keeps_its_gifts(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 1);
    struct script_call send = puppet_send_call(pair.client, pair.slot, "large", 0);
    pair.client->script.gifts[0] = minted;
    send.arguments[3] = PUPPET_AT(pair.client, gifts);
    send.arguments[4] = 1;
    puppet_do(pair.client, send);
    struct script_call call = puppet_wait_call(pair.server, 0, -1);
    call.arguments[4] = 0;
    for (u32 i = 0; i < 3; i++)
        puppet_do(pair.server, call);
    TAP_OK(puppet_poll(pair.server).gift_count == 1,
           "the gifts of a body that was too large come with it at last");
    PAIR_END();
}

static void test_too_large_is_refused(void)
{
    struct pair pair = pair_start();
    i64 asked = puppet_send(pair.client, pair.slot, "0123456789", WEFT_WANT_ANSWER);
    puppet_send(pair.client, pair.slot, "0123456789", 0);
    puppet_send(pair.client, pair.slot, "next", 0);
    struct script_call call = puppet_wait_call(pair.server, 0, -1);
    call.arguments[4] = 9;
    puppet_do(pair.server, call);
    i64 first = pair.server->script.event.id;
    TAP_OK(puppet_answer(pair.server, first, WEFT_OK, "") == -WEFT_BAD_MESSAGE,
           "what was not read cannot be answered as if it were");
    TAP_OK(puppet_answer(pair.server, first, WEFT_TOO_LARGE, "") == 0 &&
               pair_gets_answer(pair.client, asked, WEFT_TOO_LARGE),
           "but it can be refused, and the sender hears why");
    puppet_do(pair.server, call);
    i64 second = pair.server->script.event.id;
    TAP_OK(second != 0 && second != first &&
               puppet_answer(pair.server, second, WEFT_TOO_LARGE, "") == 0 &&
               puppet_answer(pair.server, second, WEFT_TOO_LARGE, "") == -WEFT_BAD_MESSAGE,
           "so can one that wants no answer, once");
    TAP_OK(pair_gets(pair.server, "next"), "then the next comes");
    PAIR_END();
}

static void test_too_large_while_waiting(void)
{
    struct pair pair = pair_start();
    struct script_call call = puppet_wait_call(pair.server, 0, -1);
    call.arguments[4] = 3;
    puppet_do(pair.server, call);
    puppet_send(pair.client, pair.slot, "four", 0);
    TAP_OK(puppet_finish(pair.server) == -WEFT_TOO_LARGE && pair.server->script.event.size == 4,
           "one who waits already is told the same");
    TAP_OK(pair_gets(pair.server, "four"), "and can take it then");
    struct delivered message = pair_deliver(&pair, "?");
    pair.client->script.ids[0] = message.sent;
    call = puppet_wait_call(pair.client, 1, -1);
    call.arguments[4] = 0;
    puppet_do(pair.client, call);
    puppet_answer(pair.server, message.taken, WEFT_OK, "x");
    TAP_OK(puppet_finish(pair.client) == -WEFT_TOO_LARGE &&
               puppet_wait_for(pair.client, message.sent, -1) == WEFT_EVENT_ANSWER &&
               puppet_received(pair.client, "x"),
           "so is one who waits for an answer");
    PAIR_END();
}

/* From one thread's memory into the same of another. */
static void test_overlap(void)
{
    struct pair pair = pair_start();
    struct puppet *thread = puppet_thread(pair.client, 1);
    i32 slot = (i32)request_mint(pair.client, BETA_ID, 1);
    grow(pair.client, 2);
    fill(pair.client, 3 * PAGE / 2, 7);
    bool all = true;
    for (i64 size = 100; size <= PAGE; size *= 8) {
        puppet_do(thread, wait_high(thread, 0, size));
        struct script_call send = send_high(slot, size, 0);
        send.arguments[1] = HIGH + 10;
        all = all && puppet_do(pair.client, send) == 0;
        all = all && puppet_finish(thread) == WEFT_EVENT_MESSAGE && check(pair.client, size, 17);
        fill(pair.client, size + 100, 7);
    }
    TAP_OK(all, "a body may overlap the place where it is received");
    PAIR_END();
}

/* ---- Pointers ---- */

enum { END = PUPPET_MEMORY_BYTES };

static void test_send_pointers(void)
{
    struct pair pair = pair_start();
    static const i64 bad[][2] = {
        { END - 3, 4 }, { END, 1 },        { 0, END + 1 }, { -1, 1 },
        { -4, 8 },      { INT32_MIN, 16 }, { 1, END },
    };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(bad); i++)
        all = all && puppet_do(pair.client,
                               (struct script_call){ .call = CALL_SEND,
                                                     .arguments = { pair.slot, bad[i][0], bad[i][1],
                                                                    0, 0, 0 } }) == -WEFT_FAULT;
    TAP_OK(all, "send: a body that reaches outside of memory is FAULT");
    TAP_OK(puppet_do(pair.client, (struct script_call){ .call = CALL_SEND,
                                                        .arguments = { pair.slot, 0, 0, END - 3, 1,
                                                                       0 } }) == -WEFT_FAULT,
           "gifts too");
    TAP_OK(pair_gets_nothing(pair.server), "nothing is sent");
    TAP_OK(puppet_do(pair.client,
                     (struct script_call){ .call = CALL_SEND,
                                           .arguments = { pair.slot, END - 4, 4, 0, 0, 0 } }) == 0,
           "a body up to the last byte is fine");
    TAP_OK(puppet_do(pair.client,
                     (struct script_call){ .call = CALL_SEND,
                                           .arguments = { pair.slot, END, 0, END, 0, 0 } }) == 0,
           "so is nothing at the end");
    puppet_do(pair.client, (struct script_call){ .call = CALL_WRITE, .arguments = { END - 8, 0 } });
    TAP_OK(puppet_do(pair.client, (struct script_call){ .call = CALL_SEND,
                                                        .arguments = { pair.slot, 0, 0, END - 4, 1,
                                                                       0 } }) == -WEFT_BAD_SLOT,
           "gifts up to the last byte are read");
    PAIR_END();
}

static void test_answer_pointers(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_do(pair.server, (struct script_call){ .call = CALL_ANSWER,
                                                        .arguments = { message.taken, 0, END - 3,
                                                                       4 } }) == -WEFT_FAULT,
           "answer: a body that reaches outside of memory is FAULT");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { message.taken, 0, 0, 0, END - 3, 1 } }) ==
               -WEFT_FAULT,
           "gifts too");
    TAP_OK(pair_gets_nothing(pair.client), "nothing is answered");
    TAP_OK(puppet_do(pair.server, (struct script_call){ .call = CALL_ANSWER,
                                                        .arguments = { message.taken, 0, END - 4,
                                                                       4 } }) == WEFT_OK,
           "a body up to the last byte is fine");
    i64 id = puppet_send(pair.client, pair.slot, "", WEFT_WANT_ANSWER);
    TAP_OK(puppet_do(pair.client,
                     (struct script_call){ .call = CALL_ANSWER,
                                           .arguments = { id, 99, END, 99, END, 99 } }) == WEFT_OK,
           "a withdrawal ignores all but the id");
    PAIR_END();
}

static i64 wait_at(struct puppet *puppet, i64 ids, i64 id_count, i64 event, i64 body)
{
    return puppet_do(puppet,
                     (struct script_call){ .call = CALL_WAIT,
                                           .arguments = { ids, id_count, event, body, 4, 0 } });
}

static void test_wait_pointers(void)
{
    struct pair pair = pair_start();
    struct puppet *server = pair.server;
    i64 event = PUPPET_AT(server, event);
    puppet_send(pair.client, pair.slot, "text", 0);
    TAP_OK(wait_at(server, END - 7, 1, event, 0) == -WEFT_FAULT,
           "wait: ids that reach outside of memory are FAULT");
    TAP_OK(wait_at(server, 0, 0, END - 87, 1024) == -WEFT_FAULT, "so is the record");
    TAP_OK(wait_at(server, 0, 0, -1, 1024) == -WEFT_FAULT, "anywhere");
    TAP_OK(wait_at(server, 0, 0, event, END - 3) == -WEFT_FAULT, "and room for the body");
    puppet_do(server, (struct script_call){ .call = CALL_WRITE, .arguments = { END - 8, 99 } });
    TAP_OK(wait_at(server, END - 8, 1, event, END - 4) == -WEFT_BAD_MESSAGE,
           "ids up to the last byte are read");
    TAP_OK(wait_at(server, 0, 0, END - 88, 1024) == WEFT_EVENT_MESSAGE,
           "a record up to the last byte is written, and nothing was lost before");
    TAP_OK(puppet_do(server,
                     (struct script_call){ .call = CALL_READ, .arguments = { END - 88 + 32 } }) ==
               (i64)pair.client->id,
           "where it should be");
    puppet_send(pair.client, pair.slot, "text", 0);
    TAP_OK(wait_at(server, 0, 0, event, END - 4) == WEFT_EVENT_MESSAGE &&
               puppet_do(server,
                         (struct script_call){ .call = CALL_READ, .arguments = { END - 8 } }) >>
                       32 ==
                   0x74786574,
           "a body up to the last byte too");
    puppet_send(pair.client, pair.slot, "abcd", 0);
    TAP_OK(wait_at(server, 0, 0, event + 1, 1025) == WEFT_EVENT_MESSAGE,
           "no alignment is asked for");
    PAIR_END();
}

int main(void)
{
    test_sizes();
    test_largest();
    test_too_large_stays_queued();
    test_too_large_keeps_its_gifts();
    test_too_large_is_refused();
    test_too_large_while_waiting();
    test_overlap();
    test_send_pointers();
    test_answer_pointers();
    test_wait_pointers();
    return tap_done();
}
