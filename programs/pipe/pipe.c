#include "programs/pipe/pipe.h"

#include "interface/stream_program.h"
#include "lib/memory.h"
#include "programs/pipe/question.h"

enum {
    ANSWER_HEAD = 12, /* an answer's result: the case, then offset and size of the bytes */
    MERGE_MAX = 4096, /* writes up to this size are put behind what the last chunk has */
    MERGE_CHUNK = 16 << 10,
    KEEP_PART = 4, /* a chunk is kept for a write that fills one part in so many */
};

/* ---- Answers: false if it could not be given, and the message is no longer of interest ----------
 */

/* A message that cannot be answered for want of room gets the reason in place of the answer. */
static bool settle(int64_t id, const struct body_writer *writer)
{
    int32_t result = id == 0 ? 0 : weft_answer(id, WEFT_OK, writer->data, writer->size, NULL, 0);
    if (result < 0 && result != -WEFT_BAD_MESSAGE)
        weft_answer(id, -result, NULL, 0, NULL, 0);
    return result == 0;
}

static void refuse(int64_t id, enum weft_status status)
{
    if (id != 0)
        weft_answer(id, (int32_t)status, NULL, 0, NULL, 0);
}

static void answer_written(int64_t id, uint32_t count)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u32_error_result result = { .failed = count == 0, .error = STREAM_ERROR_CLOSED };
    if (count != 0)
        result.value = count;
    body_writer_init(&writer, body, sizeof(body));
    stream_write_result_encode(&writer, &result);
    settle(id, &writer);
}

static void answer_ready(int64_t id, bool closed, uint64_t count)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u64_error_result result = { .failed = closed };
    if (closed)
        result.error = STREAM_ERROR_CLOSED;
    else
        result.value = count;
    body_writer_init(&writer, body, sizeof(body));
    stream_readable_result_encode(&writer, &result);
    settle(id, &writer);
}

/* The bytes are answered with from where they lie, with the head before them. */
static bool answer_bytes(int64_t id, uint8_t *bytes, uint32_t count)
{
    const uint32_t head[ANSWER_HEAD / 4] = { 0, ANSWER_HEAD, count };
    struct body_writer writer = { .data = bytes - ANSWER_HEAD, .size = ANSWER_HEAD + count };
    memcpy(writer.data, head, ANSWER_HEAD);
    return settle(id, &writer);
}

static bool answer_end(int64_t id)
{
    uint8_t body[16];
    struct body_writer writer;
    const struct stream_bytes_error_result result = { .failed = false };
    body_writer_init(&writer, body, sizeof(body));
    stream_read_result_encode(&writer, &result);
    return settle(id, &writer);
}

/* ---- The queue ----------------------------------------------------------------------------------
 */

static void drop_first(struct pipe *pipe)
{
    struct chunk *chunk = pipe->first;
    pipe->first = chunk->next;
    if (pipe->first == NULL)
        pipe->last = NULL;
    chunk_give(chunk);
}

static void take_bytes(struct pipe *pipe, uint32_t count)
{
    pipe->first->begin += count;
    pipe->size -= count;
    pipe->read_total += count;
    pipe->account->bytes -= count;
    if (chunk_size(pipe->first) == 0)
        drop_first(pipe);
}

static uint32_t taken_size(const struct pipe *pipe)
{
    return pipe->size < pipe->capacity ? pipe->size : pipe->capacity;
}

/* Takes the last `count` bytes of the queue out of it. */
static void cut_off(struct pipe *pipe, uint64_t from, uint32_t count)
{
    uint64_t at = pipe->read_total;
    struct chunk *before = NULL;
    struct chunk *chunk = pipe->first;
    while (at + chunk_size(chunk) <= from) {
        at += chunk_size(chunk);
        before = chunk;
        chunk = chunk->next;
    }
    uint32_t kept = (uint32_t)(from - at);
    memmove(chunk->bytes + chunk->begin + kept, chunk->bytes + chunk->begin + kept + count,
            chunk_size(chunk) - kept - count);
    chunk->end -= count;
    pipe->size -= count;
    pipe->written_total -= count;
    pipe->account->bytes -= count;
    if (chunk_size(chunk) != 0)
        return;
    if (before == NULL) {
        drop_first(pipe);
        return;
    }
    before->next = chunk->next;
    if (pipe->last == chunk)
        pipe->last = before;
    chunk_give(chunk);
}

