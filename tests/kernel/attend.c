/* Who waits: rows that hold messages and tell of them, processes that listen or have nothing to do. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

static const struct silo_limits none;

/* `keeper` watches; `server` is a process that it found, `child` a silo that it made, in which `puppet`
 * lives. */
struct scene {
    struct pair pair;
    struct puppet *keeper;
    i32 server; /* the keeper's slot of pair.server */
    u64 child;
    struct puppet *puppet;
    i32 slot; /* the puppet's, to alpha */
};

static struct puppet *puppet_in(struct puppet *keeper, u64 silo)
{
    i64 process = request_spawn(keeper, program_cid(world_program("puppet")), silo, WEFT_NO_SLOT);
    return puppet_of((u64)request_process_id(keeper, (i32)process), 0);
}

static struct scene scene_start(void)
{
    struct scene scene = { .pair = pair_start() };
    scene.keeper = pair_puppet();
    scene.server = (i32)request_find(scene.keeper, scene.pair.server->id);
    scene.child = (u64)request_create_silo(scene.keeper, 0, &none);
    scene.puppet = puppet_in(scene.keeper, scene.child);
    scene.slot = scene.puppet->slots[SLOT_ALPHA];
    return scene;
}

static i64 set(struct scene *scene, enum system_verdict verdict)
{
    return request_set_verdict(scene->keeper, scene->child, ALPHA_ID, verdict);
}

static i64 bind(struct scene *scene)
{
    return request_bind(scene->keeper, scene->child, ALPHA_ID, scene->server);
}

static void test_hold(void)
{
    struct scene scene = scene_start();
    TAP_OK(set(&scene, SYSTEM_VERDICT_HOLD) == 0, "a row can say hold");
    i64 id = puppet_send(scene.puppet, scene.slot, "first", WEFT_WANT_ANSWER);
    TAP_OK(id > 0 && puppet_send(scene.puppet, scene.slot, "second", 0) == 0 &&
               pair_gets_nothing(scene.pair.server),
           "messages wait there");
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK,
           "whoever does not wait is told");
    TAP_OK(pair_deliver(&scene.pair, "above").taken != 0, "above it is as before");
    TAP_OK(bind(&scene) == 0 && pair_gets(scene.pair.server, "first") &&
               pair_gets(scene.pair.server, "second"),
           "somebody is bound: they arrive, in order");
    TAP_OK(set(&scene, SYSTEM_VERDICT_HOLD) == 0 &&
               puppet_send(scene.puppet, scene.slot, "third", 0) == 0 &&
               pair_gets_nothing(scene.pair.server),
           "it can hold again");
    TAP_OK(set(&scene, SYSTEM_VERDICT_ALLOW) == 0 && pair_gets(scene.pair.server, "third"),
           "and let go, to what the silo above has");
    set(&scene, SYSTEM_VERDICT_HOLD);
    id = puppet_send(scene.puppet, scene.slot, "fourth", WEFT_WANT_ANSWER);
    TAP_OK(set(&scene, SYSTEM_VERDICT_DENY) == 0 &&
               pair_gets_answer(scene.puppet, id, WEFT_DENIED),
           "or deny what waits");
    PAIR_END();
}

static void test_awaited(void)
{
    struct scene scene = scene_start();
    set(&scene, SYSTEM_VERDICT_HOLD);
    TAP_OK(request_awaited(scene.keeper, scene.child, ALPHA_ID) == PUPPET_BLOCKED,
           "nothing waits for what is held: nobody is told");
    puppet_send(scene.puppet, scene.slot, "x", WEFT_WANT_ANSWER);
    TAP_OK(request_finish(scene.keeper) == 0, "a message waits: who asks is told");
    TAP_OK(request_awaited(scene.keeper, scene.child, ALPHA_ID) == 0, "at once, while it waits");
    bind(&scene);
    set(&scene, SYSTEM_VERDICT_HOLD);
    TAP_OK(request_awaited(scene.keeper, scene.child, ALPHA_ID) == PUPPET_BLOCKED,
           "and no more when it went on");
    puppet_send(scene.puppet, scene.slot, "x", WEFT_NO_WAIT);
    TAP_OK(request_finish(scene.keeper) == 0, "one that does not wait is told of, too");
    u64 below = (u64)request_create_silo(scene.keeper, scene.child, &none);
    struct puppet *deep = puppet_in(scene.keeper, below);
    request_awaited(scene.keeper, scene.child, ALPHA_ID);
    puppet_send(deep, deep->slots[SLOT_ALPHA], "x", 0);
    TAP_OK(request_finish(scene.keeper) == 0, "so is one from a silo below");
    PAIR_END();
}

