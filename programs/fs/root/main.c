/* The name space of a session: `files` with one directory, `/`, and `mounts`, the table of what is
 * to be seen in it. Volumes of its own are there from the start (volumes.c); directories of other
 * handlers are mounted by who has a slot for `mounts`.
 *
 * It is started with a slot `parent` to who wants to be told of its `/` (`mounts.serve`). */
#include "lib/main.h"
#include "interface/clock_program.h"
#include "interface/mounts_program.h"
#include "lib/start.h"
#include "programs/fs/root/forward.h"
#include "programs/fs/root/root.h"

enum {
    TABLE_BADGE = 1, /* open nodes have larger ones */
    BODY_MAX = (1 << 17) + 4096,
    BUFFER_BYTES = BODY_MAX * (1 + BODY_SCRATCH_FACTOR),
};

struct mounts mounts;
const struct weft_event *root_event;
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

int32_t root_mint(void)
{
    const struct open_node root = { .at = { &mounts.volume, VOLUME_ROOT },
                                    .rights = OPEN_RIGHTS,
                                    .may_change = true };
    return open_add(&root);
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

/* A slot with a badge is an open node; one without is the handler, which lists its directories. */
static enum weft_status dispatch_files(const struct weft_event *event, struct body_reader *reader)
{
    struct open_node *node = open_find(event->badge);
    root_node = node;
    bool lists = body_get_function(reader) == FILES_FUNCTION_DIRECTORIES;
    if (lists ? event->badge != 0 : node == NULL)
        return WEFT_DENIED;
    return files_dispatch(&server_of_files, node, event, reader);
}

static enum weft_status dispatch(const struct weft_event *event, struct body_reader *reader)
{
    root_event = event;
    if (event->interface == FILES_INTERFACE_ID)
        return dispatch_files(event, reader);
    return event->interface == MOUNTS_INTERFACE_ID ? table_dispatch(event, reader) : WEFT_NOT_FOUND;
}

static void take(struct weft_server *server)
{
    int32_t kind = server_wait(server, -1);
    if (kind == WEFT_EVENT_MESSAGE)
        server_finish(server, dispatch(&server->event, &server->reader));
    else if (kind == WEFT_EVENT_ANSWER)
        forward_answered(&server->event, server->buffer, &server->reader);
    else if (kind == -WEFT_TOO_LARGE)
        forward_answered(&server->event, NULL, &server->reader);
    else if (kind == WEFT_EVENT_WITHDRAWN)
        forward_withdrawn(server->event.id);
    else if (kind == WEFT_EVENT_CLOSED)
        open_close(server->event.badge);
}

/* Whoever does not want to be told has nothing to give that for. */
static void tell_parent(void)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = start_slot("parent"),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (client.slot == WEFT_NO_SLOT)
        return;
    int32_t slots[2] = { root_mint(), server_mint(MOUNTS_INTERFACE_HASH, TABLE_BADGE) };
    if (slots[0] == WEFT_NO_SLOT || slots[1] == WEFT_NO_SLOT ||
        mounts_serve_send(&client, slots[0], slots[1], 0) < 0)
        main_exit(1);
    server_close(&client.slot, 1);
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
    volumes_mount();
    tell_parent();
    for (;;)
        take(&server);
}
