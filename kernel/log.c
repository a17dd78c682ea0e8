#include "kernel/log.h"

#include "interface/log.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/limits.h"
#include "kernel/lock.h"
#include "kernel/log_budget.h"
#include "kernel/log_ring.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "machine/machine.h"

enum { EARLY_BYTES = 16 << 10 }; /* before there is a kernel to take memory for it */

static u8 early[EARLY_BYTES];

/* Under `word`, a spin lock that is held for the copy of some lines, and when the ring is full for
 * one pass over it. */
static struct {
    u32 word;
    enum log_severity level; /* from here on up lines go to the machine too */
    struct log_ring ring;
    struct log_budget budgets[LOG_BUDGETS];
} held = {
    .level = LOG_WARNING,
    .ring = { .bytes = early, .capacity = EARLY_BYTES, .next_sequence = 1 },
};

/* Under the kernel's lock. */
static struct list followers; /* of struct follower */
static u32 follower_count; /* read without it too */

static void take_ring(void)
{
    for (u32 turns = 0; __atomic_exchange_n(&held.word, 1, __ATOMIC_ACQUIRE) != 0; turns++)
        machine_relax(turns);
}

static void give_ring(void)
{
    __atomic_store_n(&held.word, 0, __ATOMIC_RELEASE);
}

bool log_init(void)
{
    u8 *bytes = block_take(LOG_RING_BYTES);
    list_init(&followers);
    if (bytes == NULL)
        return false;
    take_ring();
    log_ring_move(&held.ring, bytes, LOG_RING_BYTES);
    give_ring();
    return true;
}

void log_deinit(void)
{
    take_ring();
    u8 *bytes = held.ring.bytes == early ? NULL : held.ring.bytes;
    log_ring_init(&held.ring, early, EARLY_BYTES);
    __builtin_memset(held.budgets, 0, sizeof(held.budgets));
    give_ring();
    block_give(bytes, LOG_RING_BYTES);
}

void log_set_level(enum log_severity level)
{
    held.level = level;
}

/* ---- Who follows --------------------------------------------------------------------------- */

/* Who waits for the next entry. Every line answers them all, so they are few. */
struct follower {
    struct list_link link;
    struct pending pending;
    struct native *native;
    u64 process;
};

static bool encode_next(struct body_writer *writer, const void *result)
{
    return log_next_result_encode(writer, result);
}

static struct follower *follower_of(struct list_link *link)
{
    return BASE_CONTAINER_OF(link, struct follower, link);
}

static void forget_follower(struct follower *follower)
{
    list_remove(&follower->link);
    __atomic_sub_fetch(&follower_count, 1, __ATOMIC_RELAXED);
}

static void on_withdrawn(struct pending *pending)
{
    struct follower *follower = BASE_CONTAINER_OF(pending, struct follower, pending);
    forget_follower(follower);
    block_give(follower, sizeof(*follower));
}

/* Without the lock; NULL: there is none left. */
static struct follower *take_follower(void)
{
    lock_take();
    struct list_link *link = list_first(&followers);
    struct follower *follower = link == NULL ? NULL : follower_of(link);
    if (follower != NULL) {
        forget_follower(follower);
        pending_remove(&follower->pending);
    }
    lock_give();
    return follower;
}

static void wake_followers(u64 sequence)
{
    /* Bounded: those that are answered may be back before the last one is. */
    u32 count = __atomic_load_n(&follower_count, __ATOMIC_RELAXED);
    for (u32 i = 0; i < count; i++) {
        struct follower *follower = take_follower();
        if (follower == NULL)
            return;
        (void)request_answer(follower->native, follower->pending.id, encode_next, &sequence);
        block_give(follower, sizeof(*follower));
    }
}

static bool follows(u64 process)
{
    struct list_link *link = list_first(&followers);
    while (link != NULL && follower_of(link)->process != process)
        link = list_next(&followers, link);
    return link != NULL;
}

/* Without the lock. */
static enum weft_status add_follower(struct follower *follower)
{
    enum weft_status status = WEFT_OK;
    lock_take();
    if (follower_count >= LOG_FOLLOWERS_MAX || follows(follower->process))
        status = WEFT_LIMIT;
    if (status == WEFT_OK) {
        pending_add(&follower->pending, follower->pending.id);
        list_push_back(&followers, &follower->link);
        __atomic_add_fetch(&follower_count, 1, __ATOMIC_RELAXED);
    }
    lock_give();
    return status;
}

static u64 newest(void)
{
    take_ring();
    u64 sequence = held.ring.next_sequence - 1;
    give_ring();
    return sequence;
}

