/* The interface `boot`: the files of the boot bundle, a tar in the ustar form (POSIX 1003.1, pax):
 *
 *   offset size
 *      0   100  name, ended by a zero byte if shorter
 *    124    12  size in octal digits
 *    156     1  type: '0' or zero is a file
 *    257     6  "ustar" and a zero byte
 *    345   155  what comes before the name, and a `/`
 *
 * in blocks of 512 bytes, the content behind each header; the end is a header that is no ustar. */
#include "interface/boot.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/options.h"

enum {
    BLOCK_BYTES = 512,
    ENTRIES_MAX = 1024,
    PATH_MAX_BYTES = 256,
    READ_MAX_BYTES = 16 << 20,
};

struct file {
    struct bytes content;
    u8 path[PATH_MAX_BYTES];
    u32 path_size;
};

/* ---- The tar ------------------------------------------------------------------------------- */

static struct bytes text_field(const u8 *field, usize capacity)
{
    usize size = 0;
    while (size < capacity && field[size] != 0)
        size++;
    return (struct bytes){ field, size };
}

static bool octal_field(const u8 *field, usize capacity, u64 *value)
{
    *value = 0;
    usize at = 0;
    for (; at < capacity && field[at] >= '0' && field[at] <= '7'; at++)
        *value = *value << 3 | (u64)(field[at] - '0');
    return at != 0;
}

static void read_path(const u8 *header, struct file *file)
{
    struct writer path;
    struct bytes before = text_field(header + 345, 155);
    writer_init(&path, file->path, sizeof(file->path));
    writer_bytes(&path, before);
    if (before.size != 0)
        writer_u8(&path, '/');
    writer_bytes(&path, text_field(header, 100));
    file->path_size = (u32)path.size; /* 155 + 1 + 100 always fit */
}

/* Reads what is at `*at` and goes on behind it; false at the end, or at what is no tar. */
static bool next_file(struct bytes tar, usize *at, struct file *file)
{
    while (*at <= tar.size && tar.size - *at >= BLOCK_BYTES) {
        const u8 *header = tar.data + *at;
        u64 size;
        if (!bytes_equal(text_field(header + 257, 6), BYTES_LITERAL("ustar")) ||
            !octal_field(header + 124, 12, &size))
            return false;
        *at += BLOCK_BYTES;
        if (size > tar.size - *at)
            return false;
        file->content = (struct bytes){ tar.data + *at, size };
        *at += u64_align_up(size, BLOCK_BYTES);
        if (header[156] != '0' && header[156] != 0)
            continue;
        read_path(header, file);
        return true;
    }
    return false;
}

static bool find_file(struct bytes path, struct file *file)
{
    struct bytes tar = options_of_kernel()->bundle;
    usize at = 0;
    while (next_file(tar, &at, file))
        if (bytes_equal((struct bytes){ file->path, file->path_size }, path))
            return true;
    return false;
}

/* ---- The interface ------------------------------------------------------------------------- */

struct listing {
    struct boot_entry entries[ENTRIES_MAX];
    struct file files[ENTRIES_MAX];
};

static u32 list_files(struct listing *listing)
{
    struct bytes tar = options_of_kernel()->bundle;
    usize at = 0;
    u32 count = 0;
    while (count < ENTRIES_MAX && next_file(tar, &at, &listing->files[count])) {
        struct file *file = &listing->files[count];
        listing->entries[count++] = (struct boot_entry){
            .name = { file->path, file->path_size },
            .size = file->content.size,
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
    struct file file;
    struct bytes name = { arguments->name.data, arguments->name.size };
    struct boot_bytes_option result = { .present = find_file(name, &file) };
    if (result.present && arguments->offset < file.content.size) {
        u64 size = u64_min(file.content.size - arguments->offset, arguments->count);
        result.value.data = file.content.data + arguments->offset;
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
