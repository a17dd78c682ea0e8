#include "programs/fs/root/root.h"

static _Alignas(8) uint8_t body[ANSWER_MAX + ANSWER_HEAD];

struct body_writer *answer_begin(void)
{
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

enum files_error answer_error(int failure)
{
    return (enum files_error)(failure - 1);
}

/* All functions of this result type have one wire form, so one encoder serves them. */
enum weft_status answer_none(const struct weft_event *event, int failure)
{
    struct files_none_error_result result = { .failed = failure != 0 };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    if (result.failed)
        result.error = answer_error(failure);
    return files_node_sync_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_bytes(const struct weft_event *event, struct weft_bytes bytes, int failure)
{
    struct files_bytes_error_result result = { .failed = failure != 0 };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    if (result.failed)
        result.error = answer_error(failure);
    else
        result.value = bytes;
    return files_node_read_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_count(const struct weft_event *event, uint32_t count, int failure)
{
    struct files_u32_error_result result = { .failed = failure != 0 };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    if (result.failed)
        result.error = answer_error(failure);
    else
        result.value = count;
    return files_node_write_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_readable(const struct weft_event *event, uint64_t size, int failure)
{
    struct files_u64_error_result result = { .failed = failure != 0 };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    if (result.failed)
        result.error = answer_error(failure);
    else
        result.value = size;
    return files_node_readable_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_no_status(const struct weft_event *event, int failure)
{
    struct files_status_error_result result = { .failed = true, .error = answer_error(failure) };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    return files_node_status_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_status(const struct weft_event *event, struct volume_node node)
{
    struct files_status_error_result result = { 0 };
    int failure = node.volume->operations->status(node.volume, node.node, &result.value);
    result.value.device = node.volume->number;
    result.failed = failure != 0;
    if (result.failed)
        result.error = answer_error(failure);
    return files_node_status_answer(answer_begin(), event->id, &result);
}

enum weft_status answer_opened(const struct weft_event *event, int failure,
                               const struct open_node *node)
{
    struct files_node_error_result result = { .failed = true };
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    int32_t slot = failure == 0 ? open_add(node) : WEFT_NO_SLOT;
    result.failed = slot == WEFT_NO_SLOT;
    if (!result.failed)
        result.value = slot;
    else
        result.error = failure != 0 ? answer_error(failure) : FILES_ERROR_TOO_MANY_OPEN;
    enum weft_status status = files_node_open_answer(answer_begin(), event->id, &result);
    /* Who does not wait any more has not taken it; closing it ends the node. */
    if (status != WEFT_OK && !result.failed)
        server_close(&slot, 1);
    return status;
}
