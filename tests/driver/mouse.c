/* What the bytes of a mouse mean. */
#include "programs/driver/ps2/mouse.h"
#include "tests/tap.h"

static struct mouse mouse;
static struct input_action actions[64];
static uint32_t action_count;
static uint64_t now;

static void take(const uint8_t *bytes, uint32_t size)
{
    action_count = 0;
    for (uint32_t i = 0; i < size; i++, now += 1000000)
        action_count += mouse_take(&mouse, bytes[i], now, actions + action_count);
}

#define TAKE(...) take((const uint8_t[]){ __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }))

static bool moved(uint32_t index, int32_t x, int32_t y, int32_t wheel)
{
    const struct input_action *action = &actions[index];
    return index < action_count && action->tag == INPUT_ACTION_MOTION && action->motion.x == x &&
           action->motion.y == y && action->motion.wheel == wheel;
}

static bool clicked(uint32_t index, uint8_t button, bool pressed)
{
    const struct input_action *action = &actions[index];
    return index < action_count && action->tag == INPUT_ACTION_BUTTON &&
           action->button.index == button && action->button.pressed == pressed;
}

static void test_plain(void)
{
    mouse = (struct mouse){ .kind = MOUSE_PLAIN };
    TAKE(0x08, 5, 3);
    TAP_OK(action_count == 1 && moved(0, 5, -3, 0), "upwards is less");
    TAKE(0x38, 0xFF, 0xFE);
    TAP_OK(action_count == 1 && moved(0, -1, 2, 0), "to the left and down");
    TAKE(0x09, 0, 0, 0x0E, 0, 0);
    TAP_OK(action_count == 4 && clicked(0, 0, true) && clicked(1, 0, false) &&
               clicked(2, 1, true) && clicked(3, 2, true),
           "three buttons");
    TAKE(0xC8, 0x12, 0x34);
    TAP_OK(action_count == 2 && clicked(0, 1, false), "motion that was too large is none");
}

static void test_wheel(void)
{
    mouse = (struct mouse){ .kind = MOUSE_WHEEL };
    TAKE(0x08, 0, 0, 0xFF, 0x08, 0, 0, 2);
    TAP_OK(action_count == 2 && moved(0, 0, 0, 1) && moved(1, 0, 0, -2), "a wheel");
    mouse = (struct mouse){ .kind = MOUSE_FIVE_BUTTONS };
    TAKE(0x08, 0, 0, 0x1F, 0x08, 0, 0, 0x28);
    TAP_OK(action_count == 5 && moved(0, 0, 0, 1) && clicked(1, 3, true) && moved(2, 0, 0, 8) &&
               clicked(3, 3, false) && clicked(4, 4, true),
           "a wheel and five buttons");
}

static void test_lost(void)
{
    mouse = (struct mouse){ .kind = MOUSE_PLAIN };
    TAKE(0x01, 0x02, 0x08, 1, 1);
    TAP_OK(action_count == 1 && moved(0, 1, -1, 0), "what cannot begin a report is passed over");
    TAKE(0x08, 7);
    now += 1000000000;
    TAKE(0x08, 2, 2);
    TAP_OK(action_count == 1 && moved(0, 2, -2, 0), "half a report is forgotten");
    TAKE(0xAA, 0x00);
    TAP_OK(action_count == 0 && mouse.was_reset && mouse.count == 0,
           "one that was plugged in is seen");
}

int main(void)
{
    test_plain();
    test_wheel();
    test_lost();
    return tap_done();
}
