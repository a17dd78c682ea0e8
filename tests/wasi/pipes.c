/* poll_oneoff and reading without waiting, where who answers is a process that has to run for it. Run
 * by the shell with standard input from one of its pipes: `xy`, and the end. */
#include "tests/wasi/support/case.h"

enum { CLOCK, FD_READ, MONOTONIC = 1 };

struct subscription {
    uint64_t userdata;
    uint8_t kind;
    _Alignas(8) uint32_t fd_or_clock;
    uint64_t timeout;
    uint64_t precision;
    uint16_t flags;
};

struct event {
    uint64_t userdata;
    uint16_t error;
    uint8_t kind;
    uint64_t size;
    uint16_t flags;
};

_Static_assert(sizeof(struct subscription) == 48 && sizeof(struct event) == 32, "WASI's layouts");

static struct event events[8];
static uint32_t count;

static uint32_t poll(const struct subscription *subscriptions, uint32_t subscription_count)
{
    return raw_poll_oneoff(at(subscriptions), at(events), subscription_count, at(&count));
}

static void test_polling(void)
{
    uint32_t file;
    make_file(ROOT, "file", "12345");
    open_at(ROOT, "file", 0, R_READ | R_POLL, &file);
    struct subscription input = { .userdata = 1, .kind = FD_READ, .fd_or_clock = 0 };
    struct subscription with_file[] = { { .userdata = 2, .kind = FD_READ, .fd_or_clock = file }, input };
    struct subscription at_once[] = { input, { .userdata = 3, .kind = CLOCK, .fd_or_clock = MONOTONIC } };
    GIVES(SUCCESS, poll(&input, 1), "a pipe");
    TAP_OK(count == 1 && events[0].size == 2, "is waited for");
    GIVES(SUCCESS, poll(with_file, 2), "together with a file");
    TAP_OK(count == 2 && events[0].userdata == 2 && events[1].userdata == 1 && events[1].size == 2,
           "both are ready");
    GIVES(SUCCESS, poll(at_once, 2), "without waiting");
    TAP_OK(count == 2 && events[0].userdata == 1 && events[0].size == 2 && events[1].userdata == 3,
           "it is ready");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_reading(void)
{
    char bytes[4] = { 0 };
    uint32_t done = 0;
    struct subscription input = { .userdata = 1, .kind = FD_READ, .fd_or_clock = 0 };
    raw_fd_fdstat_set_flags(0, NONBLOCK);
    GIVES(SUCCESS, read_into(0, bytes, sizeof(bytes), &done), "what is there is read without waiting");
    TAP_OK(done == 2 && bytes[0] == 'x' && bytes[1] == 'y', "all of it");
    GIVES(SUCCESS, poll(&input, 1), "the end");
    TAP_OK(count == 1 && events[0].flags == 1, "is waited for");
    GIVES(SUCCESS, read_into(0, bytes, sizeof(bytes), &done), "and read without waiting");
    TAP_OK(done == 0, "as the end");
}

int main(void)
{
    test_polling();
    test_reading();
    return tap_done();
}
