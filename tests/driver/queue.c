/* A virtqueue, with devices that do as they should and such that do not. */
#include "programs/driver/virtio/queue.h"
#include "tests/tap.h"

#include <string.h>

enum { SIZE = 8 };

static struct queue queue;
static _Alignas(16) uint8_t shared[1024];
static uint16_t used; /* by the device, so far */

static void begin(void)
{
    memset(shared, 0, sizeof(shared));
    used = 0;
    queue_init(&queue, shared, SIZE);
}

static uint16_t at_u16(uint32_t offset)
{
    uint16_t value;
    memcpy(&value, shared + offset, sizeof(value));
    return value;
}

static void set_used(uint16_t count)
{
    memcpy(shared + queue_used_offset(SIZE) + 2, &count, sizeof(count));
}

/* The device has used a chain. */
static void use(uint32_t head, uint32_t written)
{
    uint8_t *item = shared + queue_used_offset(SIZE) + 4 + used % SIZE * 8;
    memcpy(item, &head, sizeof(head));
    memcpy(item + 4, &written, sizeof(written));
    set_used(++used);
}

static uint16_t add(uint16_t count)
{
    static const struct queue_segment segments[3] = {
        { 0x1000, 16, false },
        { 0x2000, 512, true },
        { 0x3000, 1, true },
    };
    uint16_t head = UINT16_MAX;
    return queue_add(&queue, segments, count, &head) ? head : UINT16_MAX;
}

static bool takes(uint16_t head, uint32_t written)
{
    struct queue_done done;
    return queue_take(&queue, &done) && done.head == head && done.written == written;
}

static bool takes_nothing(void)
{
    struct queue_done done;
    return !queue_take(&queue, &done);
}

static void test_layout(void)
{
    begin();
    TAP_OK(queue_added_offset(SIZE) == 128 && queue_used_offset(SIZE) == 152 &&
               queue_bytes(SIZE) == 222,
           "where the parts lie");
    uint16_t head = add(3);
    TAP_OK(head == 0 && at_u16(8) == 16 && at_u16(12) == 1 && at_u16(14) == 1 &&
               at_u16(16 + 12) == 3 && at_u16(16 + 14) == 2 && at_u16(32 + 12) == 2,
           "a chain of three, the first for the device to read");
    TAP_OK(at_u16(128 + 2) == 1 && at_u16(128 + 4) == 0, "and its head");
}

static void test_use(void)
{
    begin();
    uint16_t first = add(3);
    uint16_t second = add(2);
    TAP_OK(takes_nothing(), "nothing is taken before it is used");
    use(second, 512);
    use(first, 513);
    TAP_OK(takes(second, 512) && takes(first, 513) && takes_nothing(), "in the device's order");
    TAP_OK(queue.free_count == SIZE, "and all is free again");
    bool all = true;
    for (uint32_t i = 0; i < 70000; i++) {
        uint16_t head = add((uint16_t)(1 + i % 3));
        use(head, 0);
        all = all && takes(head, 0);
    }
    TAP_OK(all && queue.free_count == SIZE, "counts turn round");
    while (add(3) != UINT16_MAX)
        continue;
    TAP_OK(queue.free_count == 2 && add(2) != UINT16_MAX && add(1) == UINT16_MAX,
           "no more is given than there is room for");
}

static void test_lies(void)
{
    begin();
    add(1);
    set_used(2);
    TAP_OK(takes_nothing() && queue.is_broken, "more used than was given");
    begin();
    add(1);
    use(SIZE, 0);
    TAP_OK(takes_nothing() && queue.is_broken, "a head beyond the table");
    begin();
    add(2);
    use(1, 0);
    TAP_OK(takes_nothing() && queue.is_broken, "a descriptor that is no head");
    begin();
    uint16_t head = add(2);
    add(1);
    use(head, 1);
    use(head, 1);
    TAP_OK(takes(head, 1) && takes_nothing() && queue.is_broken, "the same twice");
    begin();
    use(add(2), 513);
    TAP_OK(takes_nothing() && queue.is_broken, "more written than there was room for");
    TAP_OK(add(1) == UINT16_MAX && takes_nothing(), "after that nothing more");
}

int main(void)
{
    test_layout();
    test_use();
    test_lies();
    return tap_done();
}
