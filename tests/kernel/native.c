/* Native handlers: the same rules from the other side of the kernel's door. */
#include "tests/kernel/support/pair.h"

#include <string.h>

struct stage {
    struct recorder *recorder;
    struct puppet *client;
    i32 slot; /* to the recorder */
};

static struct stage stage_start(void)
{
    struct stage stage;
    bool started = world_start(&(struct world_options){ 0 });
    BASE_ASSERT(started);
    stage.recorder = recorder_create();
    recorder_bind(stage.recorder, silo_root(), ALPHA_ID);
    stage.client = pair_puppet();
    stage.slot = stage.client->slots[SLOT_ALPHA];
    return stage;
}

static void test_message(void)
{
    struct stage stage = stage_start();
    i64 id = puppet_send(stage.client, stage.slot, "hello", WEFT_WANT_ANSWER);
    const struct recorded *message = recorder_last(stage.recorder);
    TAP_OK(stage.recorder->message_count == 1 && message->id > 0 && message->badge == 0 &&
               message->interface == ALPHA_ID && message->sender == stage.client->id &&
               message->size == 5 && memcmp(message->body, "hello", 5) == 0,
           "a native handler gets a message with all that belongs to it");
    TAP_OK(recorder_answer(stage.recorder, message->id, "hi") == WEFT_OK &&
               pair_gets_answer(stage.client, id, WEFT_OK) && puppet_received(stage.client, "hi"),
           "and may answer it later, from any thread");
    TAP_OK(recorder_answer(stage.recorder, message->id, "hi") == WEFT_BAD_MESSAGE, "once");
    TAP_OK(recorder_answer(stage.recorder, 12345, "") == WEFT_BAD_MESSAGE &&
               recorder_answer(stage.recorder, 0, "") == WEFT_BAD_MESSAGE,
           "and nothing else");
    puppet_send(stage.client, stage.slot, "note", 0);
    TAP_OK(recorder_last(stage.recorder)->id == 0, "a message that wants no answer has id 0");
    PAIR_END();
}

static void test_other_natives_message(void)
{
    struct stage stage = stage_start();
    struct recorder *other = recorder_create();
    puppet_send(stage.client, stage.slot, "?", WEFT_WANT_ANSWER);
    i64 id = recorder_last(stage.recorder)->id;
    TAP_OK(recorder_answer(other, id, "lie") == WEFT_BAD_MESSAGE,
           "a native handler cannot answer another's message");
    TAP_OK(recorder_answer(stage.recorder, id, "truth") == WEFT_OK, "who still can");
    PAIR_END();
}

static void test_withdrawn(void)
{
    struct stage stage = stage_start();
    i64 id = puppet_send(stage.client, stage.slot, "?", WEFT_WANT_ANSWER);
    i64 taken = recorder_last(stage.recorder)->id;
    puppet_withdraw(stage.client, id);
    TAP_OK(stage.recorder->withdrawn_count == 1 && stage.recorder->withdrawn[0] == taken,
           "it is told of a withdrawal");
    TAP_OK(recorder_answer(stage.recorder, taken, "late") == WEFT_BAD_MESSAGE,
           "after which an answer is BAD_MESSAGE");
    puppet_send(stage.client, stage.slot, "?", WEFT_WANT_ANSWER);
    puppet_kill(stage.client);
    TAP_OK(stage.recorder->withdrawn_count == 2, "the death of the sender is one too");
    PAIR_END();
}

static void test_badges(void)
{
    struct stage stage = stage_start();
    i32 minted = 0;
    u64 badge = 0;
    TAP_OK(native_mint(stage.recorder->native, BETA_ID, 99, &minted) == STATUS_OK && minted > 0,
           "a native handler mints slots to itself");
    TAP_OK(native_slot_badge(stage.recorder->native, minted, &badge) && badge == 99,
           "and reads their badges");
    puppet_send(stage.client, stage.slot, "open", WEFT_WANT_ANSWER);
    TAP_OK(native_answer(stage.recorder->native, recorder_last(stage.recorder)->id, WEFT_OK,
                         BYTES_LITERAL(""), &minted, 1) == WEFT_OK &&
               !native_slot_badge(stage.recorder->native, minted, &badge),
           "gives them away");
    i32 slot = puppet_poll(stage.client).gifts[0];
    puppet_send(stage.client, slot, "read", 0);
    TAP_OK(recorder_last(stage.recorder)->badge == 99 &&
               recorder_last(stage.recorder)->interface == BETA_ID,
           "and gets messages on them");
    request_close(stage.client, slot);
    TAP_OK(stage.recorder->closed_count == 1 && stage.recorder->closed[0] == 99,
           "until the last is closed");
    PAIR_END();
}

static void test_mint_for(void)
{
    struct stage stage = stage_start();
    struct recorder *other = recorder_create();
    i32 slot = 0;
    TAP_OK(native_mint_for(other->native, stage.recorder->native, BETA_ID, 5, &slot) == STATUS_OK,
           "a native handler can hold slots that lead to another");
    u64 badge;
    TAP_OK(!native_slot_badge(other->native, slot, &badge), "whose badges it does not see");
    native_close(other->native, slot);
    world_settle();
    TAP_OK(stage.recorder->closed_count == 1 && stage.recorder->closed[0] == 5, "and closes them");
    native_close(other->native, slot);
    native_close(other->native, -1);
    world_settle();
    TAP_OK(stage.recorder->closed_count == 1, "once");
    PAIR_END();
}

