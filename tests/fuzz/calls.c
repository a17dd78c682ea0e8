/* Any calls with any arguments, by three puppets that talk to each other: each call gives what
 * abi/weft.h says it may give, nobody is harmed, and nothing is leaked at the end. */
#include "tests/simulate/request.h"
#include "tests/simulate/world.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PUPPETS = 3,
    HIGH = 2 << 16, /* memory that the puppet itself does not use: events and bodies go there */
    END = 3 << 16,
    KNOWN = 8,
    STEPS_MAX = 60,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reader input;
static struct puppet *puppets[PUPPETS];
/* Numbers that meant something once, to somebody. */
static i64 known_ids[KNOWN];
static i64 known_slots[KNOWN];
static u32 id_count, slot_count;

static u32 choose(u32 count)
{
    return reader_left(&input) == 0 ? 0 : reader_u8(&input) % count;
}

static i64 any_number(void)
{
    static const i64 numbers[] = { 0, 1, -1, 8, 88, 4096, END, END + 1, INT32_MAX, INT32_MIN };
    u32 kind = choose(BASE_ARRAY_COUNT(numbers) + 2);
    if (kind < BASE_ARRAY_COUNT(numbers))
        return numbers[kind];
    return kind == BASE_ARRAY_COUNT(numbers) ? choose(256) : (i64)((u64)choose(256) << choose(64));
}

/* Where an event or body may be written without harm to the puppet. */
static i64 any_room(void)
{
    static const i64 rooms[] = { HIGH, HIGH + 100, END - 88, END - 87, END - 1, END, -1, -88 };
    return rooms[choose(BASE_ARRAY_COUNT(rooms))];
}

static i64 any_slot(const struct puppet *puppet)
{
    switch (choose(4)) {
    case 0:
        return any_number();
    case 1:
        return known_slots[choose(KNOWN)];
    default:
        return puppet->slots[SLOT_SYSTEM + choose(SLOT_COUNT - SLOT_SYSTEM)];
    }
}

static i64 any_id(void)
{
    return choose(4) == 0 ? any_number() : known_ids[choose(KNOWN)];
}

static i64 any_size(void)
{
    return choose(3) == 0 ? any_number() : choose(200);
}

static void remember_id(i64 id)
{
    if (id > 0)
        known_ids[id_count++ % KNOWN] = id;
}

static void set_gifts(struct puppet *puppet)
{
    for (u32 i = 0; i < 4; i++)
        puppet->script.gifts[i] = (i32)any_slot(puppet) | (choose(3) == 0 ? WEFT_GIFT_COPY : 0);
}

static i64 few(void)
{
    return choose(6) == 0 ? any_number() : choose(4);
}

static struct script_call any_send(struct puppet *puppet)
{
    set_gifts(puppet);
    u32 flags = choose(8) == 0 ? (u32)any_number() : choose(4);
    return (struct script_call){
        .call = CALL_SEND,
        .arguments = { any_slot(puppet), choose(4) == 0 ? any_number() : HIGH, any_size(),
                       choose(8) == 0 ? any_number() : PUPPET_AT(puppet, gifts), few(), flags },
    };
}

static struct script_call any_answer(struct puppet *puppet)
{
    set_gifts(puppet);
    return (struct script_call){
        .call = CALL_ANSWER,
        .arguments = { any_id(), few(), choose(4) == 0 ? any_number() : HIGH, any_size(),
                       choose(8) == 0 ? any_number() : PUPPET_AT(puppet, gifts), few() },
    };
}

static struct script_call any_wait(struct puppet *puppet)
{
    static const i64 deadlines[] = { 0, 0, 0, 1, -1, -2, INT64_MAX };
    for (u32 i = 0; i < 4; i++)
        puppet->script.ids[i] = any_id();
    bool tame = choose(3) != 0;
    return (struct script_call){
        .call = CALL_WAIT,
        .arguments = { choose(8) == 0 ? any_number() : PUPPET_AT(puppet, ids),
                       choose(3) == 0 ? few() : 0, tame ? PUPPET_AT(puppet, event) : any_room(),
                       tame ? HIGH : any_room(), tame ? 1000 : any_size(),
                       deadlines[choose(BASE_ARRAY_COUNT(deadlines))] },
    };
}

