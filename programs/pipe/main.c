/* Handles `pipe`: many pipes, whose ends are slots that speak `stream`. One message after the
 * other, each in time linear in its size, so that no client starves another. */
#include "lib/main.h"
#include "interface/pipe_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/pages.h"
#include "lib/server.h"
#include "programs/pipe/file.h"
#include "programs/pipe/pipe.h"

enum {
    PIPES_MAX = 1 << 16,
    CAPACITY_USUAL = 64 << 10,
    CAPACITY_MIN = 4096,
    CAPACITY_MAX = 1 << 20,
    BADGE_INDEX_BITS = 32,
};

enum end { END_READING, END_WRITING };

static struct pipe *pipes[PIPES_MAX];
static uint32_t generations[PIPES_MAX];
static uint32_t unused[PIPES_MAX]; /* places that were used and are not now */
static uint32_t unused_count, used_count;
static struct chunk *received; /* what the next message is received into */

/* ---- Pipes and badges --------------------------------------------------------------------------
 */

static uint64_t badge_of(uint32_t index, enum end end)
{
    return (uint64_t)(generations[index] & 0x7fffffff) << BADGE_INDEX_BITS | index << 1 |
           (uint32_t)end;
}

/* NULL if it is no end of that kind. */
static struct pipe *pipe_of(uint64_t badge, enum end end)
{
    uint32_t index = (uint32_t)badge >> 1;
    if (index >= PIPES_MAX || pipes[index] == NULL || (badge & 1) != (uint64_t)end ||
        pipes[index]->generation != badge >> BADGE_INDEX_BITS)
        return NULL;
    return pipes[index];
}

static uint32_t place_take(void)
{
    if (unused_count != 0)
        return unused[--unused_count];
    return used_count < PIPES_MAX ? used_count++ : PIPES_MAX;
}

static struct pipe *pipe_make(uint64_t silo, uint32_t capacity, uint32_t *index)
{
    struct account *account = account_open(silo);
    struct chunk *chunk = account == NULL ? NULL : chunk_take(sizeof(struct pipe));
    *index = chunk == NULL ? PIPES_MAX : place_take();
    if (*index == PIPES_MAX) {
        if (chunk != NULL)
            chunk_give(chunk);
        if (account != NULL)
            account_close(account);
        return NULL;
    }
    struct pipe *pipe = (struct pipe *)(void *)chunk->bytes;
    *pipe = (struct pipe){ .generation = ++generations[*index] & 0x7fffffff,
                           .capacity = capacity,
                           .account = account };
    pipes[*index] = pipe;
    return pipe;
}

static void pipe_unmake(uint32_t index)
{
    struct pipe *pipe = pipes[index];
    pipes[index] = NULL;
    unused[unused_count++] = index;
    account_close(pipe->account);
    chunk_give((struct chunk *)(void *)((uint8_t *)pipe - offsetof(struct chunk, bytes)));
}

static enum weft_status answer_create(int64_t id,
                                      const struct pipe_end_end_tuple_error_result *result)
{
    uint8_t body[32];
    struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return pipe_create_answer(&writer, id, result);
}

static enum weft_status on_create(void *context, const struct weft_event *event,
                                  const struct pipe_create_arguments *arguments)
{
    (void)context;
    struct pipe_end_end_tuple_error_result result = { .failed = true, .error = PIPE_ERROR_LIMIT };
    uint32_t index;
    uint32_t capacity = arguments->capacity == 0 ? CAPACITY_USUAL : arguments->capacity;
    capacity = capacity < CAPACITY_MIN ? CAPACITY_MIN : capacity;
    capacity = capacity > CAPACITY_MAX ? CAPACITY_MAX : capacity;
    if (pipe_make(event->sender_silo, capacity, &index) == NULL)
        return answer_create(event->id, &result);
    int32_t ends[] = { server_mint(STREAM_INTERFACE_HASH, badge_of(index, END_READING)),
                       server_mint(STREAM_INTERFACE_HASH, badge_of(index, END_WRITING)) };
    enum weft_status status = WEFT_LIMIT;
    if (ends[0] != WEFT_NO_SLOT && ends[1] != WEFT_NO_SLOT) {
        result.failed = false;
        result.value = (struct pipe_end_end_tuple){ ends[0], ends[1] };
        status = answer_create(event->id, &result);
    }
    if (status == WEFT_OK)
        return WEFT_OK;
    for (int end = END_READING; end <= END_WRITING; end++)
        if (ends[end] != WEFT_NO_SLOT)
            server_close(&ends[end], 1);
    /* The ends that were minted tell when they are gone; without any, nothing does. */
    if (ends[0] == WEFT_NO_SLOT)
        pipes[index]->reading_closed = true;
    if (ends[1] == WEFT_NO_SLOT)
        pipes[index]->writing_closed = true;
    if (ends[0] == WEFT_NO_SLOT && ends[1] == WEFT_NO_SLOT)
        pipe_unmake(index);
    return status == WEFT_BAD_MESSAGE ? WEFT_OK : status;
}

