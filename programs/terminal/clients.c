#include "programs/terminal/clients.h"

#include "interface/attention.h"
#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/client.h"
#include "lib/server.h"
#include "lib/waiting.h"
#include "programs/terminal/attention.h"
#include "programs/terminal/job.h"
#include "programs/terminal/line.h"

enum {
    READ_MAX = 4096, /* bytes of one answer */
    SMALL_ANSWER = 32,
    TRACKED = 1024, /* bytes that are looked at, at once */
    MARK = 2,       /* the badge of the terminal's own slot to itself */
    CONNECTION = 1, /* that of slots that `open` gives, and a job's number times four with it */
    JOB = 3,        /* so with it: of a job */
    BADGE_SHIFT = 2,
    COUNT_BITS = 16, /* of what is remembered of a reader: how much; above, the job's number */
    /* Instead of how many bytes are wanted: the question is only whether there are some. */
    READABLE = (1 << COUNT_BITS) - 1,
};

static struct {
    const struct side *side;
    struct line line;
    struct waiting reading;
    struct jobs jobs;
    struct waiting interrupted;
    struct waiting stopped;
    struct waiting finishing; /* until all is shown */
    struct waiting resized;   /* until something is to be drawn again: the size stays as it is */
    /* After the interrupt key, what was written before it is forgotten, also what waits here to be
     * taken. A message to itself, which comes behind all of that, is where this ends. */
    int32_t mark;
    bool forgets;
    bool mark_is_due; /* there was no room for it */
} clients;

/* ---- Input ---- */

static void answer_read(int64_t message, uint64_t count)
{
    static uint8_t bytes[READ_MAX], body[READ_MAX + SMALL_ANSWER];
    struct body_writer writer;
    struct stream_bytes_error_result result = { .failed = false };
    uint32_t size = line_take(&clients.line, bytes, count < READ_MAX ? (uint32_t)count : READ_MAX);
    result.value = (struct weft_bytes){ bytes, size };
    body_writer_init(&writer, body, sizeof(body));
    stream_read_answer(&writer, message, &result);
}

static void answer_readable(int64_t message)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u64_error_result result = { .value = line_ready_size(&clients.line) };
    body_writer_init(&writer, body, sizeof(body));
    stream_readable_answer(&writer, message, &result);
}

/* The first who waits and is in front; false: nobody. */
static bool find_reader(struct waiting_message *reader)
{
    uint64_t number = jobs_in_front(&clients.jobs)->number;
    for (uint32_t i = 0; i < clients.reading.count; i++) {
        *reader = clients.reading.list[i];
        if (reader->number >> COUNT_BITS == number)
            return true;
    }
    return false;
}

static void settle_readers(void)
{
    struct waiting_message reader;
    while (line_is_ready(&clients.line) && find_reader(&reader)) {
        uint64_t count = reader.number & READABLE;
        waiting_remove(&clients.reading, reader.id);
        if (count == READABLE)
            answer_readable(reader.id);
        else
            answer_read(reader.id, count);
    }
}

/* The interrupt key's and the stop key's have the same form. */
static void settle_key(struct waiting *waiting)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    while (waiting->count > 0) {
        int64_t message = waiting->list[0].id;
        waiting_remove(waiting, message);
        body_writer_init(&writer, body, sizeof(body));
        terminal_interrupted_answer(&writer, message);
    }
}

/* Those that ask for the stop key on behalf of this job; false: there are none. */
static bool settle_stop(uint64_t number)
{
    struct waiting of_job = { 0 };
    for (uint32_t i = 0; i < clients.stopped.count; i++)
        if (clients.stopped.list[i].number == number)
            waiting_add(&of_job, clients.stopped.list[i].id, number);
    for (uint32_t i = 0; i < of_job.count; i++)
        waiting_remove(&clients.stopped, of_job.list[i].id);
    bool is_told = of_job.count > 0;
    settle_key(&of_job);
    return is_told;
}

static void note_keys(void)
{
    clients.line.takes_interrupt = clients.interrupted.count > 0;
    clients.line.takes_stop = clients.stopped.count > 0;
}

static void send_mark(void)
{
    int64_t sent = weft_send(clients.mark, NULL, 0, NULL, 0, WEFT_NO_WAIT);
    clients.mark_is_due = sent == -WEFT_WOULD_BLOCK;
    clients.forgets = sent == 0 || clients.mark_is_due;
}

static void interrupt(void)
{
    clients.side->discard();
    if (!clients.forgets)
        send_mark();
    line_show_key(&clients.line, "^C");
    settle_key(&clients.interrupted);
    note_keys();
}

static void stop(void)
{
    line_show_key(&clients.line, "^Z");
    const struct job *job = jobs_in_front(&clients.jobs);
    while (jobs_parent(job) != NULL && !settle_stop(job->number))
        job = jobs_parent(job);
    if (jobs_parent(job) == NULL)
        settle_stop(0);
    note_keys();
}

bool clients_interrupt(void)
{
    bool is_awaited = clients.interrupted.count > 0;
    interrupt();
    return is_awaited;
}

