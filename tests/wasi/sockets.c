/* sock_*, on what is no socket. With sockets: tcp.c. */
#include "tests/wasi/support/case.h"

static uint32_t done;
static uint16_t flags;
static char buffer[8];
static struct vector vector;

static void test_on(uint32_t fd, uint32_t expected, const char *name)
{
    printf("# %s\n", name);
    GIVES(expected, raw_sock_accept(fd, 0, at(&done)), "sock_accept");
    GIVES(expected, raw_sock_recv(fd, at(&vector), 1, 0, at(&done), at(&flags)), "sock_recv");
    GIVES(expected, raw_sock_send(fd, at(&vector), 1, 0, at(&done)), "sock_send");
    GIVES(expected, raw_sock_shutdown(fd, 3), "sock_shutdown");
}

int main(void)
{
    uint32_t file;
    vector = (struct vector){ at(buffer), sizeof(buffer) };
    open_at(ROOT, "file", CREAT, R_READ | R_WRITE, &file);
    test_on(file, NOTSOCK, "a file");
    test_on(ROOT, NOTSOCK, "a directory");
    test_on(1, NOTSOCK, "a stream");
    test_on(88, BADF, "nothing");
    raw_fd_close(file);
    test_on(file, BADF, "what was closed");
    unlink_file(ROOT, "file");
    return tap_done();
}
