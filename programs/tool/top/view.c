#include "programs/tool/top/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "programs/tool/shared/definitions.h"
#include "programs/tool/shared/times.h"

/* One line of a table, with what it is sorted by. */
struct row {
    double cpu;      /* of one CPU */
    double messages; /* a second */
    double memory;
    double time;
    uint64_t number;
    uint64_t silo;
    uint32_t at; /* in its list */
    struct weft_bytes name;
};

static const struct figures *now_of(const struct view *view)
{
    return &view->figures[view->newest];
}

/* What there was before; with nothing in it at first. */
static const struct figures *before_of(const struct view *view)
{
    static const struct figures nothing;
    return view->has_before ? &view->figures[1 - view->newest] : &nothing;
}

/* Since when rates are: the figures before, or the system's beginning. */
static double seconds_of(const struct view *view)
{
    const struct figures *now = now_of(view);
    uint64_t from = view->has_before ? before_of(view)->machine.now : now->machine.started;
    return now->machine.now > from ? (double)(now->machine.now - from) / 1e9 : 1e-9;
}

/* ---- Taking -------------------------------------------------------------------------------- */

static void push(double *history, double value)
{
    memmove(history, history + 1, (HISTORY - 1) * sizeof(*history));
    history[HISTORY - 1] = value;
}

/* A silo that is no more has passed on what it did, so the sum never falls. */
static void sum(const struct figures *figures, double *cpu, double *messages)
{
    *cpu = 0;
    *messages = 0;
    for (uint32_t i = 0; i < figures->silos.count; i++) {
        *cpu += (double)figures->silos.data[i].cpu;
        *messages += (double)figures->silos.data[i].sent;
    }
}

enum weft_status view_take(struct view *view)
{
    bool has_any = view->figures[view->newest].machine.now != 0;
    view->newest = 1 - view->newest;
    enum weft_status status = figures_take(&view->figures[view->newest]);
    if (status != WEFT_OK)
        return status;
    view->has_before = has_any;
    double cpu, messages, cpu_before, messages_before;
    sum(now_of(view), &cpu, &messages);
    sum(before_of(view), &cpu_before, &messages_before);
    double seconds = seconds_of(view);
    push(view->cpu, (cpu - cpu_before) / 1e9 / seconds / now_of(view)->machine.cpus);
    push(view->messages, (messages - messages_before) / seconds);
    return WEFT_OK;
}

/* ---- Rows ---------------------------------------------------------------------------------- */

static enum view_order sort_order;

static int compare_numbers(double a, double b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

static int compare_names(struct weft_bytes a, struct weft_bytes b)
{
    uint32_t size = a.size < b.size ? a.size : b.size;
    int result = size == 0 ? 0 : memcmp(a.data, b.data, size);
    return result != 0 ? result : (int)a.size - (int)b.size;
}

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int result = 0;
    if (sort_order == ORDER_CPU)
        result = compare_numbers(a->cpu, b->cpu);
    else if (sort_order == ORDER_MEMORY)
        result = compare_numbers(a->memory, b->memory);
    else if (sort_order == ORDER_MESSAGES)
        result = compare_numbers(a->messages, b->messages);
    else if (sort_order == ORDER_TIME)
        result = compare_numbers(a->time, b->time);
    else if (sort_order == ORDER_NAME)
        result = compare_names(a->name, b->name);
    return result != 0 ? result : a->number < b->number ? -1 : a->number > b->number;
}

static bool is_wanted(const struct view *view, struct weft_bytes name)
{
    size_t size = strlen(view->filter);
    for (uint32_t i = 0; i + size <= name.size; i++)
        if (memcmp(name.data + i, view->filter, size) == 0)
            return true;
    return size == 0;
}

/* Whether the silo is the one that is shown, or below it. */
static bool is_shown(const struct view *view, uint64_t silo)
{
    const struct figures *now = now_of(view);
    while (view->silo != 0 && silo != view->silo) {
        const struct statistics_silo_figures *item = figures_silo(now, silo);
        if (item == NULL || item->parent == 0)
            return false;
        silo = item->parent;
    }
    return true;
}

static double rate(uint64_t now, uint64_t before, double seconds)
{
    return now < before ? 0 : (double)(now - before) / seconds;
}

/* Where there is little room, names are worth more than bars. */
static bool has_bars(const struct page *page)
{
    enum { COLUMNS_FOR_BARS = 100 };
    return !page->is_screen || page->columns >= COLUMNS_FOR_BARS;
}

static void show_bar_head(struct page *page)
{
    if (has_bars(page))
        page_print(page, " %12s", "");
}

static void show_bar(struct page *page, double part)
{
    if (!has_bars(page))
        return;
    page_print(page, " ");
    page_bar(page, part, 10);
}

/* ---- Processes ----------------------------------------------------------------------------- */

