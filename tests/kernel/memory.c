/* Memory that the machine does not have: each allocation of each story fails once, and then all
 * from some point on. Whoever asked is told, nothing is leaked, and the kernel goes on. */
#include "tests/kernel/support/crowd.h"
#include "tests/kernel/support/pair.h"
#include "tests/kernel/support/wasm.h"

typedef void story(struct pair *pair);

static void story_spawn(struct pair *pair)
{
    (void)pair;
    struct puppet *puppet = puppet_spawn(silo_root());
    if (puppet != NULL && puppet->idle)
        puppet_kill(puppet);
}

static void story_talk(struct pair *pair)
{
    i64 id = puppet_send(pair->client, pair->slot, "a question", WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(pair->server);
    puppet_answer(pair->server, event.id, WEFT_OK, "an answer");
    puppet_wait(pair->client, 0);
    struct script_call large = { .call = CALL_SEND,
                                 .arguments = { pair->slot, 0, 50000, 0, 0, 0 } };
    puppet_do(pair->client, large);
    puppet_wait(pair->client, (i64)simulate_now() + MILLISECOND);
    world_run(MILLISECOND);
    puppet_withdraw(pair->client, id);
}

static void story_gifts(struct pair *pair)
{
    i32 minted = (i32)request_mint(pair->client, BETA_ID, 1);
    i32 copied = (i32)request_copy(pair->client, pair->slot);
    i32 gifts[2] = { minted, copied | WEFT_GIFT_COPY };
    puppet_send_gifts(pair->client, pair->slot, gifts, 2, WEFT_WANT_ANSWER);
    struct weft_event event = puppet_poll(pair->server);
    puppet_answer_gifts(pair->server, event.id, event.gifts, event.gift_count);
    puppet_poll(pair->client);
}

static void story_silos(struct pair *pair)
{
    i64 silo = request_create_silo(pair->client, 0, &(struct silo_limits){ 0 });
    request_set_verdict(pair->client, (u64)silo, BETA_ID, SYSTEM_VERDICT_DENY);
    request_bind(pair->client, (u64)silo, GAMMA_ID, pair->slot);
    request_resolve(pair->client, GAMMA_ID, "tag");
    request_spawn(pair->client, program_cid(world_program("puppet")), (u64)silo, WEFT_NO_SLOT);
    request_thread(pair->client, 1);
    request_destroy_silo(pair->client, (u64)silo);
}

static void story_load(struct pair *pair)
{
    (void)pair;
    struct program *program;
    struct engine_error error;
    struct bytes wasm = wasm_make(&(struct wasm_module){ .export_name = "_start", .filler = 11 });
    if (program_add(wasm, false, &program, &error) == STATUS_OK)
        program_release(program);
}

static void story_kill(struct pair *pair)
{
    pair_deliver(pair, "?");
    puppet_kill(pair->server);
    puppet_poll(pair->client);
}

/* Messages of the dead may still wait for a handler. */
static bool gets_at_last(struct puppet *puppet, const char *text)
{
    bool found = false;
    for (u32 i = 0; i < 1000 && !found && puppet_poll(puppet).kind == WEFT_EVENT_MESSAGE; i++)
        found = puppet_received(puppet, text);
    return found;
}

/* The kernel still works: two new processes talk. */
static bool goes_on(void)
{
    struct puppet *server = puppet_spawn(silo_root());
    if (server == NULL || !server->idle)
        return false;
    world_bind(silo_root(), ALPHA_ID, server->process);
    struct puppet *client = puppet_spawn(silo_root());
    return client != NULL && client->idle &&
           puppet_send(client, client->slots[SLOT_ALPHA], "alive", 0) == 0 &&
           gets_at_last(server, "alive");
}

/* A puppet that ended for lack of memory takes no script any more: stories go on without it. */
static bool tell(story *tale, u64 after, u64 count, bool *refused)
{
    struct pair pair = pair_start();
    u64 before = simulate_refused_count();
    simulate_refuse(after, count);
    tale(&pair);
    simulate_refuse(0, 0);
    *refused = simulate_refused_count() > before;
    bool alive = goes_on();
    return world_end() && alive;
}

static void test_story(story *tale, const char *name)
{
    char fact[96];
    bool all = true, refused = true;
    u64 count = 0;
    for (; refused && all && count < 400; count++)
        all = tell(tale, count, 1, &refused);
    snprintf(fact, sizeof(fact), "%s: each of %llu allocations may fail", name,
             (unsigned long long)count - 1);
    TAP_OK(all, fact);
    refused = true;
    for (u64 after = 0; refused && all && after < 400; after++)
        all = tell(tale, after, UINT64_MAX / 2, &refused);
    snprintf(fact, sizeof(fact), "%s: and all from any point on", name);
    TAP_OK(all, fact);
}

static void test_start(void)
{
    bool started = false;
    u64 count = 1;
    for (; !started && count < 1000; count++) {
        started = world_start(&(struct world_options){ .allocations = count });
        if (started)
            TAP_OK(world_end(), "the kernel starts with as much memory as it needs");
    }
    TAP_OK(started && count > 2, "and not with less, after which nothing of it is left");
}

static void test_crowd(u64 seed)
{
    char fact[64];
    struct crowd crowd;
    bool started = world_start(&(struct world_options){
        .machine = { .seed = seed, .cpu_count = 2, .switch_one_in = 50, .call_ns = 5000 } });
    BASE_ASSERT(started);
    crowd_start(&crowd);
    simulate_refuse_one_in(20);
    for (u32 i = 0; i < 200; i++) {
        world_run(MILLISECOND / 4);
        crowd_kill_one(&crowd);
    }
    u64 refused = simulate_refused_count();
    simulate_refuse_one_in(0);
    crowd_end(&crowd);
    snprintf(fact, sizeof(fact), "a crowd lives on while one allocation in 20 fails, seed %llu",
             (unsigned long long)seed);
    TAP_OK(refused > 50 && goes_on(), fact);
    PAIR_END();
}

int main(void)
{
    test_start();
    test_story(story_spawn, "spawn");
    test_story(story_talk, "talk");
    test_story(story_gifts, "gifts");
    test_story(story_silos, "silos");
    test_story(story_load, "load");
    test_story(story_kill, "kill");
    for (u64 seed = 1; seed <= 5; seed++)
        test_crowd(seed);
    return tap_done();
}
