#include "programs/pipe/file.h"

#include "interface/files_program.h"
#include "lib/memory.h"
#include "lib/server.h"

enum { FILES_MAX = 1 << 14, TRANSFER_MAX = 64 << 10, WAITING_MAX = 256, GENERATION_BITS = 32 };

/* A read or write that waits for its turn. */
struct turn {
    struct turn *next;
    int64_t id;
    bool is_write;
    uint32_t count;      /* read */
    struct chunk *chunk; /* write: what is still to be written */
    uint32_t written;
};

struct file {
    uint32_t generation;
    int32_t node; /* WEFT_NO_SLOT: nothing */
    struct account *account;
    uint64_t offset;
    struct turn *first, *last; /* the first is with the handler */
    uint32_t waiting;
    int64_t asked;             /* the handler, about the first; 0: nothing */
    struct file *next_of_hash; /* of those that have asked */
    uint32_t index;
    bool closed;
};

static struct file *files[FILES_MAX];
static uint32_t generations[FILES_MAX];
static uint32_t file_count;

enum { BUCKETS = 1 << 10 };
static struct file *buckets[BUCKETS];

static struct file **bucket_of(int64_t id)
{
    return &buckets[(uint64_t)id * 0x9e3779b97f4a7c15u >> 54];
}

static void set_asked(struct file *file, int64_t id)
{
    struct file **bucket = bucket_of(id);
    file->asked = id;
    file->next_of_hash = *bucket;
    *bucket = file;
}

/* The file that asked this; it has not any more. NULL: none has. */
static struct file *take_asked(int64_t id)
{
    struct file **at = bucket_of(id);
    while (*at != NULL && (*at)->asked != id)
        at = &(*at)->next_of_hash;
    struct file *file = *at;
    if (file == NULL)
        return NULL;
    *at = file->next_of_hash;
    file->asked = 0;
    return file;
}

static struct file *file_of(uint64_t badge)
{
    uint32_t index = (uint32_t)badge;
    if (index >= FILES_MAX || files[index] == NULL ||
        (uint32_t)((badge & ~FILE_BADGE) >> GENERATION_BITS) != files[index]->generation)
        return NULL;
    return files[index];
}

/* ---- Making -------------------------------------------------------------------------------------
 */

static uint32_t find_place(void)
{
    static uint32_t next;
    for (uint32_t i = 0; i < FILES_MAX && file_count < FILES_MAX; i++) {
        uint32_t index = next++ % FILES_MAX;
        if (files[index] == NULL)
            return index;
    }
    return FILES_MAX;
}

static void unmake(uint32_t index)
{
    struct file *file = files[index];
    files[index] = NULL;
    file_count--;
    account_close(file->account);
    if (file->node != WEFT_NO_SLOT)
        server_close(&file->node, 1);
    chunk_give((struct chunk *)(void *)((uint8_t *)file - offsetof(struct chunk, bytes)));
}

int32_t file_create(uint64_t silo, int32_t node)
{
    struct account *account = account_open(silo);
    uint32_t index = account == NULL ? FILES_MAX : find_place();
    struct chunk *chunk = index == FILES_MAX ? NULL : chunk_take(sizeof(struct file));
    if (chunk == NULL) {
        if (account != NULL)
            account_close(account);
        return WEFT_NO_SLOT;
    }
    struct file *file = (struct file *)(void *)chunk->bytes;
    generations[index] = (generations[index] + 1) & 0x7fffffff;
    *file = (struct file){
        .generation = generations[index], .node = node, .account = account, .index = index
    };
    files[index] = file;
    file_count++;
    uint64_t badge = FILE_BADGE | (uint64_t)generations[index] << GENERATION_BITS | index;
    int32_t slot = server_mint(STREAM_INTERFACE_HASH, badge);
    if (slot == WEFT_NO_SLOT) {
        file->node = WEFT_NO_SLOT;
        unmake(index);
    }
    return slot;
}

/* ---- Answers ------------------------------------------------------------------------------------
 */

static void answer_written(int64_t id, uint32_t count, bool failed, enum stream_error error)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u32_error_result result = { .failed = failed && count == 0 };
    if (result.failed)
        result.error = error;
    else
        result.value = count;
    body_writer_init(&writer, body, sizeof(body));
    stream_write_answer(&writer, id, &result);
}

