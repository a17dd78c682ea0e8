#include "kernel/happening.h"

#include "kernel/block.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "kernel/statistics.h"
#include "machine/machine.h"

enum {
    KEPT = 256, /* events: what happens while a reader is busy with what it was told */
    TOLD_AT_ONCE = 64,
    TEXT_MAX_BYTES = NAME_MAX_BYTES + 1 + 2 * HASH_SIZE, /* NAME@HASH */
};

struct happening {
    u64 sequence;
    u64 time_ns;
    enum happening_kind kind;
    u64 process;
    u64 silos[SILO_DEPTH_MAX + 1]; /* where it happened, and those above, up to 0 */
    u32 name_size;
    u32 text_size;
    u8 name[NAME_MAX_BYTES];
    u8 text[TEXT_MAX_BYTES];
};

/* A question that is answered when something happens that its sender may see. */
struct watcher {
    struct list_link link;
    struct pending pending;
    struct native *native;
    u64 silo;
    u64 from;
};

static struct {
    struct happening ring[KEPT];
    u64 next; /* sequence; of the first event 1 */
    struct list waiting;
    struct list ready; /* to be answered */
    u32 watcher_count;
} happenings;

void happenings_init(void)
{
    happenings.next = 1;
    list_init(&happenings.waiting);
    list_init(&happenings.ready);
    happenings.watcher_count = 0;
}

static bool is_within(const struct happening *happening, u64 silo)
{
    for (u32 i = 0; i <= SILO_DEPTH_MAX && happening->silos[i] != 0; i++)
        if (happening->silos[i] == silo)
            return true;
    return false;
}

/* ---- What happens -------------------------------------------------------------------------- */

/* As much as there is room for, and no part of a character. */
static u32 copy(u8 *to, usize capacity, struct bytes text)
{
    struct bytes kept = { text.data, u64_min(text.size, capacity) };
    while (kept.size != text.size && kept.size != 0 && !bytes_are_utf8(kept))
        kept.size--;
    if (kept.size != 0)
        __builtin_memcpy(to, kept.data, kept.size);
    return (u32)kept.size;
}

static void tell_watchers(const struct happening *happening)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&happenings.waiting); link != NULL; link = next) {
        next = list_next(&happenings.waiting, link);
        if (!is_within(happening, BASE_CONTAINER_OF(link, struct watcher, link)->silo))
            continue;
        list_remove(link);
        list_push_back(&happenings.ready, link);
        lock_after |= LOCK_AFTER_HAPPENINGS;
    }
}

static void note(enum happening_kind kind, const struct silo *silo, u64 process, struct bytes name,
                 struct bytes text)
{
    struct happening *happening = &happenings.ring[happenings.next % KEPT];
    *happening = (struct happening){
        .sequence = happenings.next++,
        .time_ns = machine_monotonic_ns(),
        .kind = kind,
        .process = process,
    };
    for (u32 i = 0; i <= SILO_DEPTH_MAX && silo != NULL; i++, silo = silo->parent)
        happening->silos[i] = silo->id;
    happening->name_size = copy(happening->name, sizeof(happening->name), name);
    happening->text_size = copy(happening->text, sizeof(happening->text), text);
    tell_watchers(happening);
}

void happening_of_process(enum happening_kind kind, const struct process *process,
                          struct bytes text)
{
    note(kind, process->party.silo, process->party.id, process_shown_name(process), text);
}

void happening_of_silo(enum happening_kind kind, const struct silo *silo)
{
    note(kind, silo, 0, silo->name, (struct bytes){ 0 });
}

void happening_ended(const struct process *process)
{
    u8 buffer[TEXT_MAX_BYTES];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    if (process->end.kind == PROCESS_END_KILLED) {
        writer_text(&text, "killed");
    } else if (process->end.kind == PROCESS_END_TRAPPED) {
        writer_text(&text, "trap: ");
        writer_text(&text, trap_text(process->end.trap));
    } else {
        writer_text(&text, "status ");
        writer_decimal(&text, process->end.exit_status);
    }
    happening_of_process(HAPPENING_ENDED, process,
                         (struct bytes){ buffer, u64_min(text.size, sizeof(buffer)) });
}

/* ---- Telling ------------------------------------------------------------------------------- */

