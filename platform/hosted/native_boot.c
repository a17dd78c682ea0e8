/* The handler of `boot`: the files of the bundle, to be read. */
#include "interface/boot.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/limits.h"

#include <stdlib.h>

static struct handler handler;

enum { ENTRY_WIRE_BYTES = 16, RECORD_BYTES = 16 };

/* The entries, counted, or written down too with names in `names`. */
static u32 walk(struct boot_entry *entries, u8 *names, usize *name_bytes)
{
    struct tar tar;
    struct tar_entry entry;
    u8 buffer[TAR_NAME_MAX];
    u32 count = 0;
    *name_bytes = 0;
    tar_init(&tar, bundle_archive());
    for (; tar_next(&tar, &entry); count++) {
        struct bytes name = tar_name(&entry, buffer);
        if (entries != NULL) {
            __builtin_memcpy(names + *name_bytes, name.data, name.size);
            entries[count] = (struct boot_entry){
                .name = { names + *name_bytes, (u32)name.size },
                .size = entry.contents.size,
            };
        }
        *name_bytes += name.size;
    }
    return count;
}

static enum weft_status on_entries(void *context, const struct weft_event *event)
{
    (void)context;
    usize name_bytes;
    struct body_writer writer;
    u32 count = walk(NULL, NULL, &name_bytes);
    usize capacity = RECORD_BYTES + count * ENTRY_WIRE_BYTES + name_bytes;
    struct boot_entry *entries = calloc(count + 1, sizeof(*entries));
    u8 *names = malloc(name_bytes + 1);
    u8 *space = malloc(capacity);
    enum weft_status status = WEFT_NO_MEMORY;
    if (entries != NULL && names != NULL && space != NULL) {
        struct boot_entry_list list = { entries, walk(entries, names, &name_bytes) };
        body_writer_init(&writer, space, (u32)capacity);
        boot_entries_result_encode(&writer, &list);
        handler_answer(&handler, event->id, &writer);
        status = WEFT_OK;
    }
    free(space);
    free(names);
    free(entries);
    return status;
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct boot_read_arguments *arguments)
{
    (void)context;
    struct body_writer writer;
    struct bytes contents = { 0 };
    struct bytes name = { arguments->name.data, arguments->name.size };
    struct boot_bytes_option result = { .present = bundle_find(name, &contents) };
    u64 from = u64_min(arguments->offset, contents.size);
    u32 size = (u32)u64_min(u64_min(arguments->count, LIMIT_READ_BYTES), contents.size - from);
    u8 *space = malloc(RECORD_BYTES + size);
    if (space == NULL)
        return WEFT_NO_MEMORY;
    if (result.present)
        result.value = (struct weft_bytes){ contents.data + from, size };
    body_writer_init(&writer, space, RECORD_BYTES + size);
    boot_read_result_encode(&writer, &result);
    handler_answer(&handler, event->id, &writer);
    free(space);
    return WEFT_OK;
}

static void on_message(void *context, const struct native_message *message)
{
    static const struct boot_server server = { .entries = on_entries, .read = on_read };
    struct weft_event event;
    struct body_reader reader;
    handler_event(message, &event, &reader);
    enum weft_status status = boot_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    (void)badge;
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    (void)id;
}

enum status native_boot_init(void)
{
    static const struct native_operations operations = {
        "boot", on_message, on_closed, on_withdrawn
    };
    return handler_init(&handler, &operations, NULL, BOOT_INTERFACE_NAME, BOOT_INTERFACE_HASH);
}

void native_boot_deinit(void)
{
    handler_deinit(&handler);
}
