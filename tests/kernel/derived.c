/* What a handler gave by a row that comes to say no: dead for who holds it, and for those who were
 * given it. */
#include "tests/kernel/support/pair.h"

/* `pair.server` handles alpha in the root silo; `puppet` lives in a child silo. */
struct scene {
    struct pair pair;
    struct silo *child;
    struct puppet *puppet;
    i32 slot; /* the puppet's, to alpha */
};

static const struct silo_limits none;

static struct scene scene_start(void)
{
    struct scene scene = { .pair = pair_start() };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("child"), &none, &scene.child);
    BASE_ASSERT(status == STATUS_OK);
    scene.puppet = puppet_spawn(scene.child);
    scene.slot = scene.puppet->slots[SLOT_ALPHA];
    return scene;
}

static void set_verdict(struct scene *scene, u64 interface, enum verdict verdict)
{
    struct interface_key key = world_key(interface);
    enum status status = silo_set_verdict(scene->child, &key, verdict);
    BASE_ASSERT(status == STATUS_OK);
}

/* The puppet asks on a slot, and the server answers with one of its own. */
static i32 open(struct scene *scene, i32 on, u64 badge)
{
    i64 sent = puppet_send(scene->puppet, on, "open", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(scene->pair.server);
    i32 minted = (i32)request_mint(scene->pair.server, ALPHA_ID, badge);
    puppet_answer_gifts(scene->pair.server, event.id, &minted, 1);
    event = puppet_poll(scene->puppet);
    return event.id == sent && event.gift_count == 1 ? event.gifts[0] : 0;
}

static bool reaches(struct scene *scene, struct puppet *puppet, i32 slot, u64 badge)
{
    struct puppet *server = scene->pair.server;
    if (puppet_send(puppet, slot, "use", 0) != 0)
        return false;
    while (puppet_poll(server).kind == WEFT_EVENT_CLOSED) {
    }
    return puppet_received(server, "use") && server->script.event.badge == badge;
}

static bool is_denied(struct puppet *puppet, i32 slot)
{
    return puppet_send(puppet, slot, "x", 0) == -WEFT_DENIED;
}

static bool hears_closed(struct puppet *server, u64 badge)
{
    struct weft_event event = puppet_poll(server);
    return event.kind == WEFT_EVENT_CLOSED && event.badge == badge;
}

static void test_revoking(void)
{
    struct scene scene = scene_start();
    i32 opened = open(&scene, scene.slot, 7);
    TAP_OK(reaches(&scene, scene.puppet, opened, 7), "what was opened by a row is used");
    i32 copied = (i32)request_copy(scene.puppet, opened);
    TAP_OK(reaches(&scene, scene.puppet, copied, 7), "and copied");
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    TAP_OK(is_denied(scene.puppet, scene.slot) && is_denied(scene.puppet, opened) &&
               is_denied(scene.puppet, copied),
           "when the row says no, all of it is denied");
    TAP_OK(hears_closed(scene.pair.server, 7), "and its handler hears that it is closed");
    set_verdict(&scene, ALPHA_ID, VERDICT_ALLOW);
    TAP_OK(reaches(&scene, scene.puppet, scene.slot, 0) && is_denied(scene.puppet, opened),
           "the row may say yes again; what it had cut off stays dead");
    opened = open(&scene, scene.slot, 8);
    set_verdict(&scene, ALPHA_ID, VERDICT_ASK);
    TAP_OK(is_denied(scene.puppet, opened), "a question is not a yes");
    PAIR_END();
}

static void test_derived_from_derived(void)
{
    struct scene scene = scene_start();
    i32 directory = open(&scene, scene.slot, 1);
    i32 file = open(&scene, directory, 2);
    request_close(scene.puppet, directory);
    TAP_OK(hears_closed(scene.pair.server, 1) && reaches(&scene, scene.puppet, file, 2),
           "what was had by something that was had");
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    TAP_OK(is_denied(scene.puppet, file) && hears_closed(scene.pair.server, 2), "ends with it");
    PAIR_END();
}

static void test_handed_on(void)
{
    struct scene scene = scene_start();
    i32 opened = open(&scene, scene.slot, 3);
    i32 gift = opened | WEFT_GIFT_COPY;
    puppet_send_gifts(scene.puppet, scene.slot, &gift, 1, 0);
    i32 theirs = puppet_poll(scene.pair.server).gifts[0];
    i32 other = open(&scene, scene.slot, 4);
    TAP_OK(theirs > 0 && reaches(&scene, scene.pair.server, theirs, 3), "handed on to others");
    struct silo *second;
    enum status status = silo_create(silo_root(), BYTES_LITERAL("second"), &none, &second);
    struct puppet *stranger = puppet_spawn(second);
    TAP_OK(status == STATUS_OK &&
               reaches(&scene, stranger, stranger->slots[SLOT_ALPHA], 0),
           "while a stranger has its own");
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    TAP_OK(is_denied(scene.pair.server, theirs) && is_denied(scene.puppet, other),
           "it ends for them, too");
    TAP_OK(reaches(&scene, stranger, stranger->slots[SLOT_ALPHA], 0), "the stranger's does not");
    PAIR_END();
}

static void test_other_rows(void)
{
    struct scene scene = scene_start();
    world_bind(silo_root(), BETA_ID, scene.pair.server->process);
    i32 opened = open(&scene, scene.slot, 5);
    set_verdict(&scene, BETA_ID, VERDICT_DENY);
    TAP_OK(reaches(&scene, scene.puppet, opened, 5), "what another row says is nothing to it");
    struct interface_key key = world_key(ALPHA_ID);
    enum status status = silo_set_verdict(silo_root(), &key, VERDICT_DENY);
    TAP_OK(status == STATUS_OK && is_denied(scene.puppet, opened),
           "what the same says further up is");
    PAIR_END();
}

static void test_silo_that_goes(void)
{
    struct scene scene = scene_start();
    i32 opened = open(&scene, scene.slot, 6);
    puppet_send_gifts(scene.puppet, scene.slot, &opened, 1, 0);
    i32 theirs = puppet_poll(scene.pair.server).gifts[0];
    silo_destroy(scene.child);
    world_settle();
    TAP_OK(reaches(&scene, scene.pair.server, theirs, 6),
           "what was handed on outlives the silo it came from");
    PAIR_END();
}

static void test_under_way(void)
{
    struct scene scene = scene_start();
    i32 opened = open(&scene, scene.slot, 9);
    i64 taken = puppet_send(scene.puppet, opened, "read", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(scene.pair.server);
    i64 queued = puppet_send(scene.puppet, opened, "later", WEFT_WANT_ANSWER);
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    TAP_OK(pair_gets_answer(scene.puppet, taken, WEFT_DENIED) &&
               pair_gets_answer(scene.puppet, queued, WEFT_DENIED),
           "who waits for an answer gets it: denied");
    struct weft_event told = puppet_poll(scene.pair.server);
    struct weft_event then = puppet_poll(scene.pair.server);
    bool is_told = (told.kind == WEFT_EVENT_WITHDRAWN && told.id == event.id &&
                    then.kind == WEFT_EVENT_CLOSED) ||
                   (then.kind == WEFT_EVENT_WITHDRAWN && then.id == event.id &&
                    told.kind == WEFT_EVENT_CLOSED);
    TAP_OK(is_told && puppet_answer(scene.pair.server, event.id, WEFT_OK, "late") ==
                          -WEFT_BAD_MESSAGE,
           "and who should give it hears that it is withdrawn");
    PAIR_END();
}

static void test_late_gift(void)
{
    struct scene scene = scene_start();
    i64 sent = puppet_send(scene.puppet, scene.slot, "open", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(scene.pair.server);
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    i32 minted = (i32)request_mint(scene.pair.server, ALPHA_ID, 10);
    TAP_OK(puppet_answer_gifts(scene.pair.server, event.id, &minted, 1) == 0,
           "what was asked before the row said no is answered");
    event = puppet_poll(scene.puppet);
    TAP_OK(event.id == sent && event.gift_count == 1 && is_denied(scene.puppet, event.gifts[0]) &&
               hears_closed(scene.pair.server, 10),
           "and what it brings is dead");
    PAIR_END();
}

static void test_slot_closed_meanwhile(void)
{
    struct scene scene = scene_start();
    i32 directory = open(&scene, scene.slot, 1);
    puppet_send(scene.puppet, directory, "open", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(scene.pair.server);
    request_close(scene.puppet, directory);
    puppet_poll(scene.pair.server);
    i32 minted = (i32)request_mint(scene.pair.server, ALPHA_ID, 11);
    puppet_answer_gifts(scene.pair.server, event.id, &minted, 1);
    i32 file = puppet_poll(scene.puppet).gifts[0];
    TAP_OK(reaches(&scene, scene.puppet, file, 11), "who closes what it asked on");
    set_verdict(&scene, ALPHA_ID, VERDICT_DENY);
    TAP_OK(is_denied(scene.puppet, file), "hides nothing by that");
    PAIR_END();
}

static void tests(void)
{
    test_revoking();
    test_derived_from_derived();
    test_handed_on();
    test_other_rows();
    test_silo_that_goes();
    test_under_way();
    test_late_gift();
    test_slot_closed_meanwhile();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
