/* Who does something for another process: has what that one may use, once that is decided. */
#include "tests/kernel/support/guard.h"
#include "tests/kernel/support/pair.h"

/* `server` handles alpha, `guard` is asked, `deputy` does something for `client`, which is in a silo of
 * its own, whose row of alpha asks. */
struct scene {
    struct puppet *server, *guard, *deputy, *client;
    struct silo *silo;
};

static struct scene scene_start(void)
{
    struct scene scene = { .server = pair_start().server };
    scene.guard = pair_puppet();
    guard_bind(silo_root(), scene.guard);
    scene.deputy = pair_puppet();
    scene.silo = guard_silo(silo_root());
    guard_set_verdict(scene.silo, VERDICT_ASK);
    scene.client = puppet_spawn(scene.silo);
    return scene;
}

/* The question that the guard has got, in which the client and its silo are named. */
static bool is_asked(const struct scene *scene)
{
    struct permission_ask_arguments arguments = { 0 };
    struct puppet *guard = scene->guard;
    struct body_reader reader;
    u32 kind;
    do
        kind = puppet_poll(guard).kind;
    while (kind == WEFT_EVENT_CLOSED);
    if (kind != WEFT_EVENT_MESSAGE)
        return false;
    body_reader_init(&reader, &guard->script.event, guard->script.received);
    return permission_ask_decode(&reader, &arguments) &&
           arguments.question.process == scene->client->id &&
           arguments.question.silo == silo_id_of(scene->silo).value;
}

static bool allows(struct puppet *guard)
{
    return guard_answer(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_ALLOW }) == 0;
}

static bool denies(struct puppet *guard)
{
    return guard_answer(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_DENY }) == 0;
}

static i64 resolve(const struct scene *scene)
{
    return request_resolve_for(scene->deputy, scene->client->id, ALPHA_ID);
}

static i64 decided(const struct scene *scene)
{
    return request_decided(scene->deputy, scene->client->id, ALPHA_ID);
}

static bool sends(struct puppet *puppet, i64 slot, struct puppet *to)
{
    return slot > 0 && puppet_send(puppet, (i32)slot, "through", 0) == 0 &&
           pair_gets(to, "through");
}

static void test_allowed(void)
{
    struct scene scene = scene_start();
    TAP_OK(resolve(&scene) == REQUEST_ERROR - SYSTEM_ERROR_UNDECIDED && !is_asked(&scene),
           "what is open for another process is undecided, and nobody is asked yet");
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene),
           "who wants it decided waits, and it is asked about as if that one had sent");
    TAP_OK(request_finish(scene.deputy) == PUPPET_BLOCKED && allows(scene.guard) &&
               request_finish(scene.deputy) == 0,
           "until it is answered");
    TAP_OK(sends(scene.deputy, resolve(&scene), scene.server), "then it can be used for it");
    TAP_OK(sends(scene.client, scene.client->slots[SLOT_ALPHA], scene.server) && !is_asked(&scene),
           "and by it, unasked");
    TAP_OK(decided(&scene) == 0, "what is decided is answered at once");
    PAIR_END();
}

static void test_denied(void)
{
    struct scene scene = scene_start();
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene) && denies(scene.guard) &&
               request_finish(scene.deputy) == 0,
           "a no is an answer, too");
    TAP_OK(resolve(&scene) == REQUEST_ERROR - SYSTEM_ERROR_DENIED, "it cannot be used for it");
    TAP_OK(puppet_send(scene.client, scene.client->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "nor by it");
    PAIR_END();
}

static void test_substitute(void)
{
    struct scene scene = scene_start();
    struct puppet *other = pair_puppet();
    i64 process = request_find(scene.guard, other->id);
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene) &&
               guard_answer(scene.guard,
                            &(struct permission_answer){ .tag = PERMISSION_ANSWER_SUBSTITUTE,
                                                         .substitute = (i32)process }) == 0 &&
               request_finish(scene.deputy) == 0,
           "a substitute can be given");
    TAP_OK(sends(scene.deputy, resolve(&scene), other), "which is what is used for it then");
    PAIR_END();
}

