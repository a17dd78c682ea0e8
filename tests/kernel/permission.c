/* Permission: what a row leaves open is asked, answered, kept and taken back. */
#include "tests/kernel/support/guard.h"
#include "tests/kernel/support/pair.h"

/* `pair.server` handles alpha, `guard` is asked, `child` is a silo whose row says ask, and `puppet`
 * lives in it. */
struct scene {
    struct pair pair;
    struct puppet *guard;
    struct silo *child;
    struct puppet *puppet;
    i32 slot; /* the puppet's, to alpha */
};

static struct scene scene_start(void)
{
    struct scene scene = { .pair = pair_start() };
    scene.guard = pair_puppet();
    guard_bind(silo_root(), scene.guard);
    scene.child = guard_silo(silo_root());
    guard_set_verdict(scene.child, VERDICT_ASK);
    scene.puppet = puppet_spawn(scene.child);
    scene.slot = scene.puppet->slots[SLOT_ALPHA];
    return scene;
}

/* What the guard is told next was denied without a question; `process` 0: nothing. Its strings live
 * in the guard. */
static struct permission_question next_notice(struct puppet *guard)
{
    struct permission_denied_arguments arguments = { 0 };
    struct body_reader reader;
    if (puppet_poll(guard).kind != WEFT_EVENT_MESSAGE || guard->script.event.id != 0)
        return (struct permission_question){ 0 };
    body_reader_init(&reader, &guard->script.event, guard->script.received);
    if (!permission_denied_decode(&reader, &arguments))
        return (struct permission_question){ 0 };
    return arguments.question;
}

/* The question that the guard gets next, behind notices and what is closed; `process` 0: none. */
static struct permission_question next_question(struct puppet *guard)
{
    struct permission_ask_arguments arguments = { 0 };
    struct body_reader reader;
    do {
        u32 kind = puppet_poll(guard).kind;
        if (kind != WEFT_EVENT_MESSAGE && kind != WEFT_EVENT_CLOSED)
            return (struct permission_question){ 0 };
    } while (guard->script.event.id == 0);
    body_reader_init(&reader, &guard->script.event, guard->script.received);
    if (!permission_ask_decode(&reader, &arguments))
        return (struct permission_question){ 0 };
    return arguments.question;
}

static bool is_asked(struct puppet *guard)
{
    return next_question(guard).process != 0;
}

static i64 allow(struct puppet *guard)
{
    return guard_answer(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_ALLOW });
}

static i64 deny(struct puppet *guard)
{
    return guard_answer(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_DENY });
}

static bool sends(struct puppet *puppet, i32 slot, struct puppet *to)
{
    return puppet_send(puppet, slot, "through", 0) == 0 && pair_gets(to, "through");
}

static bool text_is(struct weft_bytes text, const char *expected)
{
    return bytes_equal((struct bytes){ text.data, text.size }, bytes_from_text(expected));
}

static void test_question(void)
{
    struct scene scene = scene_start();
    i64 id = puppet_send(scene.puppet, scene.slot, "open?", WEFT_WANT_ANSWER);
    TAP_OK(id > 0 && pair_gets_nothing(scene.pair.server), "what is open makes a message wait");
    struct permission_question question = next_question(scene.guard);
    const struct cid *cid = program_cid(world_program("puppet"));
    struct interface_key key = world_key(ALPHA_ID);
    TAP_OK(question.process == scene.puppet->id &&
               question.silo == silo_id_of(scene.child).value &&
               bytes_equal((struct bytes){ question.program.data, question.program.size },
                           (struct bytes){ cid->bytes, cid->size }),
           "who asks is told: process, silo and program");
    TAP_OK(question.interface.size == HASH_SIZE &&
               __builtin_memcmp(question.interface.data, key.hash.bytes, HASH_SIZE) == 0 &&
               bytes_equal((struct bytes){ question.interface_name.data,
                                           question.interface_name.size },
                           key.name) &&
               text_is(question.tag, ""),
           "and what is asked for");
    TAP_OK(puppet_send(scene.puppet, scene.slot, "again", 0) == 0 &&
               puppet_send(scene.puppet, scene.slot, "x", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK &&
               !is_asked(scene.guard),
           "one question is asked once, however many messages wait");
    PAIR_END();
}

static void test_allow(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "first", 0);
    puppet_send(scene.puppet, scene.slot, "second", 0);
    TAP_OK(is_asked(scene.guard) && allow(scene.guard) == 0, "a question is answered: allow");
    TAP_OK(pair_gets(scene.pair.server, "first") && pair_gets(scene.pair.server, "second"),
           "what has waited arrives, in order");
    TAP_OK(sends(scene.puppet, scene.slot, scene.pair.server) && !is_asked(scene.guard),
           "and nobody is asked again");
    struct puppet *other = puppet_spawn(scene.child);
    struct puppet *below = puppet_spawn(guard_silo(scene.child));
    TAP_OK(sends(other, other->slots[SLOT_ALPHA], scene.pair.server),
           "nor for another process of the silo");
    TAP_OK(sends(below, below->slots[SLOT_ALPHA], scene.pair.server), "nor for a silo below");
    PAIR_END();
}

