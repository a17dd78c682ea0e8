/* The simulated machine keeps its promise: the same seed, the same run. */
#include "tests/kernel/support/crowd.h"
#include "tests/kernel/support/pair.h"

static u64 trace_of(u64 seed, u32 cpu_count)
{
    struct crowd crowd;
    bool started = world_start(&(struct world_options){
        .machine = {
            .seed = seed, .cpu_count = cpu_count, .switch_one_in = 30, .call_ns = 2000 } });
    BASE_ASSERT(started);
    crowd_start(&crowd);
    for (u32 i = 0; i < 40; i++) {
        world_run(MILLISECOND / 4);
        crowd_kill_one(&crowd);
    }
    crowd_end(&crowd);
    u64 trace = simulate_trace();
    TAP_OK(world_end(), "a run ends without a leak");
    return trace;
}

static u64 trace_of_busy(void)
{
    struct pair pair = pair_start();
    for (u32 i = 0; i < 3; i++) {
        struct puppet *puppet = puppet_spawn(silo_root());
        world_run(5 * MILLISECOND);
        puppet_add(puppet, (struct script_call){ .call = CALL_COMPUTE });
        puppet_begin(puppet);
    }
    world_run(20 * MILLISECOND);
    u64 trace = simulate_trace() + (u64)pair.client->idle;
    TAP_OK(world_end(), "busy guests end too");
    return trace;
}

int main(void)
{
    u64 first = trace_of(1, 3);
    TAP_OK(first == trace_of(1, 3), "the same seed gives the same trace");
    TAP_OK(first != trace_of(2, 3), "another seed another");
    TAP_OK(first != trace_of(1, 2), "other CPUs too");
    TAP_OK(trace_of_busy() == trace_of_busy(), "guests that never come back do not change that");
    return tap_done();
}
