/* Stands for `names`: no name is found. */
#include "interface/names_program.h"
#include "lib/main.h"
#include "lib/server.h"

static enum weft_status on_resolve(void *context, const struct weft_event *event,
                                   const struct names_resolve_arguments *arguments)
{
    uint8_t body[32];
    struct body_writer writer;
    struct names_address_list_error_result result = { .failed = true,
                                                      .error = NAMES_ERROR_NOT_FOUND };
    (void)context;
    (void)arguments;
    body_writer_init(&writer, body, sizeof(body));
    return names_resolve_answer(&writer, event->id, &result);
}

int weft_main(void)
{
    static const struct names_server names = { .resolve = on_resolve };
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, names_dispatch(&names, NULL, &server.event, &server.reader));
}
