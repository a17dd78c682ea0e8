/* Handles `greeter`:  weft run --handle greeter=greeter/server.wasm greeter/client.wasm Ada */
#include "lib/server.h"
#include "interface/greeter_program.h"
#include "lib/main.h"
#include "lib/memory.h"

static enum weft_status greet(void *context, const struct weft_event *event,
                              const struct greeter_greet_arguments *arguments)
{
    uint8_t text[256] = "Hello, ";
    uint8_t body[300];
    struct body_writer writer;
    (void)context;
    if (arguments->name.size > sizeof(text) - 7)
        return WEFT_TOO_LARGE;
    memcpy(text + 7, arguments->name.data, arguments->name.size);
    struct weft_bytes greeting = { text, 7 + arguments->name.size };
    body_writer_init(&writer, body, sizeof(body));
    return greeter_greet_answer(&writer, event->id, &greeting);
}

int weft_main(void)
{
    static const struct greeter_server greeter = { .greet = greet };
    static _Alignas(8) uint8_t buffer[4096];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, greeter_dispatch(&greeter, NULL, &server.event, &server.reader));
}
