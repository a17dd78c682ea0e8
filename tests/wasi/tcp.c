/* sock_*, with sockets. Run with a listener at 127.0.0.1 (descriptor 4), to which somebody connects,
 * sends `hello`, waits for `HELLO` and for the end, and then sends `bye` and ends. */
#include "tests/wasi/support/case.h"

enum { LISTENER = 4, RECEIVING = 1, SENDING = 2, PEEK = 1, WAITALL = 2, TYPE_SOCKET = 6 };

static uint32_t done;
static uint16_t flags;
static char buffer[16];
static struct vector vector;

static uint32_t receive(uint32_t fd, uint32_t size, uint32_t how)
{
    memset(buffer, 0, sizeof(buffer));
    vector = (struct vector){ at(buffer), size };
    flags = 7;
    return raw_sock_recv(fd, at(&vector), 1, how, at(&done), at(&flags));
}

static uint32_t test_accept(void)
{
    uint32_t connection = 0;
    struct fdstat stat;
    GIVES(SUCCESS, raw_fd_fdstat_get(LISTENER, at(&stat)), "the listener is there");
    TAP_OK(stat.type == TYPE_SOCKET && (stat.base & (R_READ | R_WRITE)) == 0, "to accept only");
    GIVES(NOTCONN, receive(LISTENER, 1, 0), "nothing is received from it");
    GIVES(NOTCONN, raw_sock_shutdown(LISTENER, SENDING), "nor is it shut down");
    GIVES(INVAL, raw_sock_accept(LISTENER, APPEND, at(&connection)), "no such flag");
    GIVES(FAULT, raw_sock_accept(LISTENER, 0, NOWHERE), "bad pointer");
    GIVES(SUCCESS, raw_sock_accept(LISTENER, 0, at(&connection)), "sock_accept");
    GIVES(SUCCESS, raw_fd_fdstat_get(connection, at(&stat)), "a connection");
    TAP_OK(stat.type == TYPE_SOCKET && (stat.base & (R_READ | R_WRITE)) == (R_READ | R_WRITE),
           "to read and write");
    GIVES(INVAL, raw_sock_accept(connection, 0, at(&done)), "that accepts nothing");
    return connection;
}

static void test_receive(uint32_t connection)
{
    GIVES(SUCCESS, receive(connection, 2, PEEK | WAITALL), "looking at it");
    TAP_OK(done == 2 && memcmp(buffer, "he", 2) == 0 && flags == 0, "shows the first bytes");
    GIVES(SUCCESS, receive(connection, 5, WAITALL), "sock_recv of all");
    TAP_OK(done == 5 && memcmp(buffer, "hello", 5) == 0, "they were still there");
    GIVES(INVAL, receive(connection, 5, 4), "no such flag");
    GIVES(FAULT, raw_sock_recv(connection, at(&vector), 1, 0, NOWHERE, at(&flags)), "bad size");
    GIVES(FAULT, raw_sock_recv(connection, at(&vector), 1, 0, at(&done), NOWHERE), "bad flags");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(connection, NONBLOCK), "not to wait");
    GIVES(AGAIN, receive(connection, 5, 0), "nothing has come");
    GIVES(AGAIN, read_into(connection, buffer, 5, &done), "fd_read says the same");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(connection, 0), "to wait");
}

static void test_send(uint32_t connection)
{
    vector = (struct vector){ at("HEL"), 3 };
    GIVES(SUCCESS, raw_sock_send(connection, at(&vector), 1, 0, at(&done)), "sock_send");
    TAP_OK(done == 3, "all of it");
    GIVES(SUCCESS, write_text(connection, "LO", &done), "fd_write does it, too");
    GIVES(INVAL, raw_sock_send(connection, at(&vector), 1, 1, at(&done)), "no such flag");
    GIVES(SPIPE, raw_fd_seek(connection, 0, FROM_CURRENT, at(buffer)), "it has no places");
    GIVES(INVAL, raw_sock_shutdown(connection, 0), "neither direction");
    GIVES(INVAL, raw_sock_shutdown(connection, 4), "no such direction");
    GIVES(SUCCESS, raw_sock_shutdown(connection, SENDING), "sock_shutdown");
    GIVES(PIPE, write_text(connection, "more", &done), "nothing more is sent");
    GIVES(SUCCESS, receive(connection, 10, WAITALL), "but received, to the end");
    TAP_OK(done == 3 && memcmp(buffer, "bye", 3) == 0, "that came after it");
    GIVES(SUCCESS, receive(connection, 10, 0), "behind the end");
    TAP_OK(done == 0, "there is nothing");
}

int main(void)
{
    uint32_t connection = test_accept();
    test_receive(connection);
    test_send(connection);
    GIVES(SUCCESS, raw_fd_close(connection), "fd_close");
    GIVES(BADF, receive(connection, 1, 0), "and it is gone");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(LISTENER, NONBLOCK), "a listener that does not wait");
    GIVES(AGAIN, raw_sock_accept(LISTENER, 0, at(&connection)), "says that nobody is there");
    return tap_done();
}
