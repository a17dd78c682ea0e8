#include "programs/driver/virtio/queue.h"

enum {
    DESCRIPTOR_BYTES = 16,
    RING_HEAD_BYTES = 4, /* flags and count */
    RING_TAIL_BYTES = 2,
    COUNT_OFFSET = 2,
    ADDED_BYTES = 2,
    USED_BYTES = 8,
    FLAG_NEXT = 1 << 0,
    FLAG_WRITTEN = 1 << 1,
};

/* ---- Shared memory ---------------------------------------------------------------------------
 * Each access is one, in the order of the program: `volatile` holds the compiler to it, and the
 * engine joins no loads. */

static void put_u16(uint8_t *at, uint16_t value)
{
    *(volatile uint16_t *)(void *)at = value;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    *(volatile uint32_t *)(void *)at = value;
}

static void put_u64(uint8_t *at, uint64_t value)
{
    *(volatile uint64_t *)(void *)at = value;
}

static uint16_t get_u16(const uint8_t *at)
{
    return *(const volatile uint16_t *)(const void *)at;
}

static uint32_t get_u32(const uint8_t *at)
{
    return *(const volatile uint32_t *)(const void *)at;
}

/* ---- Layout ---------------------------------------------------------------------------------- */

uint32_t queue_added_offset(uint16_t size)
{
    return (uint32_t)size * DESCRIPTOR_BYTES;
}

uint32_t queue_used_offset(uint16_t size)
{
    uint32_t end =
        queue_added_offset(size) + RING_HEAD_BYTES + (uint32_t)size * ADDED_BYTES + RING_TAIL_BYTES;
    return (end + 3) & ~3u;
}

uint32_t queue_bytes(uint16_t size)
{
    return queue_used_offset(size) + RING_HEAD_BYTES + (uint32_t)size * USED_BYTES +
           RING_TAIL_BYTES;
}

void queue_init(struct queue *queue, uint8_t *shared, uint16_t size)
{
    *queue = (struct queue){ .shared = shared, .size = size, .free_count = size };
    for (uint16_t i = 0; i < size; i++)
        queue->entries[i].next = (uint16_t)(i + 1);
}

/* ---- Giving ---------------------------------------------------------------------------------- */

static void put_descriptor(struct queue *queue, uint16_t index, const struct queue_segment *segment,
                           bool has_next)
{
    uint8_t *at = queue->shared + (uint32_t)index * DESCRIPTOR_BYTES;
    put_u64(at, segment->bus_address);
    put_u32(at + 8, segment->size);
    put_u16(at + 12,
            (uint16_t)((has_next ? FLAG_NEXT : 0) | (segment->is_written ? FLAG_WRITTEN : 0)));
    put_u16(at + 14, has_next ? queue->entries[index].next : 0);
}

bool queue_add(struct queue *queue, const struct queue_segment *segments, uint16_t count,
               uint16_t *head)
{
    if (count == 0 || count > queue->free_count || queue->is_broken)
        return false;
    uint16_t index = queue->first_free;
    struct queue_entry *first = &queue->entries[index];
    *head = index;
    first->count = count;
    first->written = 0;
    for (uint16_t i = 0; i < count; i++, index = queue->entries[index].next) {
        put_descriptor(queue, index, &segments[i], i + 1 < count);
        first->written += segments[i].is_written ? segments[i].size : 0;
    }
    queue->first_free = index;
    queue->free_count = (uint16_t)(queue->free_count - count);
    uint8_t *ring = queue->shared + queue_added_offset(queue->size);
    put_u16(ring + RING_HEAD_BYTES + queue->added % queue->size * ADDED_BYTES, *head);
    queue->added++;
    put_u16(ring + COUNT_OFFSET, queue->added);
    return true;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

static void free_chain(struct queue *queue, uint16_t head)
{
    struct queue_entry *first = &queue->entries[head];
    uint16_t last = head;
    for (uint16_t i = 1; i < first->count; i++)
        last = queue->entries[last].next;
    queue->entries[last].next = queue->first_free;
    queue->first_free = head;
    queue->free_count = (uint16_t)(queue->free_count + first->count);
    first->count = 0;
}

static bool break_down(struct queue *queue)
{
    queue->is_broken = true;
    return false;
}

bool queue_take(struct queue *queue, struct queue_done *done)
{
    const uint8_t *ring = queue->shared + queue_used_offset(queue->size);
    if (queue->is_broken)
        return false;
    uint16_t used = get_u16(ring + COUNT_OFFSET);
    if (used == queue->taken)
        return false;
    /* It cannot have used more than was added and not taken. */
    if ((uint16_t)(used - queue->taken) > (uint16_t)(queue->added - queue->taken))
        return break_down(queue);
    const uint8_t *item = ring + RING_HEAD_BYTES + queue->taken % queue->size * USED_BYTES;
    uint32_t head = get_u32(item);
    uint32_t written = get_u32(item + 4);
    if (head >= queue->size || queue->entries[head].count == 0 ||
        written > queue->entries[head].written)
        return break_down(queue);
    *done = (struct queue_done){ .head = (uint16_t)head, .written = written };
    free_chain(queue, (uint16_t)head);
    queue->taken++;
    return true;
}
