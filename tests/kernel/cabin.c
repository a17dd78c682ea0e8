/* Cabins: silos of one program, with a table of their own and their parent's view. */
#include "tests/kernel/support/pair.h"

/* `pair.client` makes cabins below `floor`, a child of the root silo in which `shell` lives. */
struct scene {
    struct pair pair;
    struct puppet *shell;
    u64 floor;
};

static const struct silo_limits none;

static struct scene scene_start(void)
{
    struct scene scene = { .pair = pair_start() };
    struct silo *floor = NULL;
    enum status status = silo_create(silo_root(), BYTES_LITERAL("floor"), &none, &floor);
    BASE_ASSERT(status == STATUS_OK);
    scene.floor = silo_id_of(floor).value;
    scene.shell = puppet_spawn(floor);
    return scene;
}

/* A puppet in a cabin of its own below the shell's silo; its process's slot is the shell's. */
static i64 start_in_cabin(struct scene *scene, u64 *cabin)
{
    *cabin = (u64)request_create_cabin(scene->shell, 0);
    return request_spawn(scene->shell, program_cid(world_program("puppet")), *cabin, WEFT_NO_SLOT);
}

static bool is_there(struct scene *scene, u64 silo)
{
    return request_set_verdict(scene->shell, silo, BETA_ID, SYSTEM_VERDICT_DENY) == 0;
}

static void test_end(void)
{
    struct scene scene = scene_start();
    u64 cabin;
    i64 process = start_in_cabin(&scene, &cabin);
    TAP_OK(process > 0 && is_there(&scene, cabin), "a cabin is there while its process is");
    request_process_kill(scene.shell, (i32)process);
    world_settle();
    TAP_OK(!is_there(&scene, cabin), "and goes with it");
    PAIR_END();
}

static void test_end_with_those_below(void)
{
    struct scene scene = scene_start();
    u64 cabin;
    i64 process = start_in_cabin(&scene, &cabin);
    u64 below = (u64)request_create_silo(scene.shell, cabin, &none);
    i64 child =
        request_spawn(scene.shell, program_cid(world_program("puppet")), below, WEFT_NO_SLOT);
    request_process_kill(scene.shell, (i32)process);
    world_settle();
    TAP_OK(child > 0 && is_there(&scene, cabin), "what was started below keeps it");
    request_process_kill(scene.shell, (i32)child);
    world_settle();
    TAP_OK(!is_there(&scene, cabin) && !is_there(&scene, below), "until that has ended, too");
    PAIR_END();
}

/* Two puppets whose cabins the test knows. */
struct cabins {
    struct scene scene;
    u64 ids[2];
    struct puppet *puppets[2];
};

static struct cabins cabins_start(void)
{
    struct cabins cabins = { .scene = scene_start() };
    for (u32 i = 0; i < 2; i++) {
        i64 process = start_in_cabin(&cabins.scene, &cabins.ids[i]);
        cabins.puppets[i] = puppet_of((u64)request_process_id(cabins.scene.shell, (i32)process), 0);
    }
    return cabins;
}

static bool reads_table(struct puppet *by, u64 silo)
{
    struct system_binding_list_error_result result;
    return system_bindings_encode(request_begin(by), silo) &&
           request_send(by, by->slots[SLOT_SYSTEM]) == 0 &&
           system_bindings_result_decode(request_reader(by), &result) && !result.failed;
}

static void test_tables(void)
{
    struct cabins cabins = cabins_start();
    struct puppet *first = cabins.puppets[0];
    TAP_OK(reads_table(first, cabins.scene.floor) && reads_table(first, cabins.ids[1]) &&
               reads_table(first, 0),
           "tables are seen as far as silos are");
    TAP_OK(!reads_table(first, silo_id_of(silo_root()).value), "and no further");
    PAIR_END();
}

/* Whether it was done: as `suspend` says, or resumed. */
static bool stops(struct puppet *by, u64 silo, bool suspend)
{
    struct system_none_error_result result;
    struct body_writer *writer = request_begin(by);
    if (suspend)
        system_suspend_silo_encode(writer, silo);
    else
        system_resume_silo_encode(writer, silo);
    return request_send(by, by->slots[SLOT_SYSTEM]) == 0 &&
           system_suspend_silo_result_decode(request_reader(by), &result) && !result.failed;
}

static void test_view(void)
{
    struct cabins cabins = cabins_start();
    struct puppet *one = cabins.puppets[0];
    struct puppet *two = cabins.puppets[1];
    i64 other = request_find(one, two->id);
    TAP_OK(other > 0 && request_find(one, cabins.scene.shell->id) > 0,
           "who is in a cabin finds those beside it");
    TAP_OK(request_find(one, cabins.scene.pair.client->id) ==
               REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "but nobody above them");
    TAP_OK(request_process_kill(one, (i32)other) == 0 && (world_settle(), two->ended),
           "and may end them, as in one silo");
    u64 made = (u64)request_create_silo(one, cabins.scene.floor, &none);
    TAP_OK(made != 0 && request_destroy_silo(one, made) == 0,
           "it makes and destroys silos beside its own");
    made = (u64)request_create_silo(one, cabins.scene.floor, &none);
    TAP_OK(stops(one, made, true) && stops(one, made, false), "it suspends and resumes them");
    TAP_OK(!stops(one, cabins.ids[0], true) && !stops(one, cabins.scene.floor, true) &&
               !stops(one, 0, true),
           "but none that it is in itself");
    PAIR_END();
}

