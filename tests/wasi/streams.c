/* Standard streams. Run with standard input from a pipe with `some input`, and then its end. */
#include "tests/wasi/support/case.h"

static struct fdstat stat;
static uint32_t done;
static char buffer[64];

static void test_state(void)
{
    for (uint32_t fd = 0; fd < 3; fd++) {
        GIVES(SUCCESS, raw_fd_fdstat_get(fd, at(&stat)), "fd_fdstat_get of a stream");
        TAP_OK(stat.type != TYPE_CHARACTER_DEVICE && stat.type != TYPE_DIRECTORY,
               "a pipe is no terminal");
        TAP_OK((stat.base & (R_SEEK | R_TELL)) == 0, "and has no offset");
        TAP_OK(((stat.base & R_READ) != 0) == (fd == 0) &&
                   ((stat.base & R_WRITE) != 0) == (fd != 0),
               "one direction each");
    }
}

static void test_input(void)
{
    struct vector rooms[] = { { at(buffer), 4 }, { at(buffer + 4), 2 } };
    GIVES(SUCCESS, raw_fd_read(0, at(rooms), 2, at(&done)), "reading a part");
    TAP_OK(done == 6 && memcmp(buffer, "some i", 6) == 0, "in vectors");
    uint32_t read = 0;
    while (read < 4 && read_into(0, buffer + read, 50, &done) == SUCCESS && done != 0)
        read += done;
    TAP_OK(read == 4 && memcmp(buffer, "nput", 4) == 0, "and the rest");
    GIVES(SUCCESS, read_into(0, buffer, 50, &done), "at the end");
    TAP_OK(done == 0, "there is nothing");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(0, NONBLOCK), "not to wait");
    GIVES(SUCCESS, read_into(0, buffer, 50, &done), "is the same at the end");
}

static void test_what_is_not(void)
{
    uint64_t position;
    struct vector one = { at(buffer), 1 };
    GIVES(NOTCAPABLE, write_text(0, "x", &done), "input is not written");
    GIVES(NOTCAPABLE, read_into(1, buffer, 1, &done), "output is not read");
    GIVES(SPIPE, raw_fd_seek(1, 0, FROM_CURRENT, at(&position)), "no seeking");
    GIVES(SPIPE, raw_fd_tell(0, at(&position)), "no telling");
    GIVES(SPIPE, raw_fd_pread(0, at(&one), 1, 0, at(&done)), "no places to read");
    GIVES(SPIPE, raw_fd_pwrite(1, at(&one), 1, 0, at(&done)), "nor to write");
    GIVES(NOTCAPABLE, raw_fd_allocate(1, 0, 1), "nothing to allocate");
    GIVES(NOTCAPABLE, raw_fd_filestat_set_size(1, 0), "no size");
    GIVES(NOTCAPABLE, raw_fd_filestat_set_times(1, 0, 0, 0), "no times");
    GIVES(FAULT, raw_fd_write(1, NOWHERE, 1, at(&done)), "bad vectors");
}

static void test_closing(void)
{
    GIVES(SUCCESS, raw_fd_close(0), "input can be closed");
    GIVES(BADF, read_into(0, buffer, 1, &done), "and is gone");
    uint32_t file;
    make_file(ROOT, "log", "");
    open_at(ROOT, "log", 0, R_WRITE, &file);
    TAP_OK(file == 0, "its number is the next one's");
    GIVES(SUCCESS, raw_fd_renumber(file, 2), "a file in place of standard error");
    GIVES(SUCCESS, write_text(2, "an error", &done), "takes what is written there");
    TAP_OK(file_is(ROOT, "log", "an error"), "for itself");
    unlink_file(ROOT, "log");
}

int main(void)
{
    test_state();
    test_input();
    test_what_is_not();
    test_closing();
    return tap_done();
}
