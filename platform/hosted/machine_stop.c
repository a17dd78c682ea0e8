/* The operator's log line, and the ends of the process. */
#include "platform/hosted/machine_stop.h"

#include "machine/machine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

static void (*volatile restore_hook)(void);
static void (*show_log)(struct bytes line); /* set before there are other threads */

void stop_at_end(void (*restore)(void))
{
    restore_hook = restore;
}

void stop_restore(void)
{
    void (*restore)(void) = restore_hook;
    if (restore != NULL)
        restore();
}

void stop_by_signal(int signal_number)
{
    sigset_t only;
    stop_restore();
    signal(signal_number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(signal_number);
}

void stop_say(struct bytes text)
{
    while (text.size > 0) {
        ssize_t written = write(STDERR_FILENO, text.data, text.size);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0)
            text = (struct bytes){ text.data + written, text.size - (usize)written };
    }
}

void stop_log_with(void (*show)(struct bytes line))
{
    show_log = show;
}

void machine_log(struct bytes line)
{
    if (show_log != NULL) {
        show_log(line);
        return;
    }
    struct iovec parts[2] = {
        { (void *)(usize)line.data, line.size },
        { "\n", 1 },
    };
    if (writev(STDERR_FILENO, parts, 2) < 0)
        return; /* nobody listens there */
}

_Noreturn void machine_stop(int status)
{
    stop_restore();
    _exit(status);
}

_Noreturn void base_fail(const char *what, const char *file, int line)
{
    u8 buffer[512];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "weft: a mistake of weft's own, at ");
    writer_text(&text, file);
    writer_text(&text, ":");
    writer_decimal(&text, (u64)line);
    writer_text(&text, ": this does not hold: ");
    writer_text(&text, what);
    writer_text(&text, "\n");
    stop_restore();
    stop_say((struct bytes){ buffer, u64_min(text.size, sizeof(buffer)) });
    abort();
}
