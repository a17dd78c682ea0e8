/* Run with a terminal as standard input, output and error. */
#include "tests/wasi/support/case.h"

#include <unistd.h>

int main(void)
{
    struct fdstat stat;
    for (int fd = 0; fd < 3; fd++) {
        GIVES(SUCCESS, raw_fd_fdstat_get((uint32_t)fd, at(&stat)), "fd_fdstat_get");
        TAP_OK(stat.type == TYPE_CHARACTER_DEVICE && (stat.base & (R_SEEK | R_TELL)) == 0,
               "a character device without an offset");
        TAP_OK(isatty(fd) == 1, "the C library takes it for a terminal");
    }
    return tap_done();
}
