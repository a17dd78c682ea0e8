/* `system`: what there is in the caller's silo and below. */
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/endpoint.h"
#include "kernel/list_page.h"
#include "kernel/lock.h"
#include "kernel/program.h"
#include "kernel/schedule.h"
#include "kernel/system.h"
#include "kernel/thread.h"

enum {
    BINDINGS_MAX = 1024, /* of one answer; what is beyond is left out */
    CID_TEXT_MAX = 64,
};

/* A text that stays when the thing it names is gone. */
struct kept_text {
    u8 bytes[NAME_MAX_BYTES];
    u32 size;
};

static struct weft_bytes keep(struct kept_text *kept, struct bytes text)
{
    kept->size = (u32)u64_min(text.size, sizeof(kept->bytes));
    if (kept->size != 0)
        __builtin_memcpy(kept->bytes, text.data, kept->size);
    return (struct weft_bytes){ kept->bytes, kept->size };
}

/* What those in the silo `viewer` see of what the caller does; NULL: he does not see that silo. */
static struct silo *sight_of(struct silo *own, u64 viewer)
{
    struct silo *above = silo_sight(own);
    struct silo *silo = viewer == 0 ? above : silo_find(above, viewer);
    if (silo == NULL)
        return NULL;
    struct silo *sight = silo_sight(silo);
    return silo_is_within(sight, above) ? sight : above;
}

/* ---- Processes ----------------------------------------------------------------------------- */

struct process_list {
    struct list_page page;
    struct system_process_status items[LIST_PAGE_MAX];
    struct kept_text names[LIST_PAGE_MAX];
    u8 programs[LIST_PAGE_MAX][CID_TEXT_MAX];
};

static struct weft_bytes keep_cid(u8 *to, const struct process *process)
{
    struct writer text;
    writer_init(&text, to, CID_TEXT_MAX);
    cid_write(program_cid(process_program(process)), &text);
    return (struct weft_bytes){ to, (u32)text.size };
}

static void fill_process(struct process_list *list, u32 at)
{
    struct process *process = list->page.rows[at].item;
    list->items[at] = (struct system_process_status){
        .process = process->party.id,
        .silo = process->party.silo->id,
        .program = keep_cid(list->programs[at], process),
        .name = keep(&list->names[at], process_shown_name(process)),
        .memory_pages = process->memory_pages,
        .threads = process->thread_count,
        .slots = process->party.slots.count,
        .messages = process->party.message_count,
        .cpu = schedule_cpu_time(process),
        .started = process->started_ns,
    };
}

static bool encode_processes(struct body_writer *writer, const void *result)
{
    return system_processes_result_encode(writer, result);
}

enum weft_status system_take_processes(void *context, const struct weft_event *event,
                                       const struct system_processes_arguments *arguments)
{
    const struct request *request = context;
    struct process_list *list = block_take(sizeof(*list));
    if (list == NULL)
        return WEFT_NO_MEMORY;
    list_page_init(&list->page, arguments->from, arguments->count);
    lock_take();
    list_page_add_processes(&list->page,
                            sight_of(request->sender->party.silo, arguments->viewer));
    for (u32 i = 0; i < list->page.count; i++)
        fill_process(list, i);
    lock_give();
    struct system_process_status_list result = { list->items, list->page.count };
    enum weft_status status = request_answer(request->native, event->id, encode_processes, &result);
    block_give(list, sizeof(*list));
    return status;
}

/* ---- Silos --------------------------------------------------------------------------------- */

struct silo_list {
    struct list_page page;
    struct system_silo_status items[LIST_PAGE_MAX];
    struct kept_text names[LIST_PAGE_MAX];
};

static void fill_silo(struct silo_list *list, u32 at, const struct silo *above)
{
    const struct silo *silo = list->page.rows[at].item;
    struct silo_limits limits = silo_limits_of(silo);
    list->items[at] = (struct system_silo_status){
        .silo = silo->id,
        .parent = silo == above || silo->parent == NULL ? 0 : silo->parent->id,
        .name = keep(&list->names[at], silo->name),
        .processes = (u32)silo->used[RESOURCE_PROCESSES],
        .memory_pages = silo->used[RESOURCE_MEMORY_PAGES],
        .messages = (u32)silo->used[RESOURCE_MESSAGES],
        .limits = {
            .memory_pages = limits.memory_pages,
            .processes = limits.processes,
            .threads = limits.threads,
            .messages = limits.messages,
            .slots = limits.slots,
            .body_bytes = limits.body_bytes,
            .weight = limits.weight,
            .quota = limits.quota,
        },
    };
}

