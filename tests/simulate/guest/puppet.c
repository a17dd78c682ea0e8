/* A guest that does what a test tells it: tests/simulate/script.h. */
#include "interface/clock.h"
#include "interface/log.h"
#include "interface/random.h"
#include "interface/system.h"
#include "lib/weft.h"
#include "tests/simulate/script.h"

#include <stddef.h>

#define SLOT(name, import) WEFT_IMPORT("weft:interface", import) int32_t slot_##name(void)

SLOT(conductor, "conductor@" CONDUCTOR_HASH);
SLOT(system, SYSTEM_IMPORT);
SLOT(alpha, "alpha@" ALPHA_HASH);
SLOT(beta, "beta@" BETA_HASH);
SLOT(gamma, "gamma@" GAMMA_HASH);
SLOT(clock, CLOCK_IMPORT);
SLOT(random, RANDOM_IMPORT);
SLOT(log, LOG_IMPORT);

WEFT_IMPORT("weft", "send")
int64_t raw_send(int32_t slot, uint32_t body, uint32_t size, uint32_t gifts, uint32_t gift_count,
                 uint32_t flags);
WEFT_IMPORT("weft", "answer")
int32_t raw_answer(int64_t message, int32_t status, uint32_t body, uint32_t size, uint32_t gifts,
                   uint32_t gift_count);
WEFT_IMPORT("weft", "wait")
int32_t raw_wait(uint32_t ids, uint32_t id_count, uint32_t event, uint32_t body, uint32_t capacity,
                 int64_t deadline);

static struct script scripts[PUPPET_THREADS_MAX];
static struct weft_event control_events[PUPPET_THREADS_MAX];

static void fill(uint8_t *at, uint32_t size, uint8_t value)
{
    for (uint32_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value + i);
}

static int64_t check(const uint8_t *at, uint32_t size, uint8_t value)
{
    for (uint32_t i = 0; i < size; i++)
        if (at[i] != (uint8_t)(value + i))
            return 0;
    return 1;
}

static void compute(struct script *script, int64_t rounds)
{
    volatile int64_t *progress = &script->progress;
    for (int64_t round = 0; rounds == 0 || round < rounds; round++)
        *progress = *progress + 1;
}

/* Values on its own stack, so that the linear stack stays as it is. */
static int64_t recurse(int64_t depth)
{
    volatile int64_t *progress = &scripts[0].progress;
    *progress = depth;
    return depth == 0 ? 0 : (recurse(depth - 1) * 3 ^ *progress) & INT32_MAX;
}

static uint64_t forge_state;

static uint64_t forge_random(void)
{
    forge_state ^= forge_state << 13;
    forge_state ^= forge_state >> 7;
    forge_state ^= forge_state << 17;
    return forge_state;
}

/* Small, near to the base, the base with some bits changed, or anything. */
static int64_t made_up(int64_t base)
{
    uint64_t random = forge_random();
    switch (forge_random() % 4) {
    case 0:
        return (int64_t)(random % 4096);
    case 1:
        return base + (int64_t)(random % 64) - 32;
    case 2:
        return base ^ (int64_t)(1ull << random % 64 | 1ull << (random >> 8) % 64);
    default:
        return (int64_t)random;
    }
}

static int32_t made_up_slot(const struct script *script, int32_t base)
{
    int32_t slot = (int32_t)made_up(base);
    for (uint32_t i = 0; i < SLOT_COUNT; i++)
        if (script->slots[i] == slot || (script->slots[i] | WEFT_GIFT_COPY) == slot)
            return 0;
    return slot;
}

static int forged_is_refused(struct script *script, int64_t kind, int64_t base)
{
    int64_t id = made_up(base);
    int32_t slot = made_up_slot(script, (int32_t)base);
    switch (kind) {
    case FORGE_SEND:
        return weft_send(slot, 0, 0, 0, 0, WEFT_WANT_ANSWER) == -WEFT_BAD_SLOT;
    case FORGE_GIFT:
        return weft_send(script->slots[SLOT_ALPHA], 0, 0, &slot, 1, 0) == -WEFT_BAD_SLOT;
    case FORGE_ANSWER:
        return weft_answer(id, WEFT_OK, 0, 0, 0, 0) == -WEFT_BAD_MESSAGE;
    default:
        return weft_wait(&id, 1, &script->event, 0, 0, 0) == -WEFT_BAD_MESSAGE;
    }
}

static int64_t forge(struct script *script, const int64_t *a)
{
    int64_t taken = 0;
    forge_state = (uint64_t)a[2] | 1;
    for (int64_t i = 0; i < a[1]; i++)
        taken += !forged_is_refused(script, a[0], a[3]);
    return taken;
}

