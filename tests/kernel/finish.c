/* The end of the system (interface power): who is told, who is waited for, and how long. */
#include "interface/power.h"
#include "tests/kernel/support/pair.h"

/* A puppet with a slot to power. */
struct party_of_end {
    struct puppet *puppet;
    i32 slot;
};

static struct party_of_end join(void)
{
    struct party_of_end party = { .puppet = pair_puppet() };
    party.slot = (i32)request_resolve_hash(party.puppet, POWER_INTERFACE_HASH);
    BASE_ASSERT(party.slot >= 0);
    return party;
}

static i64 ask_finish(const struct party_of_end *party, enum power_end end, u64 patience_ns)
{
    bool encoded = power_finish_encode(request_begin(party->puppet), end, patience_ns);
    BASE_ASSERT(encoded);
    return request_send(party->puppet, party->slot);
}

static i64 ask_ending(const struct party_of_end *party)
{
    bool encoded = power_ending_encode(request_begin(party->puppet));
    BASE_ASSERT(encoded);
    return request_send(party->puppet, party->slot);
}

/* The time that it was told; 0: it was told nothing. */
static u64 told(const struct party_of_end *party)
{
    u64 deadline_ns = 0;
    if (request_finish(party->puppet) != 0 ||
        !power_ending_result_decode(request_reader(party->puppet), &deadline_ns))
        return 0;
    return deadline_ns;
}

static void test_nobody_waits(void)
{
    struct pair pair = pair_start();
    struct party_of_end caller = join();
    TAP_OK(!kernel_is_finishing(), "nobody has asked for an end");
    TAP_OK(ask_finish(&caller, POWER_END_OFF, SECOND) == PUPPET_BLOCKED, "finish never answers");
    TAP_OK(world_finish_count() == 1 && world_finish_way() == KERNEL_END_OFF,
           "where nobody waits for the end, it comes at once");
    TAP_OK(kernel_is_finishing() && !pair.client->ended, "the rest is the platform's");
    PAIR_END();
}

static void test_all_are_waited_for(void)
{
    struct pair pair = pair_start();
    struct party_of_end caller = join(), first = join(), second = join();
    TAP_OK(ask_ending(&first) == PUPPET_BLOCKED && ask_ending(&second) == PUPPET_BLOCKED,
           "ending is not answered before there is an end");
    u64 deadline_ns = simulate_now() + 5 * (u64)SECOND;
    ask_finish(&caller, POWER_END_OFF, 5 * (u64)SECOND);
    TAP_OK(told(&first) >= deadline_ns && told(&second) == told(&first), "then all are told when");
    TAP_OK(world_finish_count() == 0, "and waited for");
    puppet_kill(first.puppet);
    TAP_OK(world_finish_count() == 0, "  the first has ended");
    request_exit(second.puppet, 0);
    world_settle();
    TAP_OK(world_finish_count() == 1 && simulate_now() < deadline_ns,
           "the last one's end is the system's");
    TAP_OK(!pair.client->ended, "others are not waited for");
    PAIR_END();
}

static void test_deadline(void)
{
    pair_start();
    struct party_of_end caller = join(), stubborn = join();
    ask_ending(&stubborn);
    ask_finish(&caller, POWER_END_OFF, 5 * (u64)SECOND);
    u64 deadline_ns = told(&stubborn);
    simulate_run(deadline_ns - 1);
    TAP_OK(world_finish_count() == 0, "who does not end is waited for");
    simulate_run(deadline_ns);
    TAP_OK(world_finish_count() == 1, "until the deadline");
    PAIR_END();
}

