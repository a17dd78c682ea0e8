/* Decides what programs may do: answers the kernel's questions, by what is remembered or by asking
 * the person at the terminal.
 *
 *     permission [PROGRAM [ARGUMENT...]]
 *
 * With a program of the boot bundle, that is started in a silo in which all is asked about, with
 * what this process was started with; then it ends as that ends. A folder granted as /permissions is
 * where answers are kept; without one they hold until the system ends. */
#include "interface/permission.h"
#include "interface/permissions.h"
#include "lib/main.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/permission/control.h"
#include "programs/permission/decide.h"
#include "programs/permission/session.h"
#include "programs/permission/store.h"

static enum weft_status dispatch(const struct weft_event *event, struct body_reader *reader)
{
    if (event->interface == PERMISSION_INTERFACE_ID)
        return decide_take(event, reader);
    if (event->interface == PERMISSIONS_INTERFACE_ID)
        return control_take(event, reader);
    return WEFT_NOT_FOUND;
}

static void on_answer(struct weft_server *server)
{
    int status;
    if (session_has_ended(&server->event, &server->reader, &status))
        main_exit((uint32_t)status);
    person_take(&server->event, &server->reader);
}

/* Somebody who has no more to say than the program's name is at a terminal. */
static bool is_interactive(void)
{
    const struct system_start_record *record = start_record();
    return record != NULL && record->arguments.count == 2;
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    store_load();
    person_init(decide_replied);
    if (is_interactive())
        person_greet();
    int status = session_start();
    if (status != 0)
        return status;
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, dispatch(&server.event, &server.reader));
        else if (kind == WEFT_EVENT_ANSWER)
            on_answer(&server);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            person_forget(server.event.id);
    }
}
