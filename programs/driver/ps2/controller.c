#include "programs/driver/ps2/controller.h"

/* Its two ports are regions of their own; the second is the status when it is read. */
enum { DATA = 0, COMMAND = 1, STATUS = COMMAND };

enum {
    STATUS_OUTPUT_FULL = 1 << 0, /* there is a byte to be read */
    STATUS_INPUT_FULL = 1 << 1,  /* it has not taken the last byte yet */
    STATUS_FROM_MOUSE = 1 << 5,
    STATUS_TIMEOUT = 1 << 6,
    STATUS_PARITY = 1 << 7,
    STATUS_NOBODY = 0xFF, /* what is read where nothing is */
};

enum {
    READ_CONFIGURATION = 0x20,
    WRITE_CONFIGURATION = 0x60,
    DISABLE_MOUSE = 0xA7,
    ENABLE_MOUSE = 0xA8,
    TEST_MOUSE = 0xA9,
    TEST_SELF = 0xAA,
    TEST_KEYBOARD = 0xAB,
    DISABLE_KEYBOARD = 0xAD,
    ENABLE_KEYBOARD = 0xAE,
    TO_MOUSE = 0xD4,
    SELF_PASSED = 0x55,
    PORT_PASSED = 0x00,
};

enum {
    CONFIGURATION_KEYBOARD_INTERRUPT = 1 << 0,
    CONFIGURATION_MOUSE_INTERRUPT = 1 << 1,
    CONFIGURATION_KEYBOARD_OFF = 1 << 4,
    CONFIGURATION_MOUSE_OFF = 1 << 5,
    CONFIGURATION_TRANSLATE = 1 << 6, /* set 2 to set 1 */
};

enum {
    TAKE_NS = 50000000,   /* for the controller to take a byte */
    REPLY_NS = 500000000, /* and to answer; for a device, too */
    POLL_NS = 100000,
    STALE_MAX = 64, /* bytes in its buffer before it is set up */
    ACKNOWLEDGED = 0xFA,
    RESEND = 0xFE,
    TRIES_MAX = 3,
};

static uint8_t status_of(struct controller *controller)
{
    return (uint8_t)driver_read(controller->driver, STATUS, 0, 1);
}

/* Waits until the status has a bit set, or not. */
static bool await_status(struct controller *controller, uint8_t bit, bool is_set, uint64_t time_ns)
{
    uint64_t end = driver_now() + time_ns;
    while (((status_of(controller) & bit) != 0) != is_set) {
        if (driver_now() > end)
            return false;
        driver_sleep(POLL_NS);
    }
    return true;
}

static bool write_port(struct controller *controller, uint32_t port, uint8_t byte)
{
    if (!await_status(controller, STATUS_INPUT_FULL, false, TAKE_NS))
        return false;
    driver_write(controller->driver, port, 0, 1, byte);
    return true;
}

/* ---- Bytes of the devices -------------------------------------------------------------------- */

bool controller_receive(struct controller *controller, struct controller_byte *byte)
{
    uint8_t status = status_of(controller);
    if ((status & STATUS_OUTPUT_FULL) == 0)
        return false;
    bool is_mouse = (status & STATUS_FROM_MOUSE) != 0;
    *byte = (struct controller_byte){
        .value = (uint8_t)driver_read(controller->driver, DATA, 0, 1),
        .port = is_mouse ? CONTROLLER_MOUSE : CONTROLLER_KEYBOARD,
        .is_broken = (status & (STATUS_TIMEOUT | STATUS_PARITY)) != 0,
    };
    return true;
}

bool controller_send(struct controller *controller, enum controller_port port, uint8_t byte)
{
    if (port == CONTROLLER_MOUSE && !write_port(controller, COMMAND, TO_MOUSE))
        return false;
    return write_port(controller, DATA, byte);
}

