/* A dozen processes that send, answer, withdraw, give slots away and die at any moment, and one that
 * kills them and starts others; the first argument says how many rounds. */
#include "tests/hosted/hostile/hostile.h"

enum { CHILDREN = 12, STEPS = 200, TURNS = 20, LARGE = 100000 };

static uint64_t state = 88172645463325252u;
static uint8_t body[LARGE];
static const uint8_t hash[32] = { 7 };
static const struct weft_bytes key = { hash, sizeof(hash) };

static uint32_t random(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

static int32_t duplicate(int32_t slot)
{
    struct system_any_error_result result;
    struct weft_client client = hostile_client(system_slot());
    if (system_copy(&client, slot, &result) != WEFT_OK || result.failed)
        return WEFT_NO_SLOT;
    return result.value;
}

static void take_event(const int64_t *id, uint32_t id_count)
{
    struct weft_event event;
    int64_t deadline = random(2) == 0 ? 0 : (int64_t)hostile_now() + 100000;
    int32_t kind = weft_wait(id, id_count, &event, body, sizeof(body), deadline);
    if (kind == WEFT_EVENT_MESSAGE && event.id > 0 && random(2) == 0)
        weft_answer(event.id, 0, body, random(5000), NULL, 0);
    for (uint32_t i = 0; kind > 0 && i < event.gift_count; i++)
        if (random(2) == 0)
            hostile_close(event.gifts[i]);
}

static int child(void)
{
    int32_t up = start_slot("up");
    int32_t own = hostile_mint(key, 1);
    state += hostile_now();
    for (uint32_t i = 0; i < STEPS; i++) {
        int32_t gifts[] = { own | WEFT_GIFT_COPY, up | WEFT_GIFT_COPY };
        uint32_t size = random(random(4) == 0 ? LARGE : 200);
        int64_t id = weft_send(random(2) == 0 ? own : up, body, size, gifts, random(3), random(4));
        if (id > 0 && random(2) == 0)
            weft_answer(id, 0, NULL, 0, NULL, 0);
        if (random(3) == 0)
            take_event(&id, id > 0 ? random(2) : 0);
        if (random(STEPS) == 0)
            __builtin_trap();
        if (random(STEPS) == 0)
            main_exit(0);
    }
    return 0;
}

static int32_t spawn(int32_t up)
{
    struct weft_bytes words[] = { hostile_text("hostile"), hostile_text("child") };
    return hostile_spawn_below(words, 2, duplicate(up));
}

/* Answers with what came, or sends something on the slots that came. */
static void serve(int32_t up)
{
    struct weft_event event;
    int32_t kind = weft_wait(NULL, 0, &event, body, sizeof(body), (int64_t)hostile_now() + 50000);
    if (kind <= 0)
        return;
    if (kind == WEFT_EVENT_MESSAGE && event.id > 0 && random(3) != 0 &&
        weft_answer(event.id, 0, body, random(6000), event.gifts, event.gift_count) == 0)
        event.gift_count = 0;
    for (uint32_t i = 0; i < event.gift_count; i++) {
        int32_t gift = up | WEFT_GIFT_COPY;
        if (random(2) == 0)
            weft_send(event.gifts[i], body, random(9000), &gift, 1, random(2) | WEFT_NO_WAIT);
        hostile_close(event.gifts[i]);
    }
}

int weft_main(void)
{
    if (hostile_part_is("child"))
        return child();
    uint32_t rounds = hostile_number(hostile_argument(1));
    int32_t up = hostile_mint(key, 2);
    int32_t children[CHILDREN];
    for (uint32_t i = 0; i < CHILDREN; i++)
        children[i] = spawn(up);
    uint32_t failed = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < TURNS; i++)
            serve(up);
        int32_t *one = &children[random(CHILDREN)];
        hostile_kill(*one);
        hostile_close(*one);
        *one = spawn(up);
        failed += *one == WEFT_NO_SLOT;
    }
    hostile_say("failed", failed);
    return 0;
}