static int64_t weft_call(struct script_call *call, const int64_t *a)
{
    switch (call->call) {
    case CALL_SEND:
        return raw_send((int32_t)a[0], (uint32_t)a[1], (uint32_t)a[2], (uint32_t)a[3],
                        (uint32_t)a[4], (uint32_t)a[5]);
    case CALL_ANSWER:
        return raw_answer(a[0], (int32_t)a[1], (uint32_t)a[2], (uint32_t)a[3], (uint32_t)a[4],
                          (uint32_t)a[5]);
    default:
        return raw_wait((uint32_t)a[0], (uint32_t)a[1], (uint32_t)a[2], (uint32_t)a[3],
                        (uint32_t)a[4], a[5]);
    }
}

static int64_t other_call(struct script *script, struct script_call *call, const int64_t *a)
{
    uint8_t *at = (uint8_t *)(uintptr_t)a[0];
    switch (call->call) {
    case CALL_GROW:
        return (int32_t)__builtin_wasm_memory_grow(0, (uint32_t)a[0]);
    case CALL_FILL:
        fill(at, (uint32_t)a[1], (uint8_t)a[2]);
        return 0;
    case CALL_CHECK:
        return check(at, (uint32_t)a[1], (uint8_t)a[2]);
    case CALL_COMPUTE:
        compute(script, a[0]);
        return 0;
    case CALL_READ:
        return *(volatile int64_t *)at;
    case CALL_WRITE:
        *(volatile int64_t *)at = a[1];
        return 0;
    case CALL_COPY:
        __builtin_memcpy(at, (uint8_t *)(uintptr_t)a[1], (uint32_t)a[2]);
        return 0;
    case CALL_FORGE:
        return forge(script, a);
    case CALL_RECURSE:
        return recurse(a[0]);
    default:
        __builtin_trap();
    }
}

static void repeat(struct script *script, struct script_call *call, const int64_t *arguments)
{
    call->done = 0;
    do {
        call->result = call->call <= CALL_WAIT ? weft_call(call, arguments)
                                               : other_call(script, call, arguments);
        call->done++;
    } while (call->done < call->times && call->result >= 0);
}

/* False: the puppet is to return. */
static int perform(struct script *script)
{
    for (script->done = 0; script->done < script->count; script->done++) {
        struct script_call *call = &script->calls[script->done];
        int64_t arguments[SCRIPT_ARGUMENTS];
        for (uint32_t i = 0; i < SCRIPT_ARGUMENTS; i++) {
            int64_t value = call->arguments[i];
            arguments[i] = (call->refers >> i & 1) != 0 ? script->calls[value].result : value;
        }
        if (call->call == CALL_RETURN)
            return 0;
        repeat(script, call, arguments);
    }
    return 1;
}

static uint32_t report_size(const struct script *script)
{
    uint32_t received = script->event.size;
    return (uint32_t)offsetof(struct script, received) +
           (received < SCRIPT_RECEIVED ? received : SCRIPT_RECEIVED);
}

static void play(uint32_t thread)
{
    struct script *script = &scripts[thread];
    script->address = (uint32_t)(uintptr_t)script;
    script->thread = thread;
    const int32_t slots[SLOT_COUNT] = {
        slot_conductor(), slot_system(), slot_alpha(),  slot_beta(),
        slot_gamma(),     slot_clock(),  slot_random(), slot_log(),
    };
    for (uint32_t i = 0; i < SLOT_COUNT; i++)
        script->slots[i] = slots[i];
    for (;;) {
        int64_t id = weft_send(script->slots[SLOT_CONDUCTOR], script, report_size(script), 0, 0,
                               WEFT_WANT_ANSWER);
        if (id <= 0)
            __builtin_trap();
        if (weft_wait(&id, 1, &control_events[thread], script, sizeof(*script), -1) !=
            WEFT_EVENT_ANSWER)
            __builtin_trap();
        if (!perform(script))
            return;
    }
}

WEFT_EXPORT("_start") void _start(void);
void _start(void)
{
    play(0);
}

/* Each thread has its own globals, the stack pointer among them, but one memory: below the stack of
 * the first thread are those of the others. */
WEFT_EXPORT("weft_thread") void thread(uint32_t argument);
__attribute__((noinline)) static void thread_play(uint32_t argument)
{
    play(argument);
}

void thread(uint32_t argument)
{
    uint32_t bytes = argument % PUPPET_THREADS_MAX * 4096;
    __asm__ volatile("global.get __stack_pointer\n local.get %0\n i32.sub\n"
                     "global.set __stack_pointer"
                     :
                     : "r"(bytes));
    if (bytes != 0)
        thread_play(argument % PUPPET_THREADS_MAX);
}