static void test_destroyed(void)
{
    struct stage stage = stage_start();
    i64 id = puppet_send(stage.client, stage.slot, "?", WEFT_WANT_ANSWER);
    puppet_wait_for(stage.client, id, -1);
    recorder_destroy(stage.recorder);
    TAP_OK(puppet_finish(stage.client) == WEFT_EVENT_ANSWER &&
               stage.client->script.event.status == WEFT_GONE,
           "when a native handler goes, its unanswered messages are GONE");
    TAP_OK(puppet_send(stage.client, stage.slot, "?", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "and its binding leads to nobody");
    i64 waiting = puppet_send(stage.client, stage.slot, "next", WEFT_WANT_ANSWER);
    stage.recorder = recorder_create();
    recorder_bind(stage.recorder, silo_root(), ALPHA_ID);
    world_settle();
    TAP_OK(stage.recorder->message_count == 1 &&
               recorder_answer(stage.recorder, recorder_last(stage.recorder)->id, "!") == WEFT_OK &&
               pair_gets_answer(stage.client, waiting, WEFT_OK),
           "until the next one is bound, which gets what waited");
    PAIR_END();
}

static void test_badged_slot_of_the_destroyed(void)
{
    struct stage stage = stage_start();
    i32 minted;
    enum status status = native_mint(stage.recorder->native, BETA_ID, 1, &minted);
    puppet_send(stage.client, stage.slot, "open", WEFT_WANT_ANSWER);
    native_answer(stage.recorder->native, recorder_last(stage.recorder)->id, WEFT_OK,
                  BYTES_LITERAL(""), &minted, 1);
    i32 slot = puppet_poll(stage.client).gifts[0];
    recorder_destroy(stage.recorder);
    TAP_OK(status == STATUS_OK && puppet_send(stage.client, slot, "?", 0) == -WEFT_GONE,
           "a badged slot of a native handler that is gone is GONE");
    PAIR_END();
}

static void test_answer_limits(void)
{
    struct stage stage = stage_start();
    static u8 large[WEFT_BODY_MAX + 1];
    i32 none[WEFT_GIFTS_MAX + 1] = { 0 };
    i64 id = puppet_send(stage.client, stage.slot, "?", WEFT_WANT_ANSWER);
    struct native *native = stage.recorder->native;
    i64 taken = recorder_last(stage.recorder)->id;
    TAP_OK(native_answer(native, taken, WEFT_OK, (struct bytes){ large, sizeof(large) }, NULL, 0) ==
               WEFT_TOO_LARGE,
           "a native answer above WEFT_BODY_MAX is TOO_LARGE");
    TAP_OK(native_answer(native, taken, WEFT_OK, BYTES_LITERAL(""), none, WEFT_GIFTS_MAX + 1) ==
               WEFT_INVALID,
           "with more than WEFT_GIFTS_MAX gifts INVALID");
    TAP_OK(native_answer(native, taken, WEFT_OK, BYTES_LITERAL(""), none, 1) == WEFT_BAD_SLOT,
           "with a gift that is none BAD_SLOT");
    TAP_OK(native_answer(native, taken, WEFT_OK, (struct bytes){ large, WEFT_BODY_MAX }, NULL, 0) ==
               WEFT_OK,
           "and still answers after these");
    pair_gets_answer(stage.client, id, WEFT_OK);
    TAP_OK(stage.client->script.event.size == WEFT_BODY_MAX, "with WEFT_BODY_MAX bytes");
    PAIR_END();
}

static void test_large_bodies(void)
{
    struct stage stage = stage_start();
    struct script_call send = {
        .call = CALL_SEND,
        .arguments = { stage.slot, 0, PUPPET_MEMORY_BYTES, 0, 0, WEFT_WANT_ANSWER },
    };
    TAP_OK(puppet_do(stage.client, send) > 0 &&
               recorder_last(stage.recorder)->size == PUPPET_MEMORY_BYTES,
           "a native handler reads a large body where it is");
    struct puppet *thread = puppet_thread(stage.client, 1);
    TAP_OK(puppet_do(thread, send) > 0 &&
               recorder_last(stage.recorder)->size == PUPPET_MEMORY_BYTES,
           "of a process with several threads, which could change it, too");
    PAIR_END();
}

/* Reads a body twice, and lets others run in between. */
static bool read_the_same;

static void on_slow_message(void *context, const struct native_message *message)
{
    u8 first[8];
    (void)context;
    memcpy(first, message->body.data, sizeof(first));
    for (u32 i = 0; i < 20; i++)
        machine_relax(i);
    read_the_same = memcmp(first, message->body.data, sizeof(first)) == 0;
}

static void test_body_stands_still(void)
{
    static const struct native_operations operations = { .name = "slow",
                                                         .message = on_slow_message };
    struct pair pair = pair_start_with(&(struct simulate_options){ .cpu_count = 2, .seed = 5 });
    struct interface_key key = world_key(GAMMA_ID);
    struct native *native;
    bool ok = native_create(&operations, NULL, &native) == STATUS_OK &&
              native_bind(native, silo_root(), &key) == STATUS_OK;
    struct puppet *busy = puppet_thread(pair.client, 1);
    puppet_do(busy, (struct script_call){ .call = CALL_COMPUTE });
    puppet_do(pair.client,
              (struct script_call){
                  .call = CALL_SEND,
                  .arguments = { pair.client->slots[SLOT_GAMMA], PUPPET_AT(busy, progress), 8 },
              });
    world_run(50 * MILLISECOND);
    TAP_OK(ok && puppet_done(pair.client) && read_the_same,
           "nobody changes a body while a native handler reads it, not even another thread");
    native_destroy(native);
    PAIR_END();
}

int main(void)
{
    test_message();
    test_other_natives_message();
    test_withdrawn();
    test_badges();
    test_mint_for();
    test_destroyed();
    test_badged_slot_of_the_destroyed();
    test_answer_limits();
    test_large_bodies();
    test_body_stands_still();
    return tap_done();
}
