#include "programs/init/gifts.h"

#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/init/service.h"

/* The path of a directory; false: the slot is none. */
static bool path_of(struct weft_bytes name, struct weft_bytes *path)
{
    static const char prefix[] = "dir:";
    enum { PREFIX = sizeof(prefix) - 1 };
    if (name.size < PREFIX || memcmp(name.data, prefix, PREFIX) != 0)
        return false;
    *path = (struct weft_bytes){ name.data + PREFIX, name.size - PREFIX };
    return true;
}

static bool lists(const struct manifest_service *service, struct weft_bytes path)
{
    const struct manifest_string_list *list = &service->directories;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->data[i].size == path.size &&
            memcmp(list->data[i].data, path.data, path.size) == 0)
            return true;
    return false;
}

/* Whether a service names it, so that it is for that one alone. */
static bool is_named(struct weft_bytes path)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (lists(services.list[i].row, path))
            return true;
    return false;
}

static bool is_for_service(const struct manifest_service *service, struct weft_bytes name)
{
    struct weft_bytes path;
    if (!path_of(name, &path))
        return false;
    return lists(service, path) || (lists(service, WEFT_BYTES("*")) && !is_named(path));
}

static bool add_copy(const struct system_named_slot *own, struct system_named_slot *slot)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_any_error_result copy;
    if (system_copy(&client, own->slot, &copy) != WEFT_OK || copy.failed)
        return false;
    *slot = (struct system_named_slot){ own->name, copy.value };
    return true;
}

static bool has_room(uint32_t count, struct weft_bytes name)
{
    if (count < GIFTS_MAX)
        return true;
    say(LOG_LEVEL_ERROR, name,
        "it is not given: one process gets eight streams and folders, not more");
    return false;
}

uint32_t gifts_for_service(const struct manifest_service *service,
                           struct system_named_slot slots[GIFTS_MAX])
{
    const struct system_start_record *record = start_record();
    uint32_t count = 0;
    for (uint32_t i = 0; record != NULL && i < record->slots.count; i++) {
        const struct system_named_slot *own = &record->slots.data[i];
        if (is_for_service(service, own->name) && has_room(count, own->name))
            count += add_copy(own, &slots[count]);
    }
    return count;
}

uint32_t gifts_for_session(bool has_space, struct system_named_slot slots[GIFTS_MAX])
{
    const struct system_start_record *record = start_record();
    uint32_t count = 0;
    for (uint32_t i = 0; record != NULL && i < record->slots.count; i++) {
        const struct system_named_slot *own = &record->slots.data[i];
        struct weft_bytes path;
        bool is_directory = path_of(own->name, &path);
        if (is_directory && (has_space || is_named(path)))
            continue;
        if (has_room(count, own->name))
            count += add_copy(own, &slots[count]);
    }
    return count;
}
