#include "programs/driver/virtio/device.h"

#include "lib/pages.h"

/* Of PCI's configuration space. */
enum {
    PCI_STATUS = 0x06,
    PCI_STATUS_HAS_CAPABILITIES = 1 << 4,
    PCI_CAPABILITIES = 0x34,
    CAPABILITY_VENDOR = 0x09,
    CAPABILITIES_MAX = 48, /* as many as the space has room for: a list may be a ring */
};

/* Of virtio's capabilities: a byte each, then words. */
enum {
    CAPABILITY_KIND = 3,
    CAPABILITY_REGION = 4,
    CAPABILITY_OFFSET = 8,
    CAPABILITY_SIZE = 12,
    CAPABILITY_NOTIFY_STEP = 16,
    KIND_COMMON = 1,
    KIND_NOTIFY = 2,
    KIND_INTERRUPT = 3,
    KIND_CONFIGURATION = 4,
};

/* Common registers. */
enum {
    FEATURES_OFFERED_PART = 0,
    FEATURES_OFFERED = 4,
    FEATURES_TAKEN_PART = 8,
    FEATURES_TAKEN = 12,
    STATUS = 20,
    QUEUE_INDEX = 22,
    QUEUE_SIZE = 24,
    QUEUE_VECTOR = 26,
    QUEUE_ENABLE = 28,
    QUEUE_NOTIFY_OFFSET = 30,
    QUEUE_DESCRIPTORS = 32,
    QUEUE_ADDED = 40,
    QUEUE_USED = 48,
    COMMON_BYTES = 56,
};

enum {
    STATUS_FOUND = 1,
    STATUS_HAS_DRIVER = 2,
    STATUS_RUNS = 4,
    STATUS_FEATURES_AGREED = 8,
    STATUS_NEEDS_RESET = 64,
    INTERRUPT_QUEUE = 1 << 0,
    RESET_TRIES_MAX = 1000,
    RESET_POLL_NS = 1000000,
    PAGE_BYTES = 4096,
};

/* ---- Finding its registers ------------------------------------------------------------------- */

static uint32_t configuration(struct virtio *virtio, uint32_t offset, uint8_t width)
{
    return driver_read_configuration(virtio->driver, offset, width);
}

static void note_capability(struct virtio *virtio, uint32_t at)
{
    uint32_t kind = configuration(virtio, at + CAPABILITY_KIND, 1);
    struct virtio_registers *const groups[] = {
        [KIND_COMMON] = &virtio->common,
        [KIND_NOTIFY] = &virtio->notify,
        [KIND_INTERRUPT] = &virtio->interrupt,
        [KIND_CONFIGURATION] = &virtio->configuration,
    };
    if (kind < KIND_COMMON || kind > KIND_CONFIGURATION || groups[kind]->is_there)
        return; /* of several, the first is the one that the device prefers */
    *groups[kind] = (struct virtio_registers){
        .is_there = true,
        .region = configuration(virtio, at + CAPABILITY_REGION, 1),
        .offset = configuration(virtio, at + CAPABILITY_OFFSET, 4),
        .size = configuration(virtio, at + CAPABILITY_SIZE, 4),
    };
    if (kind == KIND_NOTIFY)
        virtio->notify_step = configuration(virtio, at + CAPABILITY_NOTIFY_STEP, 4);
}