static struct row process_row(const struct view *view, uint32_t at)
{
    const struct statistics_process_figures *item = &now_of(view)->processes.data[at];
    const struct statistics_process_figures *before =
        figures_process(before_of(view), item->process);
    double seconds = seconds_of(view);
    return (struct row){
        .cpu = rate(item->cpu, before == NULL ? 0 : before->cpu, seconds) / 1e9,
        .messages = rate(item->sent, before == NULL ? 0 : before->sent, seconds),
        .memory = (double)item->memory_pages,
        .time = (double)item->cpu,
        .number = item->process,
        .silo = item->silo,
        .at = at,
        .name = item->name,
    };
}

static void process_head(const struct view *view, struct page *page)
{
    (void)view;
    page_print(page, "%8s %6s %7s", "PROCESS", "SILO", "CPU%");
    show_bar_head(page);
    page_print(page, " %9s %9s %9s %4s %6s  %s", "TIME", "MEMORY", "MSG/S", "THR", "STATE", "NAME");
}

static void print_memory(struct page *page, double pages)
{
    double kib = pages * 64;
    if (kib < 10240)
        page_print(page, " %6.0fKiB", kib);
    else
        page_print(page, " %6.1fMiB", kib / 1024);
}

static void process_line(const struct view *view, struct page *page, const struct row *row)
{
    const struct statistics_process_figures *item = &now_of(view)->processes.data[row->at];
    page_print(page, "%8" PRIu64 " %6" PRIu64 " %6.1f%%", item->process, item->silo,
               100 * row->cpu);
    show_bar(page, row->cpu);
    page_print(page, " %8.2fs", row->time / 1e9);
    print_memory(page, row->memory);
    page_print(page, " %9.0f %4" PRIu32 " %6s  ", row->messages, item->threads,
               item->suspended ? "stop" : "");
    page_text(page, item->name.data, item->name.size);
}

/* ---- Silos --------------------------------------------------------------------------------- */

static struct row silo_row(const struct view *view, uint32_t at)
{
    const struct figures *now = now_of(view);
    const struct statistics_silo_figures *item = &now->silos.data[at];
    const struct statistics_silo_figures *before = figures_silo(before_of(view), item->silo);
    double seconds = seconds_of(view);
    struct row row = {
        .cpu = rate(item->cpu, before == NULL ? 0 : before->cpu, seconds) / 1e9,
        .messages = rate(item->sent, before == NULL ? 0 : before->sent, seconds),
        .time = (double)item->cpu,
        .number = item->silo,
        .silo = item->silo,
        .at = at,
        .name = item->name,
    };
    for (uint32_t i = 0; i < now->processes.count; i++)
        if (now->processes.data[i].silo == item->silo)
            row.memory += (double)now->processes.data[i].memory_pages;
    return row;
}

static void silo_head(const struct view *view, struct page *page)
{
    (void)view;
    page_print(page, "%6s %6s %7s", "SILO", "IN", "CPU%");
    show_bar_head(page);
    page_print(page, " %9s %9s %9s %6s  %s", "TIME", "MEMORY", "MSG/S", "STATE", "NAME");
}

static void silo_line(const struct view *view, struct page *page, const struct row *row)
{
    const struct statistics_silo_figures *item = &now_of(view)->silos.data[row->at];
    page_print(page, "%6" PRIu64 " %6" PRIu64 " %6.1f%%", item->silo, item->parent, 100 * row->cpu);
    show_bar(page, row->cpu);
    page_print(page, " %8.2fs", row->time / 1e9);
    print_memory(page, row->memory);
    page_print(page, " %9.0f %6s  ", row->messages,
               item->suspended   ? "stop"
               : item->exhausted ? "quota"
                                 : "");
    page_text(page, item->name.data, item->name.size);
}

/* ---- Interfaces ---------------------------------------------------------------------------- */

static struct row interface_row(const struct view *view, uint32_t at)
{
    const struct statistics_interface_figures *item = &now_of(view)->interfaces.data[at];
    const struct statistics_interface_figures *before =
        figures_interface(before_of(view), item);
    const char *name = interface_name(item->interface);
    return (struct row){
        .messages = rate(item->messages, before == NULL ? 0 : before->messages, seconds_of(view)),
        .time = (double)item->messages,
        .number = item->silo,
        .silo = item->silo,
        .at = at,
        .name = { (const uint8_t *)name, (uint32_t)strlen(name) },
    };
}

static void interface_head(const struct view *view, struct page *page)
{
    (void)view;
    page_print(page, "%6s %9s %12s %9s %9s  %s", "SILO", "MSG/S", "MESSAGES", "P50", "P99",
               "INTERFACE");
}

