/* A question goes through these steps: its text is shown but for the last byte, what was typed
 * before is forgotten, the last byte is shown, a line is read. So who sees the end of the question
 * is heard. Then the terminal is the programs' again, or the next question's. */
#include "platform/hosted/native_attention.h"

#include "interface/attention.h"
#include "platform/hosted/channel.h"
#include "platform/hosted/native_stream.h"
#include "platform/hosted/native_terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

enum {
    LINE_BYTES_MAX = 4096, /* as much as a terminal keeps of one */
    WAITING_MAX = 64,
};

struct question {
    struct list_link link;
    i64 id;
    bool wants_line;
    bool is_shown; /* but for the last byte */
    bool is_withdrawn; /* its steps go to their end; nobody is answered */
    usize size;
    u8 text[];
};

static struct handler handler;

static struct {
    pthread_mutex_t lock;
    struct list waiting;
    u32 waiting_count;
    struct question *current; /* that is asked */
    bool advancing;           /* somebody is beginning questions */
    bool seized;              /* the terminal is not the programs' */
    bool opened;
    struct object object;
    struct channel channel; /* the terminal, opened for this alone */
} attention = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Whatever was being shown is over: a sequence that was begun, colours, line drawing. */
static const char prologue[] = "\x18\x1b(B\x0f\x1b[0m\x1b[?25h\r\n";

/* ---- Answers ---- */

static void answer_ask(i64 id, bool failed, enum attention_error error, struct bytes line)
{
    u8 body[LINE_BYTES_MAX + 64];
    struct body_writer writer;
    struct attention_string_error_result result = { .failed = failed };
    if (failed)
        result.error = error;
    else
        result.value = (struct weft_bytes){ line.data, (u32)line.size };
    body_writer_init(&writer, body, sizeof(body));
    attention_ask_result_encode(&writer, &result);
    handler_answer(&handler, id, &writer);
}

static void answer_tell(i64 id, bool failed, enum attention_error error)
{
    u8 body[16];
    struct body_writer writer;
    struct attention_none_error_result result = { .failed = failed, .error = error };
    body_writer_init(&writer, body, sizeof(body));
    attention_tell_result_encode(&writer, &result);
    handler_answer(&handler, id, &writer);
}

static void answer(const struct question *question, bool failed, enum attention_error error,
                   struct bytes line)
{
    if (question->is_withdrawn || question->id == 0)
        return;
    if (question->wants_line)
        answer_ask(question->id, failed, error, line);
    else
        answer_tell(question->id, failed, error);
}

/* ---- One after the other ---- */

static void begin(struct question *question);

/* With the lock: the terminal is the programs' again. */
static void release(void)
{
    native_terminal_attend(false);
    native_stream_hold(false);
    attention.seized = false;
}

/* Begins the next question if none is asked. Who comes here while somebody does that already leaves
 * it to them, so questions that end at once need no stack. */
static void advance(void)
{
    bool is_released = false;
    pthread_mutex_lock(&attention.lock);
    bool is_mine = !attention.advancing;
    attention.advancing = true;
    while (is_mine && attention.current == NULL) {
        struct list_link *link = list_pop_front(&attention.waiting);
        if (link == NULL)
            break;
        attention.waiting_count--;
        attention.current = BASE_CONTAINER_OF(link, struct question, link);
        struct question *question = attention.current;
        pthread_mutex_unlock(&attention.lock);
        begin(question);
        pthread_mutex_lock(&attention.lock);
    }
    if (is_mine) {
        attention.advancing = false;
        is_released = attention.current == NULL && attention.seized;
        if (is_released)
            release();
    }
    pthread_mutex_unlock(&attention.lock);
    if (is_released)
        native_terminal_redraw();
}

static void end(struct question *question, bool failed, enum attention_error error,
                struct bytes line)
{
    answer(question, failed, error, line);
    pthread_mutex_lock(&attention.lock);
    attention.current = NULL;
    pthread_mutex_unlock(&attention.lock);
    free(question);
    advance();
}

static struct question *current(void)
{
    pthread_mutex_lock(&attention.lock);
    struct question *question = attention.current;
    pthread_mutex_unlock(&attention.lock);
    return question;
}

/* The question with this id, if it is being asked and was withdrawn; or NULL. */
static struct question *withdrawn(i64 id)
{
    pthread_mutex_lock(&attention.lock);
    struct question *question = attention.current;
    if (question != NULL && (question->id != id || !question->is_withdrawn))
        question = NULL;
    pthread_mutex_unlock(&attention.lock);
    return question;
}

/* It may wait in a step, or be just before one: who begins a step looks here afterwards. */
static void stop_if_withdrawn(i64 id)
{
    static const char gone[] = "\r\n(the question is withdrawn)\r\n";
    struct question *question = withdrawn(id);
    if (question == NULL || !channel_withdraw(&handler, id))
        return;
    ssize_t written = write(attention.channel.fd, gone, sizeof(gone) - 1);
    (void)written; /* who cannot be shown it does not miss it */
    end(question, true, ATTENTION_ERROR_IO, (struct bytes){ 0 });
}

/* ---- Steps ---- */

static void settle_read(struct channel *channel, struct request *request)
{
    (void)channel;
    struct bytes line = { request->buffer + CHANNEL_ANSWER_BYTES, 0 };
    if (request->result > 0)
        line.size = (usize)request->result;
    bool is_whole = line.size != 0 && line.data[line.size - 1] == '\n';
    if (is_whole)
        line.size--;
    bool failed = request->result <= 0 || !bytes_are_utf8(line);
    end(current(), failed, request->result == 0 ? ATTENTION_ERROR_ENDED : ATTENTION_ERROR_IO, line);
}