/* ---- What can be answered now ------------------------------------------------------------------
 */

static void serve_readers(struct pipe *pipe)
{
    struct question *reader;
    while ((reader = pipe->questions[PIPE_READ].first) != NULL &&
           (pipe->size != 0 || pipe->writing_gone)) {
        int64_t id = reader->id;
        uint32_t wanted = reader->count;
        question_remove(reader);
        if (pipe->size == 0) {
            answer_end(id);
            continue;
        }
        struct chunk *chunk = pipe->first;
        uint32_t count = chunk_size(chunk) < wanted ? chunk_size(chunk) : wanted;
        if (answer_bytes(id, chunk->bytes + chunk->begin, count))
            take_bytes(pipe, count);
    }
    while ((reader = pipe->questions[PIPE_READABLE].first) != NULL &&
           (pipe->size != 0 || pipe->writing_gone)) {
        int64_t id = reader->id;
        question_remove(reader);
        answer_ready(id, false, taken_size(pipe));
    }
}

static void serve_writers(struct pipe *pipe)
{
    struct question *writer;
    while ((writer = pipe->questions[PIPE_WRITE].first) != NULL &&
           writer->end <= pipe->read_total + pipe->capacity) {
        int64_t id = writer->id;
        uint32_t count = writer->count;
        question_remove(writer);
        answer_written(id, count);
    }
    while ((writer = pipe->questions[PIPE_WRITABLE].first) != NULL &&
           (pipe->size < pipe->capacity || pipe->reading_gone || pipe->writing_gone)) {
        int64_t id = writer->id;
        question_remove(writer);
        answer_ready(id, pipe->reading_gone || pipe->writing_gone, pipe->capacity - pipe->size);
    }
}

static void serve(struct pipe *pipe)
{
    serve_readers(pipe);
    serve_writers(pipe);
}

static struct question *wait_or_refuse(struct pipe *pipe, int64_t id, enum pipe_wish wish)
{
    struct question *question = id == 0 ? NULL : question_add(pipe, id, wish);
    if (question == NULL)
        refuse(id, WEFT_LIMIT);
    return question;
}

/* ---- Requests ----------------------------------------------------------------------------------
 */

void pipe_read(struct pipe *pipe, int64_t id, uint32_t count)
{
    if (count == 0) {
        answer_end(id);
        return;
    }
    struct question *question = wait_or_refuse(pipe, id, PIPE_READ);
    if (question != NULL)
        question->count = count;
    serve(pipe);
}

void pipe_readable(struct pipe *pipe, int64_t id)
{
    if (wait_or_refuse(pipe, id, PIPE_READABLE) != NULL)
        serve(pipe);
}

void pipe_writable(struct pipe *pipe, int64_t id)
{
    if (wait_or_refuse(pipe, id, PIPE_WRITABLE) != NULL)
        serve(pipe);
}

/* Whether the bytes went behind what the last chunk has; the chunk is given back then. */
static bool merge(struct pipe *pipe, struct chunk *chunk)
{
    struct chunk *last = pipe->last;
    uint32_t count = chunk_size(chunk);
    if (last == NULL || count > MERGE_MAX || count > last->capacity - last->end)
        return false;
    memcpy(last->bytes + last->end, chunk->bytes + chunk->begin, count);
    last->end += count;
    chunk_give(chunk);
    return true;
}

/* A chunk that fits what is in it, so that a byte does not hold on to a chunk of many. */
static struct chunk *fitting(struct chunk *chunk)
{
    uint32_t count = chunk_size(chunk);
    if (count > (chunk->capacity - CHUNK_MARGIN) / KEEP_PART)
        return chunk;
    struct chunk *smaller = chunk_take(count <= MERGE_MAX ? MERGE_CHUNK : count);
    if (smaller == NULL || smaller->capacity >= chunk->capacity) {
        if (smaller != NULL)
            chunk_give(smaller);
        return chunk;
    }
    memcpy(smaller->bytes + smaller->begin, chunk->bytes + chunk->begin, count);
    smaller->end = smaller->begin + count;
    chunk_give(chunk);
    return smaller;
}

