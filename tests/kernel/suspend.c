/* Processes and silos that are suspended, and silos with a quota of the CPU. Time is virtual. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

/* The result of a request that others may keep waiting for a while. */
static i64 patiently(struct puppet *puppet, i64 status)
{
    for (u32 i = 0; i < 1000 && status == PUPPET_BLOCKED; i++) {
        world_run(MILLISECOND / 2);
        status = request_finish(puppet);
    }
    return status;
}

static i64 done(struct puppet *puppet, bool encoded, i32 slot)
{
    return encoded ? patiently(puppet, request_send(puppet, slot)) : REQUEST_STATUS;
}

/* A slot of the process. */
static i32 find(struct puppet *by, const struct puppet *of)
{
    struct system_process_error_result result;
    i64 status = done(by, system_find_encode(request_begin(by), of->id), by->slots[SLOT_SYSTEM]);
    bool found = status == 0 && system_find_result_decode(request_reader(by), &result) &&
                 !result.failed;
    BASE_ASSERT(found);
    return result.value;
}

static i64 suspend(struct puppet *by, i32 process)
{
    return done(by, system_process_suspend_encode(request_begin(by)), process);
}

static i64 resume(struct puppet *by, i32 process)
{
    return done(by, system_process_resume_encode(request_begin(by)), process);
}

static i64 suspend_silo(struct puppet *by, u64 silo)
{
    struct system_none_error_result result;
    i64 status = done(by, system_suspend_silo_encode(request_begin(by), silo),
                      by->slots[SLOT_SYSTEM]);
    if (status != 0 || !system_suspend_silo_result_decode(request_reader(by), &result))
        return REQUEST_STATUS;
    return result.failed ? REQUEST_ERROR - (i64)result.error : 0;
}

static i64 resume_silo(struct puppet *by, u64 silo)
{
    return done(by, system_resume_silo_encode(request_begin(by), silo), by->slots[SLOT_SYSTEM]);
}

static struct puppet *busy_in(struct silo *silo)
{
    struct puppet *puppet = puppet_spawn(silo);
    BASE_ASSERT(puppet != NULL);
    for (u32 i = 0; i < 1000 && !puppet->idle; i++)
        world_run(MILLISECOND);
    puppet_add(puppet, (struct script_call){ .call = CALL_COMPUTE });
    puppet_begin(puppet);
    world_run(MILLISECOND);
    return puppet;
}

/* What it has used of the CPU, as `system` says. */
static u64 cpu_time(struct puppet *asking, struct puppet *of)
{
    struct system_process_status_list list = { 0 };
    i64 status = done(asking, system_processes_encode(request_begin(asking), 0, 0, UINT32_MAX),
                      asking->slots[SLOT_SYSTEM]);
    if (status != 0 || !system_processes_result_decode(request_reader(asking), &list))
        return 0;
    for (u32 i = 0; i < list.count; i++)
        if (list.data[i].process == of->id)
            return list.data[i].cpu;
    return 0;
}

/* What it uses while so much time passes; asking takes time too, so it is in proportion. */
static u64 used_in(struct puppet *asking, struct puppet *of, u64 duration_ns)
{
    u64 before = cpu_time(asking, of);
    u64 start = simulate_now();
    world_run(duration_ns);
    u64 used = cpu_time(asking, of) - before;
    u64 passed = simulate_now() - start;
    return (u64)((double)used * (double)duration_ns / (double)passed);
}

