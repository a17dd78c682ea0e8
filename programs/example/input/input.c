/* Prints what is done at keyboard and mouse, an event a line, until escape comes up. With any
 * argument the light of caps lock is on meanwhile. */
#include "interface/input_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

enum { EVENTS_AT_ONCE = 16, USAGE_ESCAPE = 0x29 };

static void print_signed(int32_t number)
{
    if (number < 0)
        print("-");
    print_number(number < 0 ? -(uint64_t)number : (uint64_t)number);
}

static void print_state(const char *what, uint32_t which, bool pressed)
{
    print(what);
    print_number(which);
    print(pressed ? " down\n" : " up\n");
}

static void print_motion(const struct input_motion *motion)
{
    print("motion ");
    print_signed(motion->x);
    print(" ");
    print_signed(motion->y);
    print(" wheel ");
    print_signed(motion->wheel);
    print("\n");
}

static void print_action(const struct input_action *action)
{
    switch (action->tag) {
    case INPUT_ACTION_KEY:
        print_state("key ", action->key.usage, action->key.pressed);
        break;
    case INPUT_ACTION_MOTION:
        print_motion(&action->motion);
        break;
    case INPUT_ACTION_BUTTON:
        print_state("button ", action->button.index, action->button.pressed);
        break;
    case INPUT_ACTION_LOST:
        print("lost\n");
        break;
    }
}

static bool is_end(const struct input_action *action)
{
    return action->tag == INPUT_ACTION_KEY && action->key.usage == USAGE_ESCAPE &&
           !action->key.pressed;
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[4096];
    struct weft_client client = { .slot = input_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    const struct system_start_record *start = start_record();
    struct input_event_list events;
    if (start != NULL && start->arguments.count > 1)
        input_set_lights(&client, INPUT_LIGHTS_CAPS_LOCK);
    print("ready\n");
    for (enum weft_status status = WEFT_OK; status == WEFT_OK || status == WEFT_GONE;) {
        status = input_read(&client, EVENTS_AT_ONCE, &events);
        if (status != WEFT_OK)
            continue; /* gone: the driver has ended, and there will be another */
        for (uint32_t i = 0; i < events.count; i++) {
            print_action(&events.data[i].action);
            if (is_end(&events.data[i].action))
                return 0;
        }
    }
    print("no input\n");
    return 1;
}
