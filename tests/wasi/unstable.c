/* `wasi_unstable`: what differs from its successor. Nothing of the C library is used that calls the
 * successor: two WASI libraries in one process would share one start record. */
#define RAW_MODULE "wasi_unstable"
#include "tests/wasi/support/raw.h"

#include <stdbool.h>
#include <string.h>

enum { ROOT = 3, OUTPUT = 1, CREAT = 1, R_READ = 2, R_SEEK = 4, R_WRITE = 64, TYPE_FILE = 4 };

struct vector {
    uint32_t address;
    uint32_t size;
};

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

static uint32_t count;
static bool has_failed;

static uint32_t at(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

static void say(const char *text)
{
    struct vector vector = { at(text), (uint32_t)strlen(text) };
    uint32_t done;
    raw_fd_write(OUTPUT, at(&vector), 1, at(&done));
}

static void say_count(void)
{
    char digits[] = { (char)('0' + count / 10), (char)('0' + count % 10), 0 };
    say(digits);
}

static void check(bool passed, const char *name)
{
    count++;
    has_failed = has_failed || !passed;
    say(passed ? "ok " : "not ok ");
    say_count();
    say(" - ");
    say(name);
    say("\n");
}

static uint32_t open_file(void)
{
    uint32_t file = 0;
    raw_path_open(ROOT, 0, at("file"), 4, CREAT, R_READ | R_WRITE | R_SEEK, 0, 0, at(&file));
    return file;
}

static void test_filestat(void)
{
    struct {
        struct old_filestat stat;
        uint64_t guard;
    } one = { .guard = 77 };
    struct vector text = { at("12345"), 5 };
    uint32_t file = open_file();
    uint32_t done;
    check(raw_fd_write(file, at(&text), 1, at(&done)) == 0, "fd_write");
    raw_fd_close(file);
    check(raw_path_filestat_get(ROOT, 0, at("file"), 4, at(&one)) == 0, "path_filestat_get");
    check(one.stat.type == TYPE_FILE && one.stat.links == 1 && one.stat.size == 5,
          "fields where they were then");
    check(one.stat.modified > UINT64_C(1500000000000000000) && one.guard == 77, "in 56 bytes");
}

static void test_seek(void)
{
    enum { OLD_CURRENT, OLD_END, OLD_START };
    uint64_t position = 0;
    uint32_t file = open_file();
    check(raw_fd_seek(file, -1, OLD_END, at(&position)) == 0 && position == 4, "from the end is 1");
    check(raw_fd_seek(file, -1, OLD_CURRENT, at(&position)) == 0 && position == 3,
          "from where it is is 0");
    check(raw_fd_seek(file, 2, OLD_START, at(&position)) == 0 && position == 2,
          "from the start is 2");
    check(raw_fd_seek(file, 0, 3, at(&position)) == 28, "3 is nothing");
    raw_fd_close(file);
    check(raw_path_unlink_file(ROOT, at("file"), 4) == 0, "path_unlink_file");
}

static void test_poll(void)
{
    uint64_t events[8];
    uint32_t event_count = 0;
    uint64_t before = 0;
    uint64_t behind = 0;
    struct old_subscription two[] = {
        { .userdata = 5, .kind = 0, .identifier = 99, .clock = 1, .timeout = 20000000 },
        { .userdata = 6, .kind = 0, .identifier = 98, .clock = 0, .timeout = UINT64_C(1) << 60 },
    };
    raw_clock_time_get(1, 0, at(&before));
    check(raw_poll_oneoff(at(two), at(events), 2, at(&event_count)) == 0, "poll_oneoff");
    raw_clock_time_get(1, 0, at(&behind));
    check(event_count == 1 && events[0] == 5 && behind - before >= 20000000, "waits for the clock");
    struct old_subscription output = { .userdata = 7, .kind = 2, .identifier = OUTPUT };
    check(raw_poll_oneoff(at(&output), at(events), 1, at(&event_count)) == 0, "a descriptor");
    check(event_count == 1 && events[0] == 7, "is where it was then");
}

int main(void)
{
    test_filestat();
    test_seek();
    test_poll();
    say("1..");
    say_count();
    say("\n");
    return has_failed;
}
