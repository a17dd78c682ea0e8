/* The driver of a virtio entropy device (virtio 1.2, 5.4): feeds what it makes to the kernel's
 * random numbers, much at first and a little now and then.
 *
 * Its argument is the device's name. */
#include "lib/main.h"
#include "interface/entropy_program.h"
#include "lib/start.h"
#include "programs/driver/virtio/device.h"

enum {
    FEED_BYTES = 256, /* at once */
    BITS_A_BYTE = 4,  /* that are counted: the device may be worse than it says */
    QUEUE = 0,
    DESCRIPTORS = 8,
    BODY_BYTES = 64, /* of an event: none that comes has more */
};

static const uint64_t answer_ns = 5000000000;
static const uint64_t rest_ns = 60000000000;

static struct driver driver;
static struct driver_interrupt interrupt;
static struct virtio virtio;
static struct virtio_queue queue;

static void feed(const uint8_t *bytes, uint32_t size)
{
    uint8_t buffer[FEED_BYTES + 64];
    struct weft_client client = { .slot = entropy_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (entropy_feed(&client, (struct weft_bytes){ bytes, size }, size * BITS_A_BYTE) != WEFT_OK)
        driver_fail(&driver, "nobody takes what it makes");
}

static void ask(void)
{
    struct queue_segment segment = { queue.bus_address + queue.buffers_offset, FEED_BYTES, true };
    uint16_t head;
    if (!queue_add(&queue.queue, &segment, 1, &head))
        driver_fail(&driver, "its queue is broken");
    virtio_notify(&virtio, &queue);
}

/* What the device writes may change while it is read, so it is copied first. Whether there was
 * something. */
static bool take(void)
{
    uint8_t bytes[FEED_BYTES];
    struct queue_done done;
    if (!queue_take(&queue.queue, &done)) {
        if (queue.queue.is_broken)
            driver_fail(&driver, "it says what cannot be");
        return false;
    }
    __builtin_memcpy(bytes, queue.buffers, FEED_BYTES);
    __builtin_memset(queue.buffers, 0, FEED_BYTES); /* nobody is to find it there */
    if (done.written != 0)
        feed(bytes, done.written);
    return true;
}

/* Until it has answered what was asked. */
static void await(void)
{
    uint8_t body[BODY_BYTES];
    struct weft_event event;
    uint64_t end = driver_now() + answer_ns;
    while (!take()) {
        int32_t kind = weft_wait(&interrupt.asked, 1, &event, body, sizeof(body), (int64_t)end);
        if (kind != WEFT_EVENT_ANSWER)
            driver_fail(&driver, "it does not answer");
        driver_arm(&driver, &interrupt);
        virtio_acknowledge(&virtio);
    }
}

int weft_main(void)
{
    const struct system_start_record *record = start_record();
    if (record == NULL || record->arguments.count < 2)
        return 1;
    driver_claim(&driver, record->arguments.data[1]);
    virtio_start(&virtio, &driver, 0);
    virtio_queue_start(&virtio, &queue, QUEUE, DESCRIPTORS, FEED_BYTES);
    interrupt = driver_interrupt(&driver, 0);
    driver_arm(&driver, &interrupt);
    virtio_run(&virtio);
    for (bool is_first = true;; is_first = false) {
        ask();
        await();
        if (is_first)
            driver_say(&driver, "feeds random numbers");
        driver_sleep(rest_ns);
    }
}
