/* A loader that lies: whatever it is asked for, it gives a program of its own choice, as small as
 * one can be. The kernel finds out. */
#include "interface/loader_program.h"
#include "lib/main.h"
#include "lib/server.h"

static enum weft_status load(void *context, const struct weft_event *event,
                             const struct loader_load_arguments *arguments)
{
    static const uint8_t wrong[] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };
    uint8_t body[64];
    struct body_writer writer;
    struct loader_bytes_error_result result = { .value = { wrong, sizeof(wrong) } };
    (void)context;
    (void)arguments;
    body_writer_init(&writer, body, sizeof(body));
    return loader_load_answer(&writer, event->id, &result);
}

int weft_main(void)
{
    static const struct loader_server loader = { .load = load };
    static _Alignas(8) uint8_t buffer[4096];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, loader_dispatch(&loader, NULL, &server.event, &server.reader));
}