static void test_allow_is_for_one_silo(void)
{
    struct scene scene = scene_start();
    struct silo *first = guard_silo(scene.child);
    struct silo *second = guard_silo(scene.child);
    struct puppet *one = puppet_spawn(first);
    struct puppet *two = puppet_spawn(second);
    puppet_send(one, one->slots[SLOT_ALPHA], "one", 0);
    puppet_send(two, two->slots[SLOT_ALPHA], "two", 0);
    TAP_OK(next_question(scene.guard).silo == silo_id_of(first).value &&
               allow(scene.guard) == 0 && pair_gets(scene.pair.server, "one"),
           "the answer is for the silo of who asked");
    TAP_OK(next_question(scene.guard).silo == silo_id_of(second).value &&
               deny(scene.guard) == 0 &&
               puppet_send(two, two->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED &&
               sends(one, one->slots[SLOT_ALPHA], scene.pair.server),
           "its sibling is asked about by itself");
    PAIR_END();
}

static void test_deny(void)
{
    struct scene scene = scene_start();
    i64 id = puppet_send(scene.puppet, scene.slot, "open?", WEFT_WANT_ANSWER);
    TAP_OK(is_asked(scene.guard) && deny(scene.guard) == 0 &&
               pair_gets_answer(scene.puppet, id, WEFT_DENIED),
           "a question is answered: deny, and so is what has waited");
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED && !is_asked(scene.guard),
           "for good");
    PAIR_END();
}

static void test_substitute(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "first", 0);
    i32 slot = (i32)request_mint(scene.guard, ALPHA_ID, 17);
    TAP_OK(is_asked(scene.guard) &&
               guard_answer(scene.guard,
                      &(struct permission_answer){ .tag = PERMISSION_ANSWER_SUBSTITUTE,
                                                   .substitute = slot }) == 0 &&
               pair_gets(scene.guard, "first") && scene.guard->script.event.badge == 17,
           "somebody else is put in the handler's place");
    TAP_OK(sends(scene.puppet, scene.slot, scene.guard) && pair_gets_nothing(scene.pair.server),
           "for good, and the handler hears nothing");
    PAIR_END();
}

static void test_end(void)
{
    struct scene scene = scene_start();
    struct puppet *other = puppet_spawn(scene.child);
    puppet_send(scene.puppet, scene.slot, "open?", 0);
    TAP_OK(is_asked(scene.guard) &&
               guard_answer(scene.guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_END }) == 0,
           "a question is answered: end");
    world_settle();
    TAP_OK(scene.puppet->ended && scene.puppet->end_kind == PROCESS_END_KILLED &&
               pair_gets_nothing(scene.pair.server),
           "who asked is ended");
    TAP_OK(puppet_send(other, other->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED && !is_asked(scene.guard),
           "and its silo denied");
    PAIR_END();
}

static void test_taking_back(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "first", 0);
    TAP_OK(is_asked(scene.guard) && allow(scene.guard) == 0 &&
               pair_gets(scene.pair.server, "first"),
           "what was allowed");
    guard_set_verdict(scene.child, VERDICT_DENY);
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED,
           "can be denied, on slots that are held too");
    guard_set_verdict(scene.child, VERDICT_ASK);
    puppet_send(scene.puppet, scene.slot, "later", 0);
    TAP_OK(is_asked(scene.guard) && pair_gets_nothing(scene.pair.server), "or asked about again");
    guard_set_verdict(scene.child, VERDICT_ALLOW);
    TAP_OK(pair_gets(scene.pair.server, "later"), "who may lets the message pass meanwhile");
    TAP_OK(deny(scene.guard) == -WEFT_BAD_MESSAGE &&
               sends(scene.puppet, scene.slot, scene.pair.server),
           "and then the late answer counts no more");
    PAIR_END();
}