static void test_rights(void)
{
    struct cabins cabins = cabins_start();
    struct puppet *one = cabins.puppets[0];
    i64 not_found = REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND;
    TAP_OK(request_set_verdict(one, cabins.ids[1], ALPHA_ID, SYSTEM_VERDICT_DENY) == not_found &&
               request_set_verdict(one, cabins.scene.floor, ALPHA_ID, SYSTEM_VERDICT_DENY) ==
                   not_found,
           "tables beside and above it are not its own to change");
    TAP_OK(request_spawn(one, program_cid(world_program("puppet")), cabins.ids[1], WEFT_NO_SLOT) ==
               not_found,
           "nor does it start anything there");
    TAP_OK(request_set_limits(one, cabins.ids[0], &none) == not_found &&
               request_set_limits(one, cabins.scene.floor, &none) == not_found &&
               request_destroy_silo(one, cabins.ids[0]) == not_found,
           "its own limits are others' to set");
    TAP_OK(request_set_verdict(one, cabins.ids[0], ALPHA_ID, SYSTEM_VERDICT_DENY) == 0 &&
               puppet_send(one, one->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED &&
               puppet_send(cabins.puppets[1], cabins.puppets[1]->slots[SLOT_ALPHA], "y", 0) == 0,
           "what its own table says is for it alone");
    PAIR_END();
}

/* The slot that it was started with. */
static i32 given_to(struct puppet *puppet)
{
    struct system_start_record record;
    bool is_there = system_start_encode(request_begin(puppet)) &&
                    request_send(puppet, puppet->slots[SLOT_SYSTEM]) == 0 &&
                    system_start_result_decode(request_reader(puppet), &record) &&
                    record.slots.count == 1;
    BASE_ASSERT(is_there);
    return record.slots.data[0].slot;
}

/* A puppet in a cabin that was given the slot; its number of it is `*given`. */
static struct puppet *start_with(struct scene *scene, u64 cabin, i32 slot, i32 *given)
{
    i64 process = request_spawn(scene->shell, program_cid(world_program("puppet")), cabin,
                                (i32)request_copy(scene->shell, slot));
    struct puppet *puppet = puppet_of((u64)request_process_id(scene->shell, (i32)process), 0);
    *given = given_to(puppet);
    return puppet;
}

static bool reaches(const struct scene *scene, struct puppet *puppet, i32 slot)
{
    return puppet_send(puppet, slot, "use", 0) == 0 && pair_gets(scene->pair.server, "use");
}

static void test_given(void)
{
    struct scene scene = scene_start();
    struct puppet *shell = scene.shell;
    i32 slot = shell->slots[SLOT_ALPHA], given, again;
    u64 cabin = (u64)request_create_cabin(shell, 0);
    struct puppet *puppet = start_with(&scene, cabin, slot, &given);
    TAP_OK(reaches(&scene, puppet, given), "a slot that follows a row leads on in a cabin");
    request_set_verdict(shell, cabin, ALPHA_ID, SYSTEM_VERDICT_DENY);
    TAP_OK(puppet_send(puppet, given, "x", 0) == -WEFT_DENIED && reaches(&scene, shell, slot),
           "as far as the cabin's own rules let it");
    u64 below = (u64)request_create_cabin(puppet, 0);
    i64 child = request_spawn(puppet, program_cid(world_program("puppet")), below,
                              (i32)request_copy(puppet, given));
    puppet = puppet_of((u64)request_process_id(puppet, (i32)child), 0);
    again = given_to(puppet);
    TAP_OK(puppet_send(puppet, again, "x", 0) == -WEFT_DENIED, "so in those below");
    request_set_verdict(shell, cabin, ALPHA_ID, SYSTEM_VERDICT_ALLOW);
    TAP_OK(reaches(&scene, puppet, again), "until they change");
    PAIR_END();
}

static void test_given_elsewhere(void)
{
    struct scene scene = scene_start();
    struct puppet *shell = scene.shell;
    i32 given, minted = (i32)request_mint(shell, ALPHA_ID, 5);
    u64 cabin = (u64)request_create_cabin(shell, 0);
    request_bind(shell, cabin, ALPHA_ID, minted);
    struct puppet *puppet = start_with(&scene, cabin, shell->slots[SLOT_ALPHA], &given);
    TAP_OK(reaches(&scene, puppet, given), "it leads to no other handler than before");
    u64 silo = (u64)request_create_silo(shell, 0, &none);
    puppet = start_with(&scene, silo, shell->slots[SLOT_ALPHA], &given);
    request_set_verdict(shell, silo, ALPHA_ID, SYSTEM_VERDICT_DENY);
    TAP_OK(reaches(&scene, puppet, given), "in a silo that is no cabin it stays what it is");
    PAIR_END();
}

static void tests(void)
{
    test_given();
    test_given_elsewhere();
    test_end();
    test_end_with_those_below();
    test_view();
    test_rights();
    test_tables();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
