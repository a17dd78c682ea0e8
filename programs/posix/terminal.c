/* Terminals, by the interface `terminal`. A program that may not use it is told that there is none. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "interface/terminal_program.h"
#include "lib/client.h"

/* Remembered, since the interface knows only what it has to. */
static struct termios now = {
    .c_iflag = BRKINT | ICRNL | IXON | IUTF8,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = CS8 | CREAD | CLOCAL | B38400,
    .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .c_cc = { [VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VMIN] = 1,
              [VSTART] = 17, [VSTOP] = 19, [VSUSP] = 26, [VREPRINT] = 18, [VWERASE] = 23,
              [VLNEXT] = 22 },
    .c_ispeed = B38400,
    .c_ospeed = B38400,
};

static struct weft_client *terminal(void)
{
    static _Alignas(8) uint8_t buffer[256];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    if (client.slot == 0)
        client.slot = terminal_slot();
    return &client;
}

static int is_no_terminal(void)
{
    errno = ENOTTY;
    return -1;
}

int tcgetattr(int descriptor, struct termios *attributes)
{
    if (!isatty(descriptor))
        return is_no_terminal();
    *attributes = now;
    return 0;
}

int tcsetattr(int descriptor, int when, const struct termios *attributes)
{
    (void)when;
    if (!isatty(descriptor))
        return is_no_terminal();
    uint32_t mode = 0;
    if ((attributes->c_lflag & ICANON) == 0)
        mode |= TERMINAL_MODE_RAW;
    if ((attributes->c_lflag & ECHO) == 0)
        mode |= TERMINAL_MODE_NO_ECHO;
    struct terminal_none_error_result result;
    if (terminal_set_mode(terminal(), mode, &result) != WEFT_OK || result.failed)
        return is_no_terminal();
    now = *attributes;
    return 0;
}

void cfmakeraw(struct termios *attributes)
{
    attributes->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    attributes->c_oflag &= ~(tcflag_t)OPOST;
    attributes->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    attributes->c_cflag |= CS8;
}

speed_t cfgetospeed(const struct termios *attributes)
{
    return attributes->c_ospeed;
}

speed_t cfgetispeed(const struct termios *attributes)
{
    return attributes->c_ispeed;
}

int cfsetispeed(struct termios *attributes, speed_t speed)
{
    attributes->c_ispeed = speed;
    return 0;
}

int cfsetospeed(struct termios *attributes, speed_t speed)
{
    attributes->c_ospeed = speed;
    return 0;
}

int cfsetspeed(struct termios *attributes, speed_t speed)
{
    return cfsetispeed(attributes, speed) | cfsetospeed(attributes, speed);
}

int tcflush(int descriptor, int queue)
{
    (void)queue;
    return isatty(descriptor) ? 0 : is_no_terminal();
}

int tcsetpgrp(int descriptor, pid_t group)
{
    (void)group;
    return isatty(descriptor) ? 0 : is_no_terminal();
}

pid_t tcgetpgrp(int descriptor)
{
    return isatty(descriptor) ? getpid() : is_no_terminal();
}

char *ttyname(int descriptor)
{
    static char name[] = "/dev/console";
    if (isatty(descriptor))
        return name;
    errno = ENOTTY;
    return NULL;
}

static int get_size(struct winsize *size)
{
    struct terminal_size_error_result result;
    if (terminal_size(terminal(), &result) != WEFT_OK || result.failed)
        return is_no_terminal();
    *size = (struct winsize){ .ws_row = result.value.rows, .ws_col = result.value.columns };
    return 0;
}

int posix_ioctl(int descriptor, int request, ...)
{
    if (!isatty(descriptor))
        return is_no_terminal();
    if (request == TIOCNOTTY || request == TIOCSCTTY)
        return 0;
    if (request != TIOCGWINSZ) {
        errno = EINVAL;
        return -1;
    }
    va_list rest;
    va_start(rest, request);
    struct winsize *size = va_arg(rest, struct winsize *);
    va_end(rest);
    return get_size(size);
}