static void test_two_who_ask(void)
{
    struct scene scene = scene_start();
    struct puppet *inner = pair_puppet();
    struct silo *below = guard_silo(scene.child);
    guard_bind(below, inner);
    guard_set_verdict(below, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(below);
    puppet_send(puppet, puppet->slots[SLOT_ALPHA], "both", 0);
    TAP_OK(!is_asked(scene.guard) && is_asked(inner) && allow(inner) == 0,
           "of two rows on the way the nearer one asks first");
    TAP_OK(pair_gets_nothing(scene.pair.server), "which does not decide for the other");
    TAP_OK(is_asked(scene.guard) && allow(scene.guard) == 0 &&
               pair_gets(scene.pair.server, "both"),
           "that one is asked then, while the message waits");
    TAP_OK(sends(puppet, puppet->slots[SLOT_ALPHA], scene.pair.server) && !is_asked(inner),
           "and none of them again");
    PAIR_END();
}

static void test_guard_without_sense(void)
{
    struct scene scene = scene_start();
    i64 id = puppet_send(scene.puppet, scene.slot, "?", WEFT_WANT_ANSWER);
    TAP_OK(is_asked(scene.guard) &&
               puppet_answer(scene.guard, scene.guard->script.event.id, WEFT_OK, "perhaps") == 0 &&
               pair_gets_answer(scene.puppet, id, WEFT_DENIED),
           "an answer without sense denies what waits");
    id = puppet_send(scene.puppet, scene.slot, "?", WEFT_WANT_ANSWER);
    TAP_OK(id > 0 && is_asked(scene.guard), "and decides nothing: the next message asks again");
    puppet_kill(scene.guard);
    TAP_OK(pair_gets_answer(scene.puppet, id, WEFT_DENIED), "so does one who dies");
    PAIR_END();
}

static void test_asking_oneself(void)
{
    struct scene scene = scene_start();
    guard_bind(silo_root(), scene.puppet);
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED,
           "nobody is asked for a permission of its own");
    PAIR_END();
}

static void test_who_asked_is_gone(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "?", 0);
    TAP_OK(is_asked(scene.guard), "a question is open");
    silo_destroy(scene.child);
    world_settle();
    TAP_OK(puppet_poll(scene.guard).kind == WEFT_EVENT_WITHDRAWN &&
               pair_gets_nothing(scene.pair.server),
           "its silo is gone, and so is the question");
    struct silo *other = guard_silo(silo_root());
    guard_set_verdict(other, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(other);
    puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", 0);
    TAP_OK(is_asked(scene.guard), "the system may end while another is open");
    PAIR_END();
}

/* ---- Deciding again ---- */

/* The guard answers the question that is asked next, and keeps the right to decide again. */
static i32 decision_about(struct scene *scene, enum permission_answer_tag answer)
{
    puppet_send(scene->puppet, scene->slot, "first", 0);
    bool asked = is_asked(scene->guard);
    i32 decision = scene->guard->script.event.gifts[0];
    BASE_ASSERT(asked && scene->guard->script.event.gift_count == 1);
    guard_answer(scene->guard, &(struct permission_answer){ .tag = answer });
    return decision;
}

static bool is_done(struct puppet *guard, i64 sent)
{
    struct permission_none_error_result result = { .failed = true };
    return sent == 0 &&
           permission_decision_change_result_decode(request_reader(guard), &result) &&
           !result.failed;
}

static bool change(struct puppet *guard, i32 decision, const struct permission_answer *answer)
{
    permission_decision_change_encode(request_begin(guard), *answer);
    return is_done(guard, request_send(guard, decision));
}

static bool change_to(struct puppet *guard, i32 decision, enum permission_answer_tag answer)
{
    return change(guard, decision, &(struct permission_answer){ .tag = answer });
}

static bool reopen(struct puppet *guard, i32 decision)
{
    permission_decision_reopen_encode(request_begin(guard));
    return is_done(guard, request_send(guard, decision));
}

static bool stands(struct puppet *guard, i32 decision)
{
    bool result = false;
    permission_decision_stands_encode(request_begin(guard));
    return request_send(guard, decision) == 0 &&
           permission_decision_stands_result_decode(request_reader(guard), &result) && result;
}

