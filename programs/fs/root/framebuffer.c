/* The kernel says what the picture is like; whoever draws it, the terminal, lets others have a part in it. */
#include "programs/fs/root/framebuffer.h"

#include "interface/framebuffer_program.h"
#include "interface/screen_program.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/remote.h"
#include "programs/fs/root/root.h"

/* ---- What it is like ------------------------------------------------------------------------- */

static bool ask_mode(struct framebuffer_mode *mode)
{
    uint8_t buffer[128];
    struct weft_client client = { .slot = framebuffer_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct framebuffer_mode_error_result result;
    if (!authority_exists(FRAMEBUFFER_INTERFACE_HASH) ||
        framebuffer_mode(&client, &result) != WEFT_OK || result.failed)
        return false;
    *mode = result.value;
    return true;
}

bool framebuffer_is_there(void)
{
    struct framebuffer_mode mode;
    return authority_exists(SCREEN_INTERFACE_HASH) && ask_mode(&mode);
}

/* It has places and an end, as a disk has. */
void framebuffer_status(uint64_t node, struct files_status *status)
{
    struct framebuffer_mode mode = { 0 };
    ask_mode(&mode);
    *status = (struct files_status){
        .inode = node,
        .kind = FILES_NODE_KIND_BLOCK_DEVICE,
        .links = 1,
        .size = (uint64_t)mode.pitch * mode.height,
    };
}

static void put_channel(struct text *text, const char *name, struct framebuffer_channel channel)
{
    text_put(text, name);
    text_put(text, "\t");
    text_number(text, channel.position);
    text_put(text, "\t");
    text_number(text, channel.size);
    text_put(text, "\n");
}

bool framebuffer_write_facts(struct text *text)
{
    struct framebuffer_mode mode;
    if (!ask_mode(&mode))
        return true; /* nothing is to be said of none */
    text_count(text, "width", mode.width);
    text_count(text, "height", mode.height);
    text_count(text, "pitch", mode.pitch);
    text_count(text, "bits", mode.bits_per_pixel);
    put_channel(text, "red", mode.red);
    put_channel(text, "green", mode.green);
    put_channel(text, "blue", mode.blue);
    return true;
}

/* ---- Its bytes ------------------------------------------------------------------------------- */

static int failure_of(enum screen_error error)
{
    return error == SCREEN_ERROR_NO_SPACE ? FAILURE(NO_SPACE) : FAILURE(NO_DEVICE);
}

static void on_read(const struct weft_event *asked, struct body_reader *answer, uint64_t what)
{
    struct screen_bytes_error_result result;
    (void)what;
    if (answer == NULL || !screen_read_result_decode(answer, &result))
        answer_bytes(asked, (struct weft_bytes){ 0 }, FAILURE(IO));
    else if (result.failed)
        answer_bytes(asked, (struct weft_bytes){ 0 }, failure_of(result.error));
    else
        answer_bytes(asked, result.value, 0);
}

static int read(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    if (span->size == 0)
        return 0;
    screen_read_encode(client_begin(&client), offset, span->size);
    return remote_ask(&client, on_read, 0);
}

static void on_written(const struct weft_event *asked, struct body_reader *answer, uint64_t what)
{
    struct screen_u32_error_result result;
    (void)what;
    if (answer == NULL || !screen_write_result_decode(answer, &result))
        answer_count(asked, 0, FAILURE(IO));
    else if (result.failed)
        answer_count(asked, 0, failure_of(result.error));
    else
        answer_count(asked, result.value, 0);
}

static int write(struct volume *volume, uint64_t node, uint64_t offset, struct weft_bytes bytes,
                 uint32_t *count)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    *count = 0;
    if (bytes.size == 0)
        return 0;
    screen_write_encode(client_begin(&client), offset, remote_part(bytes));
    return remote_ask(&client, on_written, 0);
}

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    (void)volume;
    framebuffer_status(node, status);
    return 0;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static const struct volume_operations operations = {
    .status = status,
    .read = read,
    .write = write,
    .hold = remote_hold,
    .release = remote_release,
};
static struct volume opened = { .operations = &operations };

/* By a row of its own: that by which it was asked goes with the answer. */
static void on_size(const struct weft_event *asked, struct body_reader *answer, uint64_t flags)
{
    struct screen_u64_error_result result;
    struct weft_client client;
    int failure = FAILURE(NO_DEVICE);
    root_event = asked;
    root_body = NULL;
    if (answer != NULL && screen_size_result_decode(answer, &result) && !result.failed)
        failure = remote_find_row(SCREEN_INTERFACE_HASH, &client);
    if (failure == 0)
        remote_give(asked, client.slot, &opened, (uint32_t)flags);
    else
        answer_opened(asked, failure, NULL);
}

int framebuffer_open(uint32_t flags)
{
    struct weft_client client;
    int failure = remote_find_row(SCREEN_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    screen_size_encode(client_begin(&client));
    return remote_ask_row(&client, on_size, flags);
}
