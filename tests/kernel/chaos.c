/* Ten thousand killings while a dozen processes talk at random, on one to four CPUs, from fixed
 * seeds: nothing is leaked, nothing hangs, everybody who waits is told. */
#include "tests/kernel/support/crowd.h"
#include "tests/kernel/support/pair.h"

enum {
    SEEDS = 20,
    KILLS = 500, /* of each seed */
    WATCHED_MAX = 64,
};

/* A puppet that asks those who will die, and counts who was answered. */
struct observer {
    struct puppet *puppet;
    i64 ids[WATCHED_MAX];
    u32 count;
};

static void observe(struct observer *observer)
{
    if (observer->count == WATCHED_MAX || !observer->puppet->idle)
        return;
    i32 slot = observer->puppet->slots[SLOT_ALPHA + simulate_random() % 3];
    puppet_add(observer->puppet,
               puppet_send_call(observer->puppet, slot, "?", WEFT_WANT_ANSWER | WEFT_NO_WAIT));
    puppet_begin(observer->puppet);
    world_run(MILLISECOND);
    if (observer->puppet->idle && observer->puppet->result > 0)
        observer->ids[observer->count++] = observer->puppet->result;
}

/* When all others are dead, each message is answered, or waits for a handler to be bound. */
static bool all_answered(struct observer *observer)
{
    struct puppet *last = pair_puppet();
    world_bind(silo_root(), ALPHA_ID, last->process);
    world_bind(silo_root(), BETA_ID, last->process);
    world_bind(silo_root(), GAMMA_ID, last->process);
    puppet_kill(last);
    bool all = observer->puppet->idle && observer->count > 0;
    for (u32 i = 0; i < observer->count && all; i++) {
        i64 kind = puppet_wait_for(observer->puppet, observer->ids[i], 0);
        all = kind == WEFT_EVENT_ANSWER || kind == -WEFT_TOO_LARGE;
    }
    return all;
}

static void test_seed(u64 seed)
{
    char fact[96];
    struct crowd crowd;
    struct observer observer = { 0 };
    bool started = world_start(&(struct world_options){
        .machine = {
            .seed = seed,
            .cpu_count = (u32)(seed % 4 + 1),
            .switch_one_in = seed % 3 == 0 ? 0 : 40,
            .early_one_in = 7,
            .call_ns = seed % 2 == 0 ? 3000 : 20000,
        },
    });
    BASE_ASSERT(started);
    observer.puppet = pair_puppet();
    crowd_start(&crowd);
    for (u32 i = 0; crowd.killed_count < KILLS && i < 2 * KILLS; i++) {
        world_run(simulate_random() % MILLISECOND);
        crowd_kill_one(&crowd);
        if (i % 16 == 0)
            observe(&observer);
    }
    crowd_end(&crowd);
    snprintf(fact, sizeof(fact), "seed %llu: %u killings, and whoever waited was answered",
             (unsigned long long)seed, KILLS);
    TAP_OK(all_answered(&observer) && crowd.killed_count == KILLS, fact);
    PAIR_END();
}

int main(void)
{
    for (u64 seed = 1; seed <= SEEDS; seed++)
        test_seed(seed);
    return tap_done();
}