int controller_await(struct controller *controller, enum controller_port port, uint64_t time_ns)
{
    struct controller_byte byte;
    uint64_t end = driver_now() + time_ns;
    while (driver_now() <= end) {
        if (!controller_receive(controller, &byte))
            driver_sleep(POLL_NS);
        else if (byte.port == port && !byte.is_broken)
            return byte.value;
    }
    return -1;
}

bool controller_ask(struct controller *controller, enum controller_port port, uint8_t byte)
{
    int reply = RESEND;
    for (uint32_t tries = 0; tries < TRIES_MAX && reply == RESEND; tries++) {
        if (!controller_send(controller, port, byte))
            return false;
        reply = controller_await(controller, port, REPLY_NS);
    }
    return reply == ACKNOWLEDGED;
}

/* ---- Its own commands ------------------------------------------------------------------------ */

/* What it answers a command with, or -1. */
static int command(struct controller *controller, uint8_t code)
{
    if (!write_port(controller, COMMAND, code) ||
        !await_status(controller, STATUS_OUTPUT_FULL, true, REPLY_NS))
        return -1;
    return (int)driver_read(controller->driver, DATA, 0, 1);
}

static bool configure(struct controller *controller, uint8_t configuration)
{
    return write_port(controller, COMMAND, WRITE_CONFIGURATION) &&
           write_port(controller, DATA, configuration);
}

static void drop_stale(struct controller *controller)
{
    struct controller_byte byte;
    for (uint32_t i = 0; i < STALE_MAX && controller_receive(controller, &byte); i++)
        continue;
}

/* Nothing is sent while this is found out. A controller without a second port does not clear its
 * bit when the port is to be enabled. */
static bool has_second_port(struct controller *controller)
{
    write_port(controller, COMMAND, ENABLE_MOUSE);
    int configuration = command(controller, READ_CONFIGURATION);
    write_port(controller, COMMAND, DISABLE_MOUSE);
    return configuration >= 0 && (configuration & CONFIGURATION_MOUSE_OFF) == 0;
}

/* With both ports still: the self test may forget what was configured. */
static bool test(struct controller *controller)
{
    if (!configure(controller, CONFIGURATION_KEYBOARD_OFF | CONFIGURATION_MOUSE_OFF) ||
        command(controller, TEST_SELF) != SELF_PASSED ||
        !configure(controller, CONFIGURATION_KEYBOARD_OFF | CONFIGURATION_MOUSE_OFF))
        return false;
    controller->has[CONTROLLER_MOUSE] =
        has_second_port(controller) && command(controller, TEST_MOUSE) == PORT_PASSED;
    controller->has[CONTROLLER_KEYBOARD] = command(controller, TEST_KEYBOARD) == PORT_PASSED;
    return controller->has[CONTROLLER_KEYBOARD] || controller->has[CONTROLLER_MOUSE];
}

bool controller_start(struct controller *controller, struct driver *driver)
{
    *controller = (struct controller){ .driver = driver };
    if (status_of(controller) == STATUS_NOBODY ||
        !write_port(controller, COMMAND, DISABLE_KEYBOARD) ||
        !write_port(controller, COMMAND, DISABLE_MOUSE))
        return false;
    drop_stale(controller);
    if (!test(controller))
        return false;
    uint8_t configuration = CONFIGURATION_TRANSLATE;
    if (controller->has[CONTROLLER_KEYBOARD]) {
        configuration |= CONFIGURATION_KEYBOARD_INTERRUPT;
        write_port(controller, COMMAND, ENABLE_KEYBOARD);
    } else {
        configuration |= CONFIGURATION_KEYBOARD_OFF;
    }
    if (controller->has[CONTROLLER_MOUSE]) {
        configuration |= CONFIGURATION_MOUSE_INTERRUPT;
        write_port(controller, COMMAND, ENABLE_MOUSE);
    } else {
        configuration |= CONFIGURATION_MOUSE_OFF;
    }
    return configure(controller, configuration);
}
