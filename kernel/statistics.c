#include "kernel/statistics.h"

#include "kernel/block.h"
#include "kernel/list_page.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/thread.h"

enum { INTERFACES_LISTED_MAX = 1024 }; /* of one answer: those of fifteen silos at least */

static u64 started_ns;

void statistics_init(void)
{
    started_ns = machine_monotonic_ns();
}

/* A text that stays when the thing it names is gone. */
struct kept_text {
    u8 bytes[NAME_MAX_BYTES];
};

static struct weft_bytes keep(struct kept_text *kept, struct bytes text)
{
    u32 size = (u32)u64_min(text.size, sizeof(kept->bytes));
    if (size != 0)
        __builtin_memcpy(kept->bytes, text.data, size);
    return (struct weft_bytes){ kept->bytes, size };
}

/* ---- The machine --------------------------------------------------------------------------- */

static bool encode_machine(struct body_writer *writer, const void *result)
{
    return statistics_machine_result_encode(writer, result);
}

static enum weft_status take_machine(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    const struct statistics_machine_figures figures = {
        .now = machine_monotonic_ns(),
        .started = started_ns,
        .cpus = machine_cpu_count(),
    };
    return request_answer(request->native, event->id, encode_machine, &figures);
}

/* ---- Processes ----------------------------------------------------------------------------- */

struct process_table {
    struct list_page page;
    struct statistics_process_figures items[LIST_PAGE_MAX];
    struct kept_text names[LIST_PAGE_MAX];
};

static void fill_process(struct process_table *table, u32 at)
{
    struct process *process = table->page.rows[at].item;
    table->items[at] = (struct statistics_process_figures){
        .process = process->party.id,
        .silo = process->party.silo->id,
        .name = keep(&table->names[at], process_shown_name(process)),
        .memory_pages = process->memory_pages,
        .threads = process->thread_count,
        .weight = process->share.weight,
        .suspended = share_is_suspended(&process->share),
        .cpu = schedule_cpu_time(process),
        .started = process->started_ns,
        .sent = process->party.sent_count,
        .answered = process->party.answered_count,
    };
}

static bool encode_processes(struct body_writer *writer, const void *result)
{
    return statistics_processes_result_encode(writer, result);
}

static enum weft_status take_processes(void *context, const struct weft_event *event,
                                       const struct statistics_processes_arguments *arguments)
{
    const struct request *request = context;
    struct process_table *table = block_take(sizeof(*table));
    if (table == NULL)
        return WEFT_NO_MEMORY;
    list_page_init(&table->page, arguments->from, arguments->count);
    lock_take();
    list_page_add_processes(&table->page, silo_sight(request->sender->party.silo));
    for (u32 i = 0; i < table->page.count; i++)
        fill_process(table, i);
    lock_give();
    const struct statistics_process_figures_list list = { table->items, table->page.count };
    enum weft_status status = request_answer(request->native, event->id, encode_processes, &list);
    block_give(table, sizeof(*table));
    return status;
}

/* ---- Silos --------------------------------------------------------------------------------- */

struct silo_table {
    struct list_page page;
    struct statistics_silo_figures items[LIST_PAGE_MAX];
    struct kept_text names[LIST_PAGE_MAX];
};

static void fill_silo(struct silo_table *table, u32 at, const struct silo *above)
{
    const struct silo *silo = table->page.rows[at].item;
    struct statistics_silo_figures *item = &table->items[at];
    *item = (struct statistics_silo_figures){
        .silo = silo->id,
        .parent = silo == above ? 0 : silo->parent->id,
        .name = keep(&table->names[at], silo->name),
        .suspended = share_is_suspended(&silo->share),
        .exhausted = (silo->share.stops & SHARE_EXHAUSTED) != 0,
        .cpu = silo->ended_cpu_ns,
        .sent = silo->ended_sent,
        .answered = silo->ended_answered,
    };
    struct list_link *link = list_first(&silo->processes);
    for (; link != NULL; link = list_next(&silo->processes, link)) {
        struct process *process = BASE_CONTAINER_OF(link, struct process, silo_link);
        item->cpu += schedule_cpu_time(process);
        item->sent += process->party.sent_count;
        item->answered += process->party.answered_count;
    }
}

