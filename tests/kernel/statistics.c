/* The interface `statistics`: what is counted, what is timed, what has happened. */
#include "interface/statistics.h"
#include "interface/clock.h"
#include "kernel/limits.h"
#include "kernel/message.h"
#include "kernel/traffic.h"
#include "tests/kernel/support/pair.h"

static i32 statistics_of(struct puppet *puppet)
{
    i64 slot = request_resolve_hash(puppet, STATISTICS_INTERFACE_HASH);
    BASE_ASSERT(slot > 0);
    return (i32)slot;
}

static struct silo *silo_in(struct silo *parent)
{
    struct silo *silo = NULL;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(parent, BYTES_LITERAL("one"), &none, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

/* ---- Figures ---- */

static struct statistics_process_figures figures_of(struct puppet *asking, const struct puppet *of)
{
    struct statistics_process_figures_list list = { 0 };
    i32 slot = statistics_of(asking);
    bool asked = statistics_processes_encode(request_begin(asking), 0, UINT32_MAX) &&
                 request_send(asking, slot) == 0 &&
                 statistics_processes_result_decode(request_reader(asking), &list);
    for (u32 i = 0; asked && i < list.count; i++)
        if (list.data[i].process == of->id)
            return list.data[i];
    return (struct statistics_process_figures){ 0 };
}

static u32 silos_seen(struct puppet *asking, struct statistics_silo_figures *figures, u32 max)
{
    struct statistics_silo_figures_list list = { 0 };
    i32 slot = statistics_of(asking);
    bool asked = statistics_silos_encode(request_begin(asking), 0, UINT32_MAX) &&
                 request_send(asking, slot) == 0 &&
                 statistics_silos_result_decode(request_reader(asking), &list);
    for (u32 i = 0; asked && i < list.count && i < max; i++)
        figures[i] = list.data[i];
    return asked ? list.count : 0;
}

struct seen {
    u64 messages;
    u64 timed;
    u32 times[TRAFFIC_TIMES];
};

static struct seen seen_of(struct puppet *asking, u64 silo, u64 interface)
{
    struct seen seen = { 0 };
    struct statistics_interface_figures_list list = { 0 };
    i32 slot = statistics_of(asking);
    bool asked = statistics_interfaces_encode(request_begin(asking), 0) &&
                 request_send(asking, slot) == 0 &&
                 statistics_interfaces_result_decode(request_reader(asking), &list);
    for (u32 i = 0; asked && i < list.count; i++) {
        const struct statistics_interface_figures *item = &list.data[i];
        if (item->silo != silo || item->interface != interface)
            continue;
        seen.messages = item->messages;
        for (u32 k = 0; k < item->times.count && k < TRAFFIC_TIMES; k++) {
            seen.times[k] = item->times.data[k];
            seen.timed += item->times.data[k];
        }
    }
    return seen;
}

static void exchange(struct pair *pair, u64 delay_ns)
{
    struct delivered delivered = pair_deliver(pair, "question");
    world_run(delay_ns);
    puppet_answer(pair->server, delivered.taken, WEFT_OK, "answer");
    pair_gets_answer(pair->client, delivered.sent, WEFT_OK);
}

static void test_counts(void)
{
    struct pair pair = pair_start();
    struct statistics_process_figures client = figures_of(pair.client, pair.client);
    struct statistics_process_figures server = figures_of(pair.client, pair.server);
    for (u32 i = 0; i < 5; i++)
        exchange(&pair, 0);
    puppet_send(pair.client, pair.slot, "no answer", 0);
    struct statistics_process_figures later = figures_of(pair.server, pair.server);
    TAP_OK(later.answered - server.answered == 5 && later.process == pair.server->id,
           "answers are counted");
    u64 by_scripts = later.sent;
    later = figures_of(pair.client, pair.client);
    TAP_OK(later.sent - client.sent >= 6 && by_scripts > 0, "messages are counted");
    TAP_OK(seen_of(pair.client, 1, ALPHA_ID).messages == 6,
           "those to an interface of its own are told by it, answered or not");
    TAP_OK(!later.suspended && later.weight == 100 && later.threads == 1 && later.silo == 1,
           "with what a process is");
    PAIR_END();
}

static void test_times(void)
{
    struct pair pair = pair_start();
    for (u32 i = 0; i < 3; i++)
        exchange(&pair, 5 * MILLISECOND);
    exchange(&pair, 100 * MILLISECOND);
    struct seen seen = seen_of(pair.client, 1, ALPHA_ID);
    TAP_OK(seen.timed == 4 && seen.times[22] == 3 && seen.times[26] == 1,
           "answers are timed, by powers of two");
    puppet_send(pair.client, pair.slot, "no answer", 0);
    pair_gets(pair.server, "no answer");
    i64 id = puppet_send(pair.client, pair.slot, "taken back", WEFT_WANT_ANSWER);
    puppet_withdraw(pair.client, id);
    TAP_OK(seen_of(pair.client, 1, ALPHA_ID).timed == 4 &&
               seen_of(pair.client, 1, ALPHA_ID).messages == 6,
           "what is never answered is not");
    id = puppet_send(pair.client, pair.slot, "last", WEFT_WANT_ANSWER);
    puppet_kill(pair.server);
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_GONE) &&
               seen_of(pair.client, 1, ALPHA_ID).timed == 5,
           "what the kernel answers for the dead is");
    PAIR_END();
}

