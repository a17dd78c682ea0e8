/* Where something is asked about, what was permitted to one program is permitted to no other, whoever
 * started it. */
#include "tests/kernel/support/guard.h"
#include "tests/kernel/support/pair.h"

#include <stdlib.h>
#include <string.h>

/* `server` handles alpha, about which the row of `floor` says ask. `first` lives there; `other` is a
 * program that does what puppets do, with another CID. */
struct scene {
    struct puppet *server, *guard, *first;
    struct silo *floor;
    struct program *other;
    struct cid first_cid, other_cid;
};

static const struct silo_limits none;

/* With a custom section that says nothing. */
static struct program *make_other(void)
{
    static const u8 section[] = { 0, 2, 1, 'x' };
    struct bytes puppet = world_guest("puppet");
    u8 *bytes = malloc(puppet.size + sizeof(section));
    struct engine_error error;
    struct program *program = NULL;
    BASE_ASSERT(bytes != NULL);
    memcpy(bytes, puppet.data, puppet.size);
    memcpy(bytes + puppet.size, section, sizeof(section));
    enum status status =
        program_add((struct bytes){ bytes, puppet.size + sizeof(section) }, false, &program, &error);
    BASE_ASSERT(status == STATUS_OK);
    free(bytes);
    return program;
}

static struct scene scene_start_with(enum verdict verdict)
{
    struct scene scene = { .server = pair_start().server };
    scene.guard = pair_puppet();
    guard_bind(silo_root(), scene.guard);
    scene.floor = guard_silo(silo_root());
    guard_set_verdict(scene.floor, verdict);
    scene.other = make_other();
    scene.first_cid = *program_cid(world_program("puppet"));
    scene.other_cid = *program_cid(scene.other);
    scene.first = puppet_spawn(scene.floor);
    return scene;
}

static struct scene scene_start(void)
{
    return scene_start_with(VERDICT_ASK);
}

static void scene_end(struct scene *scene)
{
    program_release(scene->other);
    PAIR_END();
}

/* What a puppet starts in its own silo or in one below; NULL: it cannot. */
static struct puppet *start(struct puppet *by, const struct cid *program, u64 silo)
{
    i64 process = request_spawn(by, program, silo, WEFT_NO_SLOT);
    return process <= 0 ? NULL : puppet_of((u64)request_process_id(by, (i32)process), 0);
}

static void end(struct puppet *by, struct puppet *puppet)
{
    i64 killed = request_process_kill(by, (i32)request_find(by, puppet->id));
    BASE_ASSERT(killed == 0);
}

static u64 silo_of(struct puppet *puppet)
{
    struct system_process_status_list list;
    bool is_well = system_processes_encode(request_begin(puppet), 0, puppet->id, 1) &&
                   request_send(puppet, puppet->slots[SLOT_SYSTEM]) == 0 &&
                   system_processes_result_decode(request_reader(puppet), &list) &&
                   list.count == 1 && list.data[0].process == puppet->id;
    BASE_ASSERT(is_well);
    return list.data[0].silo;
}

/* How many silos its silo has below, and itself. */
static u32 silos_seen_by(struct puppet *puppet)
{
    struct system_silo_status_list list;
    bool is_well = system_silos_encode(request_begin(puppet), 0, 0, 64) &&
                   request_send(puppet, puppet->slots[SLOT_SYSTEM]) == 0 &&
                   system_silos_result_decode(request_reader(puppet), &list);
    BASE_ASSERT(is_well);
    return list.count;
}

static bool sends(struct puppet *puppet)
{
    return puppet_send(puppet, puppet->slots[SLOT_ALPHA], "through", 0) == 0;
}

/* The guard is asked about that process and its program, as one that uses alpha or that has started who
 * does. */
