/* Answers the kernel's questions of `permission`: `yes`, its first argument, to all, or no. */
#include "interface/permission_program.h"
#include "lib/main.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"

static bool allows;

static enum weft_status ask(void *context, const struct weft_event *event,
                            const struct permission_ask_arguments *arguments)
{
    uint8_t body[32];
    struct body_writer writer;
    struct permission_answer answer = { .tag = allows ? PERMISSION_ANSWER_ALLOW
                                                      : PERMISSION_ANSWER_DENY };
    (void)context;
    say(LOG_LEVEL_WARNING, arguments->question.interface_name, "somebody asks for it");
    body_writer_init(&writer, body, sizeof(body));
    return permission_ask_answer(&writer, event->id, &answer);
}

int weft_main(void)
{
    static const struct permission_server permission = { .ask = ask };
    static _Alignas(8) uint8_t buffer[8192];
    const struct system_start_record *start = start_record();
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    allows = start != NULL && start->arguments.count == 2 && start->arguments.data[1].data[0] == 'y';
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server,
                          permission_dispatch(&permission, NULL, &server.event, &server.reader));
}