/* Scripts of puppets are messages, too: each of these is one of many. */
static void test_samples(void)
{
    struct pair pair = pair_start();
    puppet_do(pair.server, (struct script_call){ .call = CALL_COMPUTE, .arguments = { 1 } });
    u64 conductor = 0xc0c0c0c0c0c0c0c0;
    struct seen before = seen_of(pair.client, 1, conductor);
    TAP_OK(before.timed >= before.messages - 4, "of the first ones each is timed");
    for (u32 i = 0; i < 6000; i++)
        puppet_do(pair.server, (struct script_call){ .call = CALL_COMPUTE, .arguments = { 1 } });
    struct seen after = seen_of(pair.client, 1, conductor);
    u64 later = after.messages - TRAFFIC_ALL_TIMED;
    u64 timed = after.timed - TRAFFIC_ALL_TIMED;
    TAP_OK(after.messages >= 6000 && timed > later / 128 && timed < later / 32,
           "then one in about 64");
    PAIR_END();
}

static void test_many_interfaces(void)
{
    pair_start();
    struct traffic_table table;
    traffic_init(&table);
    struct message message = { 0 };
    for (u32 turn = 0; turn < 3; turn++)
        for (u64 i = 1; i <= TRAFFIC_ROWS; i++)
            traffic_count(traffic_of(&table, i * 0x9E3779B97F4A7C15u), &message);
    u32 full = 0;
    for (u32 i = 0; i < TRAFFIC_ROWS; i++)
        full += table.rows[i] != &table.others && traffic_messages(table.rows[i]) == 3;
    TAP_OK(full == TRAFFIC_ROWS && traffic_messages(&table.others) == 0,
           "as many interfaces as rows are told apart");
    traffic_count(traffic_of(&table, 7), &message);
    TAP_OK(traffic_messages(&table.others) == 1, "of one more only the sum is known");
    traffic_deinit(&table);
    PAIR_END();
}

static void test_whose_figures(void)
{
    struct pair pair = pair_start();
    struct silo *silo = silo_in(silo_root());
    struct silo *below = silo_in(silo);
    struct puppet *inside = puppet_spawn(silo);
    struct puppet *deeper = puppet_spawn(below);
    struct statistics_silo_figures seen[4];
    TAP_OK(silos_seen(inside, seen, 4) == 2 && seen[0].silo == silo_id_of(silo).value &&
               seen[0].parent == 0 && seen[1].parent == seen[0].silo && seen[1].sent > 0,
           "a silo sees itself and those below");
    TAP_OK(figures_of(inside, pair.client).process == 0 &&
               figures_of(inside, deeper).process == deeper->id &&
               seen_of(inside, 1, 0xc0c0c0c0c0c0c0c0).messages == 0,
           "nothing of those above, by processes and interfaces neither");
    u64 sent = seen[1].sent;
    silo_destroy(below);
    world_settle();
    TAP_OK(silos_seen(inside, seen, 4) == 1 && seen[0].sent > sent,
           "what a silo did that is no more counts for the one above");
    PAIR_END();
}

/* ---- Links ---- */

static bool has_link(struct puppet *asking, const struct puppet *of, u64 interface, u64 handler,
                     const char *name)
{
    struct statistics_link_list_error_result result;
    i32 slot = statistics_of(asking);
    bool asked = statistics_links_encode(request_begin(asking), of->id) &&
                 request_send(asking, slot) == 0 &&
                 statistics_links_result_decode(request_reader(asking), &result);
    if (!asked || result.failed)
        return false;
    for (u32 i = 0; i < result.value.count; i++) {
        const struct statistics_link *link = &result.value.data[i];
        if (link->interface == interface && link->handler == handler &&
            bytes_equal((struct bytes){ link->name.data, link->name.size }, bytes_from_text(name)))
            return true;
    }
    return false;
}

static void test_links(void)
{
    struct pair pair = pair_start();
    TAP_OK(has_link(pair.client, pair.client, ALPHA_ID, pair.server->id, ""),
           "a slot leads to who is bound");
    TAP_OK(has_link(pair.client, pair.client, CLOCK_INTERFACE_ID, 0, "clock"),
           "or to a handler of the kernel, by its name");
    i32 own = (i32)request_mint(pair.server, GAMMA_ID, 5);
    TAP_OK(has_link(pair.client, pair.server, GAMMA_ID, pair.server->id, ""), "or to its maker");
    request_close(pair.server, own);
    TAP_OK(!has_link(pair.client, pair.server, GAMMA_ID, pair.server->id, ""),
           "until it is closed");
    struct silo *silo = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo);
    TAP_OK(!has_link(inside, pair.client, ALPHA_ID, pair.server->id, "") &&
               has_link(pair.client, inside, ALPHA_ID, pair.server->id, ""),
           "of processes in its silo and below, and no others");
    PAIR_END();
}