static bool encode_silos(struct body_writer *writer, const void *result)
{
    return statistics_silos_result_encode(writer, result);
}

static enum weft_status take_silos(void *context, const struct weft_event *event,
                                   const struct statistics_silos_arguments *arguments)
{
    const struct request *request = context;
    struct silo_table *table = block_take(sizeof(*table));
    if (table == NULL)
        return WEFT_NO_MEMORY;
    list_page_init(&table->page, arguments->from, arguments->count);
    lock_take();
    struct silo *above = silo_sight(request->sender->party.silo);
    list_page_add_silos(&table->page, above);
    for (u32 i = 0; i < table->page.count; i++)
        fill_silo(table, i, above);
    lock_give();
    const struct statistics_silo_figures_list list = { table->items, table->page.count };
    enum weft_status status = request_answer(request->native, event->id, encode_silos, &list);
    block_give(table, sizeof(*table));
    return status;
}

/* ---- Interfaces ---------------------------------------------------------------------------- */

struct interface_table {
    struct list_page page; /* of silos that have sent anything */
    u32 count;
    struct statistics_interface_figures items[INTERFACES_LISTED_MAX];
    u32 times[INTERFACES_LISTED_MAX][TRAFFIC_TIMES];
};

static bool has_traffic(const struct silo *silo)
{
    bool has_any = traffic_messages(&silo->traffic.others) != 0;
    for (u32 i = 0; i < TRAFFIC_ROWS && !has_any; i++)
        has_any = traffic_messages(silo->traffic.rows[i]) != 0;
    return has_any;
}

static void add_interface(struct interface_table *table, const struct silo *silo,
                          const struct traffic *traffic)
{
    if (traffic_messages(traffic) == 0)
        return;
    u32 at = table->count++;
    __builtin_memcpy(table->times[at], traffic->times, sizeof(traffic->times));
    table->items[at] = (struct statistics_interface_figures){
        .silo = silo->id,
        .interface = traffic->interface,
        .messages = traffic_messages(traffic),
        .times = { table->times[at], TRAFFIC_TIMES },
    };
}

static void add_interfaces(struct interface_table *table, const struct silo *silo)
{
    for (u32 i = 0; i < TRAFFIC_ROWS; i++)
        if (silo->traffic.rows[i] != &silo->traffic.others)
            add_interface(table, silo, silo->traffic.rows[i]);
    add_interface(table, silo, &silo->traffic.others);
}

static void list_interfaces(struct interface_table *table, struct silo *above)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo))
        if (has_traffic(silo))
            list_page_add(&table->page, silo->id, silo);
    table->count = 0;
    for (u32 i = 0; i < table->page.count && table->count + TRAFFIC_ROWS < INTERFACES_LISTED_MAX; i++)
        add_interfaces(table, table->page.rows[i].item);
}

static bool encode_interfaces(struct body_writer *writer, const void *result)
{
    return statistics_interfaces_result_encode(writer, result);
}

static enum weft_status take_interfaces(void *context, const struct weft_event *event,
                                        const struct statistics_interfaces_arguments *arguments)
{
    const struct request *request = context;
    struct interface_table *table = block_take(sizeof(*table));
    if (table == NULL)
        return WEFT_NO_MEMORY;
    list_page_init(&table->page, arguments->from, LIST_PAGE_MAX);
    lock_take();
    list_interfaces(table, silo_sight(request->sender->party.silo));
    lock_give();
    const struct statistics_interface_figures_list list = { table->items, table->count };
    enum weft_status status = request_answer(request->native, event->id, encode_interfaces, &list);
    block_give(table, sizeof(*table));
    return status;
}

/* ---- The handler ---------------------------------------------------------------------------- */

static const struct statistics_server server = {
    .machine = take_machine,
    .processes = take_processes,
    .silos = take_silos,
    .interfaces = take_interfaces,
    .links = statistics_take_links,
    .events = statistics_take_events,
};

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    /* What a caller may see is read off its process, so that has to be there. */
    if (request->sender == NULL)
        return WEFT_GONE;
    return statistics_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_statistics = {
    .operations = { .name = "statistics", .message = on_message, .withdrawn = pending_withdrawn },
    .interface_name = STATISTICS_INTERFACE_NAME,
    .interface_hash = STATISTICS_INTERFACE_HASH,
};
