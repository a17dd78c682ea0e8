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
    TALKERS = 3,        /* threads at most */
    STACK_BYTES = 8192, /* of each thread but the first */
    LINGER = 16,        /* one in so many waits has no deadline */
    LONG_AGO =
        1, /* a deadline; unlike 0 it has the kernel look at the clock, so that time goes on */
};

#define SLOT(name, import) WEFT_IMPORT("weft:interface", import) int32_t slot_##name(void)

SLOT(alpha, "alpha@" ALPHA_HASH);
SLOT(beta, "beta@" BETA_HASH);
SLOT(gamma, "gamma@" GAMMA_HASH);

/* One thread of it. What one receives another may have asked for: ids that it does not know are no
 * harm. */
struct talker {
    uint64_t state;
    int32_t slots[SLOTS_MAX]; /* that it got or made */
    uint32_t slot_count;
    int64_t asked[PENDING_MAX]; /* sent, without an answer so far */
    uint32_t asked_count;
    int64_t owed[PENDING_MAX]; /* received, not answered so far */
    uint32_t owed_count;
    uint8_t body[BODY_MAX];
    struct weft_event event;
};

static struct talker talkers[TALKERS];

static uint32_t random_below(struct talker *self, uint32_t bound)
{
    self->state ^= self->state << 13;
    self->state ^= self->state >> 7;
    self->state ^= self->state << 17;
    return (uint32_t)(self->state >> 16) % bound;
}

static int64_t take_id(struct talker *self, int64_t *ids, uint32_t *count)
{
    uint32_t index = random_below(self, *count);
    int64_t id = ids[index];
    ids[index] = ids[--*count];
    return id;
}

static int32_t any_slot(struct talker *self)
{
    uint32_t index = random_below(self, self->slot_count + 3);
    if (index < self->slot_count)
        return self->slots[index];
    return index == self->slot_count       ? slot_alpha()
           : index == self->slot_count + 1 ? slot_beta()
                                           : slot_gamma();
}

static void forget_slot(struct talker *self, int32_t slot)
{
    for (uint32_t i = 0; i < self->slot_count; i++)
        if (self->slots[i] == slot)
            self->slots[i--] = self->slots[--self->slot_count];
}

static void close_slot(int32_t slot)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 64 };
    system_close(&client, (struct system_any_list){ &slot, 1 });
}

static void keep_slot(struct talker *self, int32_t slot)
{
    if (self->slot_count < SLOTS_MAX)
        self->slots[self->slot_count++] = slot;
    else
        close_slot(slot);
}

/* Up to three gifts, of its own slots, moved or copied, or one that is none. */
static uint32_t choose_gifts(struct talker *self, int32_t *gifts)
{
    uint32_t count = random_below(self, 8);
    count = count > 3 || self->slot_count == 0 ? 0 : count;
    for (uint32_t i = 0; i < count; i++) {
        gifts[i] = self->slots[random_below(self, self->slot_count)];
        if (random_below(self, 2) == 0)
            gifts[i] |= WEFT_GIFT_COPY;
    }
    if (count > 0 && random_below(self, 50) == 0)
        gifts[0] = (int32_t)random_below(self, 1000);
    return count;
}

static void forget_given(struct talker *self, const int32_t *gifts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if ((gifts[i] & WEFT_GIFT_COPY) == 0)
            forget_slot(self, gifts[i]);
}

static void say(struct talker *self)
{
    int32_t gifts[4];
    uint32_t gift_count = choose_gifts(self, gifts);
    uint32_t size =
        random_below(self, 8) == 0 ? random_below(self, BODY_MAX) : random_below(self, 200);
    uint32_t flags =
        random_below(self, 3) == 0 || self->asked_count == PENDING_MAX ? 0 : WEFT_WANT_ANSWER;
    if (random_below(self, 4) != 0)
        flags |= WEFT_NO_WAIT;
    int64_t id = weft_send(any_slot(self), self->body, size, gifts, gift_count, flags);
    if (id >= 0)
        forget_given(self, gifts, gift_count);
    if (id > 0)
        self->asked[self->asked_count++] = id;
}

static void reply(struct talker *self)
{
    int32_t gifts[4];
    if (self->owed_count == 0)
        return;
    uint32_t gift_count = choose_gifts(self, gifts);
    int64_t id = take_id(self, self->owed, &self->owed_count);
    if (weft_answer(id, (int32_t)random_below(self, WEFT_STATUS_COUNT), self->body,
                    random_below(self, 300), gifts, gift_count) == 0)
        forget_given(self, gifts, gift_count);
    else
        weft_answer(id, WEFT_OK, 0, 0, 0, 0);
}

