/* Decides what programs may do: answers the kernel's questions, by what is remembered or by asking
 * the person at the terminal. A service: whoever starts it binds it where it is to decide.
 *
 *     permission [quiet]
 *
 * quiet: it does not tell the words that sign its questions before there is one. A folder granted as
 * /permissions is where answers are kept; without one they hold until the system ends. */
#include "interface/permission.h"
#include "interface/permissions.h"
#include "lib/main.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/permission/control.h"
#include "programs/permission/decide.h"
#include "programs/permission/ruling.h"
#include "programs/permission/store.h"
#include "programs/permission/view.h"

static enum weft_status on_ruling(void *context, const struct weft_event *event,
                                  const struct rulings_add_arguments *arguments)
{
    (void)context;
    (void)event;
    if (!ruling_add(&arguments->program))
        say(LOG_LEVEL_ERROR, arguments->program.name,
            "not all is understood of what the manifest says of it: the rest is as if it were not there");
    return WEFT_OK;
}

static enum weft_status dispatch(const struct weft_event *event, struct body_reader *reader)
{
    static const struct rulings_server manifest = { .add = on_ruling };
    if (event->interface == PERMISSION_INTERFACE_ID)
        return decide_take(event, reader);
    if (event->interface == PERMISSIONS_INTERFACE_ID)
        return control_take(event, reader);
    if (event->interface == RULINGS_INTERFACE_ID)
        return rulings_dispatch(&manifest, NULL, event, reader);
    return WEFT_NOT_FOUND;
}

/* Once for each system, and not to somebody who has more to do than to sit at its terminal. */
static bool is_to_greet(const struct system_start_record *record)
{
    return record != NULL && record->arguments.count == 1 &&
           !person_is_successor();
}

static void take_answer(struct weft_server *server)
{
    if (!person_take(&server->event, &server->reader))
        view_take_end(server->event.id);
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    const struct system_start_record *record = start_record();
    store_load();
    person_init(decide_replied);
    if (is_to_greet(record))
        person_greet();
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, dispatch(&server.event, &server.reader));
        else if (kind == WEFT_EVENT_ANSWER)
            take_answer(&server);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            person_forget(server.event.id);
    }
}
