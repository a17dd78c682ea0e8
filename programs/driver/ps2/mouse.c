#include "programs/driver/ps2/mouse.h"

enum {
    ALWAYS_SET = 1 << 3,
    X_NEGATIVE = 1 << 4,
    Y_NEGATIVE = 1 << 5,
    TOO_LARGE = 3 << 6,
    SIGN_BIT = 0x100,
    TEST_PASSED = 0xAA,   /* and then its kind, 0: what a mouse says when it gets power */
    PAUSE_NS = 100000000, /* the bytes of a report come within a few milliseconds */
};

static uint8_t report_size(const struct mouse *mouse)
{
    return mouse->kind == MOUSE_PLAIN ? 3 : 4;
}

static int32_t wheel_of(const struct mouse *mouse)
{
    if (mouse->kind == MOUSE_PLAIN)
        return 0;
    int32_t turned =
        mouse->kind == MOUSE_WHEEL ? (int8_t)mouse->bytes[3] : (int8_t)(mouse->bytes[3] << 4) / 16;
    return -turned;
}

static uint8_t buttons_of(const struct mouse *mouse)
{
    uint8_t more = mouse->kind == MOUSE_FIVE_BUTTONS ? (mouse->bytes[3] >> 4 & 3) : 0;
    return (uint8_t)((mouse->bytes[0] & 7) | more << 3);
}

static struct input_motion motion_of(const struct mouse *mouse)
{
    uint8_t head = mouse->bytes[0];
    struct input_motion motion = { .wheel = wheel_of(mouse) };
    if ((head & TOO_LARGE) == 0) {
        motion.x = mouse->bytes[1] - ((head & X_NEGATIVE) != 0 ? SIGN_BIT : 0);
        motion.y = ((head & Y_NEGATIVE) != 0 ? SIGN_BIT : 0) - mouse->bytes[2];
    }
    return motion;
}

static uint32_t report(struct mouse *mouse, struct input_action *actions)
{
    uint32_t count = 0;
    uint8_t buttons = buttons_of(mouse);
    struct input_motion motion = motion_of(mouse);
    if (motion.x != 0 || motion.y != 0 || motion.wheel != 0)
        actions[count++] = (struct input_action){ .tag = INPUT_ACTION_MOTION, .motion = motion };
    for (uint8_t i = 0; i < MOUSE_BUTTONS; i++)
        if (((buttons ^ mouse->held) >> i & 1) != 0)
            actions[count++] = (struct input_action){
                .tag = INPUT_ACTION_BUTTON,
                .button = { .index = i, .pressed = (buttons >> i & 1) != 0 },
            };
    mouse->held = buttons;
    return count;
}

uint32_t mouse_take(struct mouse *mouse, uint8_t byte, uint64_t time_ns,
                    struct input_action *actions)
{
    if (mouse->count != 0 && time_ns - mouse->time > PAUSE_NS)
        mouse->count = 0;
    mouse->time = time_ns;
    if (mouse->count == 0 && (byte & ALWAYS_SET) == 0)
        return 0;
    mouse->bytes[mouse->count++] = byte;
    if (mouse->count == 2 && mouse->bytes[0] == TEST_PASSED && byte == 0) {
        mouse->was_reset = true;
        mouse->count = 0;
    }
    if (mouse->count < report_size(mouse))
        return 0;
    mouse->count = 0;
    return report(mouse, actions);
}
