/* Stands for `clock`: both clocks show whole seconds, and who waits for a time is woken at the next
 * whole second, so that nothing can be timed by waiting either. What CPU time was used is not
 * told. */
#include "interface/clock_program.h"
#include "lib/main.h"
#include "lib/server.h"
#include "lib/waiting.h"

static const uint64_t second = 1000000000;

static _Alignas(8) uint8_t scratch[64];
static struct waiting sleepers; /* by the question to the real clock that each waits for */

static struct weft_client real_clock(void)
{
    return (struct weft_client){ .slot = clock_slot(),
                                 .buffer = scratch,
                                 .capacity = sizeof(scratch) };
}

static struct body_writer *new_answer(void)
{
    static uint8_t body[64];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

/* ---- What it shows --------------------------------------------------------------------------- */

static enum weft_status on_monotonic(void *context, const struct weft_event *event)
{
    struct weft_client client = real_clock();
    uint64_t now;
    (void)context;
    enum weft_status status = clock_monotonic(&client, &now);
    if (status != WEFT_OK)
        return status;
    now -= now % second;
    return clock_monotonic_answer(new_answer(), event->id, &now);
}

static enum weft_status on_realtime(void *context, const struct weft_event *event)
{
    struct weft_client client = real_clock();
    uint64_t now;
    (void)context;
    enum weft_status status = clock_realtime(&client, &now);
    if (status != WEFT_OK)
        return status;
    now -= now % second;
    return clock_realtime_answer(new_answer(), event->id, &now);
}

static enum weft_status on_resolution(void *context, const struct weft_event *event)
{
    struct clock_u64_u64_tuple steps = { second, second };
    (void)context;
    return clock_resolution_answer(new_answer(), event->id, &steps);
}

/* ---- Waiting --------------------------------------------------------------------------------- */

static uint64_t round_up(uint64_t time)
{
    uint64_t rest = time % second;
    return rest == 0 || time > UINT64_MAX - second ? time : time - rest + second;
}

static enum weft_status on_until(void *context, const struct weft_event *event,
                                 const struct clock_until_arguments *arguments)
{
    struct weft_client client = real_clock();
    (void)context;
    if (event->id == 0)
        return WEFT_OK;
    if (sleepers.count == WAITING_MAX)
        return WEFT_LIMIT;
    int64_t question =
        clock_until_send(&client, round_up(arguments->deadline), WEFT_WANT_ANSWER);
    if (question <= 0)
        return question == 0 ? WEFT_INVALID : (enum weft_status)(-question);
    waiting_add(&sleepers, event->id, (uint64_t)question);
    return WEFT_OK;
}

static void on_time(int64_t question)
{
    for (uint32_t i = 0; i < sleepers.count; i++) {
        int64_t message = sleepers.list[i].id;
        if (sleepers.list[i].number != (uint64_t)question)
            continue;
        waiting_remove(&sleepers, message);
        clock_until_answer(new_answer(), message);
        return;
    }
}

static void on_withdrawn(int64_t message)
{
    for (uint32_t i = 0; i < sleepers.count; i++)
        if (sleepers.list[i].id == message)
            weft_answer((int64_t)sleepers.list[i].number, WEFT_OK, NULL, 0, NULL, 0);
    waiting_remove(&sleepers, message);
}

int weft_main(void)
{
    static const struct clock_server clock = { .monotonic = on_monotonic,
                                               .realtime = on_realtime,
                                               .resolution = on_resolution,
                                               .until = on_until };
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, clock_dispatch(&clock, NULL, &server.event, &server.reader));
        else if (kind == WEFT_EVENT_ANSWER)
            on_time(server.event.id);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            on_withdrawn(server.event.id);
    }
}
