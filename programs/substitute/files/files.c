/* Stands for `files`: one folder, in which nothing is and nothing can be made. What is left out here
 * is answered as unsupported. */
#include "interface/files_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/server.h"

enum { FOLDER = 1 /* the badge of all slots */ };

static struct body_writer *new_answer(void)
{
    static uint8_t body[256];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

/* The folder itself, by one of its names. */
static bool is_here(struct weft_bytes path)
{
    for (uint32_t i = 0; i < path.size; i++)
        if (path.data[i] != '.' && path.data[i] != '/')
            return false;
    return path.size == 1 || (path.size == 2 && path.data[0] == '.' && path.data[1] == '/');
}

static enum weft_status on_directories(void *context, const struct weft_event *event)
{
    struct files_string_node_tuple root = { WEFT_BYTES("/"),
                                            server_mint(FILES_INTERFACE_HASH, FOLDER) };
    struct files_string_node_tuple_list list = { &root, 1 };
    (void)context;
    if (root.f1 == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    return files_directories_answer(new_answer(), event->id, &list);
}

/* Another slot to the folder, or why not. */
static enum weft_status answer_node(const struct weft_event *event, bool is_well,
                                    enum files_error error)
{
    struct files_node_error_result result = { .failed = !is_well };
    if (!is_well)
        result.error = error;
    else
        result.value = server_mint(FILES_INTERFACE_HASH, FOLDER);
    if (is_well && result.value == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    return files_node_open_answer(new_answer(), event->id, &result);
}

static enum weft_status on_open(void *context, const struct weft_event *event,
                                const struct files_node_open_arguments *arguments)
{
    bool makes = (arguments->flags & FILES_OPEN_FLAGS_CREATE) != 0;
    (void)context;
    return answer_node(event, is_here(arguments->path),
                       makes ? FILES_ERROR_READ_ONLY : FILES_ERROR_NOT_FOUND);
}

static enum weft_status on_narrow(void *context, const struct weft_event *event,
                                  const struct files_node_narrow_arguments *arguments)
{
    (void)context;
    (void)arguments;
    return answer_node(event, true, FILES_ERROR_IO);
}

static enum weft_status answer_status(const struct weft_event *event, bool is_well)
{
    struct files_status_error_result result = { .failed = !is_well };
    if (is_well)
        result.value = (struct files_status){ .inode = 1,
                                              .kind = FILES_NODE_KIND_DIRECTORY,
                                              .links = 1 };
    else
        result.error = FILES_ERROR_NOT_FOUND;
    return files_node_status_answer(new_answer(), event->id, &result);
}

static enum weft_status on_status(void *context, const struct weft_event *event)
{
    (void)context;
    return answer_status(event, true);
}

static enum weft_status on_status_at(void *context, const struct weft_event *event,
                                     const struct files_node_status_at_arguments *arguments)
{
    (void)context;
    return answer_status(event, is_here(arguments->path));
}

static enum weft_status on_list(void *context, const struct weft_event *event,
                                const struct files_node_list_arguments *arguments)
{
    struct files_entry entries[] = {
        { 1, 1, FILES_NODE_KIND_DIRECTORY, WEFT_BYTES(".") },
        { 2, 1, FILES_NODE_KIND_DIRECTORY, WEFT_BYTES("..") },
    };
    uint32_t from = arguments->from > 2 ? 2 : (uint32_t)arguments->from;
    struct files_entry_list_error_result result = { .value = { entries + from, 2 - from } };
    (void)context;
    return files_node_list_answer(new_answer(), event->id, &result);
}

static enum weft_status on_create_directory(
    void *context, const struct weft_event *event,
    const struct files_node_create_directory_arguments *arguments)
{
    struct files_none_error_result result = { .failed = true, .error = FILES_ERROR_READ_ONLY };
    (void)context;
    (void)arguments;
    return files_node_create_directory_answer(new_answer(), event->id, &result);
}

static enum weft_status on_unlink(void *context, const struct weft_event *event,
                                  const struct files_node_unlink_arguments *arguments)
{
    struct files_none_error_result result = { .failed = true, .error = FILES_ERROR_NOT_FOUND };
    (void)context;
    (void)arguments;
    return files_node_unlink_answer(new_answer(), event->id, &result);
}

static enum weft_status on_space(void *context, const struct weft_event *event)
{
    struct files_space_error_result result = { .failed = false };
    (void)context;
    return files_node_space_answer(new_answer(), event->id, &result);
}

/* Who comes by a row, without a badge, means the folder, unless he asks for it. */
static enum weft_status dispatch(const struct files_server *server,
                                 const struct weft_event *event, struct body_reader *reader)
{
    struct weft_event at_folder = *event;
    if (body_get_function(reader) != FILES_FUNCTION_DIRECTORIES)
        at_folder.badge = FOLDER;
    return files_dispatch(server, NULL, &at_folder, reader);
}

int weft_main(void)
{
    static const struct files_server files = {
        .directories = on_directories,
        .node_open = on_open,
        .node_narrow = on_narrow,
        .node_status = on_status,
        .node_status_at = on_status_at,
        .node_list = on_list,
        .node_create_directory = on_create_directory,
        .node_unlink = on_unlink,
        .node_space = on_space,
    };
    static _Alignas(8) uint8_t buffer[1 << 16];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, dispatch(&files, &server.event, &server.reader));
}
