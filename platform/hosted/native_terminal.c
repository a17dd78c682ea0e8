/* Raw mode keeps the keys that make signals: the interrupt key is a message to those who ask for
 * it, and ends the system otherwise, so no program can make the terminal unusable. */
#include "platform/hosted/native_terminal.h"

#include "interface/stream.h"
#include "interface/terminal.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/machine_stop.h"
#include "platform/hosted/native_stream.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Somebody who waits for the interrupt key or for another size. */
struct question {
    struct list_link link;
    i64 id;
    struct terminal_size known;
};

static struct handler handler;

static struct {
    pthread_mutex_t lock;
    bool opened;
    int fd; /* -1: there is no terminal */
    struct termios original;
    struct termios current;
    bool attended;  /* lines are read with echo, whatever a program has set */
    u64 mode_owner; /* process whose mode holds; 0: the original holds */
    volatile sig_atomic_t changed;
    struct list interrupted;
    struct list resized;
    u32 question_count;
} terminal = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1 };

/* ---- The host's terminal; with the lock ---- */

static int find_terminal(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (isatty(fd))
            return fd;
    return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* The terminal's descriptor, -1 if there is none. */
static int terminal_fd(void)
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

/* Also from the background, where the host would stop us for it. Safe in signal handlers. */
static bool apply(const struct termios *mode)
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
        apply(&terminal.original);
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
    if (!terminal.attended && !apply(&wanted))
        return false;
    terminal.current = wanted;
    terminal.mode_owner = mode == 0 ? 0 : owner;
    return true;
}

/* As a person knows it who is asked something. */
static bool apply_attended(void)
{
    struct termios mode = terminal.original;
    mode.c_iflag |= ICRNL;
    mode.c_oflag |= OPOST | ONLCR;
    mode.c_lflag |= ICANON | ECHO | ISIG;
    return apply(&mode);
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
    handler_answer(&handler, id, &writer);
}

static void answer_interrupted(i64 id)
{
    u8 small[16];
    struct body_writer writer;
    body_writer_init(&writer, small, sizeof(small));
    terminal_interrupted_result_encode(&writer);
    handler_answer(&handler, id, &writer);
}

/* Lets it wait; false: no room. */
static bool wait_in(struct list *list, i64 id, struct terminal_size known)
{
    struct question *question = calloc(1, sizeof(*question));
    if (question == NULL)
        return false;
    question->id = id;
    question->known = known;
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
    if (native_stream_mint(handler.native, STREAM_TERMINAL, &slot) != STATUS_OK)
        return WEFT_LIMIT;
    body_writer_init(&writer, small, sizeof(small));
    terminal_open_result_encode(&writer, &slot);
    handler_answer(&handler, event->id, &writer);
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
    u8 small[16];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = true };
    pthread_mutex_lock(&terminal.lock);
    if (terminal_fd() < 0)
        result.error = TERMINAL_ERROR_NOT_A_TERMINAL;
    else if (!set_mode(arguments->mode, event->sender))
        result.error = TERMINAL_ERROR_IO;
    else
        result.failed = false;
    pthread_mutex_unlock(&terminal.lock);
    body_writer_init(&writer, small, sizeof(small));
    terminal_set_mode_result_encode(&writer, &result);
    handler_answer(&handler, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_interrupted(void *context, const struct weft_event *event)
{
    (void)context;
    struct terminal_size none = { 0 };
    return wait_in(&terminal.interrupted, event->id, none) ? WEFT_OK : WEFT_LIMIT;
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
    if (!wait_in(&terminal.resized, event->id, known))
        return WEFT_LIMIT;
    native_terminal_resized(); /* it may have changed just now */
    return WEFT_OK;
}

/* ---- What the system tells ---- */

bool native_terminal_interrupt(void)
{
    struct question *question;
    bool told = false;
    while ((question = take_first(&terminal.interrupted)) != NULL) {
        answer_interrupted(question->id);
        free(question);
        told = true;
    }
    return told;
}

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
    else if (terminal.mode_owner != 0)
        apply(&terminal.current);
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
        is_there = attended ? apply_attended() : apply(&terminal.current);
    }
    pthread_mutex_unlock(&terminal.lock);
    return is_there;
}

void native_terminal_process_ended(struct process_id process)
{
    pthread_mutex_lock(&terminal.lock);
    if (terminal.mode_owner != 0 && terminal.mode_owner == process.value) {
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
    };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = terminal_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    (void)badge;
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
    if (!remove_from(&terminal.interrupted, id))
        remove_from(&terminal.resized, id);
    pthread_mutex_unlock(&terminal.lock);
}

enum status native_terminal_init(void)
{
    static const struct native_operations operations = { "terminal", on_message, on_closed,
                                                         on_withdrawn };
    list_init(&terminal.interrupted);
    list_init(&terminal.resized);
    stop_at_end(restore_at_end);
    return handler_init(&handler, &operations, NULL, TERMINAL_INTERFACE_NAME,
                        TERMINAL_INTERFACE_HASH);
}

void native_terminal_deinit(void)
{
    struct question *question;
    while ((question = take_first(&terminal.interrupted)) != NULL)
        free(question);
    while ((question = take_first(&terminal.resized)) != NULL)
        free(question);
    handler_deinit(&handler);
}