static void withdraw(struct talker *self)
{
    if (self->asked_count != 0)
        weft_answer(take_id(self, self->asked, &self->asked_count), 0, 0, 0, 0, 0);
}

static void forget_id(int64_t *ids, uint32_t *count, int64_t id)
{
    for (uint32_t i = 0; i < *count; i++)
        if (ids[i] == id)
            ids[i--] = ids[--*count];
}

static void react(struct talker *self, int32_t kind)
{
    if (kind <= 0)
        return;
    for (uint32_t i = 0; i < self->event.gift_count; i++)
        keep_slot(self, self->event.gifts[i]);
    if (kind == WEFT_EVENT_ANSWER)
        forget_id(self->asked, &self->asked_count, self->event.id);
    else if (kind == WEFT_EVENT_WITHDRAWN)
        forget_id(self->owed, &self->owed_count, self->event.id);
    else if (kind == WEFT_EVENT_MESSAGE && self->event.id != 0 && self->owed_count < PENDING_MAX)
        self->owed[self->owed_count++] = self->event.id;
    else if (kind == WEFT_EVENT_MESSAGE && self->event.id != 0)
        weft_answer(self->event.id, WEFT_LIMIT, 0, 0, 0, 0);
}

static void listen(struct talker *self)
{
    uint32_t capacity = random_below(self, 20) == 0 ? random_below(self, 100) : BODY_MAX;
    uint32_t mode = random_below(self, LINGER);
    if (mode == 0)
        react(self, weft_wait(0, 0, &self->event, self->body, capacity, -1));
    else if (mode == 1 && self->asked_count != 0)
        react(self, weft_wait(self->asked, random_below(self, self->asked_count) + 1, &self->event,
                              self->body, capacity, -1));
    else if (mode == 2 && self->owed_count != 0)
        react(self, weft_wait(self->owed, 1, &self->event, self->body, capacity, LONG_AGO));
    else
        react(self, weft_wait(0, 0, &self->event, self->body, capacity, LONG_AGO));
}

static void mint(struct talker *self)
{
    _Alignas(8) uint8_t buffer[128];
    uint8_t hash[32];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 128 };
    struct system_any_error_result result;
    __builtin_memset(hash, (int)random_below(self, 256), sizeof(hash));
    if (system_mint(&client, (struct weft_bytes){ hash, 32 }, random_below(self, 10), &result) ==
            WEFT_OK &&
        !result.failed)
        keep_slot(self, result.value);
}

static void drop(struct talker *self)
{
    if (self->slot_count == 0)
        return;
    int32_t slot = self->slots[random_below(self, self->slot_count)];
    forget_slot(self, slot);
    close_slot(slot);
}

static void talk(struct talker *self)
{
    for (;;) {
        uint32_t what = random_below(self, 100);
        if (what < 40)
            say(self);
        else if (what < 70)
            listen(self);
        else if (what < 84)
            reply(self);
        else if (what < 88)
            withdraw(self);
        else if (what < 94)
            mint(self);
        else if (what < 99)
            drop(self);
        else if (random_below(self, 200) == 0)
            __builtin_trap();
        else if (random_below(self, 200) == 0)
            return;
    }
}

static uint64_t read_seed(void)
{
    const struct system_start_record *start = start_record();
    uint64_t seed = 88172645463325252u;
    if (start == 0 || start->arguments.count == 0)
        return seed;
    struct weft_bytes text = start->arguments.data[0];
    for (uint32_t i = 0; i < text.size; i++)
        seed = (seed + text.data[i]) * 6364136223846793005u + 1442695040888963407u;
    return seed;
}

/* Half of these processes have more than one thread. */
static void start_threads(struct talker *self)
{
    _Alignas(8) uint8_t buffer[128];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 128 };
    struct system_u32_error_result result;
    uint32_t count = random_below(self, 2 * TALKERS);
    for (uint32_t i = 1; i < TALKERS && i < count; i++) {
        talkers[i].state = self->state + i;
        system_thread(&client, i, &result);
    }
}

int weft_main(void)
{
    talkers[0].state = read_seed();
    start_threads(&talkers[0]);
    talk(&talkers[0]);
    return 3;
}

__attribute__((noinline)) static void talk_as(uint32_t index)
{
    talk(&talkers[index]);
}

/* Below the stack of the first thread are those of the others. */
WEFT_EXPORT("weft_thread") void thread(uint32_t index);
void thread(uint32_t index)
{
    uint32_t bytes = index * STACK_BYTES;
    __asm__ volatile("global.get __stack_pointer\n local.get %0\n i32.sub\n"
                     "global.set __stack_pointer"
                     :
                     : "r"(bytes));
    talk_as(index);
}
