/* While a question of the system's stands nothing comes here: the process waits for its answer alone
 * (attention.c), and what comes behind it finds what programs show drawn again. */
#include "programs/terminal/share.h"

#include "interface/screen_program.h"
#include "programs/terminal/pixels.h"

enum { READ_MAX = 1 << 14, ANSWER_HEAD = 32 };

static const struct side *shown_by;

/* NULL: there is no screen. */
static struct view *view(void)
{
    return shown_by->view == NULL ? NULL : shown_by->view();
}

static struct body_writer *new_answer(void)
{
    static uint8_t body[READ_MAX + ANSWER_HEAD];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

static enum weft_status on_size(void *context, const struct weft_event *event)
{
    struct screen_u64_error_result result = { .failed = view() == NULL,
                                              .error = SCREEN_ERROR_NONE };
    (void)context;
    if (!result.failed)
        result.value = pixels_size(view()->picture);
    return screen_size_answer(new_answer(), event->id, &result);
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct screen_read_arguments *arguments)
{
    static uint8_t bytes[READ_MAX];
    struct screen_bytes_error_result result = { .failed = view() == NULL,
                                                .error = SCREEN_ERROR_NONE };
    uint32_t count = arguments->count < READ_MAX ? arguments->count : (uint32_t)READ_MAX;
    (void)context;
    if (!result.failed)
        result.value = (struct weft_bytes){ bytes, pixels_read(view(), arguments->offset, bytes, count) };
    return screen_read_answer(new_answer(), event->id, &result);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct screen_write_arguments *arguments)
{
    struct weft_bytes bytes = arguments->bytes;
    struct screen_u32_error_result result = { .failed = view() == NULL,
                                              .error = SCREEN_ERROR_NONE };
    uint32_t count = 0;
    (void)context;
    if (!result.failed)
        count = pixels_write(view(), arguments->offset, bytes.data, bytes.size);
    if (!result.failed && count == 0 && bytes.size != 0)
        result = (struct screen_u32_error_result){ .failed = true,
                                                   .error = SCREEN_ERROR_NO_SPACE };
    if (!result.failed)
        result.value = count;
    if (event->id == 0)
        return WEFT_OK;
    return screen_write_answer(new_answer(), event->id, &result);
}

enum weft_status share_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct screen_server server = { .size = on_size,
                                                 .read = on_read,
                                                 .write = on_write };
    return screen_dispatch(&server, NULL, event, reader);
}

void share_init(const struct side *side)
{
    shown_by = side;
}
