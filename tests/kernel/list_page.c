/* Pages of lists: the smallest numbers from one on, whatever order they come in; and the lists that the
 * system tells by pages, with more in them than a page. */
#include "kernel/list_page.h"
#include "interface/statistics.h"
#include "kernel/silo.h"
#include "tests/kernel/support/pair.h"
#include "tests/simulate/simulate.h"

enum { NUMBERS = 5000 };

/* ---- The page ---- */

/* Whether the page has what is in `numbers`, from `from` on, in order and without gaps. */
static bool is_right(const struct list_page *page, const bool *numbers)
{
    u32 at = 0;
    for (u64 id = page->from; id < NUMBERS && at < page->max; id++) {
        if (!numbers[id])
            continue;
        if (at == page->count || page->rows[at].id != id || page->rows[at].item != &numbers[id])
            return false;
        at++;
    }
    return at == page->count;
}

static void test_page(void)
{
    static struct list_page page;
    static const u32 counts[] = { 0, 1, 2, 255, 256, 257, UINT32_MAX };
    struct pair pair = pair_start();
    bool all = pair.client != NULL;
    for (u32 round = 0; round < 500 && all; round++) {
        bool numbers[NUMBERS] = { false };
        list_page_init(&page, simulate_random() % NUMBERS, counts[round % 7]);
        for (u64 steps = simulate_random() % 1000; steps != 0; steps--) {
            u64 id = simulate_random() % NUMBERS;
            if (!numbers[id])
                list_page_add(&page, id, &numbers[id]);
            numbers[id] = true;
        }
        all = page.max <= LIST_PAGE_MAX && is_right(&page, numbers);
    }
    TAP_OK(all, "a page has the smallest numbers that there are from one on, as many as were asked for");
    PAIR_END();
}

/* ---- Lists of more than a page ---- */

static u32 silos_from(struct puppet *asking, u64 viewer, u64 from, u32 count,
                      struct system_silo_status_list *list)
{
    *list = (struct system_silo_status_list){ 0 };
    bool encoded = system_silos_encode(request_begin(asking), viewer, from, count);
    if (!encoded || request_send(asking, asking->slots[SLOT_SYSTEM]) != 0 ||
        !system_silos_result_decode(request_reader(asking), list))
        return 0;
    return list->count;
}

static struct silo *silo_below(struct silo *parent)
{
    struct silo *silo = NULL;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(parent, BYTES_LITERAL("one"), &none, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

/* All that are seen, each counted once; one of them goes after the first page. */
static void test_all_silos(void)
{
    enum { MADE = 600, AT_ONCE = 32 /* a puppet takes no more */ };
    struct pair pair = pair_start();
    u64 made[MADE];
    struct system_silo_status_list list;
    u32 seen = 0, pages = 0;
    u64 from = 0;
    bool in_order = true;
    for (u32 i = 0; i < MADE; i++)
        made[i] = silo_id_of(silo_below(i % 3 == 2 ? silo_find(silo_root(), made[i - 1])
                                                   : silo_root())).value;
    while (silos_from(pair.client, 0, from, AT_ONCE, &list) != 0) {
        for (u32 i = 0; i < list.count; i++) {
            in_order = in_order && list.data[i].silo >= from;
            from = list.data[i].silo + 1;
        }
        seen += list.count;
        if (pages++ == 0) {
            request_destroy_silo(pair.client, made[0]);        /* was told */
            request_destroy_silo(pair.client, made[MADE - 1]); /* was not */
        }
    }
    TAP_OK(in_order && seen == 1 + MADE - 1 && pages == (seen + AT_ONCE - 1) / AT_ONCE,
           "page after page, each that stays is told once");
    TAP_OK(silos_from(pair.client, 0, made[1], 1, &list) == 1 &&
               list.data[0].silo == made[1],
           "one is found by its number");
    TAP_OK(silos_from(pair.client, 0, 0, 5, &list) == 5 && silos_from(pair.client, 0, 0, 0, &list) == 0,
           "as many as were asked for");
    TAP_OK(silos_from(pair.client, 0, UINT64_MAX, 1, &list) == 0, "behind the last there is none");
    PAIR_END();
}

/* ---- Who sees what ---- */

static void test_viewers(void)
{
    struct pair pair = pair_start();
    struct silo *session = silo_below(silo_root()), *cabin = silo_below(session);
    struct silo *beside = silo_below(silo_root());
    struct puppet *inside = puppet_spawn(session);
    struct system_silo_status_list list;
    u64 shown = silo_id_of(cabin).value;
    TAP_OK(silos_from(pair.client, silo_id_of(session).value, 0, 256, &list) == 2 &&
               list.data[0].silo == silo_id_of(session).value && list.data[0].parent == 0 &&
               list.data[1].silo == shown,
           "what those in another silo see is told as to them");
    TAP_OK(silos_from(pair.client, shown, 0, 256, &list) == 1 && list.data[0].silo == shown,
           "and to those below it less");
    TAP_OK(request_show_parent(inside, shown) == 0 &&
               silos_from(pair.client, shown, 0, 256, &list) == 2 &&
               list.data[0].silo == silo_id_of(session).value,
           "but where they are shown what those above see");
    TAP_OK(silos_from(inside, silo_id_of(beside).value, 0, 256, &list) == 0 &&
               silos_from(inside, silo_id_of(silo_root()).value, 0, 256, &list) == 0 &&
               silos_from(inside, 4711, 0, 256, &list) == 0,
           "nobody looks by the eyes of one whom he does not see");
    TAP_OK(request_show_parent(pair.client, silo_id_of(session).value) == 0 &&
               silos_from(pair.client, shown, 0, 256, &list) == 4,
           "nor sees more by them than he does");
    PAIR_END();
}

/* ---- Figures ---- */

static u32 interfaces_from(struct puppet *asking, i32 slot, u64 from,
                           struct statistics_interface_figures_list *list)
{
    *list = (struct statistics_interface_figures_list){ 0 };
    bool encoded = statistics_interfaces_encode(request_begin(asking), from);
    if (!encoded || request_send(asking, slot) != 0 ||
        !statistics_interfaces_result_decode(request_reader(asking), list))
        return 0;
    return list->count;
}

static void test_interfaces(void)
{
    struct pair pair = pair_start();
    struct silo *sending = silo_below(silo_root());
    struct puppet *below = puppet_spawn(sending);
    i64 slot = request_resolve_hash(pair.client, STATISTICS_INTERFACE_HASH);
    struct statistics_interface_figures_list list;
    silo_below(silo_root()); /* of which nothing is told, as it sends nothing */
    request_resolve(below, ALPHA_ID, "");
    u64 silo = silo_id_of(sending).value;
    bool found = interfaces_from(pair.client, (i32)slot, 0, &list) != 0 && list.data[0].silo == 1;
    TAP_OK(found && list.data[list.count - 1].silo == silo,
           "figures of silos that have sent anything, in their order");
    TAP_OK(interfaces_from(pair.client, (i32)slot, silo, &list) != 0 && list.data[0].silo == silo,
           "from a silo on");
    TAP_OK(interfaces_from(pair.client, (i32)slot, silo + 1, &list) == 0, "until there is none");
    PAIR_END();
}

static void run_all(void)
{
    test_page();
    test_all_silos();
    test_viewers();
    test_interfaces();
}

int main(void)
{
    pair_run(run_all);
    return tap_done();
}
