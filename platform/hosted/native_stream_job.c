/* Streams of the terminal that are read only while their job is in front. Each has descriptors of
 * its own, so that what waits for a key waits in a channel of its own, and is held alone. */
#include "platform/hosted/limits.h"
#include "platform/hosted/native_endpoint.h"
#include "platform/hosted/native_stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct native_stream_job {
    struct object object; /* the first member */
    struct list_link link;
    struct endpoint input;
    struct endpoint output;
};

static struct {
    pthread_mutex_t lock; /* before those of channels */
    struct list all;      /* an unused one is all zero */
    u32 count;
    struct native_stream_job *front;
    bool terminal_is_held;
} jobs = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- Making them ---- */

static void destroy(struct object *object)
{
    struct native_stream_job *job = BASE_CONTAINER_OF(object, struct native_stream_job, object);
    pthread_mutex_lock(&jobs.lock);
    list_remove(&job->link);
    jobs.count--;
    pthread_mutex_unlock(&jobs.lock);
    channel_deinit(&job->input.channel);
    channel_deinit(&job->output.channel);
    free(job);
}

static void init_endpoint(struct native_stream_job *job, struct endpoint *endpoint, int fd)
{
    endpoint->kind = STREAM_KIND_TERMINAL;
    endpoint->open = true;
    pthread_mutex_init(&endpoint->text_lock, NULL);
    channel_init(&endpoint->channel, endpoint_handler(), &job->object, fd);
}

/* A place for one more, which holds two of the host's descriptors; false: there is none. */
static bool take_place(void)
{
    pthread_mutex_lock(&jobs.lock);
    bool has_room = jobs.count < LIMIT_TERMINAL_JOBS;
    jobs.count += has_room;
    pthread_mutex_unlock(&jobs.lock);
    return has_room;
}

static void give_place(void)
{
    pthread_mutex_lock(&jobs.lock);
    jobs.count--;
    pthread_mutex_unlock(&jobs.lock);
}

struct native_stream_job *native_stream_job_create(void)
{
    if (!take_place())
        return NULL;
    int input = open("/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int output = open("/dev/tty", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct native_stream_job *job = calloc(1, sizeof(*job));
    if (input < 0 || output < 0 || job == NULL) {
        if (input >= 0)
            close(input);
        if (output >= 0)
            close(output);
        free(job);
        give_place();
        return NULL;
    }
    job->object = (struct object){ .holds = 1, .destroy = destroy };
    init_endpoint(job, &job->input, input);
    init_endpoint(job, &job->output, output);
    job->input.channel.held = true;
    pthread_mutex_lock(&jobs.lock);
    if (jobs.all.head.next == NULL)
        list_init(&jobs.all);
    job->output.channel.held = jobs.terminal_is_held;
    list_push_back(&jobs.all, &job->link);
    pthread_mutex_unlock(&jobs.lock);
    return job;
}

void native_stream_job_release(struct native_stream_job *job)
{
    object_release(&job->object);
}

enum status native_stream_job_mint(struct native *receiver, struct native_stream_job *job,
                                   i32 *slot)
{
    struct handler *handler = endpoint_handler();
    object_hold(&job->object);
    u64 badge = handler_add(handler, &job->object);
    if (badge == 0) {
        object_release(&job->object);
        return STATUS_LIMIT;
    }
    enum status status =
        native_mint_for(receiver, handler->native, STREAM_INTERFACE_ID, badge, slot);
    if (status != STATUS_OK)
        handler_closed(handler, badge);
    return status;
}

/* A badge is closed after the calls that came with it, so the channel stays as long as the caller's
 * call. */
struct channel *endpoint_of_job(struct handler *handler, u64 badge, bool output)
{
    struct object *object = handler_hold(handler, badge);
    if (object == NULL)
        return NULL;
    struct native_stream_job *job = BASE_CONTAINER_OF(object, struct native_stream_job, object);
    object_release(object);
    return output ? &job->output.channel : &job->input.channel;
}

/* ---- Who is in front ---- */

/* With the lock. */
static void hold_all(void)
{
    if (jobs.all.head.next == NULL)
        return;
    struct list_link *link = list_first(&jobs.all);
    for (; link != NULL; link = list_next(&jobs.all, link)) {
        struct native_stream_job *job = BASE_CONTAINER_OF(link, struct native_stream_job, link);
        channel_hold(&job->input.channel, jobs.terminal_is_held || job != jobs.front);
        channel_hold(&job->output.channel, jobs.terminal_is_held);
    }
}

void endpoint_hold_jobs(bool held)
{
    pthread_mutex_lock(&jobs.lock);
    jobs.terminal_is_held = held;
    hold_all();
    pthread_mutex_unlock(&jobs.lock);
}

void native_stream_job_front(struct native_stream_job *job)
{
    pthread_mutex_lock(&jobs.lock);
    struct native_stream_job *before = jobs.front;
    jobs.front = job;
    if (job != NULL)
        object_hold(&job->object);
    hold_all();
    pthread_mutex_unlock(&jobs.lock);
    endpoint_job_is_in_front(job != NULL);
    if (before != NULL)
        object_release(&before->object);
}

/* ---- The screen ---- */

static void write_screen(struct native_stream_job *job,
                         size_t (*make)(const struct screen_text *text,
                                        u8 out[SCREEN_TEXT_RESTORE_MAX]))
{
    u8 bytes[SCREEN_TEXT_RESTORE_MAX];
    struct endpoint *endpoint = &job->output;
    pthread_mutex_lock(&endpoint->text_lock);
    usize size = make(&endpoint->text, bytes);
    pthread_mutex_unlock(&endpoint->text_lock);
    ssize_t written = write(endpoint->channel.fd, bytes, size);
    (void)written; /* who cannot be shown it does not miss it */
}

void native_stream_job_leave_screen(struct native_stream_job *job)
{
    write_screen(job, screen_text_leave);
}

void native_stream_job_take_screen(struct native_stream_job *job)
{
    write_screen(job, screen_text_return);
}

void endpoint_restore_front(void)
{
    u8 bytes[SCREEN_TEXT_RESTORE_MAX];
    struct native_stream_job *job = __atomic_load_n(&jobs.front, __ATOMIC_ACQUIRE);
    usize size = job == NULL ? 0 : screen_text_restore(&job->output.text, bytes);
    ssize_t written = size == 0 ? 0 : write(job->output.channel.fd, bytes, size);
    (void)written;
}