static void find_registers(struct virtio *virtio)
{
    if ((configuration(virtio, PCI_STATUS, 2) & PCI_STATUS_HAS_CAPABILITIES) == 0)
        driver_fail(virtio->driver, "it says nothing of its registers");
    uint32_t at = configuration(virtio, PCI_CAPABILITIES, 1) & 0xFC;
    for (uint32_t i = 0; i < CAPABILITIES_MAX && at != 0; i++) {
        if (configuration(virtio, at, 1) == CAPABILITY_VENDOR)
            note_capability(virtio, at);
        at = configuration(virtio, at + 1, 1) & 0xFC;
    }
    if (!virtio->common.is_there || virtio->common.size < COMMON_BYTES ||
        !virtio->notify.is_there || !virtio->interrupt.is_there)
        driver_fail(virtio->driver, "it lacks registers, or is of an older kind");
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static uint64_t get(struct virtio *virtio, uint32_t offset, uint8_t width)
{
    return driver_read(virtio->driver, virtio->common.region, virtio->common.offset + offset,
                       width);
}

static void set(struct virtio *virtio, uint32_t offset, uint8_t width, uint64_t value)
{
    driver_write(virtio->driver, virtio->common.region, virtio->common.offset + offset, width,
                 value);
}

/* Registers of 8 bytes may be written in halves. */
static void set_address(struct virtio *virtio, uint32_t offset, uint64_t address)
{
    set(virtio, offset, 4, address & UINT32_MAX);
    set(virtio, offset + 4, 4, address >> 32);
}

static void add_status(struct virtio *virtio, uint8_t bits)
{
    set(virtio, STATUS, 1, get(virtio, STATUS, 1) | bits);
}

static void reset(struct virtio *virtio)
{
    set(virtio, STATUS, 1, 0);
    for (uint32_t i = 0; get(virtio, STATUS, 1) != 0; i++) {
        if (i == RESET_TRIES_MAX)
            driver_fail(virtio->driver, "it is never done with its reset");
        driver_sleep(RESET_POLL_NS);
    }
}

static void agree(struct virtio *virtio, uint64_t wanted)
{
    uint64_t offered = 0;
    for (uint32_t part = 0; part < 2; part++) {
        set(virtio, FEATURES_OFFERED_PART, 4, part);
        offered |= get(virtio, FEATURES_OFFERED, 4) << 32 * part;
    }
    virtio->features = offered & (wanted | VIRTIO_FEATURE_VERSION_1);
    for (uint32_t part = 0; part < 2; part++) {
        set(virtio, FEATURES_TAKEN_PART, 4, part);
        set(virtio, FEATURES_TAKEN, 4, virtio->features >> 32 * part & UINT32_MAX);
    }
    add_status(virtio, STATUS_FEATURES_AGREED);
    if ((virtio->features & VIRTIO_FEATURE_VERSION_1) == 0 ||
        (get(virtio, STATUS, 1) & STATUS_FEATURES_AGREED) == 0)
        driver_fail(virtio->driver, "it is of another version");
}

void virtio_start(struct virtio *virtio, struct driver *driver, uint64_t wanted)
{
    *virtio = (struct virtio){ .driver = driver };
    if (driver->vendor != VIRTIO_VENDOR)
        driver_fail(driver, "it is no virtio device");
    find_registers(virtio);
    reset(virtio);
    add_status(virtio, STATUS_FOUND);
    add_status(virtio, STATUS_HAS_DRIVER);
    agree(virtio, wanted);
}

/* ---- Queues ---------------------------------------------------------------------------------- */

/* The device may have fewer descriptors than were asked for; a power of two in any case. */
static uint16_t choose_size(struct virtio *virtio, uint16_t size)
{
    uint64_t most = get(virtio, QUEUE_SIZE, 2);
    while (size > most || size > QUEUE_SIZE_MAX)
        size /= 2;
    if (size == 0)
        driver_fail(virtio->driver, "it lacks a queue");
    set(virtio, QUEUE_SIZE, 2, size);
    return size;
}

static uint32_t notify_offset(struct virtio *virtio)
{
    uint64_t within = get(virtio, QUEUE_NOTIFY_OFFSET, 2) * virtio->notify_step;
    if (within + 2 > virtio->notify.size)
        driver_fail(virtio->driver, "a register of a queue is out of place");
    return (uint32_t)(virtio->notify.offset + within);
}

void virtio_queue_start(struct virtio *virtio, struct virtio_queue *queue, uint16_t index,
                        uint16_t size, uint32_t buffer_bytes)
{
    set(virtio, QUEUE_INDEX, 2, index);
    size = choose_size(virtio, size);
    queue->index = index;
    queue->buffers_offset = (queue_bytes(size) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1u);
    uint32_t bytes = (queue->buffers_offset + buffer_bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1u);
    uint8_t *shared = pages_take(bytes);
    if (shared == NULL)
        driver_fail(virtio->driver, "there is no memory for a queue");
    queue->bus_address = driver_share(virtio->driver, shared, bytes);
    queue->buffers = shared + queue->buffers_offset;
    queue_init(&queue->queue, shared, size);
    queue->notify_offset = notify_offset(virtio);
    set_address(virtio, QUEUE_DESCRIPTORS, queue->bus_address);
    set_address(virtio, QUEUE_ADDED, queue->bus_address + queue_added_offset(size));
    set_address(virtio, QUEUE_USED, queue->bus_address + queue_used_offset(size));
    set(virtio, QUEUE_VECTOR, 2, 0); /* of its interrupts as messages, if it has such */
    set(virtio, QUEUE_ENABLE, 2, 1);
}

void virtio_run(struct virtio *virtio)
{
    add_status(virtio, STATUS_RUNS);
}

void virtio_notify(struct virtio *virtio, const struct virtio_queue *queue)
{
    driver_write(virtio->driver, virtio->notify.region, queue->notify_offset, 2, queue->index);
}

bool virtio_acknowledge(struct virtio *virtio)
{
    uint64_t cause =
        driver_read(virtio->driver, virtio->interrupt.region, virtio->interrupt.offset, 1);
    if ((get(virtio, STATUS, 1) & STATUS_NEEDS_RESET) != 0)
        driver_fail(virtio->driver, "it says that it is broken");
    return (cause & INTERRUPT_QUEUE) != 0;
}
