/* A modern virtio device on PCI (virtio 1.2, 3.1 and 4.1): finding its registers, agreeing on what
 * it can do, and its queues in memory that is shared with it. */
#ifndef PROGRAMS_DRIVER_VIRTIO_DEVICE_H
#define PROGRAMS_DRIVER_VIRTIO_DEVICE_H

#include "lib/driver.h"
#include "programs/driver/virtio/queue.h"

enum { VIRTIO_VENDOR = 0x1AF4 };

#define VIRTIO_FEATURE_VERSION_1 (UINT64_C(1) << 32)

/* Where a group of registers lies. */
struct virtio_registers {
    bool is_there;
    uint32_t region;
    uint32_t offset;
    uint32_t size; /* bytes */
};

struct virtio {
    struct driver *driver;
    struct virtio_registers common;
    struct virtio_registers notify;
    struct virtio_registers interrupt;
    struct virtio_registers configuration; /* of the kind of device */
    uint32_t notify_step;                  /* bytes from one queue's register to the next */
    uint64_t features;                     /* agreed on */
};

/* A queue, the registers that it has, and memory for the buffers of whoever uses it. */
struct virtio_queue {
    struct queue queue;
    uint16_t index;
    uint32_t notify_offset; /* in its region */
    uint64_t bus_address;   /* of the shared memory */
    uint8_t *buffers;       /* behind the rings */
    uint32_t buffers_offset;
};

/* Resets the claimed device and agrees on those of the `wanted` features that it has, version 1 at
 * least. What is not as it should be ends the driver. */
void virtio_start(struct virtio *virtio, struct driver *driver, uint64_t wanted);
/* A queue of at most `size` descriptors, with `buffer_bytes` of memory that the device reaches. */
void virtio_queue_start(struct virtio *virtio, struct virtio_queue *queue, uint16_t index,
                        uint16_t size, uint32_t buffer_bytes);
/* All queues are there: the device works. */
void virtio_run(struct virtio *virtio);
/* What was added is to be looked at. */
void virtio_notify(struct virtio *virtio, const struct virtio_queue *queue);
/* At its interrupt: takes it back, and whether a queue may have used something. One that asks to be
 * reset ends the driver. */
bool virtio_acknowledge(struct virtio *virtio);

#endif
