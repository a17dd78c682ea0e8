/* The interface `entropy`: what drivers bring goes to the machine. */
#include "interface/entropy.h"
#include "kernel/handlers.h"
#include "kernel/limits.h"
#include "kernel/random.h"
#include "machine/machine.h"

static enum weft_status take_feed(void *context, const struct weft_event *event,
                                  const struct entropy_feed_arguments *arguments)
{
    const struct request *request = context;
    if (arguments->bytes.size > ENTROPY_FEED_MAX)
        return WEFT_LIMIT;
    machine_random_add((struct bytes){ arguments->bytes.data, arguments->bytes.size },
                       arguments->bits);
    random_look();
    if (event->id != 0)
        native_answer(request->native, event->id, WEFT_OK, (struct bytes){ 0 }, NULL, 0);
    return WEFT_OK;
}

static const struct entropy_server server = { .feed = take_feed };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return entropy_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_entropy = {
    .operations = { .name = "entropy", .message = on_message },
    .interface_name = ENTROPY_INTERFACE_NAME,
    .interface_hash = ENTROPY_INTERFACE_HASH,
};