void clients_forget_typed(void)
{
    line_forget(&clients.line);
}

void clients_type(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (attention_type(bytes[i]))
            continue;
        enum line_event event = line_type(&clients.line, bytes[i]);
        if (event == LINE_INTERRUPT)
            interrupt();
        else if (event == LINE_STOP)
            stop();
    }
    settle_readers();
}

static enum weft_status let_wait(struct waiting *waiting, int64_t message, uint64_t number)
{
    if (message == 0)
        return WEFT_OK; /* no answer is wanted */
    return waiting_add(waiting, message, number) ? WEFT_OK : WEFT_LIMIT;
}

/* The number of the job that a message's slot is of; 0: none. */
static uint64_t job_number(const struct weft_event *event)
{
    return event->badge >> BADGE_SHIFT;
}

static uint64_t reader_of(const struct weft_event *event, uint64_t count)
{
    return job_number(event) << COUNT_BITS | count;
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    if (arguments->count == 0)
        return WEFT_INVALID;
    uint64_t count = arguments->count < READ_MAX ? arguments->count : READ_MAX;
    enum weft_status status = let_wait(&clients.reading, event->id, reader_of(event, count));
    settle_readers();
    return status;
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.reading, event->id, reader_of(event, READABLE));
    settle_readers();
    return status;
}

/* ---- Output ---- */

/* What a job makes of the screen is remembered. */
static void track(uint64_t number, struct weft_bytes bytes)
{
    uint8_t passed[TRACKED + SCREEN_TEXT_HELD_MAX];
    struct job *job = number == 0 ? NULL : jobs_find(&clients.jobs, number);
    for (uint32_t i = 0; job != NULL && i < bytes.size; i += TRACKED) {
        uint32_t left = bytes.size - i;
        screen_text_filter(&job->text, bytes.data + i, left < TRACKED ? left : TRACKED, passed);
    }
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u32_error_result result = { .value = arguments->bytes.size };
    track(job_number(event), arguments->bytes);
    if (!clients.forgets)
        clients.side->show(arguments->bytes.data, arguments->bytes.size);
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return stream_write_answer(&writer, event->id, &result);
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u64_error_result result = { .value = 1 };
    body_writer_init(&writer, body, sizeof(body));
    return stream_writable_answer(&writer, event->id, &result);
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    enum stream_kind kind = STREAM_KIND_TERMINAL;
    body_writer_init(&writer, body, sizeof(body));
    return stream_kind_answer(&writer, event->id, &kind);
}

/* A terminal has no end that its other side could see; but who asks knows then that all was. */
static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.finishing, event->id, 0);
    clients.side->flush();
    return status;
}

void clients_shown(void)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_none_error_result result = { .failed = false };
    while (clients.finishing.count > 0) {
        int64_t message = clients.finishing.list[0].id;
        waiting_remove(&clients.finishing, message);
        body_writer_init(&writer, body, sizeof(body));
        stream_finish_answer(&writer, message, &result);
    }
}

/* ---- The terminal itself ---- */

static enum weft_status answer_open(const struct weft_event *event, uint64_t number)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    int32_t slot = server_mint(STREAM_INTERFACE_HASH, number << BADGE_SHIFT | CONNECTION);
    if (slot == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    body_writer_init(&writer, body, sizeof(body));
    enum weft_status status = terminal_open_answer(&writer, event->id, &slot);
    if (status != WEFT_OK)
        server_close(&slot, 1);
    return status;
}

static enum weft_status on_open(void *context, const struct weft_event *event)
{
    (void)context;
    return answer_open(event, jobs_in_front(&clients.jobs)->number);
}

static enum weft_status on_size(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_size_error_result result = { .value = clients.side->size };
    body_writer_init(&writer, body, sizeof(body));
    return terminal_size_answer(&writer, event->id, &result);
}

static enum weft_status on_set_mode(void *context, const struct weft_event *event,
                                    const struct terminal_set_mode_arguments *arguments)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = false };
    line_set_mode(&clients.line, (arguments->mode & TERMINAL_MODE_RAW) != 0,
                  (arguments->mode & TERMINAL_MODE_NO_ECHO) != 0);
    settle_readers();
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return terminal_set_mode_answer(&writer, event->id, &result);
}

static enum weft_status on_interrupted(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.interrupted, event->id, 0);
    note_keys();
    return status;
}

static enum weft_status on_stopped(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.stopped, event->id, 0);
    note_keys();
    return status;
}

static enum weft_status on_resized(void *context, const struct weft_event *event,
                                   const struct terminal_resized_arguments *arguments)
{
    struct terminal_size known = arguments->known, size = clients.side->size;
    if (known.columns != size.columns || known.rows != size.rows)
        return on_size(context, event);
    return let_wait(&clients.resized, event->id, 0);
}

/* ---- Jobs ---- */

void clients_draw_again(void)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_size_error_result result = { .value = clients.side->size };
    while (clients.resized.count > 0) {
        int64_t message = clients.resized.list[0].id;
        waiting_remove(&clients.resized, message);
        body_writer_init(&writer, body, sizeof(body));
        terminal_resized_answer(&writer, message, &result);
    }
}

