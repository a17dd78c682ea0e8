/* The name space of a session: `files` with one directory, `/`, and `mounts`, the table of what is
 * to be seen in it. Volumes of its own are there from the start (volumes.c); directories of other
 * handlers are mounted by who has a slot for `mounts`, and at its start those that it was given
 * (`dir:PATH`). A slot without a badge, which a silo's row leads to, is `/`, too: such a slot goes on
 * when another process has taken the place of one that died.
 *
 *     fs/root [view FOLDER...]
 *
 * view: nothing but these folders of the name space that its silo has is to be seen. */
#include "lib/main.h"
#include "interface/clock_program.h"
#include "interface/mounts_program.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/fs/root/asking.h"
#include "programs/fs/root/forward.h"
#include "programs/fs/root/root.h"

enum {
    WHOLE_BADGE = 1, /* for `/` itself; open nodes have larger ones */
    BODY_MAX = (1 << 17) + 4096,
    BUFFER_BYTES = BODY_MAX * (1 + BODY_SCRATCH_FACTOR),
};

struct mounts mounts;
const struct weft_event *root_event;
const uint8_t *root_body;
const struct open_node *root_node;
static struct files_server server_of_files;

uint64_t root_now(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t time = 0;
    clock_realtime(&client, &time);
    return time;
}

uint64_t root_uptime(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t time = 0;
    clock_monotonic(&client, &time);
    return time;
}

static struct open_node root_itself(void)
{
    return (struct open_node){ .at = { &mounts.volume, VOLUME_ROOT },
                               .rights = OPEN_RIGHTS,
                               .may_change = true };
}

int32_t root_mint(void)
{
    const struct open_node root = root_itself();
    return open_add(&root);
}

static struct open_node *find_node(uint64_t badge)
{
    static struct open_node whole;
    if (badge != 0)
        return open_find(badge);
    whole = root_itself();
    return &whole;
}

const struct open_node *root_find(uint64_t badge)
{
    return find_node(badge);
}

static enum weft_status on_directories(void *context, const struct weft_event *event)
{
    struct files_string_node_tuple row = { WEFT_BYTES("/"), root_mint() };
    struct files_string_node_tuple_list list = { &row, 1 };
    (void)context;
    if (row.f1 == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    enum weft_status status = files_directories_answer(answer_begin(), event->id, &list);
    if (status != WEFT_OK)
        server_close(&row.f1, 1);
    return status;
}

/* A slot with a badge is an open node; one without is the handler, which lists its directories, and is
 * `/` itself. */
static enum weft_status dispatch_files(const struct weft_event *event, struct body_reader *reader)
{
    struct weft_event as_node = *event;
    if (body_get_function(reader) == FILES_FUNCTION_DIRECTORIES)
        return event->badge != 0 ? WEFT_DENIED
                                 : files_dispatch(&server_of_files, NULL, event, reader);
    struct open_node *node = find_node(event->badge);
    root_node = node;
    if (node == NULL)
        return WEFT_DENIED;
    if (event->badge == 0)
        as_node.badge = WHOLE_BADGE;
    return files_dispatch(&server_of_files, node, &as_node, reader);
}

static enum weft_status dispatch(const struct weft_event *event, struct body_reader *reader)
{
    root_event = event;
    if (event->interface == FILES_INTERFACE_ID)
        return dispatch_files(event, reader);
    return event->interface == MOUNTS_INTERFACE_ID ? table_dispatch(event, reader) : WEFT_NOT_FOUND;
}

static void take_message(struct weft_server *server)
{
    view_look();
    root_body = server->buffer;
    enum weft_status status = dispatch(&server->event, &server->reader);
    if (status == WEFT_GONE)
        view_renew();
    server_finish(server, status);
}

static void take_answer(struct weft_server *server)
{
    if (!asking_ended(server->event.id, &server->event, server->buffer)) {
        forward_answered(&server->event, server->buffer, &server->reader);
        return;
    }
    server_read(server);
    take_message(server);
    asking_over();
}

static void take_withdrawn(int64_t message)
{
    forward_withdrawn(message);
    asking_withdrawn(message);
}

static void take(struct weft_server *server)
{
    int32_t kind = server_wait(server, -1);
    if (kind == WEFT_EVENT_MESSAGE)
        take_message(server);
    else if (kind == WEFT_EVENT_ANSWER)
        take_answer(server);
    else if (kind == -WEFT_TOO_LARGE)
        forward_answered(&server->event, NULL, &server->reader);
    else if (kind == WEFT_EVENT_WITHDRAWN)
        take_withdrawn(server->event.id);
    else if (kind == WEFT_EVENT_CLOSED)
        open_close(server->event.badge);
}

/* ---- What it is started with ------------------------------------------------------------------ */

static void mount_given(const struct system_named_slot *given)
{
    static const char prefix[] = "dir:";
    enum { PREFIX = sizeof(prefix) - 1 };
    struct weft_bytes path = given->name;
    if (path.size < PREFIX || memcmp(path.data, prefix, PREFIX) != 0)
        return;
    path.data += PREFIX;
    path.size -= PREFIX;
    if (!table_mount_given(path, given->slot))
        say(LOG_LEVEL_ERROR, path,
            "it cannot be mounted: its path is to be absolute, and not that of another mount or below "
            "one");
}

/* Whether who started it had done so before. */
static bool is_successor(const struct system_start_record *record)
{
    for (uint32_t i = 0; i < record->environment.count; i++) {
        const struct system_string_string_tuple *variable = &record->environment.data[i];
        if (variable->f0.size == 6 && memcmp(variable->f0.data, "STARTS", 6) == 0)
            return variable->f1.size != 1 || variable->f1.data[0] != '1';
    }
    return false;
}

static void take_start_record(void)
{
    const struct system_start_record *record = start_record();
    if (record == NULL)
        return;
    for (uint32_t i = 0; i < record->slots.count; i++)
        mount_given(&record->slots.data[i]);
    if (is_successor(record))
        say(LOG_LEVEL_WARNING, WEFT_BYTES("files"),
            "the name space is another one now: what was in /tmp is lost, and what was mounted by hand; "
            "files that were open are closed");
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    mounts_init(&mounts);
    server_of_files.directories = on_directories;
    paths_fill(&server_of_files);
    changes_fill(&server_of_files);
    nodes_fill(&server_of_files);
    if (!view_begin()) {
        volumes_mount();
        take_start_record();
    }
    for (;;)
        take(&server);
}