static enum weft_status answer_file(int64_t id, int32_t slot)
{
    uint8_t body[32];
    struct body_writer writer;
    struct pipe_end_error_result result = { .failed = slot == WEFT_NO_SLOT };
    if (result.failed)
        result.error = PIPE_ERROR_LIMIT;
    else
        result.value = slot;
    body_writer_init(&writer, body, sizeof(body));
    return pipe_over_answer(&writer, id, &result);
}

static enum weft_status on_over(void *context, const struct weft_event *event,
                                const struct pipe_over_arguments *arguments)
{
    (void)context;
    int32_t slot = file_create(event->sender_silo, arguments->file);
    if (slot == WEFT_NO_SLOT)
        server_close(&arguments->file, 1);
    if (answer_file(event->id, slot) != WEFT_OK && slot != WEFT_NO_SLOT)
        server_close(&slot, 1);
    return WEFT_OK;
}

static enum weft_status on_nothing(void *context, const struct weft_event *event)
{
    (void)context;
    int32_t slot = file_create(event->sender_silo, WEFT_NO_SLOT);
    if (answer_file(event->id, slot) != WEFT_OK && slot != WEFT_NO_SLOT)
        server_close(&slot, 1);
    return WEFT_OK;
}

static void on_closed(uint64_t badge)
{
    if ((badge & FILE_BADGE) != 0) {
        file_closed(badge);
        return;
    }
    struct pipe *reading = pipe_of(badge, END_READING);
    struct pipe *writing = pipe_of(badge, END_WRITING);
    struct pipe *pipe = reading != NULL ? reading : writing;
    if (pipe == NULL)
        return;
    if (reading != NULL) {
        pipe->reading_closed = true;
        pipe_end_reading(pipe);
    } else {
        pipe->writing_closed = true;
        pipe_end_writing(pipe);
    }
    if (pipe->reading_closed && pipe->writing_closed && pipe->question_count == 0)
        pipe_unmake((uint32_t)badge >> 1);
}

/* ---- Both ends, as streams ---------------------------------------------------------------------
 */

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    struct stream_bytes_error_result result = { .failed = true, .error = STREAM_ERROR_UNSUPPORTED };
    uint8_t body[16];
    struct body_writer writer;
    struct pipe *pipe = pipe_of(event->badge, END_READING);
    if (pipe != NULL) {
        pipe_read(pipe, event->id, arguments->count);
        return WEFT_OK;
    }
    body_writer_init(&writer, body, sizeof(body));
    return stream_read_answer(&writer, event->id, &result);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    struct stream_u32_error_result result = { .failed = true, .error = STREAM_ERROR_UNSUPPORTED };
    uint8_t body[16];
    struct body_writer writer;
    struct pipe *pipe = pipe_of(event->badge, END_WRITING);
    if (pipe == NULL) {
        body_writer_init(&writer, body, sizeof(body));
        return stream_write_answer(&writer, event->id, &result);
    }
    struct chunk *chunk = received;
    if (arguments->bytes.size != 0)
        chunk->begin = (uint32_t)(arguments->bytes.data - chunk->bytes);
    chunk->end = chunk->begin + arguments->bytes.size;
    received = NULL;
    pipe_write(pipe, event->id, chunk);
    return WEFT_OK;
}