static bool is_asked(struct scene *scene, u64 process, const struct cid *program, bool is_starter)
{
    struct permission_ask_arguments arguments = { 0 };
    struct body_reader reader;
    u32 kind;
    do
        kind = puppet_poll(scene->guard).kind;
    while (kind == WEFT_EVENT_CLOSED);
    if (kind != WEFT_EVENT_MESSAGE || scene->guard->script.event.id == 0)
        return false;
    body_reader_init(&reader, &scene->guard->script.event, scene->guard->script.received);
    if (!permission_ask_decode(&reader, &arguments))
        return false;
    struct weft_bytes named = arguments.question.program;
    return arguments.question.process == process && arguments.question.is_starter == is_starter &&
           bytes_equal((struct bytes){ named.data, named.size },
                       (struct bytes){ program->bytes, program->size });
}

static bool makes_a_question(struct scene *scene, struct puppet *puppet, const struct cid *program)
{
    return sends(puppet) && is_asked(scene, puppet->id, program, false);
}

static bool answers(struct scene *scene, enum permission_answer_tag answer)
{
    return guard_answer(scene->guard, &(struct permission_answer){ .tag = answer }) == 0;
}

static bool is_permitted(struct scene *scene, struct puppet *puppet)
{
    return sends(puppet) && pair_gets(scene->server, "through") && pair_gets_nothing(scene->guard);
}

