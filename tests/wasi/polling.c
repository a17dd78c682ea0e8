/* poll_oneoff. Run with standard input from a pipe into which `x` comes after a while. */
#include "tests/wasi/support/case.h"

enum { CLOCK, FD_READ, FD_WRITE, REALTIME = 0, MONOTONIC = 1, ABSTIME = 1, MILLISECOND = 1000000 };

struct subscription {
    uint64_t userdata;
    uint8_t kind;
    union {
        _Alignas(8) uint32_t clock;
        uint32_t fd;
    };
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

static struct event events[2000];
static uint32_t count;

static uint64_t now(uint32_t clock)
{
    uint64_t time = 0;
    raw_clock_time_get(clock, 0, at(&time));
    return time;
}

static uint32_t poll(const struct subscription *subscriptions, uint32_t subscription_count)
{
    return raw_poll_oneoff(at(subscriptions), at(events), subscription_count, at(&count));
}

static struct subscription after(uint64_t userdata, uint32_t clock, uint64_t timeout, uint16_t flags)
{
    return (struct subscription){
        .userdata = userdata, .kind = CLOCK, .clock = clock, .timeout = timeout, .flags = flags
    };
}

static struct subscription when(uint64_t userdata, uint8_t kind, uint32_t fd)
{
    return (struct subscription){ .userdata = userdata, .kind = kind, .fd = fd };
}

static void test_clock(uint32_t clock)
{
    uint64_t before = now(MONOTONIC);
    struct subscription one = after(7, clock, 30 * MILLISECOND, 0);
    GIVES(SUCCESS, poll(&one, 1), "a clock");
    uint64_t took = now(MONOTONIC) - before;
    TAP_OK(count == 1 && events[0].userdata == 7 && events[0].error == SUCCESS &&
               events[0].kind == CLOCK,
           "one event, of the clock");
    TAP_OK(took >= 30 * MILLISECOND && took < 1000 * (uint64_t)MILLISECOND, "at its time");
    before = now(MONOTONIC);
    one = after(8, clock, now(clock) + 30 * MILLISECOND, ABSTIME);
    GIVES(SUCCESS, poll(&one, 1), "a moment");
    took = now(MONOTONIC) - before;
    TAP_OK(count == 1 && took >= 29 * MILLISECOND && took < 1000 * (uint64_t)MILLISECOND,
           "is waited for");
    one = after(9, clock, 1, ABSTIME);
    GIVES(SUCCESS, poll(&one, 1), "a moment that has passed");
    TAP_OK(count == 1 && events[0].userdata == 9, "is there at once");
}

static void test_clocks(void)
{
    struct subscription both[] = {
        after(1, MONOTONIC, 10000 * (uint64_t)MILLISECOND, 0), after(2, REALTIME, 20 * MILLISECOND, 0),
        after(3, MONOTONIC, UINT64_MAX, 0), after(4, MONOTONIC, UINT64_MAX, ABSTIME)
    };
    GIVES(SUCCESS, poll(both, 4), "several clocks");
    TAP_OK(count == 1 && events[0].userdata == 2, "the first of them");
    both[0] = after(1, MONOTONIC, 0, 0);
    both[1] = after(2, REALTIME, 0, 0);
    GIVES(SUCCESS, poll(both, 2), "no time at all");
    TAP_OK(count == 2 && events[0].userdata == 1 && events[1].userdata == 2, "both, in their order");
}

static void test_files(void)
{
    uint32_t file;
    make_file(ROOT, "file", "12345");
    open_at(ROOT, "file", 0, R_READ | R_WRITE | R_SEEK | R_POLL, &file);
    struct subscription both[] = { when(1, FD_READ, file), when(2, FD_WRITE, file),
                                   after(3, MONOTONIC, 10000 * (uint64_t)MILLISECOND, 0) };
    GIVES(SUCCESS, poll(both, 3), "a file");
    TAP_OK(count == 2 && events[0].userdata == 1 && events[0].kind == FD_READ &&
               events[0].error == SUCCESS && events[1].userdata == 2 && events[1].kind == FD_WRITE,
           "is always ready");
    TAP_OK(events[0].size == 5, "with the bytes that it has");
    uint64_t position;
    raw_fd_seek(file, 3, FROM_START, at(&position));
    poll(both, 1);
    TAP_OK(count == 1 && events[0].size == 2, "behind the offset");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_streams(void)
{
    struct subscription both[] = { when(1, FD_READ, 0), after(2, MONOTONIC, 20 * MILLISECOND, 0),
                                   when(3, FD_WRITE, 1) };
    char byte = 0;
    uint32_t done;
    raw_fd_fdstat_set_flags(0, NONBLOCK);
    GIVES(AGAIN, read_into(0, &byte, 1, &done), "reading would have to wait");
    raw_fd_fdstat_set_flags(0, 0);
    GIVES(SUCCESS, poll(both, 2), "an input without anything");
    TAP_OK(count == 1 && events[0].userdata == 2, "is not ready, the clock is");
    GIVES(SUCCESS, poll(both, 3), "together with the output");
    TAP_OK(count == 1 && events[0].userdata == 3 && events[0].error == SUCCESS, "that is ready");
    GIVES(SUCCESS, poll(both, 1), "the input alone");
    TAP_OK(count == 1 && events[0].userdata == 1 && events[0].size == 1, "is waited for");
    GIVES(SUCCESS, read_into(0, &byte, 1, &done), "and can be read");
    TAP_OK(done == 1 && byte == 'x', "nothing was lost");
    GIVES(SUCCESS, poll(both, 1), "at the end of input");
    TAP_OK(count == 1 && events[0].error == SUCCESS && events[0].flags == 1, "the other side hung up");
}

static void test_errors(void)
{
    uint32_t file;
    struct subscription one = after(1, MONOTONIC, 0, 0);
    GIVES(INVAL, poll(&one, 0), "nothing to wait for");
    struct subscription both[] = { when(1, FD_READ, 88), after(2, MONOTONIC, UINT64_MAX, 0) };
    GIVES(SUCCESS, poll(both, 2), "no descriptor");
    TAP_OK(count == 1 && events[0].userdata == 1 && events[0].error == BADF, "is the event's error");
    make_file(ROOT, "file", "");
    open_at(ROOT, "file", 0, R_SEEK, &file);
    one = when(1, FD_READ, file);
    GIVES(SUCCESS, poll(&one, 1), "no right");
    TAP_OK(count == 1 && events[0].error == NOTCAPABLE, "neither");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
    one = after(1, 9, 0, 0);
    GIVES(SUCCESS, poll(&one, 1), "no clock");
    TAP_OK(count == 1 && events[0].error == INVAL, "neither");
    one = after(1, MONOTONIC, 0, 2);
    GIVES(SUCCESS, poll(&one, 1), "no such flag");
    TAP_OK(count == 1 && events[0].error == INVAL, "neither");
    one.kind = 3;
    GIVES(INVAL, poll(&one, 1), "no such kind");
    one = after(1, MONOTONIC, 0, 0);
    GIVES(FAULT, raw_poll_oneoff(NOWHERE, at(events), 1, at(&count)), "bad subscriptions");
    GIVES(FAULT, raw_poll_oneoff(at(&one), NOWHERE, 1, at(&count)), "bad events");
    GIVES(FAULT, raw_poll_oneoff(at(&one), at(events), 1, NOWHERE), "bad count");
    GIVES(FAULT, raw_poll_oneoff(at(&one), at(events), 0xFFFFFFFF, at(&count)), "2^32 of them");
}

static void test_many(void)
{
    static struct subscription many[1000];
    for (uint32_t i = 0; i < 1000; i++)
        many[i] = when(i, FD_WRITE, 1);
    GIVES(SUCCESS, poll(many, 1000), "a thousand");
    TAP_OK(count >= 1 && events[0].error == SUCCESS, "can be waited for");
}

int main(void)
{
    test_clock(MONOTONIC);
    test_clock(REALTIME);
    test_clocks();
    test_files();
    test_streams();
    test_errors();
    test_many();
    return tap_done();
}