static enum weft_status take_next(void *context, const struct weft_event *event,
                                  const struct log_next_arguments *arguments)
{
    const struct request *request = context;
    u64 sequence = newest();
    if (event->id == 0)
        return WEFT_OK;
    if (sequence >= arguments->sequence)
        return request_answer(request->native, event->id, encode_next, &sequence);
    struct follower *follower = block_take(sizeof(*follower));
    if (follower == NULL)
        return WEFT_NO_MEMORY;
    follower->pending.id = event->id;
    follower->pending.withdrawn = on_withdrawn;
    follower->native = request->native;
    follower->process = event->sender;
    enum weft_status status = add_follower(follower);
    if (status != WEFT_OK)
        block_give(follower, sizeof(*follower));
    else if (newest() >= arguments->sequence)
        wake_followers(newest()); /* a line came in between, and did not see it */
    return status;
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

/* `name` is the process's, or empty. */
static void tell_machine(const struct log_ring_entry *entry, struct bytes name, struct bytes text)
{
    static const char *const names[] = { "error", "warning", "info", "debug", "trace" };
    u8 buffer[LOG_LINE_MAX_BYTES + 4 * NAME_MAX_BYTES + 64];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_text(&line, names[entry->level]);
    if (entry->process != 0) {
        writer_text(&line, ": process ");
        writer_decimal(&line, entry->process);
    }
    if (name.size != 0) {
        writer_text(&line, " (");
        write_escaped(&line, name);
        writer_text(&line, ")");
    }
    writer_text(&line, ": ");
    writer_bytes(&line, text);
    machine_log((struct bytes){ buffer, line.size });
}

/* Into the ring; its shown form is in `buffer` then. */
static struct bytes keep(struct log_ring_entry *entry, struct bytes text,
                         u8 buffer[LOG_LINE_MAX_BYTES])
{
    struct writer line;
    writer_init(&line, buffer, LOG_LINE_MAX_BYTES);
    write_escaped(&line, text);
    struct bytes shown = { buffer, u64_min(line.size, LOG_LINE_MAX_BYTES) };
    /* A cut may not leave part of a character. */
    while (!bytes_are_utf8(shown) && shown.size > LOG_LINE_MAX_BYTES - 4)
        shown.size--;
    entry->time_ns = machine_monotonic_ns();
    take_ring();
    log_ring_put(&held.ring, entry, shown);
    give_ring();
    return shown;
}

void log_line(enum log_severity level, struct process_id process, struct bytes text)
{
    u8 buffer[LOG_LINE_MAX_BYTES];
    struct log_ring_entry entry = { .process = process.value, .level = (u32)level };
    struct bytes shown = keep(&entry, text, buffer);
    if (level <= held.level)
        tell_machine(&entry, (struct bytes){ 0 }, shown);
    wake_followers(entry.sequence);
}

static void tell_hidden(u64 process, u64 count)
{
    u8 buffer[64];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_decimal(&text, count);
    writer_text(&text, count == 1 ? " line was not shown" : " lines were not shown");
    log_line(LOG_WARNING, (struct process_id){ process }, (struct bytes){ buffer, text.size });
}

/* As log_line, of a program: what it writes too fast is kept, and not shown. */
static void log_for_program(enum log_severity level, u64 process, struct bytes name,
                            struct bytes text)
{
    u8 buffer[LOG_LINE_MAX_BYTES];
    u64 hidden = 0;
    struct log_ring_entry entry = { .process = process, .level = (u32)level };
    struct bytes shown = keep(&entry, text, buffer);
    if (level <= held.level) {
        take_ring();
        enum log_shown verdict = log_budget_take(&held.budgets[process % LOG_BUDGETS],
                                                 entry.time_ns, shown.size, &hidden);
        give_ring();
        if (hidden != 0)
            tell_hidden(process, hidden);
        if (verdict == LOG_SHOWN)
            tell_machine(&entry, name, shown);
        else if (verdict == LOG_FIRST_HIDDEN)
            log_line(LOG_WARNING, (struct process_id){ process },
                     BYTES_LITERAL("writes more than is shown: what follows is only in the log"));
    }
    wake_followers(entry.sequence);
}

/* ---- The interface ------------------------------------------------------------------------- */

/* What people call the sender, as far as it is known. */
static struct bytes name_of(const struct request *request, u8 buffer[NAME_MAX_BYTES])
{
    usize size = 0;
    lock_take();
    if (request->sender != NULL && !request->sender->party.dead) {
        struct bytes name = process_shown_name(request->sender);
        size = u64_min(name.size, NAME_MAX_BYTES);
        if (size != 0)
            __builtin_memcpy(buffer, name.data, size);
    }
    lock_give();
    return (struct bytes){ buffer, size };
}

static enum weft_status take_write(void *context, const struct weft_event *event,
                                   const struct log_write_arguments *arguments)
{
    const struct request *request = context;
    struct bytes text = { arguments->text.data, arguments->text.size };
    u8 name[NAME_MAX_BYTES];
    log_for_program((enum log_severity)arguments->level, event->sender, name_of(request, name), text);
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
    struct log_ring_entry entry;
    struct bytes text;
    u32 found = 0;
    take_ring();
    for (u32 at = 0; found < count && log_ring_next(&held.ring, &at, &entry, &text);) {
        if (entry.sequence < sequence)
            continue;
        __builtin_memcpy(reading->texts[found], text.data, text.size);
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

static const struct log_server server = {
    .write = take_write,
    .read = take_read,
    .next = take_next,
};

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
    .operations = { .name = "log", .message = on_message, .withdrawn = pending_withdrawn },
    .interface_name = LOG_INTERFACE_NAME,
    .interface_hash = LOG_INTERFACE_HASH,
};