static void append(struct pipe *pipe, struct chunk *chunk)
{
    pipe->size += chunk_size(chunk);
    pipe->written_total += chunk_size(chunk);
    if (merge(pipe, chunk))
        return;
    chunk = fitting(chunk);
    if (pipe->last != NULL)
        pipe->last->next = chunk;
    else
        pipe->first = chunk;
    pipe->last = chunk;
}

/* To those who wait for bytes, while there are none: what they take never comes into the queue. */
static void deliver(struct pipe *pipe, struct chunk *chunk)
{
    struct question *reader;
    while ((reader = pipe->questions[PIPE_READ].first) != NULL && chunk_size(chunk) != 0) {
        int64_t id = reader->id;
        uint32_t count = chunk_size(chunk) < reader->count ? chunk_size(chunk) : reader->count;
        question_remove(reader);
        if (!answer_bytes(id, chunk->bytes + chunk->begin, count))
            continue;
        chunk->begin += count;
        pipe->read_total += count;
        pipe->written_total += count;
    }
}

static void answer_none_taken(int64_t id, bool is_closed)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u32_error_result result = { .failed = is_closed };
    body_writer_init(&writer, body, sizeof(body));
    stream_write_result_encode(&writer, &result);
    settle(id, &writer);
}

/* What is left of a write of `count` bytes goes into the queue; false: it may not. One that wants
 * no answer has nobody to wait: it is taken whole. */
static bool enqueue(struct pipe *pipe, int64_t id, struct chunk *chunk, uint32_t count)
{
    struct question *question = NULL;
    bool waits = id != 0 && pipe->size + chunk_size(chunk) > pipe->capacity;
    if (!account_charge(pipe->account, chunk_size(chunk)))
        return false;
    if (waits)
        question = question_add(pipe, id, PIPE_WRITE);
    if (waits && question == NULL) {
        pipe->account->bytes -= chunk_size(chunk);
        return false;
    }
    append(pipe, chunk);
    if (question == NULL) {
        answer_written(id, count);
        return true;
    }
    question->count = count;
    question->end = pipe->written_total;
    return true;
}

void pipe_write(struct pipe *pipe, int64_t id, struct chunk *chunk)
{
    uint32_t count = chunk_size(chunk);
    if (pipe->reading_gone || pipe->writing_gone || count == 0) {
        answer_none_taken(id, pipe->reading_gone || pipe->writing_gone);
        chunk_give(chunk);
        return;
    }
    if (pipe->size == 0)
        deliver(pipe, chunk);
    uint32_t left = chunk_size(chunk);
    bool is_settled = left != 0 && enqueue(pipe, id, chunk, count);
    if (!is_settled) {
        if (left == count)
            refuse(id, WEFT_LIMIT);
        else
            answer_written(id, count - left);
        chunk_give(chunk);
    }
    serve(pipe);
}

void pipe_end_writing(struct pipe *pipe)
{
    pipe->writing_gone = true;
    serve(pipe);
}

/* What waits to be written was read up to here, and no further. */
static void end_writers(struct pipe *pipe)
{
    struct question *writer;
    while ((writer = pipe->questions[PIPE_WRITE].first) != NULL) {
        int64_t id = writer->id;
        uint64_t begin = writer->end - writer->count;
        uint64_t read = pipe->read_total > begin ? pipe->read_total - begin : 0;
        question_remove(writer);
        answer_written(id, (uint32_t)read);
    }
}

void pipe_end_reading(struct pipe *pipe)
{
    pipe->reading_gone = true;
    end_writers(pipe);
    while (pipe->first != NULL)
        take_bytes(pipe, chunk_size(pipe->first));
    serve(pipe);
}

void pipe_withdraw(int64_t id)
{
    struct question *question = question_find(id);
    if (question == NULL)
        return;
    struct pipe *pipe = question->pipe;
    bool is_write = question->wish == PIPE_WRITE;
    uint64_t end = question->end;
    uint64_t begin = end - question->count;
    uint64_t taken = pipe->read_total + pipe->capacity;
    uint64_t from = begin > taken ? begin : taken;
    struct question *later = question->next;
    question_remove(question);
    if (!is_write)
        return;
    cut_off(pipe, from, (uint32_t)(end - from));
    for (; later != NULL; later = later->next)
        later->end -= end - from;
    serve(pipe);
}
