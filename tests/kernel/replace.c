/* A handler is replaced by another one again and again, under messages that do not stop: as init does
 * it, with what the kernel has for that. */
#include "tests/kernel/support/pair.h"

enum { REPLACEMENTS = 100, ASKERS = 2, MESSAGES = 500 };

static const struct silo_limits none;

/* `keeper` is who replaces; the row is that of `silo`, in which those who ask live. */
static struct puppet *keeper;
static u64 silo;
static struct recorder *told;
static u32 told_seen;

/* The result of a request that waits for something to happen. */
static i64 await(i64 result)
{
    for (u32 i = 0; result == PUPPET_BLOCKED && i < 10000; i++) {
        world_run(MILLISECOND / 20);
        result = request_finish(keeper);
    }
    return result;
}

static i32 start_handler(void)
{
    i64 process = request_spawn(keeper, program_cid(world_program("echo")), 0, WEFT_NO_SLOT);
    return process > 0 && await(request_process_listens(keeper, (i32)process)) == 0 ? (i32)process
                                                                                    : WEFT_NO_SLOT;
}

static bool start_asker(struct silo *in)
{
    struct bytes arguments[] = { BYTES_LITERAL("asker"), BYTES_LITERAL("500") };
    struct spawn_options options = {
        .program = world_program("asker"),
        .silo = in,
        .name = arguments[0],
        .arguments = arguments,
        .argument_count = 2,
    };
    struct engine_error error;
    struct process *process;
    if (process_spawn(&options, &process, &error) != STATUS_OK)
        return false;
    process_release(process);
    return true;
}

/* How many messages the handler has answered. */
static u64 answered_by(i32 process)
{
    u64 count = 0;
    i32 slot = (i32)request_process_slot(keeper, process, BETA_ID);
    i64 id = puppet_send(keeper, slot, "", WEFT_WANT_ANSWER);
    if (puppet_wait_for(keeper, id, -1) == WEFT_EVENT_ANSWER && keeper->script.event.size == 8)
        __builtin_memcpy(&count, keeper->script.received, sizeof(count));
    request_close(keeper, slot);
    return count;
}

/* Gives how many the old one has answered; UINT64_MAX: something was refused. */
static u64 replace(i32 *current, struct silo *inside)
{
    i32 next = start_handler();
    bool is_well = next != WEFT_NO_SLOT;
    for (u32 i = 0; i < ASKERS; i++)
        is_well = start_asker(inside) && is_well;
    if (!is_well || request_set_verdict(keeper, silo, ALPHA_ID, SYSTEM_VERDICT_HOLD) != 0 ||
        await(request_process_idle(keeper, *current)) != 0)
        return UINT64_MAX;
    u64 answered = answered_by(*current);
    if (request_bind(keeper, silo, ALPHA_ID, next) != 0 ||
        request_process_kill(keeper, *current) != 0 || request_close(keeper, *current) != 0)
        return UINT64_MAX;
    *current = next;
    return answered;
}

/* What was told since the last time, before what is kept of it is overwritten. */
static void add_told(u64 sums[2])
{
    for (; told_seen < told->message_count; told_seen++) {
        u64 counts[2];
        __builtin_memcpy(counts, told->messages[told_seen % RECORDED_MAX].body, sizeof(counts));
        sums[0] += counts[0];
        sums[1] += counts[1];
    }
}

static void test(const struct simulate_options *machine)
{
    struct pair pair = pair_start_with(machine);
    struct silo *inside;
    enum status status = silo_create(silo_root(), BYTES_LITERAL("asking"), &none, &inside);
    BASE_ASSERT(status == STATUS_OK);
    keeper = pair.client;
    silo = silo_id_of(inside).value;
    told = recorder_create();
    told_seen = 0;
    recorder_bind(told, silo_root(), GAMMA_ID);
    i32 current = start_handler();
    bool is_well = request_bind(keeper, silo, ALPHA_ID, current) == 0;
    u64 taken = 0, divided = 0, sums[2] = { 0 };
    for (u32 i = 0; i < REPLACEMENTS && is_well; i++) {
        u64 answered = replace(&current, inside);
        is_well = answered != UINT64_MAX;
        taken += answered;
        divided += taken % (ASKERS * MESSAGES) != 0;
        add_told(sums);
    }
    TAP_OK(is_well, "one handler takes the place of another, a hundred times");
    TAP_OK(divided > REPLACEMENTS / 4, "often in the midst of messages");
    world_run(SECOND);
    add_told(sums);
    u64 all = (u64)REPLACEMENTS * ASKERS * MESSAGES;
    TAP_OK(sums[0] == all && sums[1] == 0,
           "a hundred thousand messages have their answers, each once");
    TAP_OK(taken + answered_by(current) == all, "and each was taken by one of them");
    PAIR_END();
}

int main(void)
{
    test(&(struct simulate_options){ 0 });
    test(&(struct simulate_options){ .seed = 1, .cpu_count = 3, .switch_one_in = 25 });
    test(&(struct simulate_options){ .seed = 2, .cpu_count = 2, .switch_one_in = 3 });
    return tap_done();
}
