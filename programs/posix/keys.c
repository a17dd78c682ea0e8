/* Keys that are typed, and that the screen has another size meanwhile: of all signals of Unix the
 * one that programs which draw on the whole screen cannot do without. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/client.h"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_adopt"))) extern int
wasi_fd_adopt(int slot, int *descriptor);

static struct weft_client *client_of(int32_t slot)
{
    static _Alignas(8) uint8_t buffer[256];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    client.slot = slot;
    return &client;
}

/* What the terminal gives who asks for it; 0: nobody has asked yet. */
static int32_t stream;

static bool find_stream(void)
{
    if (stream == 0 && terminal_open(client_of(terminal_slot()), &stream) != WEFT_OK)
        stream = WEFT_NO_SLOT;
    return stream != WEFT_NO_SLOT;
}

int posix_open_keys(const char *path)
{
    int descriptor = open(path, O_RDONLY);
    int32_t keys = WEFT_NO_SLOT;
    if (descriptor >= 0 || terminal_open(client_of(terminal_slot()), &keys) != WEFT_OK)
        return descriptor;
    errno = wasi_fd_adopt(keys, &descriptor);
    return errno == 0 ? descriptor : -1;
}

/* The size that the program has been told of; 0 columns: of none. */
static struct terminal_size known;

static void take_size(const struct terminal_size_error_result *result)
{
    known = result->failed ? (struct terminal_size){ 0 } : result->value;
}

static bool is_size_known(void)
{
    struct terminal_size_error_result result = { .failed = true };
    if (known.columns == 0 && terminal_size(client_of(terminal_slot()), &result) == WEFT_OK)
        take_size(&result);
    return known.columns != 0;
}

/* A question whether there is a key; 0: none is under way. */
static int64_t asked;

static void withdraw(int64_t *id)
{
    if (*id > 0)
        weft_answer(*id, WEFT_OK, NULL, 0, NULL, 0);
    *id = 0;
}

int posix_key_waits(int descriptor)
{
    uint8_t body[64];
    struct weft_event event;
    if (!isatty(descriptor) || !find_stream())
        return false;
    if (asked <= 0)
        asked = stream_readable_send(client_of(stream), WEFT_WANT_ANSWER);
    if (asked <= 0 || weft_wait(&asked, 1, &event, body, sizeof(body), 0) != WEFT_EVENT_ANSWER)
        return false;
    asked = 0;
    return event.status == WEFT_OK;
}

/* Waits for a key or another size; whether it is the size. */
static bool waits_for_size(void)
{
    uint8_t body[64];
    struct weft_event event = { 0 };
    struct body_reader reader;
    struct terminal_size_error_result result = { .failed = true };
    int64_t ids[] = { terminal_resized_send(client_of(terminal_slot()), known, WEFT_WANT_ANSWER),
                      stream_readable_send(client_of(stream), WEFT_WANT_ANSWER) };
    bool is_resized = false;
    if (ids[0] > 0 && ids[1] > 0 &&
        weft_wait(ids, 2, &event, body, sizeof(body), -1) == WEFT_EVENT_ANSWER) {
        is_resized = event.id == ids[0] && event.status == WEFT_OK;
        body_reader_init(&reader, &event, body);
    }
    if (is_resized) {
        terminal_resized_result_decode(&reader, &result);
        take_size(&result);
    }
    for (int i = 0; i < 2; i++)
        if (ids[i] != event.id)
            withdraw(&ids[i]);
    return is_resized;
}

ssize_t posix_read_key(int descriptor, void *buffer, size_t size)
{
    if (isatty(descriptor)) {
        withdraw(&asked);
        if (find_stream() && is_size_known() && waits_for_size()) {
            raise(SIGWINCH);
            errno = EINTR;
            return -1;
        }
    }
    return read(descriptor, buffer, size);
}