static void answer_failed_read(int64_t id, enum stream_error error)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_bytes_error_result result = { .failed = true, .error = error };
    body_writer_init(&writer, body, sizeof(body));
    stream_read_answer(&writer, id, &result);
}

static enum weft_status answer_ready(int64_t id, uint64_t count)
{
    uint8_t body[16];
    struct body_writer writer;
    struct stream_u64_error_result result = { .failed = false, .value = count };
    body_writer_init(&writer, body, sizeof(body));
    return stream_readable_answer(&writer, id, &result);
}

static enum stream_error error_of(enum files_error error)
{
    switch (error) {
    case FILES_ERROR_NO_SPACE:
    case FILES_ERROR_QUOTA:
    case FILES_ERROR_TOO_BIG:
        return STREAM_ERROR_NO_SPACE;
    case FILES_ERROR_PIPE:
        return STREAM_ERROR_CLOSED;
    case FILES_ERROR_BAD_DESCRIPTOR:
    case FILES_ERROR_NOT_CAPABLE:
    case FILES_ERROR_UNSUPPORTED:
        return STREAM_ERROR_UNSUPPORTED;
    default:
        return STREAM_ERROR_IO;
    }
}

/* ---- Turns --------------------------------------------------------------------------------------
 */

static void ask(struct file *file);

/* The first was answered, or needs no answer. */
static void end_first(struct file *file)
{
    struct turn *turn = file->first;
    file->first = turn->next;
    if (file->first == NULL)
        file->last = NULL;
    file->waiting--;
    if (turn->chunk != NULL) {
        file->account->bytes -= turn->chunk->capacity;
        chunk_give(turn->chunk);
    }
    chunk_give((struct chunk *)(void *)((uint8_t *)turn - offsetof(struct chunk, bytes)));
}

static void fail_first(struct file *file, enum stream_error error)
{
    struct turn *turn = file->first;
    if (turn->is_write)
        answer_written(turn->id, turn->written, true, error);
    else
        answer_failed_read(turn->id, error);
    end_first(file);
}

static int64_t send_first(struct file *file)
{
    static _Alignas(8) uint8_t body[TRANSFER_MAX + 64];
    struct turn *turn = file->first;
    struct weft_client client = { .slot = file->node, .buffer = body, .capacity = sizeof(body) };
    if (!turn->is_write) {
        uint32_t count = turn->count < TRANSFER_MAX ? turn->count : TRANSFER_MAX;
        return files_node_read_send(&client, file->offset, count, WEFT_WANT_ANSWER);
    }
    uint32_t size = chunk_size(turn->chunk);
    struct weft_bytes bytes = { turn->chunk->bytes + turn->chunk->begin,
                                size < TRANSFER_MAX ? size : TRANSFER_MAX };
    return files_node_write_send(&client, file->offset, bytes, WEFT_WANT_ANSWER);
}

/* Asks the handler for what the first wants. */
static void ask(struct file *file)
{
    while (file->first != NULL && file->asked == 0) {
        int64_t id = send_first(file);
        if (id > 0)
            set_asked(file, id);
        else
            fail_first(file, STREAM_ERROR_IO);
    }
}

static void on_read_answer(struct file *file, const struct weft_event *event, uint8_t *body)
{
    struct body_reader reader;
    struct files_bytes_error_result result;
    struct turn *turn = file->first;
    body_reader_init(&reader, event, body);
    if (event->status != WEFT_OK || !files_node_read_result_decode(&reader, &result)) {
        fail_first(file, STREAM_ERROR_IO);
        return;
    }
    if (result.failed || result.value.size > turn->count) {
        fail_first(file, result.failed ? error_of(result.error) : STREAM_ERROR_IO);
        return;
    }
    /* Both interfaces answer a read with the same bytes. */
    if (weft_answer(turn->id, WEFT_OK, body, event->size, NULL, 0) == 0)
        file->offset += result.value.size;
    end_first(file);
}

static void on_write_answer(struct file *file, const struct weft_event *event, uint8_t *body)
{
    struct body_reader reader;
    struct files_u32_error_result result;
    struct turn *turn = file->first;
    body_reader_init(&reader, event, body);
    bool good = event->status == WEFT_OK && files_node_write_result_decode(&reader, &result);
    if (!good || result.failed || result.value > chunk_size(turn->chunk) || result.value == 0) {
        fail_first(file, good && result.failed ? error_of(result.error) : STREAM_ERROR_IO);
        return;
    }
    file->offset += result.value;
    turn->written += result.value;
    turn->chunk->begin += result.value;
    if (chunk_size(turn->chunk) != 0)
        return;
    answer_written(turn->id, turn->written, false, STREAM_ERROR_IO);
    end_first(file);
}

