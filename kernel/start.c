#include "kernel/start.h"

#include "kernel/block.h"
#include "kernel/limits.h"
#include "kernel/lock.h"
#include "kernel/native.h"

/* ---- Strings ------------------------------------------------------------------------------- */

static u64 text_bytes(const struct spawn_options *options)
{
    u64 total = 0;
    for (u32 i = 0; i < options->argument_count; i++)
        total += options->arguments[i].size;
    for (u32 i = 0; i < options->environment_count; i++)
        total += options->environment[i][0].size + options->environment[i][1].size;
    for (u32 i = 0; i < options->slot_count; i++)
        total += options->slots[i].name.size;
    return total;
}

static enum weft_status check(const struct spawn_options *options)
{
    if (options->slot_count > START_SLOTS_MAX)
        return WEFT_LIMIT;
    u64 records = (u64)options->argument_count + options->environment_count;
    if (records > START_RECORD_MAX_BYTES / 16)
        return WEFT_TOO_LARGE;
    if (text_bytes(options) + 16 * records > START_RECORD_MAX_BYTES)
        return WEFT_TOO_LARGE;
    return WEFT_OK;
}

/* An empty view may point anywhere; a copy of it points at something all the same. */
static bool keep(struct arena *arena, struct bytes text, struct weft_bytes *kept)
{
    struct bytes copy = arena_copy(arena, text);
    *kept = (struct weft_bytes){ copy.data, (u32)copy.size };
    return copy.data != NULL;
}

static bool keep_arguments(struct start_record *record, const struct spawn_options *options)
{
    struct arena *arena = &record->arena;
    struct weft_bytes *list = arena_take(arena, options->argument_count, sizeof(*list));
    bool ok = list != NULL;
    for (u32 i = 0; ok && i < options->argument_count; i++)
        ok = keep(arena, options->arguments[i], &list[i]);
    record->arguments = (struct system_string_list){ list, options->argument_count };
    return ok;
}

static bool keep_environment(struct start_record *record, const struct spawn_options *options)
{
    struct arena *arena = &record->arena;
    struct system_string_string_tuple *list =
        arena_take(arena, options->environment_count, sizeof(*list));
    bool ok = list != NULL;
    for (u32 i = 0; ok && i < options->environment_count; i++)
        ok = keep(arena, options->environment[i][0], &list[i].f0) &&
             keep(arena, options->environment[i][1], &list[i].f1);
    record->environment =
        (struct system_string_string_tuple_list){ list, options->environment_count };
    return ok;
}

static bool keep_slot_names(struct start_record *record, const struct spawn_options *options)
{
    bool ok = true;
    for (u32 i = 0; ok && i < options->slot_count; i++)
        ok = keep(&record->arena, options->slots[i].name, &record->slot_names[i]);
    return ok;
}

enum weft_status start_record_create(const struct spawn_options *options,
                                     struct start_record **record)
{
    enum weft_status status = check(options);
    if (status != WEFT_OK)
        return status;
    struct start_record *created = block_take(sizeof(*created));
    if (created == NULL)
        return WEFT_NO_MEMORY;
    arena_init(&created->arena, &block_source, 0);
    if (!keep_arguments(created, options) || !keep_environment(created, options) ||
        !keep_slot_names(created, options)) {
        start_record_destroy(created);
        return WEFT_NO_MEMORY;
    }
    *record = created;
    return WEFT_OK;
}

void start_record_destroy(struct start_record *record)
{
    lock_take();
    for (u32 i = record->slot_next; i < record->slot_count; i++)
        slot_target_release(record->slots[i]);
    lock_give();
    arena_deinit(&record->arena);
    block_give(record, sizeof(*record));
}

/* ---- Slots --------------------------------------------------------------------------------- */

/* They move like gifts, as many at a time as one message has. */
static struct gift_list gifts_from(const struct spawn_options *options, u32 first)
{
    u32 left = options->slot_count - first;
    struct gift_list gifts = { .count = left < WEFT_GIFTS_MAX ? left : WEFT_GIFTS_MAX };
    for (u32 i = 0; i < gifts.count; i++)
        gifts.numbers[i] = options->slots[first + i].slot;
    return gifts;
}

static bool is_listed_before(const struct spawn_options *options, u32 index)
{
    for (u32 i = 0; i < index; i++)
        if (options->slots[i].slot == options->slots[index].slot)
            return true;
    return false;
}

enum weft_status start_record_check_slots(const struct spawn_options *options)
{
    enum weft_status status = WEFT_OK;
    for (u32 i = 0; i < options->slot_count && status == WEFT_OK; i += WEFT_GIFTS_MAX) {
        struct gift_list gifts = gifts_from(options, i);
        status = gifts_check(&options->slots_of->party, &gifts);
    }
    for (u32 i = 0; i < options->slot_count && status == WEFT_OK; i++)
        if (is_listed_before(options, i))
            status = WEFT_BAD_SLOT;
    return status;
}

void start_record_take_slots(struct start_record *record, const struct spawn_options *options)
{
    for (u32 i = 0; i < options->slot_count; i += WEFT_GIFTS_MAX) {
        struct gift_list gifts = gifts_from(options, i);
        gifts_take(&options->slots_of->party, &gifts, &record->slots[i]);
        gifts_commit(&options->slots_of->party, &gifts);
    }
    record->slot_count = options->slot_count;
}
