#include "lib/start.h"

#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/pages.h"

/* Slots come only once, so no answer may be lost: one that is larger than the buffer stays queued
 * until there is one that holds it and its decoded lists. */
enum {
    FIRST_SIZE = 2048,
    SIZE_FACTOR = 1 + BODY_SCRATCH_FACTOR,
    SLOTS_MAX = 64, /* as the kernel has it */
};

static _Alignas(8) uint8_t first[FIRST_SIZE * SIZE_FACTOR];
static struct system_start_record record;
static bool is_known;

/* Memory for an answer; `first` is the first answer's. */
struct place {
    uint8_t *bytes;
    uint32_t body_size;
    uint32_t capacity;
};

/* Waits for the answer to `id`; false if there is none. */
static bool fetch(int64_t id, struct weft_event *event, struct place *place)
{
    int32_t kind = weft_wait(&id, 1, event, place->bytes, place->body_size, -1);
    if (kind == -WEFT_TOO_LARGE && event->size <= (UINT32_MAX - 8) / SIZE_FACTOR) {
        place->body_size = event->size;
        place->capacity = event->size * SIZE_FACTOR + 8;
        place->bytes = pages_take(place->capacity);
        if (place->bytes != NULL)
            kind = weft_wait(&id, 1, event, place->bytes, event->size, -1);
    }
    if (kind < 0)
        weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
    return kind == WEFT_EVENT_ANSWER && event->status == WEFT_OK;
}

static bool ask(struct place place, struct system_start_record *start)
{
    uint8_t request[16];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = request,
                                  .capacity = sizeof(request) };
    struct weft_event event;
    int64_t id = system_start_send(&client, WEFT_WANT_ANSWER);
    if (id <= 0 || !fetch(id, &event, &place))
        return false;
    struct body_reader reader;
    body_reader_init(&reader, &event, place.bytes);
    uint32_t scratch = (event.size + 7) & ~7u;
    body_reader_scratch(&reader, place.bytes + scratch, place.capacity - scratch);
    return system_start_result_decode(&reader, start);
}

/* Asks for the slots beyond those of one message. */
static void ask_for_more(void)
{
    static struct system_named_slot slots[SLOTS_MAX];
    struct system_start_record more = record;
    uint32_t count = 0;
    while (more.slots.count != 0 && more.slots.count <= SLOTS_MAX - count) {
        memcpy(slots + count, more.slots.data, more.slots.count * sizeof(slots[0]));
        count += more.slots.count;
        if (more.slots.count < WEFT_GIFTS_MAX || !ask((struct place){ 0 }, &more))
            break;
    }
    record.slots = (struct system_named_slot_list){ slots, count };
}

const struct system_start_record *start_record(void)
{
    if (!is_known) {
        is_known = ask((struct place){ first, FIRST_SIZE, sizeof(first) }, &record);
        if (is_known && record.slots.count == WEFT_GIFTS_MAX)
            ask_for_more();
    }
    return is_known ? &record : NULL;
}

int32_t start_slot(const char *name)
{
    const struct system_start_record *start = start_record();
    size_t size = strlen(name);
    for (uint32_t i = 0; start != NULL && i < start->slots.count; i++) {
        const struct system_named_slot *slot = &start->slots.data[i];
        if (slot->name.size == size && memcmp(slot->name.data, name, size) == 0)
            return slot->slot;
    }
    return WEFT_NO_SLOT;
}
