/* Who runs when: shares by weight, short delays, several CPUs. Time is virtual. */
#include "tests/kernel/support/pair.h"

enum { DELAY_MAX = 10 * MILLISECOND };

/* Steps of the clock until the puppet is done. */
static u64 time_until_done(struct puppet *puppet)
{
    u64 start = simulate_now();
    while (!puppet->idle && simulate_now() < start + SECOND)
        world_run(MILLISECOND / 2);
    return simulate_now() - start;
}

static struct puppet *busy_in(struct silo *silo)
{
    struct puppet *puppet = puppet_spawn(silo);
    BASE_ASSERT(puppet != NULL);
    time_until_done(puppet);
    puppet_add(puppet, (struct script_call){ .call = CALL_COMPUTE });
    puppet_begin(puppet);
    return puppet;
}

static void test_deadlines_beside_busy_loops(u32 busy_count, const char *fact)
{
    struct pair pair = pair_start();
    for (u32 i = 0; i < busy_count; i++)
        busy_in(silo_root());
    u64 worst = 0;
    for (u32 i = 0; i < 10; i++) {
        puppet_add(pair.client,
                   puppet_wait_call(pair.client, 0, (i64)simulate_now() + 3 * MILLISECOND));
        puppet_begin(pair.client);
        worst = u64_max(worst, time_until_done(pair.client));
    }
    TAP_OK(worst <= 3 * MILLISECOND + DELAY_MAX, fact);
    TAP_OK(worst >= 3 * MILLISECOND, "and not before it is time");
    PAIR_END();
}

static void test_messages_beside_a_busy_loop(void)
{
    struct pair pair = pair_start();
    busy_in(silo_root());
    puppet_add(pair.server, puppet_wait_call(pair.server, 0, -1));
    puppet_begin(pair.server);
    time_until_done(pair.server);
    puppet_add(pair.client, puppet_send_call(pair.client, pair.slot, "quick", 0));
    puppet_begin(pair.client);
    TAP_OK(time_until_done(pair.client) <= DELAY_MAX && time_until_done(pair.server) <= DELAY_MAX,
           "a busy loop delays a message by no more than 10 ms");
    PAIR_END();
}

/* The timer is set then, but not for the end of a slice. */
static void test_far_deadline(void)
{
    struct pair pair = pair_start();
    struct puppet *patient = pair_puppet();
    puppet_add(patient, puppet_wait_call(patient, 0, (i64)(simulate_now() + SECOND)));
    puppet_begin(patient);
    world_run(MILLISECOND);
    busy_in(silo_root());
    world_run(5 * MILLISECOND);
    puppet_add(pair.client, puppet_send_call(pair.client, pair.slot, "quick", 0));
    puppet_begin(pair.client);
    TAP_OK(time_until_done(pair.client) <= DELAY_MAX,
           "nor with a deadline far ahead, for which the timer is set");
    PAIR_END();
}

static u64 cpu_time(struct puppet *asking, struct puppet *of)
{
    bool encoded = system_processes_encode(request_begin(asking), 0, 0, UINT32_MAX);
    struct system_process_status_list list = { 0 };
    if (!encoded)
        return 0;
    if (request_send(asking, asking->slots[SLOT_SYSTEM]) == PUPPET_BLOCKED)
        time_until_done(asking);
    if (request_finish(asking) != 0 ||
        !system_processes_result_decode(request_reader(asking), &list))
        return 0;
    for (u32 i = 0; i < list.count; i++)
        if (list.data[i].process == of->id)
            return list.data[i].cpu;
    return 0;
}

static bool is_about(u64 value, u64 expected)
{
    return value >= expected - expected / 5 && value <= expected + expected / 5;
}

static void test_equal_shares(void)
{
    struct pair pair = pair_start();
    struct puppet *busy[3];
    for (u32 i = 0; i < 3; i++)
        busy[i] = busy_in(silo_root());
    u64 before[3];
    for (u32 i = 0; i < 3; i++)
        before[i] = cpu_time(pair.client, busy[i]);
    world_run(60 * MILLISECOND);
    bool equal = true;
    for (u32 i = 0; i < 3; i++)
        equal = equal && is_about(cpu_time(pair.client, busy[i]) - before[i], 20 * MILLISECOND);
    TAP_OK(equal, "busy processes of one silo share the CPU equally");
    PAIR_END();
}

