/* A split virtqueue (virtio 1.2, 2.7): memory that is shared with a device, in which a driver puts
 * buffers and the device says which of them it has used.
 *
 *   offset            size       what
 *   0                 16 each    descriptors: address (8), size (4), flags (2), next (2)
 *   16 * size         6 + 2 each what the driver adds: flags (2), count so far (2), heads, (2)
 *   next multiple of 4 6 + 8 each what the device has used: flags (2), count so far (2), head and
 *                                bytes written (4 and 4), (2)
 *
 * A device is not believed: what it says is read once and checked against what the driver keeps in
 * its own memory. One that says what cannot be is `broken`, and nothing more is taken from it. */
#ifndef PROGRAMS_DRIVER_VIRTIO_QUEUE_H
#define PROGRAMS_DRIVER_VIRTIO_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

enum { QUEUE_SIZE_MAX = 256 }; /* descriptors; a power of two */

struct queue_segment {
    uint64_t bus_address;
    uint32_t size;
    bool is_written; /* by the device; such segments come last */
};

/* What the driver keeps of a descriptor. */
struct queue_entry {
    uint16_t next;    /* of its chain, or of the free ones */
    uint16_t count;   /* of descriptors in the chain that begins here; 0: none does */
    uint32_t written; /* bytes that the device may write to it */
};

struct queue {
    uint8_t *shared;
    uint16_t size;
    uint16_t added; /* chains, so far; these two turn round */
    uint16_t taken;
    uint16_t first_free;
    uint16_t free_count;
    bool is_broken;
    struct queue_entry entries[QUEUE_SIZE_MAX];
};

/* A chain that the device has used. */
struct queue_done {
    uint16_t head;
    uint32_t written; /* bytes, at most as many as it could */
};

uint32_t queue_bytes(uint16_t size);
uint32_t queue_added_offset(uint16_t size);
uint32_t queue_used_offset(uint16_t size);

/* `shared` has queue_bytes(size) bytes, zeroed and aligned to 16; `size` is a power of two, at most
 * QUEUE_SIZE_MAX. */
void queue_init(struct queue *queue, uint8_t *shared, uint16_t size);
/* Gives a chain of at least one segment to the device; its head tells it from others. False: there
 * is no room. */
bool queue_add(struct queue *queue, const struct queue_segment *segments, uint16_t count,
               uint16_t *head);
/* The next chain that the device has used; its descriptors are free again. False: there is none, or
 * the queue is broken. */
bool queue_take(struct queue *queue, struct queue_done *done);

#endif
