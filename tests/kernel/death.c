/* What is left when a process dies: GONE for who waits for it, CLOSED for whose slots it held, and
 * nothing of itself. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

/* A slot of the server to itself, given to the client. */
static i32 give_client(struct pair *pair, u64 badge)
{
    struct delivered message = pair_deliver(pair, "open");
    i32 minted = (i32)request_mint(pair->server, BETA_ID, badge);
    puppet_answer_gifts(pair->server, message.taken, &minted, 1);
    return puppet_poll(pair->client).gifts[0];
}

static void test_gone_when_delivered(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_kill(pair.server);
    TAP_OK(pair.server->ended && pair.server->end_kind == PROCESS_END_KILLED,
           "a process can be killed");
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_ANSWER && event.id == message.sent &&
               event.status == WEFT_GONE && event.size == 0,
           "a message that it had not answered is answered GONE");
    TAP_OK(pair_gets_nothing(pair.client), "once");
    PAIR_END();
}

static void test_gone_while_waited_for(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_wait_for(pair.client, message.sent, -1);
    puppet_kill(pair.server);
    TAP_OK(puppet_finish(pair.client) == WEFT_EVENT_ANSWER &&
               pair.client->script.event.status == WEFT_GONE,
           "GONE ends a wait for the answer at once");
    PAIR_END();
}

static void test_gone_when_queued(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 1);
    i64 id = puppet_send(pair.client, slot, "never seen", WEFT_WANT_ANSWER);
    puppet_kill(pair.server);
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_GONE),
           "a message that it had not even taken is answered GONE");
    PAIR_END();
}

static void test_gone_when_trapped(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_do(pair.server, (struct script_call){ .call = CALL_TRAP }) == PUPPET_ENDED &&
               pair.server->end_kind == PROCESS_END_TRAPPED &&
               pair.server->trap == TRAP_UNREACHABLE,
           "a trap ends the process");
    TAP_OK(pair_gets_answer(pair.client, message.sent, WEFT_GONE), "its messages are GONE");
    PAIR_END();
}

static void test_gone_when_it_returns(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    TAP_OK(puppet_do(pair.server, (struct script_call){ .call = CALL_RETURN }) == PUPPET_ENDED &&
               pair.server->end_kind == PROCESS_END_EXITED && pair.server->exit_status == 0,
           "the return of its main function ends the process");
    TAP_OK(pair_gets_answer(pair.client, message.sent, WEFT_GONE), "its messages are GONE");
    PAIR_END();
}

static void test_answered_stays_answered(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_answer(pair.server, message.taken, WEFT_OK, "last words");
    puppet_kill(pair.server);
    TAP_OK(pair_gets_answer(pair.client, message.sent, WEFT_OK) &&
               puppet_received(pair.client, "last words"),
           "an answer outlives its author");
    TAP_OK(pair_gets_nothing(pair.client), "and is the only one");
    PAIR_END();
}

static void test_note_of_the_dead(void)
{
    struct pair pair = pair_start();
    puppet_send(pair.client, pair.slot, "testament", 0);
    puppet_kill(pair.client);
    TAP_OK(pair_gets(pair.server, "testament"),
           "a message that wants no answer outlives its sender");
    PAIR_END();
}

static void test_withdrawn_by_death(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "?");
    puppet_kill(pair.client);
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.kind == WEFT_EVENT_WITHDRAWN && event.id == message.taken,
           "the death of a sender withdraws what it sent");
    TAP_OK(puppet_answer(pair.server, message.taken, WEFT_OK, "") == -WEFT_BAD_MESSAGE,
           "which cannot be answered any more");
    PAIR_END();
}

static void test_queued_goes_with_its_sender(void)
{
    struct pair pair = pair_start();
    puppet_send(pair.client, pair.slot, "?", WEFT_WANT_ANSWER);
    puppet_kill(pair.client);
    TAP_OK(pair_gets_nothing(pair.server),
           "a question that nobody took yet goes with the death of its sender");
    PAIR_END();
}

/* ---- Slots of the dead ---- */

