/* `statistics`: where a process can send to, by its slots. */
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/lock.h"
#include "kernel/native.h"
#include "kernel/process.h"
#include "kernel/statistics.h"

enum { LINKS_MAX = 512 }; /* of one answer; what is beyond is left out */

struct links {
    u32 count;
    struct statistics_link items[LINKS_MAX];
    u8 names[LINKS_MAX][NAME_MAX_BYTES];
};

static struct weft_bytes keep_name(struct links *links, u32 at, const struct party *handler)
{
    if (handler == NULL || !handler->is_native)
        return (struct weft_bytes){ 0 };
    const char *name = native_of_party((struct party *)(usize)handler)->operations->name;
    struct bytes text = bytes_from_text(name);
    u32 size = (u32)u64_min(text.size, NAME_MAX_BYTES);
    __builtin_memcpy(links->names[at], text.data, size);
    return (struct weft_bytes){ links->names[at], size };
}

static bool is_same(const struct statistics_link *a, const struct statistics_link *b)
{
    return a->interface == b->interface && a->handler == b->handler && a->route == b->route &&
           a->name.size == b->name.size &&
           (a->name.size == 0 || __builtin_memcmp(a->name.data, b->name.data, a->name.size) == 0);
}

static void add(struct links *links, struct statistics_link link, const struct party *handler)
{
    if (links->count == LINKS_MAX)
        return;
    link.handler = handler == NULL ? 0 : handler->id;
    link.slots = 1;
    link.name = keep_name(links, links->count, handler);
    for (u32 i = 0; i < links->count; i++)
        if (is_same(&links->items[i], &link)) {
            links->items[i].slots++;
            return;
        }
    links->items[links->count++] = link;
}

static void add_binding(struct links *links, struct binding *binding)
{
    static const enum statistics_route routes[] = {
        [ROUTE_HANDLER] = STATISTICS_ROUTE_HANDLED, [ROUTE_NOBODY] = STATISTICS_ROUTE_NOBODY,
        [ROUTE_ASK] = STATISTICS_ROUTE_ASK,         [ROUTE_DENIED] = STATISTICS_ROUTE_DENIED,
        [ROUTE_GONE] = STATISTICS_ROUTE_DENIED,
    };
    struct endpoint *endpoint;
    enum route_kind route = binding_route(binding, &endpoint);
    const struct statistics_link link = {
        .interface = interface_of_hash(&binding->hash),
        .route = routes[route],
    };
    add(links, link, route == ROUTE_HANDLER ? endpoint->handler : NULL);
}

static void add_slot(struct links *links, const struct slot *slot)
{
    if (slot->kind == SLOT_BINDING) {
        add_binding(links, slot->binding);
        return;
    }
    const struct statistics_link link = {
        .interface = slot->endpoint->interface,
        .route = slot->endpoint->handler->dead ? STATISTICS_ROUTE_NOBODY : STATISTICS_ROUTE_HANDLED,
    };
    add(links, link, slot->endpoint->handler);
}

/* In steps, so that nobody waits long for the lock. */
static void list_links(struct links *links, struct process *process)
{
    const struct slots *slots = &process->party.slots;
    for (u32 at = 0; !process->party.dead && pool_at(&slots->pool, at) != NULL;
         at += LINK_SLOTS_AT_ONCE) {
        for (u32 i = at; i < at + LINK_SLOTS_AT_ONCE; i++) {
            const struct slot *slot = slots_find(slots, (i32)i + 1);
            if (slot != NULL)
                add_slot(links, slot);
        }
        lock_give();
        lock_take();
    }
}

static bool encode_links(struct body_writer *writer, const void *result)
{
    return statistics_links_result_encode(writer, result);
}

enum weft_status statistics_take_links(void *context, const struct weft_event *event,
                                       const struct statistics_links_arguments *arguments)
{
    const struct request *request = context;
    struct statistics_link_list_error_result result = {
        .failed = true,
        .error = STATISTICS_ERROR_NOT_FOUND,
    };
    struct links *links = block_take(sizeof(*links));
    if (links == NULL)
        return WEFT_NO_MEMORY;
    struct process *process = process_find(silo_view(request->sender->party.silo), arguments->process);
    if (process != NULL) {
        lock_take();
        list_links(links, process);
        party_release(&process->party);
        lock_give();
        result = (struct statistics_link_list_error_result){
            .value = { links->items, links->count },
        };
    }
    enum weft_status status = request_answer(request->native, event->id, encode_links, &result);
    block_give(links, sizeof(*links));
    return status;
}