static void check_at(bool holds, const char *what, int line)
{
    if (holds)
        return;
    fprintf(stderr, "tests/fuzz/calls.c:%d: this does not hold: %s\n", line, what);
    abort();
}

#define CHECK(condition) check_at((condition), #condition, __LINE__)

static void check_result(struct puppet *puppet, const struct script_call *call, i64 result)
{
    bool is_status = result < 0 && result > -WEFT_STATUS_COUNT;
    const struct weft_event *event = &puppet->script.event;
    /* It may have asked for its end, or given away the slot it gets its scripts by. */
    if (result == PUPPET_ENDED)
        CHECK(puppet->end_kind != PROCESS_END_KILLED);
    if (result == PUPPET_BLOCKED || result == PUPPET_ENDED)
        return;
    if (call->call == CALL_SEND)
        CHECK(is_status || result >= 0);
    else if (call->call == CALL_ANSWER)
        CHECK(is_status || result == 0);
    else
        CHECK(is_status || (result >= 0 && result <= WEFT_EVENT_WITHDRAWN));
    if (call->call == CALL_SEND)
        remember_id(result);
    if (call->call != CALL_WAIT || result <= 0 || call->arguments[2] != PUPPET_AT(puppet, event))
        return;
    CHECK(event->kind == result && event->gift_count <= WEFT_GIFTS_MAX);
    remember_id(event->id);
    for (u32 i = 0; i < event->gift_count; i++) {
        CHECK(event->gifts[i] > 0);
        known_slots[slot_count++ % KNOWN] = event->gifts[i];
    }
}

static void step_call(struct puppet *puppet)
{
    struct script_call call;
    switch (choose(3)) {
    case 0:
        call = any_send(puppet);
        break;
    case 1:
        call = any_answer(puppet);
        break;
    default:
        call = any_wait(puppet);
        break;
    }
    check_result(puppet, &call, puppet_do(puppet, call));
}

static void step_slot(struct puppet *puppet)
{
    i64 slot = choose(2) == 0 ? request_mint(puppet, BETA_ID, choose(4))
                              : request_copy(puppet, puppet->slots[SLOT_ALPHA]);
    if (slot > 0)
        known_slots[slot_count++ % KNOWN] = slot;
}

static void step(void)
{
    u32 index = choose(PUPPETS);
    struct puppet *puppet = puppets[index];
    u32 kind = choose(32);
    if (puppet == NULL || puppet->ended)
        puppets[index] = puppet_spawn(silo_root());
    else if (kind == 0)
        puppet_kill(puppet);
    else if (kind == 1)
        world_bind(silo_root(), choose(2) == 0 ? ALPHA_ID : BETA_ID, puppet->process);
    else if (kind == 2)
        world_run(choose(200) * (u64)MILLISECOND);
    else if (puppet->idle && kind < 7)
        step_slot(puppet);
    else if (puppet->idle)
        step_call(puppet);
    else
        puppet_done(puppet);
}

static struct puppet *start_puppet(void)
{
    struct puppet *puppet = puppet_spawn(silo_root());
    CHECK(puppet != NULL && puppet->idle);
    CHECK(puppet_do(puppet, (struct script_call){ .call = CALL_GROW, .arguments = { 1 } }) == 2);
    return puppet;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_init(&input, (struct bytes){ data, size });
    id_count = slot_count = 0;
    for (u32 i = 0; i < KNOWN; i++)
        known_ids[i] = known_slots[i] = 1;
    CHECK(world_start(&(struct world_options){
        .machine = { .seed = choose(256), .cpu_count = choose(3) + 1, .switch_one_in = choose(40) },
    }));
    for (u32 i = 0; i < PUPPETS; i++)
        puppets[i] = start_puppet();
    world_bind(silo_root(), ALPHA_ID, puppets[0]->process);
    world_bind(silo_root(), BETA_ID, puppets[1]->process);
    for (u32 i = 0; i < STEPS_MAX && reader_left(&input) != 0; i++)
        step();
    CHECK(world_end());
    return 0;
}