/* ---- Events ---- */

static bool read_events(struct puppet *puppet, struct statistics_news *news)
{
    return statistics_events_result_decode(request_reader(puppet), news);
}

static u64 events_begin(struct puppet *puppet)
{
    struct statistics_news news = { 0 };
    i32 slot = statistics_of(puppet);
    bool asked = statistics_events_encode(request_begin(puppet), 0) &&
                 request_send(puppet, slot) == 0 && read_events(puppet, &news);
    return asked && news.events.count == 0 ? news.next : 0;
}

static i64 events_from(struct puppet *puppet, u64 from)
{
    i32 slot = statistics_of(puppet);
    bool encoded = statistics_events_encode(request_begin(puppet), from);
    return encoded ? request_send(puppet, slot) : REQUEST_STATUS;
}

static void test_events(void)
{
    struct pair pair = pair_start();
    struct statistics_news news = { 0 };
    u64 from = events_begin(pair.client);
    TAP_OK(from > 0, "one can begin with what comes");
    TAP_OK(events_from(pair.client, from) == PUPPET_BLOCKED, "a question waits for an event");
    struct puppet *born = pair_puppet();
    TAP_OK(request_finish(pair.client) == 0 && read_events(pair.client, &news) &&
               news.events.count == 1 && news.events.data[0].process == born->id &&
               news.events.data[0].kind == STATISTICS_EVENT_KIND_SPAWNED && !news.lost,
           "a process that was spawned is told");
    u64 next = news.next;
    puppet_kill(born);
    TAP_OK(events_from(pair.client, next) == 0 && read_events(pair.client, &news) &&
               news.events.count == 1 && news.events.data[0].kind == STATISTICS_EVENT_KIND_ENDED &&
               news.events.data[0].text.size == 6,
           "one that ended before the question, too: how");
    TAP_OK(events_from(pair.client, from) == 0 && read_events(pair.client, &news) &&
               news.events.count == 2,
           "what is kept can be read again");
    i32 slot = (i32)request_find(pair.client, pair.server->id);
    bool encoded = system_process_suspend_encode(request_begin(pair.client));
    TAP_OK(encoded && request_send(pair.client, slot) == 0 &&
               events_from(pair.client, news.next) == 0 && read_events(pair.client, &news) &&
               news.events.count == 1 &&
               news.events.data[0].kind == STATISTICS_EVENT_KIND_SUSPENDED,
           "that somebody is suspended");
    PAIR_END();
}

static void test_whose_events(void)
{
    pair_start();
    struct silo *silo = silo_in(silo_root());
    struct silo *other = silo_in(silo_root());
    struct puppet *inside = puppet_spawn(silo);
    u64 from = events_begin(inside);
    TAP_OK(events_from(inside, from) == PUPPET_BLOCKED, "a question from a silo");
    struct puppet *elsewhere = puppet_spawn(other);
    puppet_kill(elsewhere);
    TAP_OK(request_finish(inside) == PUPPET_BLOCKED, "is not answered by what happens elsewhere");
    struct puppet *near = puppet_spawn(silo);
    struct statistics_news news = { 0 };
    TAP_OK(request_finish(inside) == 0 && read_events(inside, &news) && news.events.count == 1 &&
               news.events.data[0].process == near->id,
           "but within it");
    TAP_OK(events_from(inside, news.next) == PUPPET_BLOCKED, "who waits");
    puppet_kill(inside);
    TAP_OK(inside->ended, "can die");
    PAIR_END();
}

static void test_lost_events(void)
{
    struct pair pair = pair_start();
    struct statistics_news news = { 0 };
    u64 from = events_begin(pair.client);
    for (u32 i = 0; i < 300; i++) {
        i64 silo = request_create_silo(pair.client, 0, &(struct silo_limits){ 0 });
        request_destroy_silo(pair.client, (u64)silo);
    }
    TAP_OK(events_from(pair.client, from) == 0 && read_events(pair.client, &news) && news.lost &&
               news.events.count == 64,
           "who comes late is told that there was more");
    TAP_OK(events_from(pair.client, news.next) == 0 && read_events(pair.client, &news) &&
               !news.lost && news.events.count == 64,
           "and goes on from there");
    TAP_OK(events_from(pair.client, UINT64_MAX) == PUPPET_BLOCKED,
           "who asks for what is far ahead waits for the next one");
    pair_puppet();
    TAP_OK(request_finish(pair.client) == 0 && read_events(pair.client, &news) &&
               news.events.count == 1,
           "and gets it");
    PAIR_END();
}

int main(void)
{
    test_counts();
    test_times();
    test_samples();
    test_many_interfaces();
    test_whose_figures();
    test_links();
    test_events();
    test_whose_events();
    test_lost_events();
    return tap_done();
}