static bool is_denied(struct puppet *puppet)
{
    return puppet_send(puppet, puppet->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED;
}

/* ---- Who lives where --------------------------------------------------------------------------- */

static void test_homes(void)
{
    struct scene scene = scene_start();
    struct puppet *same = start(scene.first, &scene.first_cid, 0);
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    struct puppet *again = start(other, &scene.other_cid, 0);
    struct puppet *back = start(other, &scene.first_cid, 0);
    TAP_OK(silo_of(same) == silo_of(scene.first), "a program that starts itself stays where it is");
    TAP_OK(silo_of(other) != silo_of(scene.first), "another one gets a silo of its own");
    TAP_OK(silo_of(again) == silo_of(other) && silo_of(back) != silo_of(other) &&
               silo_of(back) != silo_of(scene.first),
           "and so on");
    TAP_OK(silos_seen_by(scene.first) == 3, "below its starter's");
    end(scene.first, back);
    end(scene.first, again);
    end(scene.first, other);
    world_settle();
    TAP_OK(silos_seen_by(scene.first) == 1, "which goes with its last process");
    scene_end(&scene);
}

static void test_nothing_asked(void)
{
    struct scene scene = scene_start_with(VERDICT_ALLOW);
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(silo_of(other) == silo_of(scene.first), "where nothing is asked about all live together");
    scene_end(&scene);
}

static void limit(struct scene *scene, u32 processes)
{
    const struct silo_limits limits = { .processes = processes };
    i64 is_set = request_set_limits(scene->guard, silo_id_of(scene->floor).value, &limits);
    BASE_ASSERT(is_set == 0);
}

static void test_no_room(void)
{
    struct scene scene = scene_start();
    limit(&scene, 1);
    TAP_OK(start(scene.first, &scene.other_cid, 0) == NULL && silos_seen_by(scene.first) == 1,
           "without room for a process there is no silo for it");
    limit(&scene, 2);
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(other != NULL && silos_seen_by(scene.first) == 2,
           "with room for one there are both: the silo does not count");
    TAP_OK(start(scene.first, &scene.other_cid, 0) == NULL && silos_seen_by(scene.first) == 2,
           "and no more than that");
    end(scene.first, other);
    world_settle();
    TAP_OK(start(scene.first, &scene.other_cid, 0) != NULL, "until it has ended");
    scene_end(&scene);
}

/* As a process of it is: how many more of its program it can start, up to `most`. */
static u32 room_for(struct puppet *puppet, const struct cid *program, u32 most)
{
    u32 count = 0;
    while (count < most && start(puppet, program, 0) != NULL)
        count++;
    return count;
}

static void test_limits_of_programs(void)
{
    enum { MANY = 8 };
    const struct silo_limits three = { .processes = 3 }, five = { .processes = 5 };
    struct scene scene = scene_start();
    u64 floor = silo_id_of(scene.floor).value;
    TAP_OK(request_set_program_limits(scene.guard, floor, &scene.other_cid, &five) == 0 &&
               request_set_program_limits(scene.guard, floor, &scene.other_cid, &three) == 0,
           "a program is given limits where it is started, and others");
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(room_for(other, &scene.other_cid, MANY) == 2, "one that another program starts has the latter");
    u64 cabin = (u64)request_create_cabin(scene.first, 0);
    struct puppet *second = start(scene.first, &scene.other_cid, cabin);
    TAP_OK(room_for(second, &scene.first_cid, MANY) == 2,
           "and so has the next, in a cabin made for it, with all that it starts");
    TAP_OK(room_for(scene.first, &scene.first_cid, MANY) == MANY, "others have not");
    TAP_OK(request_set_program_limits(scene.guard, silo_of(scene.guard), &scene.other_cid, &five) ==
               REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "limits are for silos below");
    scene_end(&scene);
}

static void test_many_limits(void)
{
    enum { MOST = 64 };
    const struct silo_limits limits = { .processes = 3 };
    struct scene scene = scene_start();
    u64 floor = silo_id_of(scene.floor).value;
    struct cid cid = scene.other_cid;
    u32 count = 0;
    do
        cid.bytes[cid.size - 1]++;
    while (request_set_program_limits(scene.guard, floor, &cid, &limits) == 0 && ++count <= MOST);
    TAP_OK(count == MOST, "64 programs have limits in a silo");
    cid.bytes[cid.size - 1]--;
    TAP_OK(request_set_program_limits(scene.guard, floor, &cid, &limits) == 0,
           "what is said of them can still change");
    TAP_OK(request_set_program_limits(scene.guard, floor, &(struct cid){ .size = 3 }, &limits) ==
               REQUEST_ERROR - SYSTEM_ERROR_INVALID,
           "what is no CID is refused");
    scene_end(&scene);
}

static void test_depth(void)
{
    enum { MORE_THAN_THERE_ARE = 100 };
    struct scene scene = scene_start();
    struct puppet *last = scene.first, *next = scene.first;
    u32 depth = 0;
    for (; next != NULL && depth < MORE_THAN_THERE_ARE; depth++) {
        last = next;
        next = start(last, depth % 2 == 0 ? &scene.other_cid : &scene.first_cid, 0);
    }
    TAP_OK(depth > 40 && depth < MORE_THAN_THERE_ARE, "two that start each other come to an end");
    TAP_OK(start(last, depth % 2 == 0 ? &scene.other_cid : &scene.first_cid, 0) != NULL,
           "of which each can still start itself");
    scene_end(&scene);
}

/* ---- What is whose ------------------------------------------------------------------------------ */

static void test_permitted(void)
{
    struct scene scene = scene_start();
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(makes_a_question(&scene, other, &scene.other_cid) &&
               answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through"),
           "one is asked about and permitted");
    TAP_OK(makes_a_question(&scene, scene.first, &scene.first_cid) &&
               answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through"),
           "who started it is asked about as well");
    struct puppet *back = start(other, &scene.first_cid, 0);
    struct puppet *again = start(other, &scene.other_cid, 0);
    TAP_OK(is_permitted(&scene, back) && is_permitted(&scene, again),
           "what was permitted to one holds wherever below it runs again");
    scene_end(&scene);
}

static void test_permitted_above(void)
{
    struct scene scene = scene_start();
    TAP_OK(makes_a_question(&scene, scene.first, &scene.first_cid) &&
               answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through"),
           "one is permitted");
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(makes_a_question(&scene, other, &scene.other_cid) &&
               answers(&scene, PERMISSION_ANSWER_DENY) && is_denied(other),
           "what it starts is asked about by its own name, and denied");
    TAP_OK(is_permitted(&scene, scene.first), "which is no matter of who started it");
    scene_end(&scene);
}

static void test_denied_above(void)
{
    struct scene scene = scene_start();
    TAP_OK(makes_a_question(&scene, scene.first, &scene.first_cid) &&
               answers(&scene, PERMISSION_ANSWER_DENY),
           "one is denied");
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(is_denied(other) && pair_gets_nothing(scene.server),
           "it does not get by another what it is denied");
    scene_end(&scene);
}

/* ---- Who has started it -------------------------------------------------------------------------- */

/* `first` has started `other` in a cabin, which has started `back` in one below. */
struct family {
    struct scene scene;
    struct puppet *other, *back;
};

static struct family family_start(void)
{
    struct family family = { .scene = scene_start() };
    family.other = start(family.scene.first, &family.scene.other_cid, 0);
    family.back = start(family.other, &family.scene.first_cid, 0);
    return family;
}

static void test_starter_passes(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    TAP_OK(sends(family.back) && is_asked(scene, family.other->id, &scene->other_cid, true),
           "who has started a program is asked about first");
    TAP_OK(answers(scene, PERMISSION_ANSWER_ALLOW) &&
               is_asked(scene, family.back->id, &scene->first_cid, false) &&
               pair_gets_nothing(scene->server),
           "then it itself");
    TAP_OK(answers(scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene->server, "through") &&
               is_permitted(scene, family.back),
           "which is permitted");
    struct puppet *again = start(family.other, &scene->first_cid, 0);
    TAP_OK(makes_a_question(scene, again, &scene->first_cid) &&
               answers(scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene->server, "through"),
           "the starter is asked about once");
    TAP_OK(makes_a_question(scene, family.other, &scene->other_cid),
           "and was permitted nothing by that");
    scene_end(scene);
}

static void test_starter_denied(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    TAP_OK(sends(family.back) && is_asked(scene, family.other->id, &scene->other_cid, true) &&
               answers(scene, PERMISSION_ANSWER_DENY) && pair_gets_nothing(scene->guard),
           "a starter is denied");
    TAP_OK(pair_gets_nothing(scene->server) && is_denied(family.back) && is_denied(family.other),
           "so are all that it has started, and it itself");
    scene_end(scene);
}

static void test_starter_substituted(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    i32 substitute = (i32)request_mint(scene->guard, ALPHA_ID, 1);
    TAP_OK(sends(family.back) && is_asked(scene, family.other->id, &scene->other_cid, true) &&
               guard_answer(scene->guard,
                            &(struct permission_answer){ PERMISSION_ANSWER_SUBSTITUTE,
                                                         .substitute = substitute }) == 0,
           "a starter is given a substitute");
    TAP_OK(pair_gets(scene->guard, "through") && pair_gets_nothing(scene->server),
           "which is all that those have whom it has started");
    scene_end(scene);
}

static void test_starter_gone(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    end(scene->first, family.other);
    world_settle();
    TAP_OK(sends(family.back) && is_asked(scene, 0, &scene->other_cid, true) &&
               answers(scene, PERMISSION_ANSWER_DENY) && is_denied(family.back),
           "one that has ended is asked about all the same");
    scene_end(scene);
}

/* A row of another interface leads to one that is asked about. */
static void test_starter_by_another_row(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    struct puppet *back = family.back;
    u64 below = (u64)request_create_silo(back, 0, &none);
    TAP_OK(request_bind(back, below, BETA_ID, back->slots[SLOT_ALPHA]) == 0,
           "who has a right gives it under another name");
    struct puppet *lodger = start(back, &scene->other_cid, below);
    TAP_OK(puppet_send(lodger, lodger->slots[SLOT_BETA], "through", 0) == 0 &&
               is_asked(scene, family.other->id, &scene->other_cid, true),
           "when it is used, who has started that one is asked about");
    TAP_OK(answers(scene, PERMISSION_ANSWER_ALLOW) &&
               is_asked(scene, lodger->id, &scene->other_cid, false) &&
               answers(scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene->server, "through"),
           "once, and then who uses it");
    scene_end(scene);
}

static void test_starter_without_answer(void)
{
    struct family family = family_start();
    struct scene *scene = &family.scene;
    TAP_OK(sends(family.back) && is_asked(scene, family.other->id, &scene->other_cid, true),
           "a starter is asked about");
    TAP_OK(puppet_answer(scene->guard, scene->guard->script.event.id, WEFT_OK, "nonsense") == 0 &&
               pair_gets_nothing(scene->guard) && pair_gets_nothing(scene->server),
           "an answer that is none is a no");
    TAP_OK(sends(family.back) && is_asked(scene, family.other->id, &scene->other_cid, true),
           "this time: the next message asks again");
    scene_end(scene);
}

/* ---- Ways around --------------------------------------------------------------------------------- */

static void test_moving_in(void)
{
    struct scene scene = scene_start();
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(makes_a_question(&scene, other, &scene.other_cid) &&
               answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through"),
           "one is permitted");
    struct puppet *lodger = start(scene.first, &scene.first_cid, silo_of(other));
    TAP_OK(silo_of(lodger) != silo_of(other) &&
               makes_a_question(&scene, lodger, &scene.first_cid),
           "who is started into its silo has not what it has");
    u64 below = (u64)request_create_silo(scene.first, silo_of(other), &none);
    struct puppet *cellar = start(scene.first, &scene.first_cid, below);
    TAP_OK(silo_of(cellar) == below && makes_a_question(&scene, cellar, &scene.first_cid),
           "nor who is started into one below");
    scene_end(&scene);
}

static void test_deputies(void)
{
    struct scene scene = scene_start();
    i64 not_found = REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND;
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    TAP_OK(makes_a_question(&scene, other, &scene.other_cid) &&
               answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through"),
           "one is permitted");
    TAP_OK(request_resolve_for(scene.first, other->id, ALPHA_ID) == not_found &&
               request_decided(scene.first, other->id, ALPHA_ID) ==
                   REQUEST_STATUS - WEFT_NOT_FOUND,
           "who is asked about himself does nothing in its name");
    TAP_OK(request_resolve_for(scene.first, scene.first->id, ALPHA_ID) ==
               REQUEST_ERROR - SYSTEM_ERROR_UNDECIDED,
           "but for its own silo");
    scene_end(&scene);
}

/* The question about what is sent by a slot that was given names who gave it: it is his row. */
static void test_given(void)
{
    struct scene scene = scene_start();
    struct puppet *other = start(scene.first, &scene.other_cid, 0);
    struct puppet *back = start(scene.first, &scene.first_cid, 0);
    i32 gift = scene.first->slots[SLOT_ALPHA] | WEFT_GIFT_COPY;
    i32 process = (i32)request_find(scene.first, other->id);
    i32 to_other = (i32)request_process_slot(scene.first, process, BETA_ID);
    TAP_OK(puppet_send_gifts(scene.first, to_other, &gift, 1, 0) == 0 &&
               puppet_poll(other).kind == WEFT_EVENT_MESSAGE &&
               other->script.event.gift_count == 1,
           "one program gives another its slot");
    i32 given = other->script.event.gifts[0];
    TAP_OK(puppet_send(other, given, "through", 0) == 0 && pair_gets_nothing(scene.server),
           "which is asked about when it is used");
    TAP_OK(is_asked(&scene, scene.first->id, &scene.first_cid, false), "by the name of who gave it");
    TAP_OK(answers(&scene, PERMISSION_ANSWER_ALLOW) && pair_gets(scene.server, "through") &&
               is_permitted(&scene, back),
           "for whom the answer is");
    TAP_OK(makes_a_question(&scene, other, &scene.other_cid), "the other one's own is still open");
    scene_end(&scene);
}

static void tests(void)
{
    test_homes();
    test_nothing_asked();
    test_no_room();
    test_limits_of_programs();
    test_many_limits();
    test_depth();
    test_permitted();
    test_permitted_above();
    test_denied_above();
    test_starter_passes();
    test_starter_denied();
    test_starter_substituted();
    test_starter_gone();
    test_starter_without_answer();
    test_starter_by_another_row();
    test_moving_in();
    test_deputies();
    test_given();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
