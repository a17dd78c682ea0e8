#include "programs/driver/ps2/setup.h"

enum {
    SET_LIGHTS = 0xED,
    SET_SCAN_CODES = 0xF0,
    IDENTIFY = 0xF2,
    SET_RATE = 0xF3,
    BEGIN = 0xF4,
    RESET = 0xFF,
    TEST_PASSED = 0xAA,
    SCAN_CODES = 2, /* of which the controller makes set 1 */
    RATE = 100,     /* reports a second, as is usual */
    REPLY_NS = 500000000,
};
static const uint64_t test_ns = 2000000000;

static bool reset(struct controller *controller, enum controller_port port)
{
    return controller_ask(controller, port, RESET) &&
           controller_await(controller, port, test_ns) == TEST_PASSED;
}

static bool set(struct controller *controller, enum controller_port port, uint8_t command,
                uint8_t value)
{
    return controller_ask(controller, port, command) && controller_ask(controller, port, value);
}

bool setup_keyboard(struct controller *controller)
{
    if (!controller->has[CONTROLLER_KEYBOARD] || !reset(controller, CONTROLLER_KEYBOARD))
        return false;
    /* One that does not know these has them so from the beginning. */
    set(controller, CONTROLLER_KEYBOARD, SET_SCAN_CODES, SCAN_CODES);
    set(controller, CONTROLLER_KEYBOARD, SET_LIGHTS, 0);
    return controller_ask(controller, CONTROLLER_KEYBOARD, BEGIN);
}

static uint8_t identify(struct controller *controller)
{
    int kind = controller_ask(controller, CONTROLLER_MOUSE, IDENTIFY)
                   ? controller_await(controller, CONTROLLER_MOUSE, REPLY_NS)
                   : MOUSE_PLAIN;
    return kind == MOUSE_WHEEL || kind == MOUSE_FIVE_BUTTONS ? (uint8_t)kind : MOUSE_PLAIN;
}

/* A mouse shows what more it has to who sets three rates in this order. */
static uint8_t knock(struct controller *controller, const uint8_t rates[3])
{
    for (uint32_t i = 0; i < 3; i++)
        set(controller, CONTROLLER_MOUSE, SET_RATE, rates[i]);
    return identify(controller);
}

bool setup_mouse(struct controller *controller, struct mouse *mouse)
{
    static const uint8_t for_wheel[3] = { 200, 100, 80 };
    static const uint8_t for_buttons[3] = { 200, 200, 80 };
    *mouse = (struct mouse){ 0 };
    if (!controller->has[CONTROLLER_MOUSE] || !reset(controller, CONTROLLER_MOUSE) ||
        controller_await(controller, CONTROLLER_MOUSE, REPLY_NS) < 0)
        return false;
    mouse->kind = knock(controller, for_wheel);
    if (mouse->kind == MOUSE_WHEEL)
        mouse->kind = knock(controller, for_buttons);
    set(controller, CONTROLLER_MOUSE, SET_RATE, RATE);
    return controller_ask(controller, CONTROLLER_MOUSE, BEGIN);
}
