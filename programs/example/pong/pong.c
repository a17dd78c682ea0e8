/* Handles `ball`: hits it back. */
#include "interface/ball_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/server.h"

static enum weft_status play(void *context, const struct weft_event *event,
                             const struct ball_play_arguments *arguments)
{
    uint8_t body[16];
    struct body_writer writer;
    uint32_t strokes = arguments->strokes + 1;
    (void)context;
    print("pong ");
    print_number(strokes);
    print("\n");
    body_writer_init(&writer, body, sizeof(body));
    return ball_play_answer(&writer, event->id, &strokes);
}

int weft_main(void)
{
    static const struct ball_server ball = { .play = play };
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, ball_dispatch(&ball, NULL, &server.event, &server.reader));
}
