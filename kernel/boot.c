/* The interface `boot`: the files of the boot bundle, a tar. */
#include "interface/boot.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/options.h"

enum {
    ENTRIES_MAX = 1024,
    READ_MAX_BYTES = 16 << 20,
};

struct listing {
    struct boot_entry entries[ENTRIES_MAX];
    u8 names[ENTRIES_MAX][TAR_NAME_MAX];
};

static u32 list_files(struct listing *listing)
{
    struct tar tar;
    struct tar_entry entry;
    u32 count = 0;
    tar_init(&tar, options_of_kernel()->bundle);
    for (; count < ENTRIES_MAX && tar_next(&tar, &entry); count++) {
        struct bytes name = tar_name(&entry, listing->names[count]);
        listing->entries[count] = (struct boot_entry){
            .name = { name.data, (u32)name.size },
            .size = entry.contents.size,
        };
    }
    return count;
}

static bool encode_entries(struct body_writer *writer, const void *result)
{
    return boot_entries_result_encode(writer, result);
}

static bool encode_read(struct body_writer *writer, const void *result)
{
    return boot_read_result_encode(writer, result);
}

static enum weft_status take_entries(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    struct listing *listing = block_take(sizeof(*listing));
    if (listing == NULL)
        return WEFT_NO_MEMORY;
    struct boot_entry_list list = { .data = listing->entries };
    list.count = list_files(listing);
    enum weft_status status = request_answer(request->native, event->id, encode_entries, &list);
    block_give(listing, sizeof(*listing));
    return status;
}

static enum weft_status take_read(void *context, const struct weft_event *event,
                                  const struct boot_read_arguments *arguments)
{
    const struct request *request = context;
    struct tar_entry file;
    struct bytes name = { arguments->name.data, arguments->name.size };
    struct boot_bytes_option result = {
        .present = tar_find(options_of_kernel()->bundle, name, &file),
    };
    if (result.present && arguments->offset < file.contents.size) {
        u64 size = u64_min(file.contents.size - arguments->offset, arguments->count);
        result.value.data = file.contents.data + arguments->offset;
        result.value.size = (u32)u64_min(size, READ_MAX_BYTES);
    }
    return request_answer(request->native, event->id, encode_read, &result);
}

static const struct boot_server server = { .entries = take_entries, .read = take_read };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return boot_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_boot = {
    .operations = { .name = "boot", .message = on_message },
    .interface_name = BOOT_INTERFACE_NAME,
    .interface_hash = BOOT_INTERFACE_HASH,
};