static void test_only_sooner(void)
{
    pair_start();
    struct party_of_end caller = join(), other = join(), stubborn = join();
    ask_ending(&stubborn);
    u64 begun_ns = simulate_now();
    ask_finish(&caller, POWER_END_OFF, 5 * (u64)SECOND);
    puppet_kill(caller.puppet);
    TAP_OK(ask_finish(&other, POWER_END_OFF, 50 * (u64)SECOND) == PUPPET_BLOCKED,
           "a second call is taken, too");
    simulate_run(begun_ns + 6 * (u64)SECOND);
    TAP_OK(world_finish_count() == 1, "it cannot put the end off");
    PAIR_END();

    pair_start();
    caller = join();
    other = join();
    stubborn = join();
    ask_ending(&stubborn);
    ask_finish(&caller, POWER_END_OFF, 5 * (u64)SECOND);
    ask_finish(&other, POWER_END_OFF, 0);
    world_settle();
    TAP_OK(world_finish_count() == 1 && simulate_now() < told(&stubborn), "it can bring it on");
    PAIR_END();
}

static void test_late(void)
{
    pair_start();
    struct party_of_end caller = join(), first = join(), late = join();
    ask_ending(&first);
    ask_finish(&caller, POWER_END_OFF, SECOND);
    TAP_OK(ask_ending(&late) == 0 && told(&late) == told(&first),
           "who asks during the end is told at once");
    puppet_kill(first.puppet);
    TAP_OK(world_finish_count() == 0, "and waited for");
    puppet_kill(late.puppet);
    TAP_OK(world_finish_count() == 1, "  until it has ended");
    PAIR_END();
}

static void test_who_gave_up_waiting(void)
{
    pair_start();
    struct party_of_end caller = join(), dead = join(), changed = join();
    ask_ending(&dead);
    puppet_kill(dead.puppet);
    BASE_ASSERT(power_ending_encode(request_begin(changed.puppet)));
    i64 id = puppet_do(changed.puppet, (struct script_call){
                                           .call = CALL_SEND,
                                           .arguments = { changed.slot,
                                                          PUPPET_AT(changed.puppet, body), 4, 0, 0,
                                                          WEFT_WANT_ANSWER },
                                       });
    TAP_OK(id > 0 && puppet_withdraw(changed.puppet, id) == 0, "the question can be taken back");
    ask_finish(&caller, POWER_END_OFF, SECOND);
    TAP_OK(world_finish_count() == 1, "whoever died or took it back is not waited for");
    PAIR_END();
}

static void test_patience_is_bounded(void)
{
    pair_start();
    struct party_of_end caller = join(), stubborn = join();
    ask_ending(&stubborn);
    u64 begun_ns = simulate_now();
    ask_finish(&caller, POWER_END_OFF, UINT64_MAX);
    TAP_OK(told(&stubborn) <= simulate_now() + 60 * (u64)SECOND && told(&stubborn) > begun_ns,
           "nobody is waited for longer than a minute");
    PAIR_END();
}

static void test_restart(void)
{
    pair_start();
    struct party_of_end caller = join();
    TAP_OK(ask_finish(&caller, POWER_END_RESTART, 0) == REQUEST_STATUS - WEFT_UNSUPPORTED &&
               !kernel_is_finishing() && world_finish_count() == 0,
           "a machine that cannot start again says so, and nothing has changed");
    PAIR_END();

    bool started = world_start(&(struct world_options){ .restarts = true });
    BASE_ASSERT(started);
    caller = join();
    struct party_of_end stubborn = join();
    ask_ending(&stubborn);
    ask_finish(&caller, POWER_END_RESTART, SECOND);
    puppet_kill(caller.puppet);
    struct party_of_end other = join();
    ask_finish(&other, POWER_END_OFF, 0);
    world_settle();
    TAP_OK(world_finish_count() == 1 && world_finish_way() == KERNEL_END_RESTART,
           "the first call decides what comes after the end");
    PAIR_END();
}

static void tests(void)
{
    test_nobody_waits();
    test_all_are_waited_for();
    test_deadline();
    test_only_sooner();
    test_late();
    test_who_gave_up_waiting();
    test_patience_is_bounded();
    test_restart();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
