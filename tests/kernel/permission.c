/* Permission: what a row leaves open is asked, answered, kept and taken back. */
#include "interface/permission.h"
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

static const struct silo_limits none;

static struct silo *child_of(struct silo *parent)
{
    struct silo *silo = NULL;
    enum status status = silo_create(parent, BYTES_LITERAL("child"), &none, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

static void set_verdict(struct silo *silo, enum verdict verdict)
{
    struct interface_key key = world_key(ALPHA_ID);
    enum status status = silo_set_verdict(silo, &key, verdict);
    BASE_ASSERT(status == STATUS_OK);
}

static void bind_guard(struct silo *silo, struct puppet *guard)
{
    struct interface_key key = { .name = BYTES_LITERAL(PERMISSION_INTERFACE_NAME) };
    bool is_hash = hash_from_hex(BYTES_LITERAL(PERMISSION_INTERFACE_HASH), &key.hash);
    enum status status = silo_bind_process(silo, &key, guard->process);
    BASE_ASSERT(is_hash && status == STATUS_OK);
}

static struct scene scene_start(void)
{
    struct scene scene = { .pair = pair_start() };
    scene.guard = pair_puppet();
    bind_guard(silo_root(), scene.guard);
    scene.child = child_of(silo_root());
    set_verdict(scene.child, VERDICT_ASK);
    scene.puppet = puppet_spawn(scene.child);
    scene.slot = scene.puppet->slots[SLOT_ALPHA];
    return scene;
}

/* The question that the guard gets next; `process` 0: none. Its strings live in the guard. */
static struct permission_question next_question(struct puppet *guard)
{
    struct permission_ask_arguments arguments = { 0 };
    struct body_reader reader;
    if (puppet_poll(guard).kind != WEFT_EVENT_MESSAGE)
        return arguments.question;
    body_reader_init(&reader, &guard->script.event, guard->script.received);
    if (!permission_ask_decode(&reader, &arguments))
        return (struct permission_question){ 0 };
    return arguments.question;
}

/* The guard answers the question that it got last; a substitute is a slot of its own. */
static i64 decide(struct puppet *guard, const struct permission_answer *answer)
{
    struct body_writer writer;
    body_writer_init(&writer, guard->script.body, sizeof(guard->script.body));
    bool encoded = permission_ask_result_encode(&writer, answer);
    BASE_ASSERT(encoded);
    for (u32 i = 0; i < writer.gift_count; i++)
        guard->script.gifts[i] = writer.gifts[i];
    return puppet_do(guard, (struct script_call){
                                .call = CALL_ANSWER,
                                .arguments = { guard->script.event.id, WEFT_OK,
                                               PUPPET_AT(guard, body), (i64)writer.size,
                                               PUPPET_AT(guard, gifts), writer.gift_count },
                            });
}

static bool is_asked(struct puppet *guard)
{
    return next_question(guard).process != 0;
}

static i64 allow(struct puppet *guard)
{
    return decide(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_ALLOW });
}

static i64 deny(struct puppet *guard)
{
    return decide(guard, &(struct permission_answer){ .tag = PERMISSION_ANSWER_DENY });
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
    struct puppet *below = puppet_spawn(child_of(scene.child));
    TAP_OK(sends(other, other->slots[SLOT_ALPHA], scene.pair.server),
           "nor for another process of the silo");
    TAP_OK(sends(below, below->slots[SLOT_ALPHA], scene.pair.server), "nor for a silo below");
    PAIR_END();
}

static void test_allow_is_for_one_silo(void)
{
    struct scene scene = scene_start();
    struct silo *first = child_of(scene.child);
    struct silo *second = child_of(scene.child);
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
               decide(scene.guard,
                      &(struct permission_answer){ .tag = PERMISSION_ANSWER_SUBSTITUTE,
                                                   .substitute = slot }) == 0 &&
               pair_gets(scene.guard, "first") && scene.guard->script.event.badge == 17,
           "somebody else is put in the handler's place");
    TAP_OK(sends(scene.puppet, scene.slot, scene.guard) && pair_gets_nothing(scene.pair.server),
           "for good, and the handler hears nothing");
    PAIR_END();
}

static void test_taking_back(void)
{
    struct scene scene = scene_start();
    puppet_send(scene.puppet, scene.slot, "first", 0);
    TAP_OK(is_asked(scene.guard) && allow(scene.guard) == 0 &&
               pair_gets(scene.pair.server, "first"),
           "what was allowed");
    set_verdict(scene.child, VERDICT_DENY);
    TAP_OK(puppet_send(scene.puppet, scene.slot, "x", 0) == -WEFT_DENIED,
           "can be denied, on slots that are held too");
    set_verdict(scene.child, VERDICT_ASK);
    puppet_send(scene.puppet, scene.slot, "later", 0);
    TAP_OK(is_asked(scene.guard) && pair_gets_nothing(scene.pair.server), "or asked about again");
    set_verdict(scene.child, VERDICT_ALLOW);
    TAP_OK(pair_gets(scene.pair.server, "later"), "who may lets the message pass meanwhile");
    TAP_OK(deny(scene.guard) == 0 && sends(scene.puppet, scene.slot, scene.pair.server),
           "and then the late answer counts no more");
    PAIR_END();
}

static void test_two_who_ask(void)
{
    struct scene scene = scene_start();
    struct puppet *inner = pair_puppet();
    struct silo *below = child_of(scene.child);
    bind_guard(below, inner);
    set_verdict(below, VERDICT_ASK);
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
    bind_guard(silo_root(), scene.puppet);
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
    TAP_OK(allow(scene.guard) == 0 && pair_gets_nothing(scene.pair.server),
           "its silo is gone: the answer does nothing");
    struct silo *other = child_of(silo_root());
    set_verdict(other, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(other);
    puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", 0);
    TAP_OK(is_asked(scene.guard), "the system may end while another is open");
    PAIR_END();
}

static void tests(void)
{
    test_question();
    test_allow();
    test_allow_is_for_one_silo();
    test_deny();
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