static const struct channel_operation operation_read = { EPOLLIN, channel_try_read, settle_read };

static void settle_write(struct channel *channel, struct request *request);

static const struct channel_operation operation_write = { EPOLLOUT, channel_try_write,
                                                          settle_write };

static void submit(const struct request *request)
{
    struct request step = *request;
    i64 id = request->id;
    channel_submit(&attention.channel, &step);
    stop_if_withdrawn(id);
}

static void show(const struct question *question, usize from, usize to)
{
    submit(&(struct request){ .operation = &operation_write,
                              .id = question->id,
                              .data = { question->text + from, to - from } });
}

static void settle_write(struct channel *channel, struct request *request)
{
    struct question *question = current();
    bool was_shown = question->is_shown;
    if (request->result < 0 || (was_shown && !question->wants_line)) {
        end(question, request->result < 0, ATTENTION_ERROR_IO, (struct bytes){ 0 });
        return;
    }
    question->is_shown = true;
    if (was_shown) {
        submit(&(struct request){
            .operation = &operation_read, .id = question->id, .count = LINE_BYTES_MAX });
        return;
    }
    if (question->wants_line)
        tcflush(channel->fd, TCIFLUSH);
    show(question, question->size - 1, question->size);
}

static void begin(struct question *question)
{
    show(question, 0, question->size - 1);
}

/* ---- The interface ---- */

static void never_destroyed(struct object *object)
{
    (void)object;
}

/* With the lock; false: there is no terminal. */
static bool open_terminal(void)
{
    if (attention.opened)
        return true;
    int fd = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return false;
    attention.object = (struct object){ .holds = 1, .destroy = never_destroyed };
    channel_init(&attention.channel, &handler, &attention.object, fd);
    attention.opened = true;
    return true;
}

/* With the lock: the terminal is ours from now on, if there is one. */
static bool seize(void)
{
    if (attention.seized)
        return true;
    if (!open_terminal())
        return false;
    native_stream_hold(true);
    attention.seized = native_terminal_attend(true);
    if (!attention.seized)
        native_stream_hold(false);
    return attention.seized;
}

static struct question *question_of(const struct weft_event *event, struct weft_bytes text,
                                    bool wants_line)
{
    usize head = sizeof(prologue) - 1;
    struct question *question = malloc(sizeof(*question) + head + text.size);
    if (question == NULL)
        return NULL;
    *question = (struct question){ .id = event->id, .wants_line = wants_line,
                                   .size = head + text.size };
    memcpy(question->text, prologue, head);
    if (text.size != 0)
        memcpy(question->text + head, text.data, text.size);
    return question;
}

static enum weft_status take(const struct weft_event *event, struct weft_bytes text,
                             bool wants_line)
{
    struct question *question = question_of(event, text, wants_line);
    if (question == NULL)
        return WEFT_NO_MEMORY;
    pthread_mutex_lock(&attention.lock);
    bool has_room = attention.waiting_count < WAITING_MAX;
    bool is_taken = has_room && seize();
    if (is_taken) {
        list_push_back(&attention.waiting, &question->link);
        attention.waiting_count++;
    }
    pthread_mutex_unlock(&attention.lock);
    if (is_taken) {
        advance();
        return WEFT_OK;
    }
    if (has_room)
        answer(question, true, ATTENTION_ERROR_NO_TERMINAL, (struct bytes){ 0 });
    free(question);
    return has_room ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_ask(void *context, const struct weft_event *event,
                               const struct attention_ask_arguments *arguments)
{
    (void)context;
    return event->id == 0 ? WEFT_INVALID : take(event, arguments->text, true);
}

static enum weft_status on_tell(void *context, const struct weft_event *event,
                                const struct attention_tell_arguments *arguments)
{
    (void)context;
    return event->id == 0 ? WEFT_INVALID : take(event, arguments->text, false);
}

/* ---- The handler ---- */

static void on_message(void *context, const struct native_message *message)
{
    static const struct attention_server server = { .ask = on_ask, .tell = on_tell };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = attention_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    (void)badge;
}

/* Of those that wait for their turn. With the lock. */
static void forget_waiting(i64 id)
{
    struct list_link *link = list_first(&attention.waiting);
    while (link != NULL && BASE_CONTAINER_OF(link, struct question, link)->id != id)
        link = list_next(&attention.waiting, link);
    if (link == NULL)
        return;
    list_remove(link);
    attention.waiting_count--;
    free(BASE_CONTAINER_OF(link, struct question, link));
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    pthread_mutex_lock(&attention.lock);
    if (attention.current != NULL && attention.current->id == id)
        attention.current->is_withdrawn = true;
    else
        forget_waiting(id);
    pthread_mutex_unlock(&attention.lock);
    stop_if_withdrawn(id);
}

enum status native_attention_init(void)
{
    static const struct native_operations operations = { "attention", on_message, on_closed,
                                                         on_withdrawn };
    list_init(&attention.waiting);
    return handler_init(&handler, &operations, NULL, ATTENTION_INTERFACE_NAME,
                        ATTENTION_INTERFACE_HASH);
}

void native_attention_deinit(void)
{
    struct list_link *link;
    while ((link = list_pop_front(&attention.waiting)) != NULL)
        free(BASE_CONTAINER_OF(link, struct question, link));
    free(attention.current);
    handler_deinit(&handler);
}