/* Of what was answered since the last look, or if nothing was, since ever. */
static void interface_line(const struct view *view, struct page *page, const struct row *row)
{
    const struct statistics_interface_figures *item = &now_of(view)->interfaces.data[row->at];
    struct times times = times_between(item, figures_interface(before_of(view), item));
    if (times.total == 0)
        times = times_between(item, NULL);
    char half[16] = "-", most[16] = "-";
    if (times.total != 0) {
        time_write(half, sizeof(half), times_percentile(&times, 50));
        time_write(most, sizeof(most), times_percentile(&times, 99));
    }
    page_print(page, "%6" PRIu64 " %9.0f %12" PRIu64 " %9s %9s  %s", item->silo, row->messages,
               item->messages, half, most, interface_name(item->interface));
}

/* ---- The page ------------------------------------------------------------------------------ */

static const struct table {
    struct row (*row)(const struct view *view, uint32_t at);
    void (*head)(const struct view *view, struct page *page);
    void (*line)(const struct view *view, struct page *page, const struct row *row);
} tables[VIEW_COUNT] = {
    { process_row, process_head, process_line },
    { silo_row, silo_head, silo_line },
    { interface_row, interface_head, interface_line },
};

static uint32_t count_of(const struct view *view)
{
    const struct figures *now = now_of(view);
    if (view->kind == VIEW_PROCESSES)
        return now->processes.count;
    return view->kind == VIEW_SILOS ? now->silos.count : now->interfaces.count;
}

static void show_head(const struct view *view, struct page *page)
{
    static const char *const orders[] = { "CPU", "memory", "messages", "time", "name", "number" };
    const struct figures *now = now_of(view);
    uint64_t up = (now->machine.now - now->machine.started) / 1000000000;
    page_print(page, "up %" PRIu64 ":%02u:%02u, %" PRIu32 " processes in %" PRIu32 " silos, by %s",
               up / 3600, (unsigned)(up / 60 % 60), (unsigned)(up % 60), now->processes.count,
               now->silos.count, orders[view->order]);
    if (now->is_cut)
        page_print(page, ", and more");
    if (view->filter[0] != '\0')
        page_print(page, ", with `%s`", view->filter);
    page_line(page);
    page_print(page, "CPU %5.1f%% of %" PRIu32 " ", 100 * view->cpu[HISTORY - 1],
               now->machine.cpus);
    page_bar(page, view->cpu[HISTORY - 1], 20);
    page_print(page, " ");
    page_sparkline(page, view->cpu, page->is_screen ? HISTORY : 0);
    page_line(page);
    double most = 1;
    double heights[HISTORY];
    for (unsigned i = 0; i < HISTORY; i++)
        most = view->messages[i] > most ? view->messages[i] : most;
    for (unsigned i = 0; i < HISTORY; i++)
        heights[i] = view->messages[i] / most;
    page_print(page, "messages %10.0f/s%14s", view->messages[HISTORY - 1], "");
    page_print(page, " ");
    page_sparkline(page, heights, page->is_screen ? HISTORY : 0);
    page_line(page);
    page_print(page, "%s", view->note[0] != '\0' || !page->is_screen
                               ? view->note
                               : "h keys  p s i processes silos interfaces  c m sort  / filter  k kill  q quit");
    page_line(page);
}

static uint32_t collect(const struct view *view, struct row *rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < count_of(view); i++) {
        rows[count] = tables[view->kind].row(view, i);
        count += is_wanted(view, rows[count].name) && is_shown(view, rows[count].silo);
    }
    return count;
}

static void show_keys(struct page *page)
{
    static const char *const keys[] = {
        "p  s  i      processes, silos, interfaces; Tab: the next of them",
        "c  m  g      sort by CPU, memory, messages",
        "t  n  u      sort by time, name, number",
        "/            show only what has this in its name; an empty line shows all",
        "k  z  r      kill, suspend, resume a process",
        "h  ?         these keys, and back",
        "q            quit",
    };
    for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]) && page_has_room(page, 0); i++) {
        page_print(page, "%s", keys[i]);
        page_line(page);
    }
}

static void show_table(const struct view *view, struct page *page)
{
    const struct table *table = &tables[view->kind];
    struct row *rows = malloc((count_of(view) + 1) * sizeof(*rows));
    page_style(page, "\x1b[7m");
    table->head(view, page);
    page_line(page);
    uint32_t count = rows == NULL ? 0 : collect(view, rows);
    sort_order = view->order;
    if (count != 0)
        qsort(rows, count, sizeof(*rows), compare_rows);
    for (uint32_t i = 0; i < count && page_has_room(page, 0); i++) {
        table->line(view, page, &rows[i]);
        page_line(page);
    }
    free(rows);
}

void view_show(const struct view *view, struct page *page)
{
    page_begin(page);
    show_head(view, page);
    if (view->shows_keys)
        show_keys(page);
    else
        show_table(view, page);
}
