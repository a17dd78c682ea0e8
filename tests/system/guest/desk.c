/* A person's desk, as a session: prints what is done there, an event a line. F5 has the driver of
 * keyboard and mouse started anew, F6 prints how the services fare, escape is the end. */
#include "interface/input_program.h"
#include "interface/services_program.h"
#include "lib/main.h"
#include "lib/print.h"

enum { EVENTS_AT_ONCE = 16, ESCAPE = 0x29, F5 = 0x3E, F6 = 0x3F };

static _Alignas(8) uint8_t buffer[1 << 14];

static void print_signed(int32_t number)
{
    if (number < 0)
        print("-");
    print_number(number < 0 ? -(uint64_t)number : (uint64_t)number);
}

static void print_action(const struct input_action *action)
{
    if (action->tag == INPUT_ACTION_LOST) {
        print("lost\n");
    } else if (action->tag == INPUT_ACTION_MOTION) {
        print("motion ");
        print_signed(action->motion.x);
        print(" ");
        print_signed(action->motion.y);
        print(" ");
        print_signed(action->motion.wheel);
        print("\n");
    } else {
        bool is_key = action->tag == INPUT_ACTION_KEY;
        print(is_key ? "key " : "button ");
        print_number(is_key ? action->key.usage : action->button.index);
        print((is_key ? action->key.pressed : action->button.pressed) ? " down\n" : " up\n");
    }
}

static void restart_driver(void)
{
    struct weft_client client = { .slot = services_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct services_none_error_result result;
    bool is_well = services_restart(&client, WEFT_BYTES("ps2"), &result) == WEFT_OK;
    print(is_well && !result.failed ? "restarting\n" : "not restarting\n");
}

static void print_services(void)
{
    static const char *const states[] = { " running, starts ", " waiting, starts ",
                                          " given up, starts " };
    struct weft_client client = { .slot = services_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct services_service_list list = { 0 };
    services_services(&client, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        print_bytes(list.data[i].name);
        print(states[list.data[i].state]);
        print_number(list.data[i].starts);
        print("\n");
    }
}

static bool is_released(const struct input_action *action, uint16_t usage)
{
    return action->tag == INPUT_ACTION_KEY && action->key.usage == usage && !action->key.pressed;
}

int weft_main(void)
{
    static _Alignas(8) uint8_t answers[4096];
    struct weft_client client = { .slot = input_slot(),
                                  .buffer = answers,
                                  .capacity = sizeof(answers) };
    struct input_event_list events;
    enum weft_status status = input_set_lights(&client, INPUT_LIGHTS_CAPS_LOCK);
    print("ready\n");
    while (status == WEFT_OK || status == WEFT_GONE) {
        status = input_read(&client, EVENTS_AT_ONCE, &events);
        if (status != WEFT_OK)
            continue; /* gone: the driver has ended, and there will be another */
        for (uint32_t i = 0; i < events.count; i++) {
            const struct input_action *action = &events.data[i].action;
            print_action(action);
            if (is_released(action, ESCAPE))
                return 0;
            if (is_released(action, F5))
                restart_driver();
            if (is_released(action, F6))
                print_services();
        }
    }
    print("no input\n");
    return 1;
}