struct telling {
    struct statistics_event events[TOLD_AT_ONCE];
    struct happening kept[TOLD_AT_ONCE];
    struct statistics_news list;
};

static void add(struct telling *telling, const struct happening *happening)
{
    u32 at = telling->list.events.count++;
    struct happening *kept = &telling->kept[at];
    *kept = *happening;
    telling->events[at] = (struct statistics_event){
        .sequence = kept->sequence,
        .time = kept->time_ns,
        .kind = (enum statistics_event_kind)kept->kind,
        .silo = kept->silos[0],
        .process = kept->process,
        .name = { kept->name, kept->name_size },
        .text = { kept->text, kept->text_size },
    };
}

/* From `from` on, what the silo may see. Under the lock. */
static void collect(struct telling *telling, u64 from, u64 silo)
{
    u64 oldest = happenings.next > KEPT ? happenings.next - KEPT : 1;
    telling->list = (struct statistics_news){ .lost = from != 0 && from < oldest };
    telling->list.events.data = telling->events;
    u64 at = from == 0 ? happenings.next : u64_max(from, oldest);
    for (; at < happenings.next && telling->list.events.count < TOLD_AT_ONCE; at++)
        if (is_within(&happenings.ring[at % KEPT], silo))
            add(telling, &happenings.ring[at % KEPT]);
    telling->list.next = at;
}

static bool encode_events(struct body_writer *writer, const void *result)
{
    return statistics_events_result_encode(writer, result);
}

static void forget(struct watcher *watcher)
{
    happenings.watcher_count--;
    block_give(watcher, sizeof(*watcher));
}

static void on_withdrawn(struct pending *pending)
{
    struct watcher *watcher = BASE_CONTAINER_OF(pending, struct watcher, pending);
    list_remove(&watcher->link);
    forget(watcher);
}

/* The next question that can be answered, and what it is told; false: there is none. */
static bool next_telling(struct telling *telling, struct native **native, i64 *id)
{
    lock_take();
    struct list_link *link = list_pop_front(&happenings.ready);
    if (link != NULL) {
        struct watcher *watcher = BASE_CONTAINER_OF(link, struct watcher, link);
        collect(telling, watcher->from, watcher->silo);
        pending_remove(&watcher->pending);
        *native = watcher->native;
        *id = watcher->pending.id;
        forget(watcher);
    }
    lock_give();
    return link != NULL;
}

/* Without memory the questions stay ready, until something else happens. */
void happening_tell(void)
{
    struct native *native;
    i64 id;
    struct telling *telling = block_take(sizeof(*telling));
    while (telling != NULL && next_telling(telling, &native, &id))
        (void)request_answer(native, id, encode_events, &telling->list);
    block_give(telling, sizeof(*telling));
}

/* ---- The question -------------------------------------------------------------------------- */

static enum weft_status keep(const struct request *request, u64 from)
{
    struct watcher *watcher = block_take(sizeof(*watcher));
    if (watcher == NULL)
        return WEFT_NO_MEMORY;
    watcher->native = request->native;
    watcher->silo = silo_sight(request->sender->party.silo)->id;
    watcher->from = from;
    watcher->pending.withdrawn = on_withdrawn;
    pending_add(&watcher->pending, request->message->id);
    list_push_back(&happenings.waiting, &watcher->link);
    happenings.watcher_count++;
    return WEFT_OK;
}

enum weft_status statistics_take_events(void *context, const struct weft_event *event,
                                        const struct statistics_events_arguments *arguments)
{
    const struct request *request = context;
    if (event->id == 0)
        return WEFT_OK;
    struct telling *telling = block_take(sizeof(*telling));
    if (telling == NULL)
        return WEFT_NO_MEMORY;
    enum weft_status status = WEFT_OK;
    lock_take();
    u64 from = u64_min(arguments->from, happenings.next);
    collect(telling, from, silo_sight(request->sender->party.silo)->id);
    bool waits = from != 0 && telling->list.events.count == 0 && !telling->list.lost;
    if (waits)
        status = happenings.watcher_count == HAPPENING_WATCHERS_MAX
                     ? WEFT_LIMIT
                     : keep(request, telling->list.next);
    lock_give();
    if (!waits)
        status = request_answer(request->native, event->id, encode_events, &telling->list);
    block_give(telling, sizeof(*telling));
    return status;
}
