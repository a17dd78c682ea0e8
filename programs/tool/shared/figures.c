#include "programs/tool/shared/figures.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 512 << 10 /* for a page of any list */, PAGE = 256 };

struct weft_client figures_client(void)
{
    static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
    return (struct weft_client){ .slot = statistics_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
}

/* ---- Keeping a page ---------------------------------------------------------------------------- */

/* Where in the space the bytes are now; false: there is no memory. */
static bool keep(struct figures_space *space, const void *bytes, size_t size, size_t *at)
{
    size_t end = space->size + ((size + 7) & ~(size_t)7);
    if (end > space->capacity) {
        uint8_t *data = realloc(space->data, 2 * end);
        if (data == NULL)
            return false;
        space->data = data;
        space->capacity = 2 * end;
    }
    *at = space->size;
    if (size != 0)
        memcpy(space->data + space->size, bytes, size);
    space->size = end;
    return true;
}

/* The space moves while it grows, so what leads into it is its place there until all is in it. */
static bool keep_name(struct figures *figures, struct weft_bytes *name)
{
    size_t at = 0;
    bool is_kept = keep(&figures->texts, name->data, name->size, &at);
    name->data = (const uint8_t *)at;
    return is_kept;
}

static bool keep_times(struct figures *figures, struct statistics_interface_figures *item)
{
    size_t at = 0;
    bool is_kept = keep(&figures->texts, item->times.data, item->times.count * sizeof(uint32_t), &at);
    item->times.data = (uint32_t *)at;
    return is_kept;
}

/* ---- Taking --------------------------------------------------------------------------------------- */

/* A page of one list, behind what there is; `from` is then where the next begins. */
typedef enum weft_status (*take_page)(struct figures *figures, uint64_t *from);

static enum weft_status take_processes(struct figures *figures, uint64_t *from)
{
    struct statistics_process_figures_list page;
    struct weft_client client = figures_client();
    size_t at;
    enum weft_status status = statistics_processes(&client, *from, PAGE, &page);
    for (uint32_t i = 0; status == WEFT_OK && i < page.count; i++) {
        struct statistics_process_figures item = page.data[i];
        *from = item.process + 1;
        if (!keep_name(figures, &item.name) || !keep(&figures->items[0], &item, sizeof(item), &at))
            return WEFT_NO_MEMORY;
        figures->processes.count++;
    }
    return status;
}

static enum weft_status take_silos(struct figures *figures, uint64_t *from)
{
    struct statistics_silo_figures_list page;
    struct weft_client client = figures_client();
    size_t at;
    enum weft_status status = statistics_silos(&client, *from, PAGE, &page);
    for (uint32_t i = 0; status == WEFT_OK && i < page.count; i++) {
        struct statistics_silo_figures item = page.data[i];
        *from = item.silo + 1;
        if (!keep_name(figures, &item.name) || !keep(&figures->items[1], &item, sizeof(item), &at))
            return WEFT_NO_MEMORY;
        figures->silos.count++;
    }
    return status;
}

static enum weft_status take_interfaces(struct figures *figures, uint64_t *from)
{
    struct statistics_interface_figures_list page;
    struct weft_client client = figures_client();
    size_t at;
    enum weft_status status = statistics_interfaces(&client, *from, &page);
    for (uint32_t i = 0; status == WEFT_OK && i < page.count; i++) {
        struct statistics_interface_figures item = page.data[i];
        *from = item.silo + 1;
        if (!keep_times(figures, &item) || !keep(&figures->items[2], &item, sizeof(item), &at))
            return WEFT_NO_MEMORY;
        figures->interfaces.count++;
    }
    return status;
}

static enum weft_status take_all(struct figures *figures, take_page take, const uint32_t *count)
{
    uint64_t from = 0;
    enum weft_status status = WEFT_OK;
    uint32_t before;
    do {
        before = *count;
        status = take(figures, &from);
    } while (status == WEFT_OK && *count != before && *count < FIGURES_MAX);
    figures->is_cut = figures->is_cut || *count >= FIGURES_MAX;
    return status;
}

/* Places become what they stand for. */
static void settle(struct figures *figures)
{
    const uint8_t *texts = figures->texts.data;
    struct statistics_process_figures *processes = (void *)figures->items[0].data;
    struct statistics_silo_figures *silos = (void *)figures->items[1].data;
    struct statistics_interface_figures *interfaces = (void *)figures->items[2].data;
    for (uint32_t i = 0; i < figures->processes.count; i++)
        processes[i].name.data = texts + (size_t)processes[i].name.data;
    for (uint32_t i = 0; i < figures->silos.count; i++)
        silos[i].name.data = texts + (size_t)silos[i].name.data;
    for (uint32_t i = 0; i < figures->interfaces.count; i++)
        interfaces[i].times.data = (const void *)(texts + (size_t)interfaces[i].times.data);
    figures->processes.data = processes;
    figures->silos.data = silos;
    figures->interfaces.data = interfaces;
}

static void forget(struct figures *figures)
{
    figures->processes.count = 0;
    figures->silos.count = 0;
    figures->interfaces.count = 0;
    figures->is_cut = false;
    figures->texts.size = 0;
    for (int i = 0; i < 3; i++)
        figures->items[i].size = 0;
}

enum weft_status figures_take(struct figures *figures)
{
    struct weft_client client = figures_client();
    forget(figures);
    enum weft_status status = statistics_machine(&client, &figures->machine);
    if (status == WEFT_OK)
        status = take_all(figures, take_processes, &figures->processes.count);
    if (status == WEFT_OK)
        status = take_all(figures, take_silos, &figures->silos.count);
    if (status == WEFT_OK)
        status = take_all(figures, take_interfaces, &figures->interfaces.count);
    settle(figures);
    return status;
}

/* ---- Finding -------------------------------------------------------------------------------------- */

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_process(const void *process, const void *item)
{
    return compare(*(const uint64_t *)process, ((const struct statistics_process_figures *)item)->process);
}

static int compare_silo(const void *silo, const void *item)
{
    return compare(*(const uint64_t *)silo, ((const struct statistics_silo_figures *)item)->silo);
}

static int compare_interface(const void *silo, const void *item)
{
    return compare(*(const uint64_t *)silo, ((const struct statistics_interface_figures *)item)->silo);
}

const struct statistics_process_figures *figures_process(const struct figures *figures,
                                                         uint64_t process)
{
    const struct statistics_process_figures_list *list = &figures->processes;
    if (list->count == 0)
        return NULL;
    return bsearch(&process, list->data, list->count, sizeof(*list->data), compare_process);
}

const struct statistics_silo_figures *figures_silo(const struct figures *figures, uint64_t silo)
{
    const struct statistics_silo_figures_list *list = &figures->silos;
    if (list->count == 0)
        return NULL;
    return bsearch(&silo, list->data, list->count, sizeof(*list->data), compare_silo);
}

/* Those of a silo stand together. */
const struct statistics_interface_figures *
figures_interface(const struct figures *figures, const struct statistics_interface_figures *like)
{
    const struct statistics_interface_figures_list *list = &figures->interfaces;
    const struct statistics_interface_figures *end = list->data + list->count, *at = NULL;
    if (list->count != 0)
        at = bsearch(&like->silo, list->data, list->count, sizeof(*list->data), compare_interface);
    while (at != NULL && at > list->data && at[-1].silo == like->silo)
        at--;
    for (; at != NULL && at < end && at->silo == like->silo; at++)
        if (at->interface == like->interface)
            return at;
    return NULL;
}