/* Whoever was in front gives way to who is now. */
static void change_front(struct job *before)
{
    uint8_t bytes[SCREEN_TEXT_RESTORE_MAX];
    struct job *job = jobs_in_front(&clients.jobs);
    if (job == before)
        return;
    before->raw = clients.line.raw;
    before->no_echo = clients.line.no_echo;
    clients.side->show(bytes, screen_text_leave(&before->text, bytes));
    line_set_mode(&clients.line, job->raw, job->no_echo);
    clients.side->show_again(bytes, screen_text_return(&job->text, bytes));
    settle_readers();
}

static enum weft_status on_job(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_job_error_result result = { .failed = false };
    struct job *job = jobs_add(&clients.jobs);
    if (job == NULL)
        return WEFT_LIMIT;
    result.value = server_mint(TERMINAL_INTERFACE_HASH, job->number << BADGE_SHIFT | JOB);
    body_writer_init(&writer, body, sizeof(body));
    enum weft_status status = result.value == WEFT_NO_SLOT
                                  ? WEFT_LIMIT
                                  : terminal_job_answer(&writer, event->id, &result);
    if (status != WEFT_OK && result.value != WEFT_NO_SLOT)
        server_close(&result.value, 1);
    if (status != WEFT_OK)
        jobs_remove(&clients.jobs, job);
    return status;
}

/* The job whose slot a message came with; NULL: it was another slot. */
static struct job *job_of(const struct weft_event *event)
{
    uint64_t number = job_number(event);
    return number == 0 ? NULL : jobs_find(&clients.jobs, number);
}

static enum weft_status on_job_open(void *context, const struct weft_event *event)
{
    (void)context;
    return job_of(event) == NULL ? WEFT_NOT_FOUND : answer_open(event, job_number(event));
}

static enum weft_status answer_none(const struct weft_event *event, bool done)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = !done, .error = TERMINAL_ERROR_IO };
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return terminal_set_mode_answer(&writer, event->id, &result);
}

static enum weft_status on_job_front(void *context, const struct weft_event *event)
{
    (void)context;
    struct job *before = jobs_in_front(&clients.jobs);
    struct job *job = job_of(event);
    if (job == NULL)
        return WEFT_NOT_FOUND;
    bool done = jobs_take_front(job);
    change_front(before);
    clients_draw_again();
    return answer_none(event, done);
}

static enum weft_status on_job_back(void *context, const struct weft_event *event)
{
    (void)context;
    struct job *before = jobs_in_front(&clients.jobs);
    struct job *job = job_of(event);
    if (job == NULL)
        return WEFT_NOT_FOUND;
    jobs_go_behind(job);
    change_front(before);
    return answer_none(event, true);
}

static enum weft_status on_job_stopped(void *context, const struct weft_event *event)
{
    (void)context;
    if (job_of(event) == NULL)
        return WEFT_NOT_FOUND;
    enum weft_status status = let_wait(&clients.stopped, event->id, job_number(event));
    note_keys();
    return status;
}

void clients_closed(uint64_t badge)
{
    struct job *before = jobs_in_front(&clients.jobs);
    struct job *job = jobs_find(&clients.jobs, badge >> BADGE_SHIFT);
    if ((badge & JOB) != JOB || badge >> BADGE_SHIFT == 0 || job == NULL)
        return;
    jobs_go_behind(job);
    change_front(before);
    settle_stop(job->number);
    note_keys();
    jobs_remove(&clients.jobs, job);
}

/* ---- Messages ---- */

enum weft_status clients_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct stream_server stream = { on_read,     on_write, on_readable,
                                                 on_writable, on_kind,  on_finish };
    static const struct terminal_server terminal = {
        on_open, on_size,     on_set_mode,  on_interrupted, on_resized,     on_stopped,
        on_job,  on_job_open, on_job_front, on_job_back,    on_job_stopped,
    };
    if (clients.mark_is_due)
        send_mark();
    if (event->badge == MARK) {
        clients.forgets = false;
        return WEFT_OK;
    }
    if (event->interface == STREAM_INTERFACE_ID)
        return stream_dispatch(&stream, NULL, event, reader);
    if (event->interface == TERMINAL_INTERFACE_ID)
        return terminal_dispatch(&terminal, NULL, event, reader);
    if (event->interface == ATTENTION_INTERFACE_ID)
        return attention_take(event, reader);
    return WEFT_NOT_FOUND;
}

void clients_forget(int64_t message)
{
    waiting_remove(&clients.reading, message);
    waiting_remove(&clients.interrupted, message);
    waiting_remove(&clients.stopped, message);
    waiting_remove(&clients.resized, message);
    waiting_remove(&clients.finishing, message);
    note_keys();
}

static void on_echo(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    clients.side->show(bytes, size);
}

void clients_init(const struct side *side)
{
    clients.side = side;
    clients.line.echo = on_echo;
    attention_init(side);
    clients.mark = server_mint(STREAM_INTERFACE_HASH, MARK);
}