static struct silo *silo_of_weight(u32 weight)
{
    struct silo *silo = NULL;
    const struct silo_limits limits = { .weight = weight };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("weighed"), &limits, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

static void test_weights(void)
{
    struct pair pair = pair_start();
    struct puppet *light = busy_in(silo_of_weight(100));
    struct puppet *heavy = busy_in(silo_of_weight(300));
    u64 light_before = cpu_time(pair.client, light);
    u64 heavy_before = cpu_time(pair.client, heavy);
    world_run(80 * MILLISECOND);
    TAP_OK(is_about(cpu_time(pair.client, light) - light_before, 20 * MILLISECOND) &&
               is_about(cpu_time(pair.client, heavy) - heavy_before, 60 * MILLISECOND),
           "silos share the CPU by their weights");
    PAIR_END();
}

static void test_shares_are_of_silos(void)
{
    struct pair pair = pair_start();
    struct silo *crowded = silo_of_weight(100);
    struct puppet *alone = busy_in(silo_of_weight(100));
    for (u32 i = 0; i < 3; i++)
        busy_in(crowded);
    u64 before = cpu_time(pair.client, alone);
    world_run(60 * MILLISECOND);
    TAP_OK(is_about(cpu_time(pair.client, alone) - before, 30 * MILLISECOND),
           "many processes in a silo get no more than one in another");
    PAIR_END();
}

static void test_shares_are_of_processes(void)
{
    struct pair pair = pair_start();
    struct puppet *alone = pair_puppet();
    struct puppet *crowd[4] = { pair_puppet() };
    for (u32 i = 1; i < 4; i++)
        crowd[i] = puppet_thread(crowd[0], i);
    for (u32 i = 0; i < 5; i++) {
        struct puppet *puppet = i == 4 ? alone : crowd[i];
        puppet_add(puppet, (struct script_call){ .call = CALL_COMPUTE });
        puppet_begin(puppet);
    }
    u64 before = cpu_time(pair.client, alone);
    world_run(60 * MILLISECOND);
    TAP_OK(is_about(cpu_time(pair.client, alone) - before, 30 * MILLISECOND),
           "many threads of a process get no more than one of another");
    PAIR_END();
}

static void test_late_comers_owe_nothing(void)
{
    struct pair pair = pair_start();
    struct puppet *early = busy_in(silo_root());
    world_run(40 * MILLISECOND);
    struct puppet *late = busy_in(silo_root());
    u64 before = cpu_time(pair.client, early);
    u64 late_before = cpu_time(pair.client, late);
    world_run(40 * MILLISECOND);
    TAP_OK(is_about(cpu_time(pair.client, late) - late_before, 20 * MILLISECOND) &&
               is_about(cpu_time(pair.client, early) - before, 20 * MILLISECOND),
           "who comes late gets its share from then on, and no more");
    PAIR_END();
}

static void test_several_cpus(void)
{
    struct pair pair = pair_start_with(&(struct simulate_options){ .cpu_count = 3, .seed = 1 });
    struct puppet *busy[3];
    for (u32 i = 0; i < 3; i++)
        busy[i] = busy_in(silo_root());
    world_run(30 * MILLISECOND);
    bool full = true;
    for (u32 i = 0; i < 3; i++)
        full = full && is_about(cpu_time(pair.client, busy[i]), 30 * MILLISECOND);
    TAP_OK(full, "three busy processes each get one of three CPUs");
    u64 deadline = simulate_now() + 5 * MILLISECOND;
    puppet_add(pair.client, puppet_wait_call(pair.client, 0, (i64)deadline));
    puppet_begin(pair.client);
    time_until_done(pair.client);
    TAP_OK(simulate_now() <= deadline + DELAY_MAX,
           "and a fourth that sleeps is not delayed by more "
           "than 10 ms");
    PAIR_END();
}

static void test_all_threads_run_on_several_cpus(void)
{
    struct pair pair = pair_start_with(&(struct simulate_options){ .cpu_count = 4, .seed = 2 });
    struct puppet *threads[4] = { pair.client };
    for (u32 i = 1; i < 4; i++)
        threads[i] = puppet_thread(pair.client, i);
    for (u32 i = 0; i < 4; i++) {
        puppet_add(threads[i], (struct script_call){ .call = CALL_COMPUTE });
        puppet_begin(threads[i]);
    }
    world_run(20 * MILLISECOND);
    TAP_OK(is_about(cpu_time(pair.server, pair.client), 80 * MILLISECOND),
           "threads of one process run on all CPUs at once");
    puppet_kill(pair.client);
    TAP_OK(pair.client->ended, "and stop on all of them");
    PAIR_END();
}

/* The clock goes on while the kernel works, so what it read before an alarm made somebody ready is
 * older than what was read for that: nobody may be charged for time that ran backwards. */
static void test_time_passes_in_the_kernel(void)
{
    bool all = true;
    for (u64 seed = 1; seed <= 20; seed++) {
        struct pair pair =
            pair_start_with(&(struct simulate_options){ .seed = seed, .call_ns = 20000 });
        struct puppet *late = pair_puppet();
        struct puppet *early = busy_in(silo_root());
        u64 deadline = simulate_now() + 3 * MILLISECOND; /* longer than a slice */
        puppet_add(late, puppet_wait_call(late, 0, (i64)deadline));
        puppet_add(late, (struct script_call){ .call = CALL_COMPUTE });
        puppet_begin(late);
        world_run(10 * MILLISECOND);
        u64 before = cpu_time(pair.client, early), late_before = cpu_time(pair.client, late);
        world_run(60 * MILLISECOND);
        all = all && cpu_time(pair.client, early) - before > 20 * MILLISECOND &&
              cpu_time(pair.client, late) - late_before > 20 * MILLISECOND;
        BASE_ASSERT(world_end());
    }
    TAP_OK(all, "who has overrun a slice when another wakes is not forgotten");
}

int main(void)
{
    test_deadlines_beside_busy_loops(1, "a busy loop delays a deadline by no more than 10 ms");
    test_deadlines_beside_busy_loops(7, "nor do seven");
    test_messages_beside_a_busy_loop();
    test_far_deadline();
    test_equal_shares();
    test_weights();
    test_shares_are_of_silos();
    test_shares_are_of_processes();
    test_late_comers_owe_nothing();
    test_several_cpus();
    test_all_threads_run_on_several_cpus();
    test_time_passes_in_the_kernel();
    return tap_done();
}
