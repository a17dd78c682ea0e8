/* Stands for `tcp`: nobody answers, and no port is to be had. */
#include "interface/tcp_program.h"
#include "lib/main.h"
#include "lib/server.h"

static enum weft_status on_connect(void *context, const struct weft_event *event,
                                   const struct tcp_connect_arguments *arguments)
{
    uint8_t body[32];
    struct body_writer writer;
    struct tcp_connection_error_result result = { .failed = true, .error = TCP_ERROR_REFUSED };
    (void)context;
    (void)arguments;
    body_writer_init(&writer, body, sizeof(body));
    return tcp_connect_answer(&writer, event->id, &result);
}

static enum weft_status on_listen(void *context, const struct weft_event *event,
                                  const struct tcp_listen_arguments *arguments)
{
    uint8_t body[32];
    struct body_writer writer;
    struct tcp_listener_error_result result = { .failed = true,
                                                .error = TCP_ERROR_NOT_AVAILABLE };
    (void)context;
    (void)arguments;
    body_writer_init(&writer, body, sizeof(body));
    return tcp_listen_answer(&writer, event->id, &result);
}

int weft_main(void)
{
    static const struct tcp_server tcp = { .connect = on_connect, .listen = on_listen };
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, tcp_dispatch(&tcp, NULL, &server.event, &server.reader));
}