static struct silo *silo_in(struct silo *parent, u32 quota)
{
    struct silo *silo = NULL;
    const struct silo_limits limits = { .quota = quota };
    enum status status = silo_create(parent, BYTES_LITERAL("one"), &limits, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

static bool is_about(u64 value, u64 expected)
{
    return value >= expected - expected / 10 && value <= expected + expected / 10;
}

/* ---- Processes ---- */

static void test_busy_process(void)
{
    struct pair pair = pair_start();
    struct puppet *busy = busy_in(silo_root());
    i32 slot = find(pair.client, busy);
    TAP_OK(suspend(pair.client, slot) == 0 &&
               used_in(pair.client, busy, 50 * MILLISECOND) == 0,
           "a busy process that is suspended uses nothing");
    TAP_OK(suspend(pair.client, slot) == 0 && resume(pair.client, slot) == 0 &&
               used_in(pair.client, busy, 50 * MILLISECOND) > 40 * MILLISECOND,
           "resumed once it goes on, however often it was suspended");
    TAP_OK(resume(pair.client, slot) == 0, "to resume what runs changes nothing");
    suspend(pair.client, slot);
    puppet_kill(busy);
    TAP_OK(busy->ended && busy->end_kind == PROCESS_END_KILLED, "one that is suspended can be killed");
    TAP_OK(suspend(pair.client, slot) == 0 && resume(pair.client, slot) == 0,
           "to suspend what has ended does nothing");
    PAIR_END();
}

static void test_waiting_process(void)
{
    struct pair pair = pair_start();
    puppet_add(pair.server, puppet_wait_call(pair.server, 0, -1));
    puppet_begin(pair.server);
    world_settle();
    i32 slot = find(pair.client, pair.server);
    suspend(pair.client, slot);
    puppet_send(pair.client, pair.slot, "one", 0);
    puppet_send(pair.client, pair.slot, "two", 0);
    world_run(10 * MILLISECOND);
    TAP_OK(!puppet_done(pair.server), "messages wait for who is suspended");
    resume(pair.client, slot);
    TAP_OK(puppet_done(pair.server) && puppet_received(pair.server, "one") &&
               pair_gets(pair.server, "two"),
           "and come in their order");
    puppet_add(pair.server, puppet_wait_call(pair.server, 0, -1));
    puppet_begin(pair.server);
    world_settle();
    suspend(pair.client, slot);
    i64 id = puppet_send(pair.client, pair.slot, "three", WEFT_WANT_ANSWER);
    puppet_kill(pair.server);
    TAP_OK(pair.server->ended && pair_gets_answer(pair.client, id, WEFT_GONE),
           "one that waits can be killed, and its messages are answered");
    PAIR_END();
}

static void test_itself(void)
{
    struct pair pair = pair_start();
    i32 own = find(pair.client, pair.client);
    i32 slot = find(pair.server, pair.client);
    bool encoded = system_process_suspend_encode(request_begin(pair.client));
    TAP_OK(encoded && request_send(pair.client, own) == PUPPET_BLOCKED &&
               !puppet_done(pair.client),
           "a process can suspend itself");
    TAP_OK(resume(pair.server, slot) == 0 && request_finish(pair.client) == 0,
           "and hears of it when another resumes it");
    PAIR_END();
}

static void test_threads_on_several_cpus(void)
{
    for (u64 seed = 1; seed <= 20; seed++) {
        struct pair pair = pair_start_with(
            &(struct simulate_options){ .cpu_count = 3, .seed = seed, .switch_one_in = 7 });
        struct puppet *threads[3] = { pair_puppet() };
        for (u32 i = 1; i < 3; i++)
            threads[i] = puppet_thread(threads[0], i);
        for (u32 i = 0; i < 3; i++) {
            puppet_add(threads[i], (struct script_call){ .call = CALL_COMPUTE });
            puppet_begin(threads[i]);
        }
        world_run(5 * MILLISECOND);
        i32 slot = find(pair.client, threads[0]);
        i64 status = suspend(pair.client, slot);
        world_run(5 * MILLISECOND);
        u64 used = used_in(pair.client, threads[0], 50 * MILLISECOND);
        puppet_kill(threads[0]);
        bool ended = threads[0]->ended;
        bool clean = world_end();
        if (status != 0 || used != 0 || !ended || !clean) {
            TAP_OK(false, "threads on all CPUs stop, and end");
            return;
        }
    }
    TAP_OK(true, "threads on all CPUs stop, and end");
}

/* ---- Silos ---- */

static void test_silo(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root(), 0);
    struct silo *below = silo_in(silo, 0);
    struct puppet *first = busy_in(silo), *second = busy_in(below);
    u64 id = silo_id_of(silo).value;
    TAP_OK(suspend_silo(pair.client, id) == 0 &&
               used_in(pair.client, first, 30 * MILLISECOND) == 0 &&
               used_in(pair.client, second, 30 * MILLISECOND) == 0,
           "what is in a suspended silo and below it uses nothing");
    i32 slot = find(pair.client, second);
    suspend(pair.client, slot);
    TAP_OK(resume_silo(pair.client, id) == 0 &&
               used_in(pair.client, first, 30 * MILLISECOND) > 20 * MILLISECOND &&
               used_in(pair.client, second, 30 * MILLISECOND) == 0,
           "it goes on with it, but for what was suspended by itself");
    suspend_silo(pair.client, id);
    struct process *late = NULL;
    struct engine_error error;
    const struct spawn_options options = { .program = world_program("puppet"), .silo = silo };
    TAP_OK(process_spawn(&options, &late, &error) == STATUS_OK, "it can be spawned into");
    world_run(10 * MILLISECOND);
    TAP_OK(puppet_of(process_id_of(late).value, 0) == NULL, "what was spawned does not run");
    resume_silo(pair.client, id);
    process_kill(first->process);
    world_run(10 * MILLISECOND);
    TAP_OK(puppet_of(process_id_of(late).value, 0) != NULL, "until it is resumed");
    process_release(late);
    suspend_silo(pair.client, id);
    TAP_OK(request_destroy_silo(pair.client, id) == 0, "it can be destroyed");
    world_settle();
    TAP_OK(first->ended && second->ended, "and all in it ends");
    PAIR_END();
}

static void test_whose_silo(void)
{
    pair_start();
    struct silo *silo = silo_in(silo_root(), 0);
    struct puppet *inside = puppet_spawn(silo);
    TAP_OK(suspend_silo(inside, silo_id_of(silo).value) < 0 && suspend_silo(inside, 0) < 0 &&
               suspend_silo(inside, 1) < 0 && suspend_silo(inside, 4711) < 0,
           "only silos below one's own can be suspended");
    PAIR_END();
}

/* ---- Quotas ---- */

static void test_quota_alone(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root(), 20);
    struct puppet *busy = busy_in(silo);
    TAP_OK(is_about(used_in(pair.client, busy, SECOND), SECOND / 5),
           "a busy loop in a silo with 20 % gets 20 % though nobody else wants the CPU");
    struct puppet *other = busy_in(silo_root());
    TAP_OK(is_about(used_in(pair.client, other, SECOND), 4 * (u64)SECOND / 5),
           "who has no quota gets the rest");
    TAP_OK(is_about(used_in(pair.client, busy, SECOND), SECOND / 5), "and it what it had");
    PAIR_END();
}