static void test_later_denied(void)
{
    struct scene scene = scene_start();
    guard_set_verdict(scene.silo, VERDICT_ALLOW);
    i64 slot = resolve(&scene);
    TAP_OK(sends(scene.deputy, slot, scene.server), "what was had for another");
    guard_set_verdict(scene.silo, VERDICT_DENY);
    TAP_OK(puppet_send(scene.deputy, (i32)slot, "x", 0) == -WEFT_DENIED,
           "is not to be had any more when that one is denied it");
    PAIR_END();
}

static void test_together(void)
{
    struct scene scene = scene_start();
    struct puppet *second = pair_puppet();
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene), "one wants it decided");
    TAP_OK(request_decided(second, scene.client->id, ALPHA_ID) == PUPPET_BLOCKED &&
               puppet_send(scene.client, scene.client->slots[SLOT_ALPHA], "own", 0) == 0 &&
               !is_asked(&scene),
           "so does another, and the process itself: that is one question");
    puppet_kill(second);
    TAP_OK(puppet_poll(scene.guard).kind == 0, "it stands while anyone waits");
    PAIR_END();
}

static void test_withdrawn(void)
{
    struct scene scene = scene_start();
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene), "who wants it decided");
    puppet_kill(scene.deputy);
    TAP_OK(puppet_poll(scene.guard).kind == WEFT_EVENT_WITHDRAWN,
           "and does not wait any more, has the question withdrawn");
    scene.deputy = pair_puppet();
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene) && allows(scene.guard) &&
               request_finish(scene.deputy) == 0,
           "which the next one asks again");
    PAIR_END();
}

static void test_message_left(void)
{
    struct scene scene = scene_start();
    i64 id = puppet_send(scene.client, scene.client->slots[SLOT_ALPHA], "own", WEFT_WANT_ANSWER);
    TAP_OK(is_asked(&scene) && decided(&scene) == PUPPET_BLOCKED, "a message waits, and a deputy");
    puppet_withdraw(scene.client, id);
    TAP_OK(puppet_poll(scene.guard).kind != WEFT_EVENT_WITHDRAWN,
           "without the message it is still a question");
    PAIR_END();
}

static void test_silo_goes(void)
{
    struct scene scene = scene_start();
    TAP_OK(decided(&scene) == PUPPET_BLOCKED && is_asked(&scene), "who asks about a silo");
    silo_destroy(scene.silo);
    TAP_OK(request_finish(scene.deputy) == 0 &&
               resolve(&scene) == REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "that is destroyed, is answered, and finds nothing");
    TAP_OK(decided(&scene) == REQUEST_STATUS - WEFT_NOT_FOUND, "nor is it asked about then");
    PAIR_END();
}

static void test_nobody_to_ask(void)
{
    struct scene scene = scene_start();
    puppet_kill(scene.guard);
    i64 result = decided(&scene);
    TAP_OK(result == PUPPET_BLOCKED, "while nobody is there to be asked one waits, as for a handler");
    PAIR_END();

    scene = scene_start();
    TAP_OK(request_decided(scene.deputy, scene.client->id, ALPHA_ID) == PUPPET_BLOCKED &&
               is_asked(&scene) &&
               puppet_answer(scene.guard, scene.guard->script.event.id, WEFT_OK, "perhaps") == 0 &&
               request_finish(scene.deputy) == 0 &&
               resolve(&scene) == REQUEST_ERROR - SYSTEM_ERROR_UNDECIDED,
           "an answer without sense ends the question and decides nothing");
    PAIR_END();
}

static void test_strangers(void)
{
    struct scene scene = scene_start();
    struct puppet *beside = puppet_spawn(guard_silo(silo_root()));
    TAP_OK(request_resolve_for(beside, scene.client->id, ALPHA_ID) ==
                   REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND &&
               request_decided(beside, scene.client->id, ALPHA_ID) ==
                   REQUEST_STATUS - WEFT_NOT_FOUND &&
               request_resolve_for(scene.client, scene.deputy->id, ALPHA_ID) ==
                   REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "nobody has what another may in a silo beside or above");
    TAP_OK(sends(scene.deputy, request_resolve_for(scene.deputy, scene.deputy->id, ALPHA_ID),
                 scene.server),
           "what one may use oneself can be asked for, too");
    PAIR_END();
}

static void tests(void)
{
    test_allowed();
    test_denied();
    test_substitute();
    test_later_denied();
    test_together();
    test_withdrawn();
    test_message_left();
    test_silo_goes();
    test_nobody_to_ask();
    test_strangers();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
