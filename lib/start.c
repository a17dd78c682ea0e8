#include "lib/start.h"

#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/pages.h"

/* The slots come with the first answer only, so it must not be lost: an answer that is larger than
 * the buffer stays queued until there is one that holds it and its decoded lists. */
enum {
    FIRST_SIZE = 2048,
    SIZE_FACTOR = 1 + BODY_SCRATCH_FACTOR,
};

static struct system_start_record record;
static bool is_known;

/* Waits for the answer to `id`; gives the memory that it lies in, NULL on failure. */
static uint8_t *fetch(int64_t id, struct weft_event *event, uint32_t *capacity)
{
    static _Alignas(8) uint8_t first[FIRST_SIZE * SIZE_FACTOR];
    uint8_t *buffer = first;
    *capacity = sizeof(first);
    int32_t kind = weft_wait(&id, 1, event, buffer, FIRST_SIZE, -1);
    if (kind == -WEFT_TOO_LARGE && event->size <= (UINT32_MAX - 8) / SIZE_FACTOR) {
        *capacity = event->size * SIZE_FACTOR + 8;
        buffer = pages_take(*capacity);
        if (buffer != NULL)
            kind = weft_wait(&id, 1, event, buffer, event->size, -1);
    }
    if (kind < 0)
        weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
    return kind == WEFT_EVENT_ANSWER && event->status == WEFT_OK ? buffer : NULL;
}

static bool load(void)
{
    uint8_t request[16];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = request,
                                  .capacity = sizeof(request) };
    struct weft_event event;
    uint32_t capacity;
    int64_t id = system_start_send(&client, WEFT_WANT_ANSWER);
    uint8_t *buffer = id > 0 ? fetch(id, &event, &capacity) : NULL;
    if (buffer == NULL)
        return false;
    struct body_reader reader;
    body_reader_init(&reader, &event, buffer);
    uint32_t scratch = (event.size + 7) & ~7u;
    body_reader_scratch(&reader, buffer + scratch, capacity - scratch);
    return system_start_result_decode(&reader, &record);
}

const struct system_start_record *start_record(void)
{
    if (!is_known)
        is_known = load();
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
