/* The interface `clock`, answered from the machine's time. */
#include "interface/clock.h"
#include "kernel/alarm.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "kernel/schedule.h"

static bool encode_monotonic(struct body_writer *writer, const void *result)
{
    return clock_monotonic_result_encode(writer, result);
}

static bool encode_realtime(struct body_writer *writer, const void *result)
{
    return clock_realtime_result_encode(writer, result);
}

static bool encode_resolution(struct body_writer *writer, const void *result)
{
    return clock_resolution_result_encode(writer, result);
}

static bool encode_cpu(struct body_writer *writer, const void *result)
{
    return clock_cpu_result_encode(writer, result);
}

static enum weft_status take_monotonic(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    u64 now_ns = machine_monotonic_ns();
    return request_answer(request->native, event->id, encode_monotonic, &now_ns);
}

static enum weft_status take_realtime(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    u64 now_ns = machine_realtime_ns();
    return request_answer(request->native, event->id, encode_realtime, &now_ns);
}

static enum weft_status take_resolution(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    const struct clock_u64_u64_tuple resolution = { 1, 1 };
    return request_answer(request->native, event->id, encode_resolution, &resolution);
}

static enum weft_status take_cpu(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    if (request->sender == NULL)
        return WEFT_GONE;
    lock_take();
    u64 used_ns = schedule_cpu_time(request->sender);
    lock_give();
    return request_answer(request->native, event->id, encode_cpu, &used_ns);
}

/* ---- until --------------------------------------------------------------------------------- */

/* A message that is answered at its deadline. */
struct until {
    struct alarm alarm;
    struct pending pending;
};

static void on_deadline(struct alarm *alarm)
{
    struct until *until = BASE_CONTAINER_OF(alarm, struct until, alarm);
    struct message *message = message_find(until->pending.id);
    pending_remove(&until->pending);
    if (message != NULL && message->state == MESSAGE_DELIVERED)
        message_refuse(message, WEFT_OK); /* an answer without a result has no body */
    block_give(until, sizeof(*until));
}

static void on_withdrawn(struct pending *pending)
{
    struct until *until = BASE_CONTAINER_OF(pending, struct until, pending);
    alarm_clear(&until->alarm);
    block_give(until, sizeof(*until));
}

static enum weft_status take_until(void *context, const struct weft_event *event,
                                   const struct clock_until_arguments *arguments)
{
    (void)context;
    if (event->id == 0)
        return WEFT_OK;
    struct until *until = block_take(sizeof(*until));
    if (until == NULL)
        return WEFT_NO_MEMORY;
    until->alarm.fire = on_deadline;
    until->pending.withdrawn = on_withdrawn;
    lock_take();
    pending_add(&until->pending, event->id);
    if (arguments->deadline > machine_monotonic_ns())
        alarm_set(&until->alarm, arguments->deadline);
    else
        on_deadline(&until->alarm);
    lock_give();
    return WEFT_OK;
}

static const struct clock_server server = {
    .monotonic = take_monotonic,
    .realtime = take_realtime,
    .resolution = take_resolution,
    .until = take_until,
    .cpu = take_cpu,
};

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return clock_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_clock = {
    .operations = { .name = "clock", .message = on_message, .withdrawn = pending_withdrawn },
    .interface_name = CLOCK_INTERFACE_NAME,
    .interface_hash = CLOCK_INTERFACE_HASH,
};
