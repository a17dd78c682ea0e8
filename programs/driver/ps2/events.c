#include "programs/driver/ps2/events.h"

static int32_t sum(int32_t a, int32_t b)
{
    int32_t result;
    if (!__builtin_add_overflow(a, b, &result))
        return result;
    return a < 0 ? INT32_MIN : INT32_MAX;
}

/* Whether the action went into the last event. */
static bool merge(struct events *events, uint64_t time_ns, const struct input_action *action)
{
    if (events->count == 0 || action->tag != INPUT_ACTION_MOTION)
        return false;
    struct input_event *last = &events->list[events->count - 1];
    if (last->action.tag != INPUT_ACTION_MOTION)
        return false;
    last->time = time_ns;
    last->action.motion.x = sum(last->action.motion.x, action->motion.x);
    last->action.motion.y = sum(last->action.motion.y, action->motion.y);
    last->action.motion.wheel = sum(last->action.motion.wheel, action->motion.wheel);
    return true;
}

void events_add(struct events *events, uint64_t time_ns, const struct input_action *action)
{
    if (merge(events, time_ns, action))
        return;
    if (events->count == EVENTS_MAX) {
        events->list[0] = (struct input_event){ time_ns, { .tag = INPUT_ACTION_LOST } };
        events->count = 1;
    }
    events->list[events->count++] = (struct input_event){ time_ns, *action };
}

void events_drop(struct events *events, uint32_t count)
{
    if (count > events->count)
        count = events->count;
    events->count -= count;
    for (uint32_t i = 0; i < events->count; i++)
        events->list[i] = events->list[i + count];
}
