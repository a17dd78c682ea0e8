/* Events that nobody reads. */
#include "programs/driver/ps2/events.h"
#include "tests/tap.h"

static struct events events;

static void add_key(uint16_t usage)
{
    events_add(&events, usage,
               &(struct input_action){ .tag = INPUT_ACTION_KEY, .key = { usage, true } });
}

static void add_motion(int32_t x)
{
    events_add(&events, 1,
               &(struct input_action){ .tag = INPUT_ACTION_MOTION, .motion = { x, 1, -1 } });
}

static void test_order(void)
{
    add_key(4);
    add_motion(2);
    add_motion(3);
    add_key(5);
    const struct input_motion *motion = &events.list[1].action.motion;
    TAP_OK(events.count == 3 && motion->x == 5 && motion->y == 2 && motion->wheel == -2,
           "motion behind motion is one event");
    events_drop(&events, 2);
    TAP_OK(events.count == 1 && events.list[0].action.key.usage == 5, "the oldest go first");
    events_drop(&events, 7);
    TAP_OK(events.count == 0, "no more go than there are");
    add_motion(INT32_MAX);
    add_motion(INT32_MAX);
    TAP_OK(events.list[0].action.motion.x == INT32_MAX, "sums do not turn round");
    events_drop(&events, 1);
}

static void test_too_many(void)
{
    for (uint16_t i = 0; i < EVENTS_MAX; i++)
        add_key(i);
    TAP_OK(events.count == EVENTS_MAX && events.list[0].action.tag == INPUT_ACTION_KEY,
           "as many as there is room for");
    add_key(7);
    TAP_OK(events.count == 2 && events.list[0].action.tag == INPUT_ACTION_LOST &&
               events.list[1].action.key.usage == 7,
           "one more, and that they were lost is told before it");
}

int main(void)
{
    test_order();
    test_too_many();
    return tap_done();
}
