/* Writing where nobody reads any more ends a program without a word, as SIGPIPE does elsewhere: most
 * never look whether their output is taken. Who ignores or handles that signal is told EPIPE. These
 * stand in place of the C library's, for programs that need nothing else of this room, too. */
#include <errno.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wasi/api.h>

enum { STATUS_SIGNAL = 128 }; /* and a signal's number: how a program ends by it */

static void raise_broken_pipe(void)
{
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    signal(SIGPIPE, handler);
    if (handler == SIG_DFL)
        _exit(STATUS_SIGNAL + SIGPIPE);
    raise(SIGPIPE);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    size_t written = 0;
    __wasi_errno_t error = __WASI_ERRNO_INVAL;
    if (count >= 0)
        error = __wasi_fd_write(descriptor, (const __wasi_ciovec_t *)parts, (size_t)count, &written);
    if (error == __WASI_ERRNO_PIPE)
        raise_broken_pipe();
    if (error == 0)
        return (ssize_t)written;
    errno = error;
    return -1;
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    struct iovec part = { (void *)(uintptr_t)bytes, size };
    return writev(descriptor, &part, 1);
}
