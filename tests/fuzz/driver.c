/* Any bytes from devices: the first says from which. What is found must hold of any device. */
#include "programs/driver/ps2/events.h"
#include "programs/driver/ps2/keyboard.h"
#include "programs/driver/ps2/lights.h"
#include "programs/driver/ps2/mouse.h"
#include "programs/driver/rtc/date.h"
#include "programs/driver/serial/received.h"
#include "programs/driver/virtio/queue.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Keys go down and up in turn, whatever comes. */
static void type(const uint8_t *data, size_t size)
{
    struct keyboard keyboard = { 0 };
    struct lights lights = { 0 };
    bool held[256] = { false };
    lights_set(&lights, INPUT_LIGHTS_CAPS_LOCK, 0);
    for (size_t i = 0; i < size; i++) {
        struct input_key key;
        bool taken;
        int byte = lights_take(&lights, data[i], i, &taken);
        must(byte == LIGHTS_NO_BYTE || (byte >= 0 && byte <= UINT8_MAX));
        enum keyboard_meaning meaning = keyboard_take(&keyboard, data[i], &key);
        if (meaning == KEYBOARD_LOST)
            memset(held, 0, sizeof(held));
        if (meaning != KEYBOARD_KEY)
            continue;
        must(key.usage != 0 && key.usage < 256 && held[key.usage] != key.pressed);
        held[key.usage] = key.pressed;
    }
}

static void move(const uint8_t *data, size_t size)
{
    static struct events events;
    static const uint8_t kinds[] = { MOUSE_PLAIN, MOUSE_WHEEL, MOUSE_FIVE_BUTTONS };
    struct mouse mouse = { .kind = size == 0 ? 0 : kinds[data[0] % 3] };
    uint8_t held = 0;
    for (size_t i = 1; i < size; i++) {
        struct input_action actions[MOUSE_ACTIONS_MAX];
        uint32_t count = mouse_take(&mouse, data[i], i * 100000, actions);
        must(count <= MOUSE_ACTIONS_MAX && mouse.count < 4);
        for (uint32_t k = 0; k < count; k++) {
            const struct input_action *action = &actions[k];
            events_add(&events, i, action);
            must(events.count <= EVENTS_MAX);
            if (action->tag != INPUT_ACTION_BUTTON)
                continue;
            must(action->button.index < MOUSE_BUTTONS &&
                 (held >> action->button.index & 1) != action->button.pressed);
            held = (uint8_t)(held ^ 1 << action->button.index);
        }
    }
    events_drop(&events, (uint32_t)size);
}

/* A date that is one is written as it was read, but for hours and the century. */
static void show(const uint8_t *data, size_t size)
{
    struct date_registers registers;
    uint64_t seconds;
    uint64_t again;
    if (size < sizeof(registers))
        return;
    memcpy(&registers, data, sizeof(registers));
    if (!date_to_seconds(&registers, &seconds))
        return;
    must(date_from_seconds(seconds, &registers) && date_to_seconds(&registers, &again) &&
         seconds == again);
}

static void receive(const uint8_t *data, size_t size)
{
    static struct received received;
    uint8_t bytes[256];
    for (size_t i = 0; i < size; i++) {
        received_put(&received, data[i]);
        must(received.size <= RECEIVED_BYTES && received.first < RECEIVED_BYTES);
        if (data[i] % 8 == 0) {
            uint32_t count = received_look(&received, bytes, data[i]);
            must(count <= data[i] && count <= received.size);
            received_drop(&received, count);
        }
    }
}

/* Each two bytes: where the device writes in shared memory, and what; between, the driver works. */
static void share(const uint8_t *data, size_t size)
{
    enum { SIZE = 4 };
    static _Alignas(16) uint8_t shared[256];
    struct queue queue;
    struct queue_segment segment = { .size = 100, .is_written = true };
    memset(shared, 0, sizeof(shared));
    queue_init(&queue, shared, SIZE);
    for (size_t i = 0; i + 1 < size; i += 2) {
        struct queue_done done;
        uint16_t head;
        shared[queue_used_offset(SIZE) + data[i] % (4 + SIZE * 8)] = data[i + 1];
        if (queue_add(&queue, &segment, 1, &head))
            must(head < SIZE);
        while (queue_take(&queue, &done))
            must(done.head < SIZE && done.written <= 100 && queue.free_count <= SIZE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const devices[])(const uint8_t *, size_t) = { type, move, show, receive, share };
    if (size != 0)
        devices[data[0] % 5](data + 1, size - 1);
    return 0;
}
