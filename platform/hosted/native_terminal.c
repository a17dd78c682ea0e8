/* Raw mode keeps the keys that make signals: the interrupt key is a message to those who ask for
 * it, and ends the system otherwise, so no program can make the terminal unusable. */
#include "platform/hosted/native_terminal.h"

#include "interface/stream.h"
#include "interface/terminal.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/machine_stop.h"
#include "platform/hosted/native_stream.h"
#include "platform/hosted/terminal_state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct handler terminal_handler;
struct terminal_state terminal = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1 };

struct job *terminal_in_front(void)
{
    struct front *front = front_innermost(&terminal.outermost.front);
    return BASE_CONTAINER_OF(front, struct job, front);
}

/* ---- The host's terminal; with the lock ---- */

static int find_terminal(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (isatty(fd))
            return fd;
    return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int terminal_fd(void)
{
    if (!terminal.opened) {
        terminal.opened = true;
        terminal.fd = find_terminal();
        if (terminal.fd >= 0 && tcgetattr(terminal.fd, &terminal.original) != 0)
            terminal.fd = -1;
        terminal.current = terminal.original;
    }
    return terminal.fd;
}

bool terminal_apply(const struct termios *mode)
{
    sigset_t only, previous;
    sigemptyset(&only);
    sigaddset(&only, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &only, &previous);
    bool applied = tcsetattr(terminal.fd, TCSADRAIN, mode) == 0;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return applied;
}

static void restore(void)
{
    if (terminal.changed)
        terminal_apply(&terminal.original);
}

static void restore_at_end(void)
{
    native_stream_restore_screen();
    restore();
}

static bool set_mode(u32 mode, u64 owner)
{
    struct termios wanted = terminal.original;
    if ((mode & TERMINAL_MODE_RAW) != 0) {
        wanted.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON);
        wanted.c_lflag &= ~(tcflag_t)(ICANON | IEXTEN);
        wanted.c_cc[VMIN] = 1;
        wanted.c_cc[VTIME] = 0;
    }
    if ((mode & TERMINAL_MODE_NO_ECHO) != 0)
        wanted.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    terminal.changed = true;
    if (!terminal.attended && !terminal_apply(&wanted))
        return false;
    terminal.current = wanted;
    terminal_in_front()->mode_owner = mode == 0 ? 0 : owner;
    return true;
}

/* As a person knows it who is asked something. */
static bool apply_attended(void)
{
    struct termios mode = terminal.original;
    mode.c_iflag |= ICRNL;
    mode.c_oflag |= OPOST | ONLCR;
    mode.c_lflag |= ICANON | ECHO | ISIG;
    return terminal_apply(&mode);
}

static bool read_size(struct terminal_size *size)
{
    struct winsize found;
    if (terminal_fd() < 0 || ioctl(terminal.fd, TIOCGWINSZ, &found) != 0)
        return false;
    *size = (struct terminal_size){ found.ws_col, found.ws_row };
    return true;
}

/* ---- Answers ---- */

static void answer_size(i64 id, bool found, struct terminal_size size)
{
    u8 small[16];
    struct body_writer writer;
    struct terminal_size_error_result result = { .failed = !found };
    if (found)
        result.value = size;
    else
        result.error = TERMINAL_ERROR_NOT_A_TERMINAL;
    body_writer_init(&writer, small, sizeof(small));
    terminal_size_result_encode(&writer, &result);
    handler_answer(&terminal_handler, id, &writer);
}

static void answer_key(i64 id)
{
    u8 small[16];
    struct body_writer writer;
    body_writer_init(&writer, small, sizeof(small));
    terminal_interrupted_result_encode(&writer);
    handler_answer(&terminal_handler, id, &writer);
}

void terminal_answer_none(i64 id, bool done, enum terminal_error error)
{
    u8 small[16];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = !done, .error = error };
    body_writer_init(&writer, small, sizeof(small));
    terminal_set_mode_result_encode(&writer, &result);
    handler_answer(&terminal_handler, id, &writer);
}

bool terminal_wait_in(struct list *list, struct question waiting)
{
    struct question *question = malloc(sizeof(*question));
    if (question == NULL)
        return false;
    *question = waiting;
    pthread_mutex_lock(&terminal.lock);
    bool room = terminal.question_count < LIMIT_WAITING_REQUESTS;
    if (room) {
        list_push_back(list, &question->link);
        terminal.question_count++;
    }
    pthread_mutex_unlock(&terminal.lock);
    if (!room)
        free(question);
    return room;
}