static bool encode_silos(struct body_writer *writer, const void *result)
{
    return system_silos_result_encode(writer, result);
}

enum weft_status system_take_silos(void *context, const struct weft_event *event,
                                   const struct system_silos_arguments *arguments)
{
    const struct request *request = context;
    struct silo_list *list = block_take(sizeof(*list));
    if (list == NULL)
        return WEFT_NO_MEMORY;
    list_page_init(&list->page, arguments->from, arguments->count);
    lock_take();
    struct silo *above = sight_of(request->sender->party.silo, arguments->viewer);
    list_page_add_silos(&list->page, above);
    for (u32 i = 0; i < list->page.count; i++)
        fill_silo(list, i, above);
    lock_give();
    struct system_silo_status_list result = { list->items, list->page.count };
    enum weft_status status = request_answer(request->native, event->id, encode_silos, &result);
    block_give(list, sizeof(*list));
    return status;
}

/* ---- Bindings ------------------------------------------------------------------------------ */

struct binding_list {
    u32 count;
    struct system_binding items[BINDINGS_MAX];
    struct kept_text names[BINDINGS_MAX];
    struct kept_text tags[BINDINGS_MAX];
    struct hash hashes[BINDINGS_MAX];
};

/* Whether a silo on the way from `silo` up to `row`'s says something about it too: that is listed
 * in its place. */
static bool is_overruled(const struct binding *row, const struct silo *silo)
{
    for (; silo != row->silo; silo = silo->parent) {
        const struct binding *nearer = binding_find(silo, &row->hash, row->tag);
        if (nearer != NULL && nearer->is_set)
            return true;
    }
    return false;
}

/* What is asked about or held first goes, when it goes, to whom a silo above has. */
static const struct binding *handled_row(const struct binding *row)
{
    const struct binding *at = row;
    const struct silo *silo = row->silo;
    if (row->verdict != VERDICT_ASK && row->verdict != VERDICT_HOLD)
        return row;
    while ((at == NULL || at->handler.kind == SLOT_FREE) && (silo = silo->parent) != NULL)
        at = binding_find(silo, &row->hash, row->tag);
    return at == NULL ? row : at;
}

static u64 handler_id(const struct binding *row)
{
    row = handled_row(row);
    return row->handler.kind == SLOT_ENDPOINT ? row->handler.endpoint->handler->id : 0;
}

static void add_binding(struct binding_list *list, const struct binding *row)
{
    u32 at = list->count++;
    list->hashes[at] = row->hash;
    list->items[at] = (struct system_binding){
        .interface = { list->hashes[at].bytes, HASH_SIZE },
        .name = keep(&list->names[at], row->name),
        .tag = keep(&list->tags[at], row->tag),
        .verdict = (enum system_verdict)row->verdict,
        .handler = handler_id(row),
    };
}

static void list_bindings(struct binding_list *list, const struct silo *silo)
{
    for (const struct silo *at = silo; at != NULL; at = at->parent) {
        struct list_link *link = list_first(&at->rows);
        for (; link != NULL && list->count < BINDINGS_MAX; link = list_next(&at->rows, link)) {
            const struct binding *row = BASE_CONTAINER_OF(link, struct binding, silo_link);
            if (row->is_set && !is_overruled(row, silo))
                add_binding(list, row);
        }
    }
}

/* Tables are seen as far as silos are. */
static const struct silo *silo_shown(struct silo *own, u64 id)
{
    return id == 0 ? own : silo_find(silo_sight(own), id);
}

static bool encode_bindings(struct body_writer *writer, const void *result)
{
    return system_bindings_result_encode(writer, result);
}

enum weft_status system_take_bindings(void *context, const struct weft_event *event,
                                      const struct system_bindings_arguments *arguments)
{
    const struct request *request = context;
    struct binding_list *list = block_take(sizeof(*list));
    if (list == NULL)
        return WEFT_NO_MEMORY;
    struct system_binding_list_error_result result = { .failed = true };
    result.error = SYSTEM_ERROR_NOT_FOUND;
    lock_take();
    const struct silo *silo = silo_shown(request->sender->party.silo, arguments->silo);
    if (silo != NULL)
        list_bindings(list, silo);
    lock_give();
    if (silo != NULL)
        result = (struct system_binding_list_error_result){
            .value = { list->items, list->count },
        };
    enum weft_status status = request_answer(request->native, event->id, encode_bindings, &result);
    block_give(list, sizeof(*list));
    return status;
}
