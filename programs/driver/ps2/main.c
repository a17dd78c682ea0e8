/* The driver of keyboard and mouse at a PC's 8042 controller: handles `input` with device `ps2`. */
#include "lib/main.h"
#include "interface/input_program.h"
#include "lib/driver.h"
#include "lib/server.h"
#include "lib/waiting.h"
#include "programs/driver/ps2/controller.h"
#include "programs/driver/ps2/events.h"
#include "programs/driver/ps2/keyboard.h"
#include "programs/driver/ps2/lights.h"
#include "programs/driver/ps2/setup.h"

enum {
    BYTES_AT_ONCE = 64, /* of a device, before others are listened to */
    ANSWER_BYTES = EVENTS_MAX * 32 + 64,
};

static struct driver driver;
static struct controller controller;
static struct driver_interrupt interrupts[CONTROLLER_PORTS];
static struct keyboard keyboard;
static struct mouse mouse;
static struct lights lights;
static struct events events;
static struct waiting readers;
static bool is_unfinished; /* a device may have more to say */

/* ---- Readers ------------------------------------------------------------------------------- */

/* Events are gone only once somebody has them. */
static void give(void)
{
    static uint8_t body[ANSWER_BYTES];
    while (readers.count != 0 && events.count != 0) {
        struct waiting_message reader = readers.list[0];
        struct body_writer writer;
        uint32_t count = reader.number < events.count ? (uint32_t)reader.number : events.count;
        struct input_event_list list = { events.list, count };
        waiting_remove(&readers, reader.id);
        body_writer_init(&writer, body, sizeof(body));
        if (input_read_answer(&writer, reader.id, &list) == WEFT_OK)
            events_drop(&events, count);
    }
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct input_read_arguments *arguments)
{
    (void)context;
    if (event->id == 0 || arguments->count == 0)
        return WEFT_INVALID;
    if (!waiting_add(&readers, event->id, arguments->count))
        return WEFT_LIMIT;
    give();
    return WEFT_OK;
}

/* ---- What the devices say -------------------------------------------------------------------- */

static void add(uint64_t now, struct input_action action)
{
    events_add(&events, now, &action);
}

static void send_to_keyboard(int byte)
{
    if (byte != LIGHTS_NO_BYTE)
        controller_send(&controller, CONTROLLER_KEYBOARD, (uint8_t)byte);
}

static void on_keyboard(uint8_t byte, uint64_t now)
{
    struct input_key key;
    bool taken;
    send_to_keyboard(lights_take(&lights, byte, now, &taken));
    if (taken)
        return;
    switch (keyboard_take(&keyboard, byte, &key)) {
    case KEYBOARD_NOTHING:
        break;
    case KEYBOARD_KEY:
        add(now, (struct input_action){ .tag = INPUT_ACTION_KEY, .key = key });
        break;
    case KEYBOARD_LOST:
        add(now, (struct input_action){ .tag = INPUT_ACTION_LOST });
        break;
    }
}

/* A mouse that was plugged in is set up; keys that are pressed meanwhile may be lost. */
static void set_up_again(uint64_t now)
{
    setup_mouse(&controller, &mouse);
    keyboard = (struct keyboard){ 0 };
    add(now, (struct input_action){ .tag = INPUT_ACTION_LOST });
}

static void on_mouse(uint8_t byte, uint64_t now)
{
    struct input_action actions[MOUSE_ACTIONS_MAX];
    uint32_t count = mouse_take(&mouse, byte, now, actions);
    for (uint32_t i = 0; i < count; i++)
        add(now, actions[i]);
    if (mouse.was_reset)
        set_up_again(now);
}

static void look(void)
{
    struct controller_byte byte;
    uint32_t count = 0;
    for (; count < BYTES_AT_ONCE && controller_receive(&controller, &byte); count++) {
        if (byte.is_broken)
            continue;
        if (byte.port == CONTROLLER_MOUSE)
            on_mouse(byte.value, driver_now());
        else
            on_keyboard(byte.value, driver_now());
    }
    is_unfinished = count == BYTES_AT_ONCE;
    give();
}

static enum weft_status on_set_lights(void *context, const struct weft_event *event,
                                      const struct input_set_lights_arguments *arguments)
{
    uint8_t body[8];
    struct body_writer writer;
    (void)context;
    if (controller.has[CONTROLLER_KEYBOARD])
        send_to_keyboard(lights_set(&lights, arguments->lights, driver_now()));
    body_writer_init(&writer, body, sizeof(body));
    return input_set_lights_answer(&writer, event->id);
}

/* ---- Start and loop -------------------------------------------------------------------------- */

static void start(void)
{
    driver_claim(&driver, WEFT_BYTES("ps2"));
    if (!controller_start(&controller, &driver))
        driver_fail(&driver, "no controller, or it fails its test");
    controller.has[CONTROLLER_KEYBOARD] = setup_keyboard(&controller);
    controller.has[CONTROLLER_MOUSE] = setup_mouse(&controller, &mouse);
    if (!controller.has[CONTROLLER_KEYBOARD] && !controller.has[CONTROLLER_MOUSE])
        driver_fail(&driver, "neither keyboard nor mouse");
    for (uint32_t i = 0; i < CONTROLLER_PORTS; i++) {
        interrupts[i] = driver_interrupt(&driver, i);
        driver_arm(&driver, &interrupts[i]);
    }
    static const char *const found[2][2] = { { "", "a mouse" },
                                             { "a keyboard", "a keyboard and a mouse" } };
    driver_say(&driver,
               found[controller.has[CONTROLLER_KEYBOARD]][controller.has[CONTROLLER_MOUSE]]);
    /* Who knew of keys from a driver before this one is to forget them. */
    add(driver_now(), (struct input_action){ .tag = INPUT_ACTION_LOST });
    look();
}

static void on_interrupt(const struct weft_event *event)
{
    for (uint32_t i = 0; i < CONTROLLER_PORTS; i++)
        if (driver_is_interrupt(&interrupts[i], event))
            driver_arm(&driver, &interrupts[i]);
    look();
}

static int64_t deadline(void)
{
    if (is_unfinished)
        return 0;
    return lights.state == LIGHTS_IDLE ? -1 : (int64_t)lights.deadline;
}

int weft_main(void)
{
    static const struct input_server input = { .read = on_read, .set_lights = on_set_lights };
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    start();
    for (;;) {
        int32_t kind = server_wait(&server, deadline());
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, input_dispatch(&input, NULL, &server.event, &server.reader));
        else if (kind == WEFT_EVENT_ANSWER)
            on_interrupt(&server.event);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            waiting_remove(&readers, server.event.id);
        else if (kind == WEFT_EVENT_NONE && is_unfinished)
            look();
        else if (kind == WEFT_EVENT_NONE)
            send_to_keyboard(lights_give_up(&lights, driver_now()));
    }
}