static struct question *take_first(struct list *list)
{
    pthread_mutex_lock(&terminal.lock);
    struct list_link *link = list_pop_front(list);
    terminal.question_count -= link != NULL;
    pthread_mutex_unlock(&terminal.lock);
    return link == NULL ? NULL : BASE_CONTAINER_OF(link, struct question, link);
}

/* ---- The interface ---- */

static enum weft_status on_open(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[16];
    struct body_writer writer;
    i32 slot;
    pthread_mutex_lock(&terminal.lock);
    struct native_stream_job *stream = terminal_in_front()->stream;
    enum status status = stream == NULL
                             ? native_stream_mint(terminal_handler.native, STREAM_TERMINAL, &slot)
                             : native_stream_job_mint(terminal_handler.native, stream, &slot);
    pthread_mutex_unlock(&terminal.lock);
    if (status != STATUS_OK)
        return WEFT_LIMIT;
    body_writer_init(&writer, small, sizeof(small));
    terminal_open_result_encode(&writer, &slot);
    handler_answer(&terminal_handler, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_size(void *context, const struct weft_event *event)
{
    (void)context;
    struct terminal_size size = { 0 };
    pthread_mutex_lock(&terminal.lock);
    bool found = read_size(&size);
    pthread_mutex_unlock(&terminal.lock);
    answer_size(event->id, found, size);
    return WEFT_OK;
}

static enum weft_status on_set_mode(void *context, const struct weft_event *event,
                                    const struct terminal_set_mode_arguments *arguments)
{
    (void)context;
    pthread_mutex_lock(&terminal.lock);
    bool is_there = terminal_fd() >= 0;
    bool done = is_there && set_mode(arguments->mode, event->sender);
    pthread_mutex_unlock(&terminal.lock);
    terminal_answer_none(event->id, done,
                         is_there ? TERMINAL_ERROR_IO : TERMINAL_ERROR_NOT_A_TERMINAL);
    return WEFT_OK;
}

static enum weft_status on_interrupted(void *context, const struct weft_event *event)
{
    (void)context;
    struct question question = { .id = event->id };
    return terminal_wait_in(&terminal.interrupted, question) ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_stopped(void *context, const struct weft_event *event)
{
    (void)context;
    struct question question = { .id = event->id };
    terminal.stops_jobs = true;
    return terminal_wait_in(&terminal.stopped, question) ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_resized(void *context, const struct weft_event *event,
                                   const struct terminal_resized_arguments *arguments)
{
    (void)context;
    struct terminal_size size = { 0 };
    struct terminal_size known = arguments->known;
    pthread_mutex_lock(&terminal.lock);
    bool found = read_size(&size);
    pthread_mutex_unlock(&terminal.lock);
    if (!found || size.columns != known.columns || size.rows != known.rows) {
        answer_size(event->id, found, size);
        return WEFT_OK;
    }
    if (!terminal_wait_in(&terminal.resized, (struct question){ .id = event->id, .known = known }))
        return WEFT_LIMIT;
    native_terminal_resized(); /* it may have changed just now */
    return WEFT_OK;
}

/* ---- What the system tells ---- */

/* The first who knows another size than there is now. */
static struct question *take_outdated(struct terminal_size *size, bool *found)
{
    pthread_mutex_lock(&terminal.lock);
    *found = read_size(size);
    struct list_link *link = list_first(&terminal.resized);
    for (; link != NULL; link = list_next(&terminal.resized, link)) {
        struct terminal_size known = BASE_CONTAINER_OF(link, struct question, link)->known;
        if (!*found || known.columns != size->columns || known.rows != size->rows)
            break;
    }
    if (link != NULL) {
        list_remove(link);
        terminal.question_count--;
    }
    pthread_mutex_unlock(&terminal.lock);
    return link == NULL ? NULL : BASE_CONTAINER_OF(link, struct question, link);
}

void native_terminal_resized(void)
{
    struct terminal_size size = { 0 };
    struct question *question;
    bool found;
    while ((question = take_outdated(&size, &found)) != NULL) {
        answer_size(question->id, found, size);
        free(question);
    }
}

void native_terminal_redraw(void)
{
    pthread_mutex_lock(&terminal.lock);
    struct list_link *link = list_first(&terminal.resized);
    for (; link != NULL; link = list_next(&terminal.resized, link))
        BASE_CONTAINER_OF(link, struct question, link)->known = (struct terminal_size){ 0 };
    pthread_mutex_unlock(&terminal.lock);
    native_terminal_resized();
}

/* All are taken before the first of them knows: who asks again waits for another key. */
bool terminal_tell_key(struct list *list, const struct job *job)
{
    struct list told;
    struct list_link *link, *next;
    list_init(&told);
    pthread_mutex_lock(&terminal.lock);
    for (link = list_first(list); link != NULL; link = next) {
        next = list_next(list, link);
        if (BASE_CONTAINER_OF(link, struct question, link)->job != job)
            continue;
        list_remove(link);
        list_push_back(&told, link);
        terminal.question_count--;
    }
    pthread_mutex_unlock(&terminal.lock);
    bool is_told = !list_empty(&told);
    while ((link = list_pop_front(&told)) != NULL) {
        struct question *question = BASE_CONTAINER_OF(link, struct question, link);
        answer_key(question->id);
        free(question);
    }
    return is_told;
}

bool native_terminal_interrupt(void)
{
    return terminal_tell_key(&terminal.interrupted, NULL) || terminal.stops_jobs;
}

bool native_terminal_quit(void)
{
    return terminal.stops_jobs && native_terminal_interrupt();
}

void native_terminal_pause(void)
{
    pthread_mutex_lock(&terminal.lock);
    restore();
    pthread_mutex_unlock(&terminal.lock);
}

void native_terminal_resume(void)
{
    pthread_mutex_lock(&terminal.lock);
    if (terminal.attended)
        apply_attended();
    else if (terminal_in_front()->mode_owner != 0)
        terminal_apply(&terminal.current);
    pthread_mutex_unlock(&terminal.lock);
    native_terminal_resized();
}

bool native_terminal_attend(bool attended)
{
    pthread_mutex_lock(&terminal.lock);
    bool is_there = terminal_fd() >= 0;
    if (is_there) {
        terminal.attended = attended;
        terminal.changed = true;
        is_there = attended ? apply_attended() : terminal_apply(&terminal.current);
    }
    pthread_mutex_unlock(&terminal.lock);
    return is_there;
}

void native_terminal_process_ended(struct process_id process)
{
    pthread_mutex_lock(&terminal.lock);
    u64 owner = terminal_in_front()->mode_owner;
    if (owner != 0 && owner == process.value) {
        native_stream_restore_screen();
        set_mode(0, 0);
    }
    pthread_mutex_unlock(&terminal.lock);
}

/* ---- The handler ---- */

static void on_message(void *context, const struct native_message *message)
{
    static const struct terminal_server server = {
        .open = on_open,
        .size = on_size,
        .set_mode = on_set_mode,
        .interrupted = on_interrupted,
        .resized = on_resized,
        .stopped = on_stopped,
        .job = terminal_on_job,
        .job_open = terminal_on_job_open,
        .job_front = terminal_on_job_front,
        .job_back = terminal_on_job_back,
        .job_stopped = terminal_on_job_stopped,
    };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = terminal_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&terminal_handler, message, status);
}

static bool remove_from(struct list *list, i64 id)
{
    struct list_link *link = list_first(list);
    while (link != NULL && BASE_CONTAINER_OF(link, struct question, link)->id != id)
        link = list_next(list, link);
    if (link == NULL)
        return false;
    list_remove(link);
    terminal.question_count--;
    free(BASE_CONTAINER_OF(link, struct question, link));
    return true;
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    pthread_mutex_lock(&terminal.lock);
    if (!remove_from(&terminal.interrupted, id) && !remove_from(&terminal.stopped, id))
        remove_from(&terminal.resized, id);
    pthread_mutex_unlock(&terminal.lock);
}

static void never_destroyed(struct object *object)
{
    (void)object;
}

enum status native_terminal_init(void)
{
    static const struct native_operations operations = { "terminal", on_message, terminal_on_closed,
                                                         on_withdrawn };
    terminal.outermost.object = (struct object){ .holds = 1, .destroy = never_destroyed };
    list_init(&terminal.interrupted);
    list_init(&terminal.stopped);
    list_init(&terminal.resized);
    stop_at_end(restore_at_end);
    return handler_init(&terminal_handler, &operations, NULL, TERMINAL_INTERFACE_NAME,
                        TERMINAL_INTERFACE_HASH);
}

void native_terminal_deinit(void)
{
    struct question *question;
    while ((question = take_first(&terminal.interrupted)) != NULL)
        free(question);
    while ((question = take_first(&terminal.stopped)) != NULL)
        free(question);
    while ((question = take_first(&terminal.resized)) != NULL)
        free(question);
    handler_deinit(&terminal_handler);
}
