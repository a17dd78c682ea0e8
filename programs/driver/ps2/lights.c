#include "programs/driver/ps2/lights.h"

enum {
    SET_LIGHTS = 0xED,
    DONE = 0xFA,
    AGAIN = 0xFE,
    TRIES_MAX = 3,
    SCROLL_LOCK = 1 << 0,
    NUM_LOCK = 1 << 1,
    CAPS_LOCK = 1 << 2,
};

static const uint64_t answer_ns = 500000000;

static int begin(struct lights *lights, uint64_t now_ns)
{
    if (lights->state != LIGHTS_IDLE || lights->wanted == lights->shown)
        return LIGHTS_NO_BYTE;
    lights->state = LIGHTS_COMMAND;
    lights->tries = 0;
    lights->value = lights->wanted;
    lights->deadline = now_ns + answer_ns;
    return SET_LIGHTS;
}

/* The lights are as they are meant to be, or never will be. */
static int end(struct lights *lights, uint64_t now_ns)
{
    lights->state = LIGHTS_IDLE;
    lights->shown = lights->value;
    return begin(lights, now_ns);
}

int lights_set(struct lights *lights, uint32_t flags, uint64_t now_ns)
{
    lights->wanted = (uint8_t)(((flags & INPUT_LIGHTS_SCROLL_LOCK) != 0 ? SCROLL_LOCK : 0) |
                               ((flags & INPUT_LIGHTS_NUM_LOCK) != 0 ? NUM_LOCK : 0) |
                               ((flags & INPUT_LIGHTS_CAPS_LOCK) != 0 ? CAPS_LOCK : 0));
    return begin(lights, now_ns);
}

static int again(struct lights *lights, uint64_t now_ns)
{
    if (++lights->tries > TRIES_MAX)
        return end(lights, now_ns);
    return lights->state == LIGHTS_COMMAND ? SET_LIGHTS : lights->value;
}

int lights_take(struct lights *lights, uint8_t byte, uint64_t now_ns, bool *taken)
{
    *taken = lights->state != LIGHTS_IDLE && (byte == DONE || byte == AGAIN);
    if (!*taken)
        return LIGHTS_NO_BYTE;
    if (byte == AGAIN)
        return again(lights, now_ns);
    if (lights->state == LIGHTS_VALUE)
        return end(lights, now_ns);
    lights->state = LIGHTS_VALUE;
    lights->deadline = now_ns + answer_ns;
    return lights->value;
}

int lights_give_up(struct lights *lights, uint64_t now_ns)
{
    return lights->state == LIGHTS_IDLE ? LIGHTS_NO_BYTE : end(lights, now_ns);
}
