/* Takes of something of the kernel's as much as there is, or as its second argument says; the first
 * one names it. Then it lets go and looks whether the system still answers. */
#include "tests/hosted/hostile/hostile.h"

static const uint8_t hash[32] = { 1 };
static const struct weft_bytes key = { hash, sizeof(hash) };
static _Alignas(8) uint8_t body[64 << 10];

/* Alarms that are all due at once. */
static uint32_t flood_alarms(uint32_t many)
{
    struct weft_client client = hostile_client(clock_slot());
    uint64_t deadline = hostile_now() + 300000000;
    uint32_t count = 0;
    while (count < many && clock_until_send(&client, deadline, WEFT_WANT_ANSWER) > 0)
        count++;
    hostile_sleep_until(deadline + 1);
    return count;
}

static uint32_t flood_slots(uint32_t many)
{
    uint32_t count = 0;
    while (count < many && hostile_mint(key, count) != WEFT_NO_SLOT)
        count++;
    return count;
}

/* Threads that wait for ever: all share the first one's stack, so they do not use it. */
WEFT_EXPORT("weft_thread") void sit(uint32_t argument);

static int64_t never;

void sit(uint32_t argument)
{
    (void)argument;
    weft_wait(&never, 1, (struct weft_event *)(void *)body, NULL, 0, -1);
}

static void sit_first(void)
{
    struct weft_client client = hostile_client(clock_slot());
    never = clock_until_send(&client, UINT64_MAX, WEFT_WANT_ANSWER);
}

static uint32_t flood_threads(uint32_t many)
{
    uint32_t count = 0;
    struct system_u32_error_result result;
    sit_first();
    for (; count < many; count++) {
        struct weft_client client = hostile_client(system_slot());
        if (system_thread(&client, 0, &result) != WEFT_OK || result.failed)
            break;
    }
    return count;
}

static uint32_t flood_processes(uint32_t many)
{
    uint32_t count = 0;
    while (count < many && hostile_spawn("sit", hostile_text("")) != WEFT_NO_SLOT)
        count++;
    return count;
}

/* Messages to itself, in each of them slots to itself: nobody but itself keeps it alive. */
static uint32_t flood_itself(uint32_t many)
{
    int32_t own = hostile_mint(key, 1);
    int32_t gifts[WEFT_GIFTS_MAX];
    for (uint32_t i = 0; i < WEFT_GIFTS_MAX; i++)
        gifts[i] = own | WEFT_GIFT_COPY;
    uint32_t count = 0;
    while (count < many &&
           weft_send(own, body, sizeof(body), gifts, WEFT_GIFTS_MAX, WEFT_WANT_ANSWER) > 0)
        count++;
    return count;
}

/* Silos, each in the one before. */
static uint32_t flood_silos(uint32_t many)
{
    uint32_t count = 0;
    struct system_u64_error_result result = { .value = 0 };
    for (; count < many; count++) {
        struct weft_client client = hostile_client(system_slot());
        struct system_limits limits = { 0 };
        if (system_create_silo(&client, result.value, hostile_text("deep"), limits, &result) !=
                WEFT_OK ||
            result.failed)
            break;
    }
    return count;
}

/* A stack without end, once there is no memory for it. What it ends with is a trap. */
static volatile uint32_t depth;

static uint32_t descend(uint32_t many)
{
    depth++;
    return many == 0 ? 0 : descend(many - 1) + depth;
}

static uint32_t flood_stack(uint32_t many)
{
    while (__builtin_wasm_memory_grow(0, 1) != SIZE_MAX)
        continue;
    return descend(many);
}

static int flood(void)
{
    static const struct {
        const char *name;
        uint32_t (*function)(uint32_t);
    } floods[] = { { "alarms", flood_alarms },       { "slots", flood_slots },
                   { "threads", flood_threads },     { "processes", flood_processes },
                   { "itself", flood_itself },       { "silos", flood_silos },
                   { "stack", flood_stack } };
    for (uint32_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++)
        if (hostile_is(hostile_argument(2), floods[i].name))
            return (int)floods[i].function(hostile_number(hostile_argument(3)));
    return -1;
}

/* Where memory is used up there may be none for its arguments until somebody lets go. */
static void await_arguments(void)
{
    while (start_record() == NULL)
        hostile_sleep_until(hostile_now() + 1000000);
}

int weft_main(void)
{
    await_arguments();
    if (hostile_part_is("sit")) {
        sit_first();
        sit(0);
    }
    if (hostile_part_is("again"))
        return 0;
    if (hostile_part_is("flood"))
        return flood();
    struct weft_bytes words[] = { hostile_text("hostile"), hostile_text("flood"),
                                  hostile_argument(1), hostile_argument(2) };
    hostile_say("took", hostile_join(hostile_spawn_with(words, 4)));
    uint64_t before = hostile_now();
    hostile_say("witness", hostile_join(hostile_spawn("again", hostile_text(""))));
    hostile_say("later", (hostile_now() - before) / 1000000);
    return 0;
}