static void test_badged_slot_is_dead(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 1);
    puppet_kill(pair.server);
    TAP_OK(puppet_send(pair.client, slot, "?", WEFT_WANT_ANSWER) == -WEFT_GONE,
           "a badged slot of a dead handler is GONE");
    struct puppet *next = pair_puppet();
    world_bind(silo_root(), ALPHA_ID, next->process);
    world_bind(silo_root(), BETA_ID, next->process);
    TAP_OK(puppet_send(pair.client, slot, "?", WEFT_WANT_ANSWER) == -WEFT_GONE, "for good");
    TAP_OK(request_close(pair.client, slot) == 0, "but can be closed");
    PAIR_END();
}

static void test_binding_slot_lives_again(void)
{
    struct pair pair = pair_start();
    puppet_kill(pair.server);
    TAP_OK(puppet_send(pair.client, pair.slot, "x", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "a binding's slot has nobody behind it when its handler is dead");
    i64 id = puppet_send(pair.client, pair.slot, "waits", WEFT_WANT_ANSWER);
    TAP_OK(id > 0, "messages wait there");
    struct puppet *next = pair_puppet();
    world_bind(silo_root(), ALPHA_ID, next->process);
    TAP_OK(pair_gets(next, "waits"), "for the next handler");
    TAP_OK(puppet_send(pair.client, pair.slot, "again", 0) == 0 && pair_gets(next, "again"),
           "and the same slot leads to it from then on");
    PAIR_END();
}

static void test_rebound_while_alive(void)
{
    struct pair pair = pair_start();
    struct delivered before = pair_deliver(&pair, "before");
    puppet_send(pair.client, pair.slot, "queued", 0);
    struct puppet *next = pair_puppet();
    world_bind(silo_root(), ALPHA_ID, next->process);
    puppet_send(pair.client, pair.slot, "after", 0);
    TAP_OK(pair_gets(next, "after") && pair_gets_nothing(next),
           "after a change of the binding messages go to the new handler");
    TAP_OK(pair_gets(pair.server, "queued"), "the old one keeps what was sent to it");
    TAP_OK(puppet_answer(pair.server, before.taken, WEFT_OK, "!") == WEFT_OK &&
               pair_gets_answer(pair.client, before.sent, WEFT_OK),
           "and can answer it");
    PAIR_END();
}

/* ---- CLOSED ---- */

static bool gets_closed(struct puppet *puppet, u64 badge)
{
    struct weft_event event = puppet_poll(puppet);
    return event.kind == WEFT_EVENT_CLOSED && event.badge == badge;
}

static void test_closed_by_close(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 42);
    i32 copy = (i32)request_copy(pair.client, slot);
    request_close(pair.client, slot);
    TAP_OK(pair_gets_nothing(pair.server), "one of two slots closed is no CLOSED");
    request_close(pair.client, copy);
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 42, "the last one is");
    TAP_OK(event.id == 0 && event.size == 0 && event.gift_count == 0, "with nothing but the badge");
    TAP_OK(event.interface == BETA_ID, "and its interface");
    TAP_OK(pair_gets_nothing(pair.server), "once");
    PAIR_END();
}

static void test_closed_ends_a_wait(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 41);
    puppet_wait(pair.server, -1);
    request_close(pair.client, slot);
    TAP_OK(puppet_finish(pair.server) == WEFT_EVENT_CLOSED && pair.server->script.event.badge == 41,
           "CLOSED ends a wait");
    PAIR_END();
}

static void test_closed_by_death(void)
{
    struct pair pair = pair_start();
    give_client(&pair, 43);
    puppet_kill(pair.client);
    TAP_OK(gets_closed(pair.server, 43), "the death of the holder of the last slot is CLOSED");
    PAIR_END();
}

static void test_closed_by_gift_to_the_dead(void)
{
    struct pair pair = pair_start();
    struct puppet *third = pair_puppet();
    i32 minted = (i32)request_mint(third, GAMMA_ID, 44);
    puppet_send_gifts(third, third->slots[SLOT_ALPHA], &minted, 1, 0);
    TAP_OK(pair_gets_nothing(third), "a slot on its way in a queue is not closed");
    puppet_kill(pair.server);
    TAP_OK(gets_closed(third, 44), "until the queue's owner dies");
    PAIR_END();
}

