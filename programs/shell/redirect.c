/* Redirections: which stream stands behind which descriptor. */
#include "interface/files_program.h"
#include "interface/pipe_program.h"
#include "interface/terminal_program.h"
#include "lib/server.h"
#include "programs/shell/language/tree.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

static uint8_t buffer[256];

static bool fail(const char *about, const char *why)
{
    complain(about, why);
    return false;
}

/* ---- Opening ------------------------------------------------------------------------------------
 */

/* The node becomes the stream's. */
static struct stream *stream_over(int32_t node, const char *path)
{
    struct weft_client client = client_at(pipe_slot(), buffer, sizeof(buffer));
    struct pipe_end_error_result result = { .failed = true };
    enum weft_status status = pipe_over(&client, node, &result);
    if (status == WEFT_OK && !result.failed)
        return stream_create(result.value);
    if (status != WEFT_OK)
        server_close(&node, 1);
    complain(path, status == WEFT_OK
                       ? "there are too many open files"
                       : "nobody answers `pipe` here; it takes --handle pipe=PROGRAM");
    return NULL;
}

/* Devices that are no files here; `*known` says whether the path is one. */
static struct stream *open_device(const char *path, bool *known)
{
    static const char prefix[] = "/dev/fd/";
    static const char *const names[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
    *known = true;
    if (strcmp(path, "/dev/null") == 0)
        return stream_nothing();
    if (strcmp(path, "/dev/tty") == 0) {
        struct weft_client client = client_at(terminal_slot(), buffer, sizeof(buffer));
        int32_t slot;
        if (terminal_open(&client, &slot) == WEFT_OK)
            return stream_create(slot);
        complain(path, "there is no terminal");
        return NULL;
    }
    for (int i = 0; i < 3; i++)
        if (strcmp(path, names[i]) == 0 && descriptors[i] != NULL)
            return stream_hold(descriptors[i]);
    if (strncmp(path, prefix, sizeof(prefix) - 1) == 0 && path[8] >= '0' && path[8] <= '9' &&
        path[9] == '\0' && descriptors[path[8] - '0'] != NULL)
        return stream_hold(descriptors[path[8] - '0']);
    *known = false;
    return NULL;
}

static uint32_t flags_of(enum redirect_kind kind)
{
    switch (kind) {
    case REDIRECT_OUTPUT:
    case REDIRECT_CLOBBER:
        return FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_TRUNCATE;
    case REDIRECT_APPEND:
        return FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_APPEND;
    case REDIRECT_BOTH:
        return FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_CREATE;
    default:
        return FILES_OPEN_FLAGS_READ;
    }
}

static struct stream *open_path(const char *path, enum redirect_kind kind)
{
    bool known;
    struct stream *device = open_device(path, &known);
    const char *why;
    if (known)
        return device;
    enum place_kind there = place_look(path, true).kind;
    if (kind == REDIRECT_OUTPUT && shell.no_clobber && there == PLACE_FILE) {
        complain(path, "it exists already, and set -C keeps it");
        return NULL;
    }
    if (there == PLACE_DIRECTORY) {
        complain(path, "it is a directory");
        return NULL;
    }
    int32_t node = place_open(path, flags_of(kind) | FILES_OPEN_FLAGS_FOLLOW, &why);
    if (node != WEFT_NO_SLOT)
        return stream_over(node, path);
    complain(path, why);
    return NULL;
}

/* ---- Following ----------------------------------------------------------------------------------
 */

static void put(int number, struct stream *stream)
{
    stream_release(descriptors[number]);
    descriptors[number] = stream;
}

/* N>&M and N>&-. */
static bool copy(const struct redirect *redirect, const char *target)
{
    if (strcmp(target, "-") == 0) {
        put(redirect->number, NULL);
        return true;
    }
    if (target[0] < '0' || target[0] > '9' || target[1] != '\0')
        return fail(target, "a descriptor is a digit");
    struct stream *stream = descriptors[target[0] - '0'];
    if (stream == NULL)
        return fail(target, "this descriptor is not open");
    put(redirect->number, stream_hold(stream));
    return true;
}

static bool here(const struct redirect *redirect)
{
    struct expander expander = run_expander();
    struct text body = { 0 };
    if (redirect->is_expanded)
        expand_here(&expander, redirect->body, &body);
    else
        text_add_string(&body, redirect->body);
    bool failed = expander.mistake.size != 0;
    run_mistake(&expander);
    struct stream *stream = failed ? NULL : stream_of_text(text_string(&body), body.size);
    text_free(&body);
    if (stream != NULL)
        put(redirect->number, stream);
    return stream != NULL;
}

/* A file, or with <<< a line that is the word itself. */
static struct stream *open_target(enum redirect_kind kind, struct text *target)
{
    if (kind != REDIRECT_TEXT)
        return open_path(text_string(target), kind);
    text_add_char(target, '\n');
    return stream_of_text(target->data, target->size);
}

static bool follow(const struct redirect *redirect)
{
    if (redirect->kind == REDIRECT_HERE)
        return here(redirect);
    struct expander expander = run_expander();
    struct text target = { 0 };
    expand_single(&expander, redirect->word, &target);
    bool done = expander.mistake.size == 0;
    run_mistake(&expander);
    if (done && (redirect->kind == REDIRECT_COPY_INPUT || redirect->kind == REDIRECT_COPY_OUTPUT)) {
        done = copy(redirect, text_string(&target));
    } else if (done) {
        struct stream *stream = open_target(redirect->kind, &target);
        done = stream != NULL;
        if (done)
            put(redirect->number, stream);
    }
    text_free(&target);
    return done;
}

bool redirect_begin(const struct redirect *redirects, struct saved *saved)
{
    saved->is_used = redirects != NULL;
    if (!saved->is_used)
        return true;
    for (int i = 0; i < DESCRIPTORS; i++)
        saved->streams[i] = stream_hold(descriptors[i]);
    for (; redirects != NULL; redirects = redirects->next)
        if (!follow(redirects))
            return false;
    return true;
}

void redirect_end(struct saved *saved)
{
    for (int i = 0; i < DESCRIPTORS && saved->is_used; i++)
        put(i, saved->streams[i]);
}

void redirect_keep(struct saved *saved)
{
    for (int i = 0; i < DESCRIPTORS && saved->is_used; i++)
        stream_release(saved->streams[i]);
}
