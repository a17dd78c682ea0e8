/* Requests to the kernel's own handlers that have waited on a row: answered as all others are. */
#include "interface/clock.h"
#include "interface/power.h"
#include "interface/statistics.h"
#include "tests/kernel/support/pair.h"

/* A puppet in a silo of its own, and its slot of one interface, whose row there holds. */
struct scene {
    struct silo *silo;
    struct puppet *puppet;
    struct interface_key key;
    i32 slot;
};

static void set_verdict(const struct scene *scene, enum verdict verdict)
{
    enum status status = silo_set_verdict(scene->silo, &scene->key, verdict);
    BASE_ASSERT(status == STATUS_OK);
}

static struct scene scene_start(const char *hash)
{
    static const struct silo_limits none;
    struct scene scene = { 0 };
    bool started = world_start(&(struct world_options){ 0 });
    enum status status = silo_create(silo_root(), BYTES_LITERAL("one"), &none, &scene.silo);
    BASE_ASSERT(started && status == STATUS_OK);
    scene.puppet = puppet_spawn(scene.silo);
    scene.slot = (i32)request_resolve_hash(scene.puppet, hash);
    bool is_hash = hash_from_hex(bytes_from_text(hash), &scene.key.hash);
    BASE_ASSERT(scene.slot > 0 && is_hash);
    set_verdict(&scene, VERDICT_HOLD);
    return scene;
}

/* What was encoded is sent and waits, and the row lets it pass: its result. */
static i64 send_late(const struct scene *scene, bool encoded)
{
    BASE_ASSERT(encoded);
    i64 sent = request_send(scene->puppet, scene->slot);
    BASE_ASSERT(sent == PUPPET_BLOCKED);
    set_verdict(scene, VERDICT_ALLOW);
    return request_finish(scene->puppet);
}

static void test_clock(void)
{
    struct scene scene = scene_start(CLOCK_INTERFACE_HASH);
    uint64_t used_ns;
    TAP_OK(send_late(&scene, clock_cpu_encode(request_begin(scene.puppet))) == 0 &&
               clock_cpu_result_decode(request_reader(scene.puppet), &used_ns),
           "clock tells who has waited its own CPU time");
    PAIR_END();
}

static void test_statistics(void)
{
    struct scene scene = scene_start(STATISTICS_INTERFACE_HASH);
    struct statistics_process_figures_list list;
    TAP_OK(send_late(&scene, statistics_processes_encode(request_begin(scene.puppet), 0, 1)) == 0 &&
               statistics_processes_result_decode(request_reader(scene.puppet), &list) &&
               list.count == 1 && list.data[0].process == scene.puppet->id,
           "statistics tells it what it may see");
    PAIR_END();
}

static void test_start(void)
{
    struct scene scene = scene_start(SYSTEM_INTERFACE_HASH);
    struct system_start_record record;
    TAP_OK(send_late(&scene, system_start_encode(request_begin(scene.puppet))) == 0 &&
               system_start_result_decode(request_reader(scene.puppet), &record) &&
               record.process == scene.puppet->id && record.silo == silo_id_of(scene.silo).value,
           "system gives it its start record");
    PAIR_END();
}

static void test_thread(void)
{
    struct scene scene = scene_start(SYSTEM_INTERFACE_HASH);
    struct system_u32_error_result thread;
    TAP_OK(send_late(&scene, system_thread_encode(request_begin(scene.puppet), 1)) == 0 &&
               system_thread_result_decode(request_reader(scene.puppet), &thread) && !thread.failed,
           "and starts a thread of it");
    PAIR_END();
}

static void test_exit(void)
{
    struct scene scene = scene_start(SYSTEM_INTERFACE_HASH);
    TAP_OK(send_late(&scene, system_exit_encode(request_begin(scene.puppet), 7)) == PUPPET_ENDED &&
               scene.puppet->end_kind == PROCESS_END_EXITED && scene.puppet->exit_status == 7,
           "and ends it");
    PAIR_END();
}

static void test_power(void)
{
    struct scene scene = scene_start(POWER_INTERFACE_HASH);
    struct puppet *caller = pair_puppet();
    i32 slot = (i32)request_resolve_hash(caller, POWER_INTERFACE_HASH);
    uint64_t deadline_ns = 0;
    TAP_OK(send_late(&scene, power_ending_encode(request_begin(scene.puppet))) == PUPPET_BLOCKED,
           "power keeps its question for the end");
    bool encoded = power_finish_encode(request_begin(caller), POWER_END_OFF, SECOND);
    BASE_ASSERT(encoded);
    request_send(caller, slot);
    TAP_OK(request_finish(scene.puppet) == 0 &&
               power_ending_result_decode(request_reader(scene.puppet), &deadline_ns) &&
               deadline_ns > simulate_now() && world_finish_count() == 0,
           "tells it of that, and waits for it");
    puppet_kill(scene.puppet);
    TAP_OK(world_finish_count() == 1, "  until it has ended");
    PAIR_END();
}

static void test_who_has_ended(void)
{
    struct scene scene = scene_start(SYSTEM_INTERFACE_HASH);
    bool encoded = system_exit_encode(request_begin(scene.puppet), 7);
    TAP_OK(encoded && request_send(scene.puppet, scene.slot) == PUPPET_BLOCKED, "a request waits");
    puppet_kill(scene.puppet);
    set_verdict(&scene, VERDICT_ALLOW);
    world_settle();
    TAP_OK(scene.puppet->end_kind == PROCESS_END_KILLED, "it goes with who has sent it");
    PAIR_END();
}

static void tests(void)
{
    test_clock();
    test_statistics();
    test_start();
    test_thread();
    test_exit();
    test_power();
    test_who_has_ended();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