static void test_deciding_again(void)
{
    struct scene scene = scene_start();
    i32 decision = decision_about(&scene, PERMISSION_ANSWER_ALLOW);
    TAP_OK(pair_gets(scene.pair.server, "first") && stands(scene.guard, decision),
           "with a question comes the right to decide again");
    TAP_OK(change_to(scene.guard, decision, PERMISSION_ANSWER_DENY) &&
               puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED,
           "what was allowed is denied");
    TAP_OK(!change_to(scene.guard, decision, PERMISSION_ANSWER_END) &&
               puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED,
           "but not by an end: nobody has asked then");
    TAP_OK(change_to(scene.guard, decision, PERMISSION_ANSWER_ALLOW) &&
               sends(scene.puppet, scene.slot, scene.pair.server),
           "and allowed again, also where the row is that of the silo that asks");
    i32 slot = (i32)request_mint(scene.guard, ALPHA_ID, 18);
    TAP_OK(change(scene.guard, decision,
                  &(struct permission_answer){ .tag = PERMISSION_ANSWER_SUBSTITUTE,
                                               .substitute = slot }) &&
               sends(scene.puppet, scene.slot, scene.guard),
           "or answered by somebody else");
    TAP_OK(reopen(scene.guard, decision) &&
               puppet_send(scene.puppet, scene.slot, "asked", 0) == 0 && is_asked(scene.guard),
           "or open again");
    TAP_OK(allow(scene.guard) == 0 && pair_gets(scene.pair.server, "asked"), "to be asked about");
    PAIR_END();
}

/* ---- Of who has died ---- */

static struct permission_earlier_option earlier(struct puppet *guard, i32 decision)
{
    struct permission_earlier_option result = { .present = true };
    permission_decision_earlier_encode(request_begin(guard));
    bool is_well = request_send(guard, decision) == 0 &&
                   permission_decision_earlier_result_decode(request_reader(guard), &result);
    BASE_ASSERT(is_well);
    return result;
}

