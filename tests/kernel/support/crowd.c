#include "tests/kernel/support/crowd.h"

#include <stdio.h>

static void spawn(struct crowd *crowd, u32 index)
{
    char seed[32];
    struct engine_error error;
    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)simulate_random());
    const struct bytes arguments[] = { bytes_from_text(seed) };
    const struct spawn_options options = {
        .program = world_program("chatter"),
        .silo = crowd->silos[index % CROWD_SILOS],
        .arguments = arguments,
        .argument_count = 1,
    };
    if (options.program == NULL || options.silo == NULL ||
        process_spawn(&options, &crowd->members[index], &error) != STATUS_OK)
        crowd->members[index] = NULL;
}

static void bind(struct crowd *crowd, u64 interface, u32 index)
{
    struct interface_key key = world_key(interface);
    enum status status = STATUS_OK;
    if (crowd->members[index] != NULL)
        status = silo_bind_process(silo_root(), &key, crowd->members[index]);
    (void)status; /* refused without memory, or to the dead */
}

/* The last one is below the one before it. */
static void create_silo(struct crowd *crowd, u32 index)
{
    static const struct silo_limits limits = { .messages = 400,
                                               .slots = 1500,
                                               .body_bytes = 1 << 20 };
    struct silo *parent = index == CROWD_SILOS - 1 ? crowd->silos[index - 1] : silo_root();
    if (parent == NULL ||
        silo_create(parent, BYTES_LITERAL("crowd"), &limits, &crowd->silos[index]) != STATUS_OK)
        crowd->silos[index] = NULL;
}

void crowd_start(struct crowd *crowd)
{
    *crowd = (struct crowd){ 0 };
    for (u32 i = 0; i < CROWD_SILOS; i++)
        create_silo(crowd, i);
    for (u32 i = 0; i < CROWD_SIZE; i++)
        spawn(crowd, i);
    bind(crowd, ALPHA_ID, 0);
    bind(crowd, BETA_ID, 1);
    bind(crowd, GAMMA_ID, 2);
}

/* A silo goes with all that is in it, or changes what it allows. */
static void shake(struct crowd *crowd)
{
    u32 index = (u32)(simulate_random() % CROWD_SILOS);
    if (crowd->silos[index] == NULL || simulate_random() % 8 == 0) {
        if (crowd->silos[index] != NULL)
            silo_destroy(crowd->silos[index]);
        create_silo(crowd, index);
        return;
    }
    struct interface_key key = world_key(simulate_random() % 2 == 0 ? ALPHA_ID : BETA_ID);
    static const enum verdict verdicts[] = { VERDICT_DENY, VERDICT_ALLOW, VERDICT_HOLD };
    enum status status =
        silo_set_verdict(crowd->silos[index], &key, verdicts[simulate_random() % 3]);
    (void)status; /* refused without memory, or when the silo above was destroyed */
}

void crowd_kill_one(struct crowd *crowd)
{
    static const u64 interfaces[] = { ALPHA_ID, BETA_ID, GAMMA_ID };
    u32 index = (u32)(simulate_random() % CROWD_SIZE);
    if (crowd->members[index] != NULL) {
        process_kill(crowd->members[index]);
        process_release(crowd->members[index]);
        crowd->killed_count++;
    }
    spawn(crowd, index);
    if (simulate_random() % 8 == 0)
        shake(crowd);
    if (simulate_random() % 3 != 0)
        bind(crowd, interfaces[simulate_random() % 3], (u32)(simulate_random() % CROWD_SIZE));
}

void crowd_end(struct crowd *crowd)
{
    for (u32 i = 0; i < CROWD_SIZE; i++) {
        if (crowd->members[i] == NULL)
            continue;
        process_kill(crowd->members[i]);
        process_release(crowd->members[i]);
        crowd->members[i] = NULL;
    }
    world_settle();
}
