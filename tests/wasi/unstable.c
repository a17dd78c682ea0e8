/* `wasi_unstable`: what differs from its successor. */
#define RAW_MODULE "wasi_unstable"
#include "tests/wasi/support/case.h"

struct old_filestat {
    uint64_t device;
    uint64_t inode;
    uint8_t type;
    uint32_t links;
    uint64_t size;
    uint64_t accessed;
    uint64_t modified;
    uint64_t changed;
};

struct old_subscription {
    uint64_t userdata;
    uint8_t kind;
    uint64_t identifier;
    uint32_t clock;
    uint64_t timeout;
    uint64_t precision;
    uint16_t flags;
};

_Static_assert(sizeof(struct old_filestat) == 56 && sizeof(struct old_subscription) == 56,
               "the layouts of the time");

static void test_filestat(void)
{
    struct {
        struct old_filestat stat;
        uint64_t guard;
    } one = { .guard = 77 };
    make_file(ROOT, "file", "12345");
    GIVES(SUCCESS, raw_path_filestat_get(ROOT, 0, at("file"), 4, at(&one)), "path_filestat_get");
    TAP_OK(one.stat.type == TYPE_FILE && one.stat.links == 1 && one.stat.size == 5,
           "fields where they were then");
    TAP_OK(one.stat.modified > UINT64_C(1500000000000000000) && one.guard == 77, "in 56 bytes");
    unlink_file(ROOT, "file");
}

static void test_seek(void)
{
    enum { OLD_CURRENT, OLD_END, OLD_START };
    uint32_t file;
    uint64_t position = 0;
    make_file(ROOT, "file", "12345");
    open_at(ROOT, "file", 0, R_READ | R_SEEK, &file);
    GIVES(SUCCESS, raw_fd_seek(file, -1, OLD_END, at(&position)), "from the end");
    TAP_OK(position == 4, "is 1");
    GIVES(SUCCESS, raw_fd_seek(file, -1, OLD_CURRENT, at(&position)), "from where it is");
    TAP_OK(position == 3, "is 0");
    GIVES(SUCCESS, raw_fd_seek(file, 2, OLD_START, at(&position)), "from the start");
    TAP_OK(position == 2, "is 2");
    GIVES(INVAL, raw_fd_seek(file, 0, 3, at(&position)), "3 is nothing");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_poll(void)
{
    uint64_t events[8];
    uint32_t count = 0;
    uint64_t before = 0;
    uint64_t behind = 0;
    struct old_subscription two[] = {
        { .userdata = 5, .kind = 0, .identifier = 99, .clock = 1, .timeout = 20000000 },
        { .userdata = 6, .kind = 0, .identifier = 98, .clock = 0, .timeout = UINT64_C(1) << 60 },
    };
    raw_clock_time_get(1, 0, at(&before));
    GIVES(SUCCESS, raw_poll_oneoff(at(two), at(events), 2, at(&count)), "poll_oneoff");
    raw_clock_time_get(1, 0, at(&behind));
    TAP_OK(count == 1 && events[0] == 5 && behind - before >= 20000000, "waits for the clock");
    struct old_subscription output = { .userdata = 7, .kind = 2, .identifier = 1 };
    GIVES(SUCCESS, raw_poll_oneoff(at(&output), at(events), 1, at(&count)), "a descriptor");
    TAP_OK(count == 1 && events[0] == 7, "is where it was then");
}

int main(void)
{
    test_filestat();
    test_seek();
    test_poll();
    return tap_done();
}