/* A guard of a silo of its own, and of nobody else, with a decision. */
static struct puppet *other_guard(i32 *decision)
{
    struct puppet *guard = pair_puppet();
    struct silo *silo = guard_silo(silo_root());
    guard_bind(silo, guard);
    guard_set_verdict(silo, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(silo);
    puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", 0);
    bool asked = is_asked(guard);
    BASE_ASSERT(asked);
    *decision = guard->script.event.gifts[0];
    return guard;
}

/* Three about whom one silo above them asks: one is allowed, one denied, one is gone. */
static void test_earlier(void)
{
    struct scene scene = scene_start();
    struct puppet *asking[3];
    struct permission_answer answers[] = { { .tag = PERMISSION_ANSWER_ALLOW },
                                           { .tag = PERMISSION_ANSWER_DENY },
                                           { .tag = PERMISSION_ANSWER_ALLOW } };
    struct silo *silo = NULL;
    for (u32 i = 0; i < 3; i++) {
        silo = guard_silo(scene.child);
        asking[i] = puppet_spawn(silo);
        puppet_send(asking[i], asking[i]->slots[SLOT_ALPHA], "?", 0);
        TAP_OK(is_asked(scene.guard) && guard_answer(scene.guard, &answers[i]) == 0, "somebody is answered");
    }
    puppet_poll(scene.pair.server);
    puppet_poll(scene.pair.server);
    silo_destroy(silo);
    process_kill(scene.guard->process);
    world_settle();
    struct puppet *guard = pair_puppet();
    guard_bind(silo_root(), guard);
    puppet_send(scene.puppet, scene.slot, "?", 0);
    TAP_OK(is_asked(guard), "the next guard is asked, by the same silo");
    i32 decision = guard->script.event.gifts[0];
    const struct cid *cid = program_cid(world_program("puppet"));
    struct permission_earlier_option first = earlier(guard, decision);
    TAP_OK(first.present && first.value.outcome == PERMISSION_OUTCOME_ALLOW &&
               first.value.question.process == asking[0]->id &&
               bytes_equal((struct bytes){ first.value.question.program.data,
                                           first.value.question.program.size },
                           (struct bytes){ cid->bytes, cid->size }) &&
               first.value.question.interface.size == HASH_SIZE,
           "what the one before has allowed is told");
    TAP_OK(change_to(guard, first.value.decision, PERMISSION_ANSWER_DENY) &&
               puppet_send(asking[0], asking[0]->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "and taken back");
    struct permission_earlier_option second = earlier(guard, decision);
    TAP_OK(second.present && second.value.outcome == PERMISSION_OUTCOME_DENY &&
               second.value.question.process == asking[1]->id,
           "and what it has denied");
    TAP_OK(change_to(guard, second.value.decision, PERMISSION_ANSWER_ALLOW) &&
               sends(asking[1], asking[1]->slots[SLOT_ALPHA], scene.pair.server),
           "which is allowed now");
    TAP_OK(!earlier(guard, decision).present, "each once, and nothing of a silo that is gone");
    PAIR_END();
}

static void test_earlier_of_others(void)
{
    struct scene scene = scene_start();
    i32 own, next;
    decision_about(&scene, PERMISSION_ANSWER_ALLOW);
    process_kill(scene.guard->process);
    world_settle();
    struct puppet *other = other_guard(&own);
    TAP_OK(!earlier(other, own).present, "what others are asked is nobody's business");
    struct puppet *guard = pair_puppet();
    guard_bind(silo_root(), guard);
    TAP_OK(!earlier(other, own).present, "nor when one is there who is asked");
    struct silo *silo = guard_silo(silo_root());
    guard_set_verdict(silo, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(silo);
    puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", 0);
    TAP_OK(is_asked(guard), "that one is asked by some other silo");
    next = guard->script.event.gifts[0];
    TAP_OK(earlier(guard, next).present && !earlier(guard, next).present, "and has it");
    PAIR_END();
}

static void test_earlier_and_changed(void)
{
    struct scene scene = scene_start();
    i32 first = decision_about(&scene, PERMISSION_ANSWER_ALLOW);
    TAP_OK(request_close(scene.guard, first) == 0, "a decision is closed");
    guard_set_verdict(scene.child, VERDICT_ASK);
    puppet_send(scene.puppet, scene.slot, "again", 0);
    TAP_OK(is_asked(scene.guard), "its row was set anew, and asks again");
    i32 again = scene.guard->script.event.gifts[0];
    i64 question = scene.guard->script.event.id;
    TAP_OK(!earlier(scene.guard, again).present, "so what was answered before is not in force");
    scene.guard->script.event.id = question;
    TAP_OK(allow(scene.guard) == 0 && request_close(scene.guard, again) == 0, "once more");
    PAIR_END();
}

static void test_decision_without_silo(void)
{
    struct scene scene = scene_start();
    i32 decision = decision_about(&scene, PERMISSION_ANSWER_ALLOW);
    silo_destroy(scene.child);
    world_settle();
    TAP_OK(!stands(scene.guard, decision) &&
               !change_to(scene.guard, decision, PERMISSION_ANSWER_DENY) &&
               !reopen(scene.guard, decision),
           "there is nothing to decide about a silo that is gone");
    TAP_OK(request_close(scene.guard, decision) == 0, "which goes when nobody remembers it");
    PAIR_END();
}

static void test_nobody_waits(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "?", WEFT_WANT_ANSWER);
    TAP_OK(is_asked(scene.guard), "who asks");
    puppet_kill(scene.puppet);
    TAP_OK(puppet_poll(scene.guard).kind == WEFT_EVENT_WITHDRAWN &&
               allow(scene.guard) == -WEFT_BAD_MESSAGE,
           "and dies has its question withdrawn");
    struct puppet *other = puppet_spawn(scene.child);
    puppet_send(other, other->slots[SLOT_ALPHA], "next", 0);
    TAP_OK(is_asked(scene.guard) && allow(scene.guard) == 0 &&
               pair_gets(scene.pair.server, "next"),
           "the next one asks anew");
    PAIR_END();
}

static void test_notices(void)
{
    struct scene scene = scene_start();
    guard_set_verdict(scene.child, VERDICT_DENY);
    puppet_send(scene.puppet, scene.slot, "x", 0);
    struct permission_question notice = next_notice(scene.guard);
    TAP_OK(notice.process == scene.puppet->id &&
               notice.silo == silo_id_of(scene.child).value && text_is(notice.tag, ""),
           "what is denied without a question is told");
    puppet_send(scene.puppet, scene.slot, "x", 0);
    TAP_OK(puppet_poll(scene.guard).kind == WEFT_EVENT_NONE, "once");
    PAIR_END();
}

static void test_answered_denials_are_no_news(void)
{
    struct scene scene = scene_start();
    decision_about(&scene, PERMISSION_ANSWER_DENY);
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED &&
               puppet_poll(scene.guard).kind == WEFT_EVENT_NONE,
           "who has said no is not told of it");
    PAIR_END();
}

static void tests(void)
{
    test_deciding_again();
    test_decision_without_silo();
    test_earlier();
    test_earlier_of_others();
    test_earlier_and_changed();
    test_nobody_waits();
    test_notices();
    test_answered_denials_are_no_news();
    test_question();
    test_allow();
    test_allow_is_for_one_silo();
    test_deny();
    test_end();
    test_substitute();
    test_taking_back();
    test_two_who_ask();
    test_guard_without_sense();
    test_asking_oneself();
    test_who_asked_is_gone();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
