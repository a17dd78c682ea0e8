/* Jobs of the terminal: who is in front, with the mode and the screen that are theirs, and who is
 * told of the stop key. */
#include "platform/hosted/native_stream.h"
#include "platform/hosted/native_terminal.h"
#include "platform/hosted/terminal_state.h"

#include <stdlib.h>

/* ---- Jobs ---- */

/* NULL: it is that of those that are of no job. */
static struct job *parent_of(const struct job *job)
{
    struct front *parent = job->front.parent;
    return parent == NULL ? NULL : BASE_CONTAINER_OF(parent, struct job, front);
}

static void destroy_job(struct object *object)
{
    struct job *job = BASE_CONTAINER_OF(object, struct job, object);
    native_stream_job_release(job->stream);
    object_release(&parent_of(job)->object);
    free(job);
}

enum weft_status terminal_on_job(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[16];
    struct body_writer writer;
    struct terminal_job_error_result result = { .failed = true,
                                                .error = TERMINAL_ERROR_NOT_A_TERMINAL };
    struct job *job = calloc(1, sizeof(*job));
    if (job == NULL)
        return WEFT_NO_MEMORY;
    terminal.stops_jobs = true;
    pthread_mutex_lock(&terminal.lock);
    job->stream = terminal_fd() < 0 ? NULL : native_stream_job_create();
    job->object = (struct object){ .holds = 1, .destroy = destroy_job };
    job->mode = terminal.original;
    front_join(&job->front, &terminal.outermost.front);
    object_hold(&parent_of(job)->object);
    pthread_mutex_unlock(&terminal.lock);
    if (job->stream == NULL) {
        object_release(&parent_of(job)->object);
        free(job);
    } else {
        enum weft_status status = handler_mint(&terminal_handler, &job->object, &result.value);
        if (status != WEFT_OK)
            return status;
        result.failed = false;
    }
    body_writer_init(&writer, small, sizeof(small));
    terminal_job_result_encode(&writer, &result);
    handler_answer(&terminal_handler, event->id, &writer);
    return WEFT_OK;
}

/* The job whose slot the message came with, held; NULL: it was another slot. */
static struct job *job_of(const struct weft_event *event)
{
    struct object *object =
        event->badge == 0 ? NULL : handler_hold(&terminal_handler, event->badge);
    return object == NULL ? NULL : BASE_CONTAINER_OF(object, struct job, object);
}

enum weft_status terminal_on_job_open(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[16];
    struct body_writer writer;
    struct job *job = job_of(event);
    i32 slot;
    if (job == NULL)
        return WEFT_NOT_FOUND;
    enum status status = native_stream_job_mint(terminal_handler.native, job->stream, &slot);
    object_release(&job->object);
    if (status != STATUS_OK)
        return WEFT_LIMIT;
    body_writer_init(&writer, small, sizeof(small));
    terminal_job_open_result_encode(&writer, &slot);
    handler_answer(&terminal_handler, event->id, &writer);
    return WEFT_OK;
}

/* Whoever was in front gives way to who is now. With the lock. */
static void change_front(struct job *before)
{
    struct job *job = terminal_in_front();
    if (job == before)
        return;
    before->mode = terminal.current;
    if (before->stream != NULL)
        native_stream_job_leave_screen(before->stream);
    terminal.current = job->mode;
    terminal.changed = true;
    if (!terminal.attended)
        terminal_apply(&terminal.current);
    if (job->stream != NULL)
        native_stream_job_take_screen(job->stream);
    native_stream_job_front(job->stream);
}

static void put_behind(struct job *job)
{
    pthread_mutex_lock(&terminal.lock);
    struct job *before = terminal_in_front();
    front_leave(&job->front);
    change_front(before);
    pthread_mutex_unlock(&terminal.lock);
}

enum weft_status terminal_on_job_front(void *context, const struct weft_event *event)
{
    (void)context;
    struct job *job = job_of(event);
    if (job == NULL)
        return WEFT_NOT_FOUND;
    pthread_mutex_lock(&terminal.lock);
    struct job *before = terminal_in_front();
    (void)front_take(&job->front); /* there is a parent while it lives */
    change_front(before);
    pthread_mutex_unlock(&terminal.lock);
    object_release(&job->object);
    native_terminal_redraw();
    terminal_answer_none(event->id, true, TERMINAL_ERROR_IO);
    return WEFT_OK;
}

enum weft_status terminal_on_job_back(void *context, const struct weft_event *event)
{
    (void)context;
    struct job *job = job_of(event);
    if (job == NULL)
        return WEFT_NOT_FOUND;
    put_behind(job);
    object_release(&job->object);
    terminal_answer_none(event->id, true, TERMINAL_ERROR_IO);
    return WEFT_OK;
}

enum weft_status terminal_on_job_stopped(void *context, const struct weft_event *event)
{
    (void)context;
    struct job *job = job_of(event);
    if (job == NULL)
        return WEFT_NOT_FOUND;
    /* Its slot is closed after this call, and then the question is answered. */
    bool waits =
        terminal_wait_in(&terminal.stopped, (struct question){ .id = event->id, .job = job });
    object_release(&job->object);
    return waits ? WEFT_OK : WEFT_LIMIT;
}

/* With the lock: whether somebody asks on behalf of it. */
static bool is_asked_for(const struct job *job)
{
    struct list_link *link = list_first(&terminal.stopped);
    while (link != NULL && BASE_CONTAINER_OF(link, struct question, link)->job != job)
        link = list_next(&terminal.stopped, link);
    return link != NULL;
}

bool native_terminal_stop_key(void)
{
    pthread_mutex_lock(&terminal.lock);
    const struct job *job = terminal_in_front();
    while (job != NULL && !is_asked_for(job))
        job = parent_of(job);
    pthread_mutex_unlock(&terminal.lock);
    terminal_tell_key(&terminal.stopped, job); /* NULL: those of no job */
    return terminal.stops_jobs;
}

/* Nobody can bring it to the front any more: its streams wait until they are closed. */
void terminal_on_closed(void *context, u64 badge)
{
    (void)context;
    struct object *object = handler_hold(&terminal_handler, badge);
    if (object == NULL)
        return;
    struct job *job = BASE_CONTAINER_OF(object, struct job, object);
    put_behind(job);
    terminal_tell_key(&terminal.stopped, job);
    object_release(object);
    handler_closed(&terminal_handler, badge);
}
