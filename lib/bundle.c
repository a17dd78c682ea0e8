#include "lib/bundle.h"

#include "interface/boot_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/pages.h"

enum {
    NAME_MAX = 256,           /* a tar's */
    ENTRIES_BYTES = 1 << 18,  /* a thousand names, and what is decoded of them */
    READ_MAX_BYTES = 1 << 20, /* of one answer */
    HEAD_BYTES = 64,
};

/* Grows only; its content is lost then. */
struct room {
    uint8_t *bytes;
    uint32_t capacity;
};

static struct room list_room;
static struct room file_room;
static struct room call_room;

static bool make_room(struct room *room, uint32_t size)
{
    if (room->capacity >= size)
        return true;
    room->capacity = 0;
    room->bytes = pages_take(size);
    room->capacity = room->bytes == NULL ? 0 : size;
    return room->capacity != 0;
}

/* ---- Finding --------------------------------------------------------------------------------- */

static bool is_form(struct weft_bytes file, struct weft_bytes name, const char *before,
                    const char *after)
{
    uint32_t before_size = (uint32_t)strlen(before);
    uint32_t after_size = (uint32_t)strlen(after);
    return name.size <= NAME_MAX && file.size == before_size + name.size + after_size &&
           memcmp(file.data, before, before_size) == 0 &&
           memcmp(file.data + before_size, name.data, name.size) == 0 &&
           memcmp(file.data + before_size + name.size, after, after_size) == 0;
}

static const struct boot_entry *find(const struct boot_entry_list *list, struct weft_bytes name)
{
    static const char *const forms[][2] = {
        { "", "" }, { "", ".wasm" }, { "bin/", ".wasm" }, { "system/", ".wasm" }, { "example/", ".wasm" }
    };
    for (uint32_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++)
        for (uint32_t i = 0; i < list->count; i++)
            if (is_form(list->data[i].name, name, forms[form][0], forms[form][1]))
                return &list->data[i];
    return NULL;
}

/* NULL: it cannot be had. */
static const struct boot_entry_list *entries(void)
{
    static struct boot_entry_list list;
    if (!make_room(&list_room, ENTRIES_BYTES))
        return NULL;
    struct weft_client client = { .slot = boot_slot(),
                                  .buffer = list_room.bytes,
                                  .capacity = list_room.capacity };
    return boot_entries(&client, &list) == WEFT_OK ? &list : NULL;
}

static const struct boot_entry *find_program(struct weft_bytes name)
{
    const struct boot_entry_list *list = entries();
    return list == NULL ? NULL : find(list, name);
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* A part of the file; false: it was not to be had. */
static bool read_part(struct weft_bytes name, uint32_t offset, uint32_t count)
{
    struct weft_client client = { .slot = boot_slot(),
                                  .buffer = call_room.bytes,
                                  .capacity = call_room.capacity };
    struct boot_bytes_option part;
    if (boot_read(&client, name, offset, count, &part) != WEFT_OK || !part.present ||
        part.value.size != count)
        return false;
    memcpy(file_room.bytes + offset, part.value.data, count);
    return true;
}

static bool read_file(const struct boot_entry *file)
{
    if (file->size > WEFT_BODY_MAX - HEAD_BYTES)
        return false;
    uint32_t size = (uint32_t)file->size;
    uint32_t part = 0;
    if (!make_room(&file_room, size + 1) || !make_room(&call_room, size + HEAD_BYTES))
        return false;
    for (uint32_t offset = 0; offset < size; offset += part) {
        part = size - offset < READ_MAX_BYTES ? size - offset : READ_MAX_BYTES;
        if (!read_part(file->name, offset, part))
            return false;
    }
    return true;
}

bool bundle_add(struct weft_bytes name, struct bundle_program *program)
{
    const struct boot_entry *file = find_program(name);
    if (file == NULL || !read_file(file))
        return false;
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = call_room.bytes,
                                  .capacity = call_room.capacity };
    struct system_bytes_error_result result;
    struct weft_bytes bytes = { file_room.bytes, (uint32_t)file->size };
    if (system_add_program(&client, bytes, &result) != WEFT_OK || result.failed ||
        result.value.size > BUNDLE_CID_MAX)
        return false;
    memcpy(program->cid, result.value.data, result.value.size);
    program->cid_size = result.value.size;
    return true;
}

bool bundle_read(struct weft_bytes name, struct weft_bytes *bytes)
{
    const struct boot_entry_list *list = entries();
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        const struct boot_entry *file = &list->data[i];
        if (!is_form(file->name, name, "", ""))
            continue;
        if (!read_file(file))
            return false;
        *bytes = (struct weft_bytes){ file_room.bytes, (uint32_t)file->size };
        return true;
    }
    return false;
}