static enum weft_status answer_unsupported(int64_t id)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u64_error_result result = { .failed = true, .error = STREAM_ERROR_UNSUPPORTED };
    body_writer_init(&writer, body, sizeof(body));
    return stream_readable_answer(&writer, id, &result);
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    struct pipe *pipe = pipe_of(event->badge, END_READING);
    if (pipe == NULL)
        return answer_unsupported(event->id);
    pipe_readable(pipe, event->id);
    return WEFT_OK;
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    struct pipe *pipe = pipe_of(event->badge, END_WRITING);
    if (pipe == NULL)
        return answer_unsupported(event->id);
    pipe_writable(pipe, event->id);
    return WEFT_OK;
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[16];
    struct body_writer writer;
    enum stream_kind kind = STREAM_KIND_PIPE;
    body_writer_init(&writer, body, sizeof(body));
    return stream_kind_answer(&writer, event->id, &kind);
}

static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[16];
    struct body_writer writer;
    struct pipe *pipe = pipe_of(event->badge, END_WRITING);
    struct stream_none_error_result result = { .failed = pipe == NULL,
                                               .error = STREAM_ERROR_UNSUPPORTED };
    if (pipe != NULL)
        pipe_end_writing(pipe);
    body_writer_init(&writer, body, sizeof(body));
    return stream_finish_answer(&writer, event->id, &result);
}

/* ---- The loop ----------------------------------------------------------------------------------
 */

static const struct pipe_server pipe_server = {
    .create = on_create,
    .over = on_over,
    .nothing = on_nothing,
};
static const struct stream_server stream_server = {
    .read = on_read,
    .write = on_write,
    .readable = on_readable,
    .writable = on_writable,
    .kind = on_kind,
    .finish = on_finish,
};

static enum weft_status dispatch(const struct weft_event *event, struct body_reader *reader)
{
    if (event->badge == 0 && event->interface == PIPE_INTERFACE_ID)
        return pipe_dispatch(&pipe_server, NULL, event, reader);
    if ((event->badge & FILE_BADGE) != 0)
        return file_dispatch(event, reader, &received);
    if (event->badge != 0 && event->interface == STREAM_INTERFACE_ID)
        return stream_dispatch(&stream_server, NULL, event, reader);
    return WEFT_UNSUPPORTED;
}

/* What is larger than any chunk has to be received all the same before it can be refused. */
static int32_t refuse_large(struct weft_event *event)
{
    static uint8_t *whole;
    if (whole == NULL)
        whole = pages_take(WEFT_BODY_MAX);
    if (whole == NULL)
        __builtin_trap(); /* it would stay the first message for ever */
    int32_t kind = weft_wait(NULL, 0, event, whole, WEFT_BODY_MAX, -1);
    struct weft_server message = { .event = *event };
    if (kind == WEFT_EVENT_MESSAGE)
        server_finish(&message, WEFT_TOO_LARGE);
    return WEFT_EVENT_NONE;
}

/* Receives the next event; a body that is larger than the chunk at hand gets one that fits. */
static int32_t receive(struct weft_event *event)
{
    if (received == NULL)
        received = chunk_take(CHUNK_USUAL);
    if (received == NULL)
        __builtin_trap(); /* without memory for a single message there is nothing to be done */
    int32_t kind = weft_wait(NULL, 0, event, received->bytes + CHUNK_MARGIN,
                             received->capacity - CHUNK_MARGIN, -1);
    if (kind != -WEFT_TOO_LARGE)
        return kind;
    struct chunk *larger = chunk_take(event->size);
    if (larger == NULL)
        return refuse_large(event);
    chunk_give(received);
    received = larger;
    return WEFT_EVENT_NONE;
}

static void on_message(struct weft_event *event)
{
    struct body_reader reader;
    struct weft_server message = { .event = *event };
    body_reader_init(&reader, event, received->bytes + CHUNK_MARGIN);
    received->begin = CHUNK_MARGIN;
    server_finish(&message, dispatch(event, &reader));
}

int weft_main(void)
{
    struct weft_event event;
    for (;;) {
        int32_t kind = receive(&event);
        if (kind == WEFT_EVENT_MESSAGE)
            on_message(&event);
        else if (kind == WEFT_EVENT_ANSWER)
            file_answered(&event, received);
        else if (kind == WEFT_EVENT_CLOSED)
            on_closed(event.badge);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            pipe_withdraw(event.id);
    }
}