static void test_awaited_later(void)
{
    struct scene scene = scene_start();
    u64 below = (u64)request_create_silo(scene.keeper, scene.child, &none);
    struct puppet *deep = puppet_in(scene.keeper, below);
    set(&scene, SYSTEM_VERDICT_HOLD);
    request_set_verdict(scene.keeper, below, ALPHA_ID, SYSTEM_VERDICT_HOLD);
    puppet_send(deep, deep->slots[SLOT_ALPHA], "x", 0);
    TAP_OK(request_awaited(scene.keeper, scene.child, ALPHA_ID) == PUPPET_BLOCKED,
           "what a row below holds does not wait for this one");
    TAP_OK(request_set_verdict(scene.pair.client, below, ALPHA_ID, SYSTEM_VERDICT_ALLOW) == 0 &&
               request_finish(scene.keeper) == 0,
           "until that lets it pass: who asks is told");
    PAIR_END();
}

static void test_awaited_ends(void)
{
    struct scene scene = scene_start();
    struct puppet *other = pair_puppet();
    set(&scene, SYSTEM_VERDICT_HOLD);
    request_awaited(scene.keeper, scene.child, ALPHA_ID);
    request_destroy_silo(other, scene.child);
    TAP_OK(request_finish(scene.keeper) == REQUEST_STATUS - WEFT_GONE,
           "who asks about a silo that is destroyed is told");
    TAP_OK(request_awaited(scene.keeper, scene.child, ALPHA_ID) ==
                   REQUEST_STATUS - WEFT_NOT_FOUND &&
               request_awaited(scene.keeper, 0, ALPHA_ID) == REQUEST_STATUS - WEFT_NOT_FOUND,
           "there is nothing to ask about it, or about one's own");
    u64 silo = (u64)request_create_silo(scene.keeper, 0, &none);
    request_awaited(scene.keeper, silo, ALPHA_ID);
    puppet_kill(scene.keeper);
    PAIR_END();
}

static void test_listens(void)
{
    struct scene scene = scene_start();
    struct puppet *server = scene.pair.server;
    TAP_OK(request_process_listens(scene.keeper, scene.server) == PUPPET_BLOCKED,
           "a process that waits for one answer does not listen");
    TAP_OK(puppet_wait(server, -1) == PUPPET_BLOCKED && request_finish(scene.keeper) == 0,
           "once it waits for any event it does");
    TAP_OK(request_process_listens(scene.keeper, scene.server) == 0, "and while it does");
    puppet_send(scene.puppet, scene.slot, "x", WEFT_WANT_ANSWER);
    TAP_OK(puppet_finish(server) == WEFT_EVENT_MESSAGE &&
               request_process_listens(scene.keeper, scene.server) == PUPPET_BLOCKED,
           "it has got a message: not any more");
    puppet_kill(server);
    TAP_OK(request_finish(scene.keeper) == REQUEST_STATUS - WEFT_GONE,
           "a process that ends will not");
    TAP_OK(request_process_listens(scene.keeper, scene.server) == REQUEST_STATUS - WEFT_GONE,
           "nor one that has ended");
    i32 own = (i32)request_find(scene.keeper, scene.keeper->id);
    TAP_OK(request_process_listens(scene.keeper, own) == REQUEST_STATUS - WEFT_INVALID &&
               request_process_idle(scene.keeper, own) == REQUEST_STATUS - WEFT_INVALID,
           "nobody asks about itself");
    PAIR_END();
}