static void test_quota_is_of_all_below(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root(), 30);
    struct silo *below = silo_in(silo, 10);
    struct puppet *one = busy_in(silo), *two = busy_in(silo), *three = busy_in(below);
    u64 start[3] = { cpu_time(pair.client, one), cpu_time(pair.client, two),
                     cpu_time(pair.client, three) };
    world_run(2 * (u64)SECOND);
    u64 used[3] = { cpu_time(pair.client, one) - start[0], cpu_time(pair.client, two) - start[1],
                    cpu_time(pair.client, three) - start[2] };
    TAP_OK(is_about(used[0] + used[1] + used[2], 6 * (u64)SECOND / 10),
           "processes of a silo and of those below share its quota");
    TAP_OK(used[2] <= 22 * (u64)SECOND / 100, "and a silo below keeps to its own");
    PAIR_END();
}

static void test_quota_changes(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root(), 1);
    struct puppet *busy = busy_in(silo);
    u64 id = silo_id_of(silo).value;
    TAP_OK(is_about(used_in(pair.client, busy, 2 * (u64)SECOND), SECOND / 50), "1 % is 1 %");
    struct silo_limits limits = { .quota = 0 };
    TAP_OK(patiently(pair.client, request_set_limits(pair.client, id, &limits)) == 0 &&
               used_in(pair.client, busy, SECOND / 10) > SECOND / 11,
           "without a quota it gets all at once");
    limits.quota = 50;
    patiently(pair.client, request_set_limits(pair.client, id, &limits));
    TAP_OK(is_about(used_in(pair.client, busy, SECOND), SECOND / 2),
           "one that is set while it runs holds");
    limits.quota = 1;
    patiently(pair.client, request_set_limits(pair.client, id, &limits));
    world_run(10 * MILLISECOND);
    puppet_kill(busy);
    TAP_OK(busy->ended, "who has used up a quota can be killed at once");
    PAIR_END();
}

