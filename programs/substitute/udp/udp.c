/* Stands for `udp`: no address is to be had. */
#include "interface/udp_program.h"
#include "lib/main.h"
#include "lib/server.h"

static enum weft_status on_bind(void *context, const struct weft_event *event,
                                const struct udp_bind_arguments *arguments)
{
    uint8_t body[32];
    struct body_writer writer;
    struct udp_socket_error_result result = { .failed = true, .error = UDP_ERROR_NOT_AVAILABLE };
    (void)context;
    (void)arguments;
    body_writer_init(&writer, body, sizeof(body));
    return udp_bind_answer(&writer, event->id, &result);
}

int weft_main(void)
{
    static const struct udp_server udp = { .bind = on_bind };
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, udp_dispatch(&udp, NULL, &server.event, &server.reader));
}