static void unmake_if_done(uint32_t index)
{
    if (files[index]->closed && files[index]->first == NULL)
        unmake(index);
}

void file_answered(const struct weft_event *event, struct chunk *received)
{
    struct file *file = take_asked(event->id);
    if (file == NULL)
        return;
    if (file->first->is_write)
        on_write_answer(file, event, received->bytes + CHUNK_MARGIN);
    else
        on_read_answer(file, event, received->bytes + CHUNK_MARGIN);
    ask(file);
    unmake_if_done(file->index);
}

/* NULL: there are too many. */
static struct turn *add_turn(struct file *file, int64_t id)
{
    struct chunk *chunk = file->waiting < WAITING_MAX ? chunk_take(sizeof(struct turn)) : NULL;
    if (chunk == NULL)
        return NULL;
    struct turn *turn = (struct turn *)(void *)chunk->bytes;
    *turn = (struct turn){ .id = id };
    if (file->last != NULL)
        file->last->next = turn;
    else
        file->first = turn;
    file->last = turn;
    file->waiting++;
    return turn;
}

/* ---- Requests -----------------------------------------------------------------------------------
 */

/* What the functions of the stream find: the file, and where the message lies. */
struct request {
    struct file *file;
    struct chunk **received;
};

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    struct request *request = context;
    uint8_t body[16];
    struct body_writer writer;
    const struct stream_bytes_error_result end = { .failed = false };
    if (request->file->node == WEFT_NO_SLOT || arguments->count == 0) {
        body_writer_init(&writer, body, sizeof(body));
        return stream_read_answer(&writer, event->id, &end);
    }
    struct turn *turn = event->id == 0 ? NULL : add_turn(request->file, event->id);
    if (turn == NULL)
        return WEFT_LIMIT;
    turn->count = arguments->count;
    ask(request->file);
    return WEFT_OK;
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    struct request *request = context;
    struct file *file = request->file;
    if (file->node == WEFT_NO_SLOT || arguments->bytes.size == 0) {
        answer_written(event->id, arguments->bytes.size, false, STREAM_ERROR_IO);
        return WEFT_OK;
    }
    /* It stays in the chunk that it came in, however little it is. */
    if (!account_charge(file->account, (*request->received)->capacity))
        return WEFT_LIMIT;
    struct turn *turn = add_turn(file, event->id);
    if (turn == NULL) {
        file->account->bytes -= (*request->received)->capacity;
        return WEFT_LIMIT;
    }
    turn->is_write = true;
    turn->chunk = *request->received;
    turn->chunk->begin = (uint32_t)(arguments->bytes.data - turn->chunk->bytes);
    turn->chunk->end = turn->chunk->begin + arguments->bytes.size;
    *request->received = NULL;
    ask(file);
    return WEFT_OK;
}

/* A file never makes anybody wait. */
static enum weft_status on_ready(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    return answer_ready(event->id, request->file->node == WEFT_NO_SLOT ? 0 : TRANSFER_MAX);
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    uint8_t body[16];
    struct body_writer writer;
    enum stream_kind kind =
        request->file->node == WEFT_NO_SLOT ? STREAM_KIND_OTHER : STREAM_KIND_FILE;
    body_writer_init(&writer, body, sizeof(body));
    return stream_kind_answer(&writer, event->id, &kind);
}

static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[16];
    struct body_writer writer;
    struct stream_none_error_result result = { .failed = false };
    body_writer_init(&writer, body, sizeof(body));
    return stream_finish_answer(&writer, event->id, &result);
}

enum weft_status file_dispatch(const struct weft_event *event, struct body_reader *reader,
                               struct chunk **received)
{
    static const struct stream_server server = {
        .read = on_read,
        .write = on_write,
        .readable = on_ready,
        .writable = on_ready,
        .kind = on_kind,
        .finish = on_finish,
    };
    struct request request = { file_of(event->badge), received };
    return request.file == NULL ? WEFT_GONE : stream_dispatch(&server, &request, event, reader);
}

void file_closed(uint64_t badge)
{
    struct file *file = file_of(badge);
    if (file == NULL)
        return;
    file->closed = true;
    unmake_if_done((uint32_t)badge);
}