static void test_quota_bounds(void)
{
    struct pair pair = pair_start();
    static const u32 quotas[] = { QUOTA_MAX, QUOTA_MAX + 1, UINT32_MAX, 1 };
    for (u32 i = 0; i < 4; i++) {
        struct silo_limits limits = { .quota = quotas[i] };
        u64 id = (u64)request_create_silo(pair.client, 0, &limits);
        struct system_silo_status_list list = { 0 };
        bool found = done(pair.client, system_silos_encode(request_begin(pair.client), 0, 0, UINT32_MAX),
                          pair.client->slots[SLOT_SYSTEM]) == 0 &&
                     system_silos_result_decode(request_reader(pair.client), &list);
        u32 told = 0;
        for (u32 k = 0; found && k < list.count; k++)
            if (list.data[k].silo == id)
                told = list.data[k].limits.quota;
        TAP_OK(told == (quotas[i] < QUOTA_MAX ? quotas[i] : QUOTA_MAX),
               "a quota is told as it is kept: up to 64 CPUs");
    }
    PAIR_END();
}

/* The waker's slice is no way around a quota: it waits, and somebody else is alone with the CPU. */
static void test_quota_beside_messages(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root(), 20);
    struct puppet *woken = puppet_spawn(silo);
    world_bind(silo_root(), BETA_ID, woken->process);
    puppet_add(woken, puppet_wait_call(woken, 0, -1));
    puppet_add(woken, (struct script_call){ .call = CALL_COMPUTE });
    puppet_begin(woken);
    world_settle();
    puppet_send(pair.client, pair.client->slots[SLOT_BETA], "go", 0);
    world_run(100 * MILLISECOND);
    TAP_OK(is_about(used_in(pair.client, woken, SECOND), SECOND / 5),
           "who computes on after a message from outside keeps to its quota");
    PAIR_END();
}

static void test_quota_of_several_cpus(void)
{
    struct pair pair = pair_start_with(&(struct simulate_options){ .cpu_count = 4, .seed = 3 });
    struct silo *silo = silo_in(silo_root(), 250);
    struct puppet *busy[4];
    for (u32 i = 0; i < 4; i++)
        busy[i] = busy_in(silo);
    u64 before = 0, after = 0;
    for (u32 i = 0; i < 4; i++)
        before += cpu_time(pair.client, busy[i]);
    world_run(SECOND);
    for (u32 i = 0; i < 4; i++)
        after += cpu_time(pair.client, busy[i]);
    TAP_OK(is_about(after - before, 5 * (u64)SECOND / 2), "250 % are two CPUs and a half");
    PAIR_END();
}

int main(void)
{
    test_busy_process();
    test_waiting_process();
    test_itself();
    test_threads_on_several_cpus();
    test_silo();
    test_whose_silo();
    test_quota_alone();
    test_quota_is_of_all_below();
    test_quota_changes();
    test_quota_bounds();
    test_quota_beside_messages();
    test_quota_of_several_cpus();
    return tap_done();
}