static void test_idle(void)
{
    struct scene scene = scene_start();
    struct puppet *server = scene.pair.server;
    i64 id = pair_deliver(&scene.pair, "x").taken;
    TAP_OK(request_process_idle(scene.keeper, scene.server) == PUPPET_BLOCKED &&
               puppet_wait(server, -1) == PUPPET_BLOCKED &&
               request_finish(scene.keeper) == PUPPET_BLOCKED,
           "a process that owes an answer is not idle, whatever it waits for");
    puppet_send(scene.pair.client, scene.pair.slot, "wake", 0);
    puppet_finish(server);
    puppet_answer(server, id, WEFT_OK, "");
    TAP_OK(request_finish(scene.keeper) == PUPPET_BLOCKED,
           "nor one that has answered and runs on");
    TAP_OK(puppet_wait(server, -1) == PUPPET_BLOCKED && request_finish(scene.keeper) == 0,
           "but one that waits for the next message");
    puppet_send(scene.pair.client, scene.pair.slot, "a", 0);
    puppet_send(scene.pair.client, scene.pair.slot, "b", 0);
    puppet_finish(server);
    request_process_idle(scene.keeper, scene.server);
    TAP_OK(puppet_wait(server, -1) == WEFT_EVENT_MESSAGE &&
               request_finish(scene.keeper) == PUPPET_BLOCKED,
           "while messages come it is not idle");
    TAP_OK(puppet_wait(server, -1) == PUPPET_BLOCKED && request_finish(scene.keeper) == 0,
           "and is when the last was taken");
    PAIR_END();
}

static void test_idle_threads(void)
{
    struct scene scene = scene_start();
    struct puppet *server = scene.pair.server;
    struct puppet *second = puppet_thread(server, 1);
    i64 one = request_process_idle(scene.keeper, scene.server);
    i64 waits = puppet_wait(server, -1);
    TAP_OK(one == PUPPET_BLOCKED && waits == PUPPET_BLOCKED &&
               request_finish(scene.keeper) == PUPPET_BLOCKED,
           "a process is not idle as long as one of its threads is not");
    puppet_do(second, (struct script_call){ .call = CALL_RETURN });
    TAP_OK(request_finish(scene.keeper) == 0, "the end of that one counts, too");
    PAIR_END();
}

/* What request_begin was given, without waiting for the answer. */
static i64 send_written(struct puppet *puppet, i32 slot, u32 size)
{
    return puppet_do(puppet, (struct script_call){
                                 .call = CALL_SEND,
                                 .arguments = { slot, PUPPET_AT(puppet, body), size, 0, 0,
                                                WEFT_WANT_ANSWER },
                             });
}

static void test_many(void)
{
    struct scene scene = scene_start();
    bool all = true;
    for (u32 i = 0; i < ATTENDING_MAX; i++) {
        struct body_writer *writer = request_begin(scene.keeper);
        all = all && system_process_idle_encode(writer) &&
              send_written(scene.keeper, scene.server, writer->size) > 0;
    }
    TAP_OK(all && puppet_poll(scene.keeper).kind == WEFT_EVENT_NONE,
           "so many questions about one process can wait");
    TAP_OK(request_process_listens(scene.keeper, scene.server) == REQUEST_STATUS - WEFT_LIMIT,
           "and no more");
    puppet_wait(scene.pair.server, -1);
    u32 answered = 0;
    while (puppet_poll(scene.keeper).kind == WEFT_EVENT_ANSWER)
        answered++;
    TAP_OK(answered == ATTENDING_MAX &&
               request_process_listens(scene.keeper, scene.server) == 0,
           "they are answered together, and there is room again");
    PAIR_END();
}

static void test_slot(void)
{
    struct scene scene = scene_start();
    i64 slot = request_process_slot(scene.keeper, scene.server, BETA_ID);
    TAP_OK(slot > 0 && puppet_send(scene.keeper, (i32)slot, "direct", 0) == 0 &&
               pair_gets(scene.pair.server, "direct"),
           "a process's slot gives one for messages to it");
    const struct weft_event *event = &scene.pair.server->script.event;
    TAP_OK(event->interface == BETA_ID && event->badge == 0, "of that interface, without a badge");
    puppet_kill(scene.pair.server);
    TAP_OK(puppet_send(scene.keeper, (i32)slot, "x", 0) == -WEFT_GONE, "it dies with the process");
    TAP_OK(request_process_slot(scene.keeper, scene.server, BETA_ID) > 0 &&
               request_close(scene.keeper, (i32)slot) == 0,
           "and is a slot like others");
    PAIR_END();
}

static void tests(void)
{
    test_hold();
    test_awaited();
    test_awaited_later();
    test_awaited_ends();
    test_listens();
    test_idle();
    test_idle_threads();
    test_many();
    test_slot();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
