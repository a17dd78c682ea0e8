/* A guest that talks at random: it sends, answers, gives, mints, copies and closes slots, takes
 * messages back, waits, and at times dies of itself. What it does follows from its first argument
 * and from what it receives. */
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/start.h"
#include "tests/simulate/script.h"

enum {
    SLOTS_MAX = 48,
    PENDING_MAX = 24,
    BODY_MAX = 6000,
    LINGER = 16, /* one in so many waits has no deadline */
    LONG_AGO =
        1, /* a deadline; unlike 0 it has the kernel look at the clock, so that time goes on */
};

#define SLOT(name, import) WEFT_IMPORT("weft:interface", import) int32_t slot_##name(void)

SLOT(alpha, "alpha@" ALPHA_HASH);
SLOT(beta, "beta@" BETA_HASH);
SLOT(gamma, "gamma@" GAMMA_HASH);

static uint64_t state;
static int32_t slots[SLOTS_MAX]; /* that it got or made */
static uint32_t slot_count;
static int64_t asked[PENDING_MAX]; /* sent, without an answer so far */
static uint32_t asked_count;
static int64_t owed[PENDING_MAX]; /* received, not answered so far */
static uint32_t owed_count;
static uint8_t body[BODY_MAX];
static struct weft_event event;

static uint32_t random_below(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16) % bound;
}

static int64_t take_id(int64_t *ids, uint32_t *count)
{
    uint32_t index = random_below(*count);
    int64_t id = ids[index];
    ids[index] = ids[--*count];
    return id;
}

static int32_t any_slot(void)
{
    uint32_t index = random_below(slot_count + 3);
    if (index < slot_count)
        return slots[index];
    return index == slot_count       ? slot_alpha()
           : index == slot_count + 1 ? slot_beta()
                                     : slot_gamma();
}

static void forget_slot(int32_t slot)
{
    for (uint32_t i = 0; i < slot_count; i++)
        if (slots[i] == slot)
            slots[i--] = slots[--slot_count];
}

static void close_slot(int32_t slot)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 64 };
    system_close(&client, (struct system_any_list){ &slot, 1 });
}

static void keep_slot(int32_t slot)
{
    if (slot_count < SLOTS_MAX)
        slots[slot_count++] = slot;
    else
        close_slot(slot);
}

/* Up to three gifts, of its own slots, moved or copied, or one that is none. */
static uint32_t choose_gifts(int32_t *gifts)
{
    uint32_t count = random_below(8);
    count = count > 3 || slot_count == 0 ? 0 : count;
    for (uint32_t i = 0; i < count; i++) {
        gifts[i] = slots[random_below(slot_count)];
        if (random_below(2) == 0)
            gifts[i] |= WEFT_GIFT_COPY;
    }
    if (count > 0 && random_below(50) == 0)
        gifts[0] = (int32_t)random_below(1000);
    return count;
}

static void forget_given(const int32_t *gifts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if ((gifts[i] & WEFT_GIFT_COPY) == 0)
            forget_slot(gifts[i]);
}

static void say(void)
{
    int32_t gifts[4];
    uint32_t gift_count = choose_gifts(gifts);
    uint32_t size = random_below(8) == 0 ? random_below(BODY_MAX) : random_below(200);
    uint32_t flags = random_below(3) == 0 || asked_count == PENDING_MAX ? 0 : WEFT_WANT_ANSWER;
    if (random_below(4) != 0)
        flags |= WEFT_NO_WAIT;
    int64_t id = weft_send(any_slot(), body, size, gifts, gift_count, flags);
    if (id >= 0)
        forget_given(gifts, gift_count);
    if (id > 0)
        asked[asked_count++] = id;
}

static void reply(void)
{
    int32_t gifts[4];
    if (owed_count == 0)
        return;
    uint32_t gift_count = choose_gifts(gifts);
    int64_t id = take_id(owed, &owed_count);
    if (weft_answer(id, (int32_t)random_below(WEFT_STATUS_COUNT), body, random_below(300), gifts,
                    gift_count) == 0)
        forget_given(gifts, gift_count);
    else
        weft_answer(id, WEFT_OK, 0, 0, 0, 0);
}

static void withdraw(void)
{
    if (asked_count != 0)
        weft_answer(take_id(asked, &asked_count), 0, 0, 0, 0, 0);
}

static void forget_id(int64_t *ids, uint32_t *count, int64_t id)
{
    for (uint32_t i = 0; i < *count; i++)
        if (ids[i] == id)
            ids[i--] = ids[--*count];
}

static void react(int32_t kind)
{
    if (kind <= 0)
        return;
    for (uint32_t i = 0; i < event.gift_count; i++)
        keep_slot(event.gifts[i]);
    if (kind == WEFT_EVENT_ANSWER)
        forget_id(asked, &asked_count, event.id);
    else if (kind == WEFT_EVENT_WITHDRAWN)
        forget_id(owed, &owed_count, event.id);
    else if (kind == WEFT_EVENT_MESSAGE && event.id != 0 && owed_count < PENDING_MAX)
        owed[owed_count++] = event.id;
    else if (kind == WEFT_EVENT_MESSAGE && event.id != 0)
        weft_answer(event.id, WEFT_LIMIT, 0, 0, 0, 0);
}

static void listen(void)
{
    uint32_t capacity = random_below(20) == 0 ? random_below(100) : BODY_MAX;
    uint32_t mode = random_below(LINGER);
    if (mode == 0)
        react(weft_wait(0, 0, &event, body, capacity, -1));
    else if (mode == 1 && asked_count != 0)
        react(weft_wait(asked, random_below(asked_count) + 1, &event, body, capacity, -1));
    else if (mode == 2 && owed_count != 0)
        react(weft_wait(owed, 1, &event, body, capacity, LONG_AGO));
    else
        react(weft_wait(0, 0, &event, body, capacity, LONG_AGO));
}

static void mint(void)
{
    _Alignas(8) uint8_t buffer[128];
    uint8_t hash[32];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 128 };
    struct system_any_error_result result;
    __builtin_memset(hash, (int)random_below(256), sizeof(hash));
    if (system_mint(&client, (struct weft_bytes){ hash, 32 }, random_below(10), &result) ==
            WEFT_OK &&
        !result.failed)
        keep_slot(result.value);
}

static void drop(void)
{
    if (slot_count == 0)
        return;
    int32_t slot = slots[random_below(slot_count)];
    forget_slot(slot);
    close_slot(slot);
}

static void read_seed(void)
{
    const struct system_start_record *start = start_record();
    state = 88172645463325252u;
    if (start == 0 || start->arguments.count == 0)
        return;
    struct weft_bytes text = start->arguments.data[0];
    for (uint32_t i = 0; i < text.size; i++)
        state = (state + text.data[i]) * 6364136223846793005u + 1442695040888963407u;
}

int weft_main(void)
{
    read_seed();
    for (;;) {
        uint32_t what = random_below(100);
        if (what < 40)
            say();
        else if (what < 70)
            listen();
        else if (what < 84)
            reply();
        else if (what < 88)
            withdraw();
        else if (what < 94)
            mint();
        else if (what < 99)
            drop();
        else if (random_below(200) == 0)
            __builtin_trap();
        else if (random_below(200) == 0)
            return 3;
    }
}
