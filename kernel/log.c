#include "kernel/log.h"

#include "interface/log.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/limits.h"
#include "machine/machine.h"

/* An entry in the ring, followed by its text. */
struct entry {
    u64 sequence;
    u64 time_ns;
    u64 process;
    u32 level;
    u32 size; /* of the text */
};

/* Positions count up for ever; the byte is at the position modulo the size of the ring. Under
 * `word`, a spin lock that is held for the copy of a line at most. */
static struct {
    u32 word;
    enum log_severity level; /* from here on up lines go to the machine too */
    u8 *bytes;
    u64 first; /* of the oldest entry */
    u64 end;   /* behind the newest */
    u64 next_sequence;
} ring = { .level = LOG_WARNING };

static void take_ring(void)
{
    for (u32 turns = 0; __atomic_exchange_n(&ring.word, 1, __ATOMIC_ACQUIRE) != 0; turns++)
        machine_relax(turns);
}

static void give_ring(void)
{
    __atomic_store_n(&ring.word, 0, __ATOMIC_RELEASE);
}

bool log_init(void)
{
    ring.bytes = block_take(LOG_RING_BYTES);
    ring.first = 0;
    ring.end = 0;
    ring.next_sequence = 1;
    return ring.bytes != NULL;
}

void log_deinit(void)
{
    block_give(ring.bytes, LOG_RING_BYTES);
    ring.bytes = NULL;
}

void log_set_level(enum log_severity level)
{
    ring.level = level;
}

/* ---- The ring ------------------------------------------------------------------------------ */

static void put(const void *from, usize size)
{
    usize at = ring.end % LOG_RING_BYTES;
    usize before_end = u64_min(size, LOG_RING_BYTES - at);
    __builtin_memcpy(ring.bytes + at, from, before_end);
    __builtin_memcpy(ring.bytes, (const u8 *)from + before_end, size - before_end);
    ring.end += size;
}

static void get(u64 position, void *to, usize size)
{
    usize at = position % LOG_RING_BYTES;
    usize before_end = u64_min(size, LOG_RING_BYTES - at);
    __builtin_memcpy(to, ring.bytes + at, before_end);
    __builtin_memcpy((u8 *)to + before_end, ring.bytes, size - before_end);
}

static u64 position_behind(u64 position)
{
    struct entry entry;
    get(position, &entry, sizeof(entry));
    return position + sizeof(entry) + entry.size;
}

static void keep(struct entry *entry, struct bytes text)
{
    take_ring();
    if (ring.bytes != NULL) {
        entry->sequence = ring.next_sequence++;
        while (ring.end + sizeof(*entry) + text.size - ring.first > LOG_RING_BYTES)
            ring.first = position_behind(ring.first);
        put(entry, sizeof(*entry));
        put(text.data, text.size);
    }
    give_ring();
}

/* ---- Lines --------------------------------------------------------------------------------- */

static void write_escaped(struct writer *line, struct bytes text)
{
    for (usize i = 0; i < text.size; i++) {
        u8 byte = text.data[i];
        if (byte >= 0x20 && byte != 0x7F) {
            writer_u8(line, byte);
            continue;
        }
        writer_text(line, "\\x");
        writer_hex(line, byte, 2);
    }
}

static void tell_machine(const struct entry *entry, struct bytes text)
{
    static const char *const names[] = { "error", "warning", "info", "debug", "trace" };
    u8 buffer[LOG_LINE_MAX_BYTES + 64];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_text(&line, names[entry->level]);
    if (entry->process != 0) {
        writer_text(&line, ": process ");
        writer_decimal(&line, entry->process);
    }
    writer_text(&line, ": ");
    writer_bytes(&line, text);
    machine_log((struct bytes){ buffer, line.size });
}

void log_line(enum log_severity level, struct process_id process, struct bytes text)
{
    u8 buffer[LOG_LINE_MAX_BYTES];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    write_escaped(&line, text);
    struct bytes shown = { buffer, u64_min(line.size, sizeof(buffer)) };
    /* A cut may not leave part of a character. */
    while (!bytes_are_utf8(shown) && shown.size > sizeof(buffer) - 4)
        shown.size--;
    struct entry entry = {
        .time_ns = machine_monotonic_ns(),
        .process = process.value,
        .level = (u32)level,
        .size = (u32)shown.size,
    };
    keep(&entry, shown);
    if (level <= ring.level)
        tell_machine(&entry, shown);
}

/* ---- The interface ------------------------------------------------------------------------- */

static enum weft_status take_write(void *context, const struct weft_event *event,
                                   const struct log_write_arguments *arguments)
{
    const struct request *request = context;
    struct bytes text = { arguments->text.data, arguments->text.size };
    log_line((enum log_severity)arguments->level, (struct process_id){ event->sender }, text);
    if (event->id != 0)
        native_answer(request->native, event->id, WEFT_OK, (struct bytes){ 0 }, NULL, 0);
    return WEFT_OK;
}

enum { READ_MAX = 256 }; /* entries of one answer */

/* What is read out of the ring: entries, and a copy of their texts. */
struct reading {
    struct log_entry entries[READ_MAX];
    u8 texts[READ_MAX][LOG_LINE_MAX_BYTES];
};

/* From `sequence` on, up to `count`; older ones than the ring has are left out. */
static u32 read_entries(struct reading *reading, u64 sequence, u32 count)
{
    u32 found = 0;
    take_ring();
    for (u64 at = ring.first; at < ring.end && found < count; at = position_behind(at)) {
        struct entry entry;
        get(at, &entry, sizeof(entry));
        if (entry.sequence < sequence)
            continue;
        get(at + sizeof(entry), reading->texts[found], entry.size);
        reading->entries[found] = (struct log_entry){
            .sequence = entry.sequence,
            .time = entry.time_ns,
            .level = (enum log_level)entry.level,
            .process = entry.process,
            .text = { reading->texts[found], entry.size },
        };
        found++;
    }
    give_ring();
    return found;
}

static bool encode_read(struct body_writer *writer, const void *result)
{
    return log_read_result_encode(writer, result);
}

static enum weft_status take_read(void *context, const struct weft_event *event,
                                  const struct log_read_arguments *arguments)
{
    const struct request *request = context;
    struct reading *reading = block_take(sizeof(*reading));
    if (reading == NULL)
        return WEFT_NO_MEMORY;
    u32 count = (u32)u64_min(arguments->count, READ_MAX);
    struct log_entry_list list = { .data = reading->entries };
    list.count = read_entries(reading, arguments->sequence, count);
    enum weft_status status = request_answer(request->native, event->id, encode_read, &list);
    block_give(reading, sizeof(*reading));
    return status;
}

static const struct log_server server = { .write = take_write, .read = take_read };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return log_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_log = {
    .operations = { .name = "log", .message = on_message },
    .interface_name = LOG_INTERFACE_NAME,
    .interface_hash = LOG_INTERFACE_HASH,
};