static void test_closed_by_unread_answer(void)
{
    struct pair pair = pair_start();
    struct delivered message = pair_deliver(&pair, "open");
    i32 minted = (i32)request_mint(pair.server, BETA_ID, 45);
    puppet_answer_gifts(pair.server, message.taken, &minted, 1);
    puppet_kill(pair.client);
    TAP_OK(gets_closed(pair.server, 45),
           "a slot in an answer that its receiver never took is CLOSED with its death");
    PAIR_END();
}

static void test_closed_comes_after_messages(void)
{
    struct pair pair = pair_start();
    i32 slot = give_client(&pair, 46);
    puppet_send(pair.client, slot, "last", 0);
    request_close(pair.client, slot);
    TAP_OK(pair_gets(pair.server, "last") && gets_closed(pair.server, 46),
           "CLOSED comes after the messages that were sent before it");
    PAIR_END();
}

static void test_two_mints_of_a_badge(void)
{
    struct pair pair = pair_start();
    i32 first = (i32)request_mint(pair.server, BETA_ID, 47);
    i32 second = (i32)request_mint(pair.server, BETA_ID, 47);
    request_close(pair.server, first);
    i64 kind = puppet_wait(pair.server, 0);
    request_close(pair.server, second);
    bool last = gets_closed(pair.server, 47);
    TAP_OK(last, "a badge that was minted twice is CLOSED when both are gone");
    TAP_OK(kind == WEFT_EVENT_NONE || kind == WEFT_EVENT_CLOSED, "and not lost before");
    PAIR_END();
}

/* ---- Killing in every state ---- */

static bool dies(struct puppet *puppet)
{
    enum { PATIENCE = 100 }; /* on a slow host the way to its end may take several */
    puppet_kill(puppet);
    for (u32 i = 0; i < PATIENCE && !puppet->ended; i++)
        world_settle();
    return puppet->ended && puppet->end_kind == PROCESS_END_KILLED;
}

static void test_kill_waiting(void)
{
    struct pair pair = pair_start();
    struct puppet *puppet = pair_puppet();
    TAP_OK(dies(puppet), "a process that waits for one message can be killed");
    puppet = pair_puppet();
    puppet_wait(puppet, -1);
    TAP_OK(dies(puppet), "one that waits for anything");
    puppet = pair_puppet();
    puppet_wait(puppet, (i64)(simulate_now() + SECOND));
    TAP_OK(dies(puppet), "one that waits with a deadline");
    world_run(2 * (u64)SECOND);
    TAP_OK(!pair.client->ended && !pair.server->ended, "and nobody else is touched");
    PAIR_END();
}

static void test_kill_blocked_in_send(void)
{
    struct pair pair = pair_start();
    struct script_call call = puppet_send_call(pair.client, pair.slot, "fill", 0);
    call.times = QUEUE_MAX;
    puppet_do(pair.client, call);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 1);
    TAP_OK(puppet_send_gifts(pair.client, pair.slot, &minted, 1, 0) == PUPPET_BLOCKED &&
               dies(pair.client),
           "one that waits for room, with a gift in its hand");
    PAIR_END();
}

static void test_kill_computing(void)
{
    struct pair pair = pair_start();
    TAP_OK(puppet_do(pair.client, (struct script_call){ .call = CALL_COMPUTE }) == PUPPET_BLOCKED,
           "a process may compute for ever");
    TAP_OK(dies(pair.client), "and be killed meanwhile");
    TAP_OK(puppet_send(pair.server, pair.server->slots[SLOT_ALPHA], "", 0) == 0, "others go on");
    PAIR_END();
}

