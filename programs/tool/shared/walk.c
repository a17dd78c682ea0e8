#include "programs/tool/shared/walk.h"

#include <stdlib.h>

#include "lib/client.h"

enum { PAGE_BYTES = 128 << 10, ONE_BYTES = 1024 };

static struct weft_client client_with(uint8_t *buffer, uint32_t size)
{
    return (struct weft_client){ .slot = system_slot(), .buffer = buffer, .capacity = size };
}

const struct system_process_status *walk_process(struct process_walk *walk)
{
    static _Alignas(8) uint8_t buffer[PAGE_BYTES];
    if (walk->at == walk->page.count) {
        struct weft_client client = client_with(buffer, sizeof(buffer));
        walk->at = 0;
        walk->status = system_processes(&client, 0, walk->from, WALK_PAGE, &walk->page);
        if (walk->status != WEFT_OK)
            walk->page.count = 0;
        if (walk->page.count == 0)
            return NULL;
        walk->from = walk->page.data[walk->page.count - 1].process + 1;
    }
    return &walk->page.data[walk->at++];
}

const struct system_silo_status *walk_silo(struct silo_walk *walk)
{
    static _Alignas(8) uint8_t buffer[PAGE_BYTES];
    if (walk->at == walk->page.count) {
        struct weft_client client = client_with(buffer, sizeof(buffer));
        walk->at = 0;
        walk->status = system_silos(&client, 0, walk->from, WALK_PAGE, &walk->page);
        if (walk->status != WEFT_OK)
            walk->page.count = 0;
        if (walk->page.count == 0)
            return NULL;
        walk->from = walk->page.data[walk->page.count - 1].silo + 1;
    }
    return &walk->page.data[walk->at++];
}

bool walk_find_process(uint64_t process, struct system_process_status *found)
{
    static _Alignas(8) uint8_t buffer[ONE_BYTES];
    struct weft_client client = client_with(buffer, sizeof(buffer));
    struct system_process_status_list list;
    if (system_processes(&client, 0, process, 1, &list) != WEFT_OK || list.count == 0)
        return false;
    *found = list.data[0];
    return found->process == process;
}

static bool silo_first(uint64_t from, struct system_silo_status *found)
{
    static _Alignas(8) uint8_t buffer[ONE_BYTES];
    struct weft_client client = client_with(buffer, sizeof(buffer));
    struct system_silo_status_list list;
    if (system_silos(&client, 0, from, 1, &list) != WEFT_OK || list.count == 0)
        return false;
    *found = list.data[0];
    return true;
}

bool walk_find_silo(uint64_t silo, struct system_silo_status *found)
{
    return silo_first(silo, found) && found->silo == silo;
}

uint64_t walk_top(void)
{
    struct system_silo_status first;
    return silo_first(0, &first) ? first.silo : 0;
}

uint64_t walk_parent(uint64_t silo)
{
    struct system_silo_status found;
    return walk_find_silo(silo, &found) ? found.parent : 0;
}

bool walk_is_within(uint64_t silo, uint64_t above)
{
    while (silo != 0 && silo != above)
        silo = walk_parent(silo);
    return silo == above;
}

static bool add_place(struct silo_places *places, const struct system_silo_status *silo)
{
    if (places->count == places->capacity) {
        uint32_t capacity = 2 * places->capacity + WALK_PAGE;
        struct silo_place *data = realloc(places->data, capacity * sizeof(*data));
        if (data == NULL)
            return false;
        places->data = data;
        places->capacity = capacity;
    }
    places->data[places->count++] = (struct silo_place){ silo->silo, silo->parent };
    return true;
}

enum weft_status walk_places(struct silo_places *places)
{
    struct silo_walk walk = { 0 };
    const struct system_silo_status *silo;
    places->count = 0;
    while ((silo = walk_silo(&walk)) != NULL)
        if (!add_place(places, silo))
            return WEFT_NO_MEMORY;
    return walk.status;
}
