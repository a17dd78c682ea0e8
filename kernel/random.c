/* The interface `random`, answered from the machine's entropy. */
#include "interface/random.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/limits.h"
#include "machine/machine.h"

static bool encode(struct body_writer *writer, const void *result)
{
    return random_bytes_result_encode(writer, result);
}

static enum weft_status take_bytes(void *context, const struct weft_event *event,
                                   const struct random_bytes_arguments *arguments)
{
    const struct request *request = context;
    if (arguments->count > RANDOM_MAX_BYTES)
        return WEFT_LIMIT;
    u8 *bytes = block_take(arguments->count);
    if (bytes == NULL)
        return WEFT_NO_MEMORY;
    machine_random(bytes, arguments->count);
    struct weft_bytes result = { bytes, arguments->count };
    enum weft_status status = request_answer(request->native, event->id, encode, &result);
    block_give(bytes, arguments->count);
    return status;
}

static const struct random_server server = { .bytes = take_bytes };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return random_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_random = {
    .operations = { .name = "random", .message = on_message },
    .interface_name = RANDOM_INTERFACE_NAME,
    .interface_hash = RANDOM_INTERFACE_HASH,
};