static void test_kill_before_it_runs(void)
{
    struct pair pair = pair_start();
    struct engine_error error;
    struct process *process;
    const struct spawn_options options = { .program = world_program("puppet"),
                                           .silo = silo_root() };
    enum status status = process_spawn(&options, &process, &error);
    TAP_OK(status == STATUS_OK, "a process is spawned");
    process_kill(process);
    process_kill(process);
    process_release(process);
    world_settle();
    TAP_OK(!pair.client->ended, "and killed twice before it ran");
    PAIR_END();
}

static void test_kill_with_threads(void)
{
    struct pair pair = pair_start();
    struct puppet *threads[4];
    for (u32 i = 0; i < 4; i++)
        threads[i] = puppet_thread(pair.client, i + 1);
    puppet_wait(threads[0], -1);
    puppet_wait(threads[1], (i64)(simulate_now() + SECOND));
    i64 id = puppet_send(threads[2], pair.slot, "?", WEFT_WANT_ANSWER);
    puppet_wait_for(threads[2], id, -1);
    puppet_do(threads[3], (struct script_call){ .call = CALL_COMPUTE });
    TAP_OK(dies(pair.client), "a process with threads in all states can be killed");
    TAP_OK(pair_gets_nothing(pair.server), "and leaves nothing behind");
    PAIR_END();
}

static void test_trap_of_a_second_thread(void)
{
    struct pair pair = pair_start();
    struct puppet *second = puppet_thread(pair.client, 1);
    puppet_wait(pair.client, -1);
    puppet_do(second, (struct script_call){ .call = CALL_TRAP });
    TAP_OK(pair.client->ended && pair.client->end_kind == PROCESS_END_TRAPPED,
           "a trap in any thread ends the process");
    PAIR_END();
}

static void test_return_of_a_second_thread(void)
{
    struct pair pair = pair_start();
    struct puppet *second = puppet_thread(pair.client, 1);
    puppet_do(second, (struct script_call){ .call = CALL_RETURN });
    TAP_OK(!pair.client->ended && puppet_send(pair.client, pair.slot, "", 0) == 0,
           "the return of a second thread ends only it");
    PAIR_END();
}

static void test_stack_exhausted(void)
{
    struct pair pair = pair_start();
    puppet_do(pair.client,
              (struct script_call){ .call = CALL_RECURSE, .arguments = { INT64_MAX } });
    TAP_OK(pair.client->ended && pair.client->trap == TRAP_CALL_STACK_EXHAUSTED,
           "endless recursion is a trap of the process");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_RECURSE, .arguments = { 1000 } }) >= 0,
           "some is not");
    PAIR_END();
}

static void test_memory_trap(void)
{
    struct pair pair = pair_start();
    puppet_do(pair.client,
              (struct script_call){ .call = CALL_READ, .arguments = { PUPPET_MEMORY_BYTES - 7 } });
    TAP_OK(pair.client->ended && pair.client->trap == TRAP_MEMORY_OUT_OF_BOUNDS,
           "a read across the end of memory is a trap");
    TAP_OK(puppet_do(pair.server,
                     (struct script_call){ .call = CALL_READ,
                                           .arguments = { PUPPET_MEMORY_BYTES - 8 } }) == 0,
           "a read up to it is not");
    PAIR_END();
}

static void tests(void)
{
    test_gone_when_delivered();
    test_gone_while_waited_for();
    test_gone_when_queued();
    test_gone_when_trapped();
    test_gone_when_it_returns();
    test_answered_stays_answered();
    test_note_of_the_dead();
    test_withdrawn_by_death();
    test_queued_goes_with_its_sender();
    test_badged_slot_is_dead();
    test_binding_slot_lives_again();
    test_rebound_while_alive();
    test_closed_by_close();
    test_closed_ends_a_wait();
    test_closed_by_death();
    test_closed_by_gift_to_the_dead();
    test_closed_by_unread_answer();
    test_closed_comes_after_messages();
    test_two_mints_of_a_badge();
    test_kill_waiting();
    test_kill_blocked_in_send();
    test_kill_computing();
    test_kill_before_it_runs();
    test_kill_with_threads();
    test_trap_of_a_second_thread();
    test_return_of_a_second_thread();
    test_stack_exhausted();
    test_memory_trap();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
