#include "kernel/start.h"

#include "kernel/binding.h"
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

/* Takes from the rest of the record's block, which was made large enough. */
static void *carve(struct start_record *record, usize count, usize size)
{
    u8 *piece = record->rest;
    record->rest += count * size;
    return piece;
}

static struct weft_bytes keep(struct start_record *record, struct bytes text)
{
    u8 *copy = carve(record, text.size, 1);
    if (text.size != 0)
        __builtin_memcpy(copy, text.data, text.size);
    return (struct weft_bytes){ copy, (u32)text.size };
}

/* Lists first: they are aligned, and texts end anywhere. */
static void keep_all(struct start_record *record, const struct spawn_options *options)
{
    struct weft_bytes *arguments = carve(record, options->argument_count, sizeof(*arguments));
    struct system_string_string_tuple *environment =
        carve(record, options->environment_count, sizeof(*environment));
    record->slots = carve(record, options->slot_count, sizeof(*record->slots));
    record->slot_names = carve(record, options->slot_count, sizeof(*record->slot_names));
    for (u32 i = 0; i < options->argument_count; i++)
        arguments[i] = keep(record, options->arguments[i]);
    for (u32 i = 0; i < options->environment_count; i++) {
        environment[i].f0 = keep(record, options->environment[i][0]);
        environment[i].f1 = keep(record, options->environment[i][1]);
    }
    for (u32 i = 0; i < options->slot_count; i++)
        record->slot_names[i] = keep(record, options->slots[i].name);
    record->arguments = (struct system_string_list){ arguments, options->argument_count };
    record->environment =
        (struct system_string_string_tuple_list){ environment, options->environment_count };
}

static usize record_bytes(const struct spawn_options *options)
{
    const struct start_record *record = NULL;
    return sizeof(*record) + options->argument_count * sizeof(struct weft_bytes) +
           options->environment_count * sizeof(struct system_string_string_tuple) +
           options->slot_count * (sizeof(*record->slots) + sizeof(*record->slot_names)) +
           text_bytes(options);
}

enum weft_status start_record_create(const struct spawn_options *options,
                                     struct start_record **record)
{
    enum weft_status status = check(options);
    if (status != WEFT_OK)
        return status;
    usize size = record_bytes(options);
    struct start_record *created = block_take(size);
    if (created == NULL)
        return WEFT_NO_MEMORY;
    created->size = size;
    created->rest = (u8 *)(created + 1);
    keep_all(created, options);
    BASE_ASSERT(created->rest == (u8 *)created + size);
    *record = created;
    return WEFT_OK;
}

void start_record_destroy(struct start_record *record)
{
    lock_take();
    for (u32 i = record->slot_next; i < record->slot_count; i++)
        slot_target_release(record->slots[i]);
    lock_give();
    block_give(record, record->size);
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
        if (((options->slots[i].slot ^ options->slots[index].slot) & ~WEFT_GIFT_COPY) == 0)
            return true;
    return false;
}

/* A cabin has rules of its own, so what follows a row above follows the cabin's there: it leads where it
 * did, as far as those rules let it. NULL: the slot stays what it is. */
static const struct binding *row_above(const struct spawn_options *options, struct slot_target target)
{
    const struct silo *silo = options->silo;
    bool is_moved = silo->is_cabin && target.kind == SLOT_BINDING &&
                    target.binding->silo != silo && binding_is_above(target.binding, silo);
    return is_moved ? target.binding : NULL;
}

static const struct binding *row_above_slot(const struct spawn_options *options, u32 index)
{
    i32 number = options->slots[index].slot & ~WEFT_GIFT_COPY;
    const struct slot *slot = slots_find(&options->slots_of->party.slots, number);
    return slot == NULL ? NULL : row_above(options, slot_target_of(slot));
}

static struct binding *own_row(const struct spawn_options *options, const struct binding *above)
{
    return binding_find(options->silo, &above->hash, above->tag);
}

static void drop_rows(const struct spawn_options *options, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        const struct binding *above = row_above_slot(options, i);
        if (above != NULL)
            binding_release(own_row(options, above));
    }
}

/* Makes and holds the cabin's rows, one for each slot that will follow one. */
static enum weft_status hold_rows(const struct spawn_options *options)
{
    for (u32 i = 0; i < options->slot_count; i++) {
        const struct binding *above = row_above_slot(options, i);
        struct binding *own;
        if (above == NULL)
            continue;
        struct interface_key key = { above->hash, above->name, above->tag };
        enum weft_status status = binding_get(options->silo, &key, &own);
        if (status != WEFT_OK) {
            drop_rows(options, i);
            return status;
        }
    }
    return WEFT_OK;
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
    return status == WEFT_OK ? hold_rows(options) : status;
}

void start_record_drop_slots(const struct spawn_options *options)
{
    drop_rows(options, options->slot_count);
}

void start_record_take_slots(struct start_record *record, const struct spawn_options *options)
{
    for (u32 i = 0; i < options->slot_count; i += WEFT_GIFTS_MAX) {
        struct gift_list gifts = gifts_from(options, i);
        gifts_take(&options->slots_of->party, &gifts, &record->slots[i]);
        gifts_commit(&options->slots_of->party, &gifts);
    }
    record->slot_count = options->slot_count;
    for (u32 i = 0; i < record->slot_count; i++) {
        const struct binding *above = row_above(options, record->slots[i]);
        if (above == NULL)
            continue;
        struct slot_target own = { SLOT_BINDING, .binding = own_row(options, above) };
        slot_target_release(record->slots[i]);
        record->slots[i] = own;
    }
}
