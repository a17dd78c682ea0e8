/* fd_close, fd_renumber, fd_fdstat_*, fd_prestat_*. */
#include "tests/wasi/support/case.h"

static struct fdstat stat;

static void test_close(void)
{
    uint32_t file;
    GIVES(SUCCESS, open_at(ROOT, "close", CREAT, R_READ, &file), "open");
    GIVES(SUCCESS, raw_fd_close(file), "fd_close");
    GIVES(BADF, raw_fd_close(file), "closing twice");
    GIVES(BADF, raw_fd_close(1000000), "closing what never was");
    GIVES(BADF, raw_fd_fdstat_get(file, at(&stat)), "a closed descriptor is no descriptor");
    uint32_t again;
    open_at(ROOT, "close", 0, R_READ, &again);
    TAP_OK(again == file, "a number that is free is used again");
    raw_fd_close(again);
    unlink_file(ROOT, "close");
}

static void test_many(void)
{
    static uint32_t files[2000];
    uint32_t count = 0;
    uint32_t error = SUCCESS;
    make_file(ROOT, "many", "x");
    while (count < 2000 && error == SUCCESS) {
        error = open_at(ROOT, "many", 0, R_READ, &files[count]);
        count += error == SUCCESS;
    }
    TAP_OK(error == MFILE || error == NFILE, "there is a bound to open descriptors");
    TAP_OK(count > 250, "above 250");
    char byte;
    uint32_t done;
    GIVES(SUCCESS, read_into(files[count - 1], &byte, 1, &done), "the last one works");
    error = SUCCESS;
    for (uint32_t i = 0; i < count; i++)
        error |= raw_fd_close(files[i]);
    GIVES(SUCCESS, error, "all can be closed");
    unlink_file(ROOT, "many");
}

static void test_renumber(void)
{
    uint32_t one;
    uint32_t two;
    char byte = 0;
    uint32_t done;
    make_file(ROOT, "one", "1");
    make_file(ROOT, "two", "2");
    open_at(ROOT, "one", 0, R_READ, &one);
    open_at(ROOT, "two", 0, R_READ, &two);
    GIVES(SUCCESS, raw_fd_renumber(one, two), "fd_renumber");
    GIVES(BADF, raw_fd_fdstat_get(one, at(&stat)), "the old number is free");
    GIVES(SUCCESS, read_into(two, &byte, 1, &done), "the new one reads");
    TAP_OK(byte == '1', "and is what was moved");
    GIVES(BADF, raw_fd_renumber(two, one), "a number that is not open is no target");
    GIVES(BADF, raw_fd_renumber(one, two), "nor a source");
    GIVES(SUCCESS, raw_fd_renumber(two, two), "onto itself nothing happens");
    GIVES(SUCCESS, raw_fd_fdstat_get(two, at(&stat)), "it is still open");
    raw_fd_close(two);
    unlink_file(ROOT, "one");
    unlink_file(ROOT, "two");
}

static void test_fdstat(void)
{
    uint32_t file;
    open_at(ROOT, "stat", CREAT, R_READ | R_WRITE | R_READDIR, &file);
    GIVES(SUCCESS, raw_fd_fdstat_get(file, at(&stat)), "fd_fdstat_get");
    TAP_OK(stat.type == TYPE_FILE && stat.flags == 0, "a regular file without flags");
    TAP_OK(stat.base == (R_READ | R_WRITE), "has the rights that were asked for and that it can have");
    TAP_OK(stat.inheriting == 0, "a file has nothing to inherit from");
    GIVES(FAULT, raw_fd_fdstat_get(file, NOWHERE), "bad pointer");
    GIVES(BADF, raw_fd_fdstat_get(0xFFFFFFFF, at(&stat)), "no descriptor");
    raw_fd_close(file);
    unlink_file(ROOT, "stat");
    GIVES(SUCCESS, raw_fd_fdstat_get(ROOT, at(&stat)), "fd_fdstat_get of a directory");
    TAP_OK(stat.type == TYPE_DIRECTORY, "is a directory");
    TAP_OK((stat.base & (R_SEEK | R_READ | R_WRITE | R_TELL | R_ALLOCATE | R_SET_SIZE)) == 0,
           "has no rights that only files have");
    uint64_t all = R_OPEN | R_READDIR | R_CREATE_FILE | R_CREATE_DIRECTORY | R_UNLINK | R_SYMLINK;
    TAP_OK((stat.base & all) == all, "has those of a directory");
    TAP_OK((stat.inheriting & (all | R_FILE)) == (all | R_FILE), "and lets all be inherited");
}

static void test_set_flags(void)
{
    uint32_t file;
    open_at(ROOT, "flags", CREAT, R_READ | R_WRITE | R_SET_FLAGS, &file);
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(file, APPEND), "append is set");
    raw_fd_fdstat_get(file, at(&stat));
    TAP_OK(stat.flags == APPEND, "and shown");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(file, 0), "and taken back");
    GIVES(SUCCESS, raw_fd_fdstat_set_flags(file, NONBLOCK), "non-blocking is set");
    raw_fd_fdstat_get(file, at(&stat));
    TAP_OK(stat.flags == NONBLOCK, "and shown");
    GIVES(INVAL, raw_fd_fdstat_set_flags(file, 1 << 5), "no such flag");
    GIVES(BADF, raw_fd_fdstat_set_flags(999, 0), "no such descriptor");
    raw_fd_close(file);
    open_at(ROOT, "flags", 0, R_READ, &file);
    GIVES(NOTCAPABLE, raw_fd_fdstat_set_flags(file, APPEND), "without the right");
    raw_fd_close(file);
    unlink_file(ROOT, "flags");
}

static void test_set_rights(void)
{
    uint32_t file;
    char byte;
    uint32_t done;
    make_file(ROOT, "rights", "abc");
    open_at(ROOT, "rights", 0, R_READ | R_WRITE | R_SEEK, &file);
    GIVES(SUCCESS, raw_fd_fdstat_set_rights(file, R_READ | R_WRITE | R_SEEK, 0), "the same rights");
    GIVES(SUCCESS, raw_fd_fdstat_set_rights(file, R_READ, 0), "fewer");
    GIVES(SUCCESS, read_into(file, &byte, 1, &done), "what is left works");
    GIVES(NOTCAPABLE, write_text(file, "x", &done), "what is gone does not");
    GIVES(NOTCAPABLE, raw_fd_fdstat_set_rights(file, R_READ | R_WRITE, 0), "none come back");
    GIVES(NOTCAPABLE, raw_fd_fdstat_set_rights(file, R_READ, R_READ), "nor are there others");
    GIVES(SUCCESS, raw_fd_fdstat_set_rights(file, 0, 0), "none at all");
    GIVES(NOTCAPABLE, read_into(file, &byte, 1, &done), "nothing works");
    GIVES(SUCCESS, raw_fd_close(file), "but closing");
    GIVES(BADF, raw_fd_fdstat_set_rights(file, 0, 0), "no descriptor");
    unlink_file(ROOT, "rights");
}

static void test_preopened(void)
{
    struct {
        uint32_t kind;
        uint32_t size;
    } prestat = { 9, 9 };
    char name[8] = "xxxxxxx";
    GIVES(SUCCESS, raw_fd_prestat_get(ROOT, at(&prestat)), "fd_prestat_get");
    TAP_OK((prestat.kind & 0xFF) == 0 && prestat.size == 1, "a directory with a name of one byte");
    GIVES(NAMETOOLONG, raw_fd_prestat_dir_name(ROOT, at(name), 0), "too small for the name");
    GIVES(SUCCESS, raw_fd_prestat_dir_name(ROOT, at(name), sizeof(name)), "fd_prestat_dir_name");
    TAP_OK(memcmp(name, "/xxxxxx", 7) == 0, "the name without a zero");
    GIVES(FAULT, raw_fd_prestat_dir_name(ROOT, NOWHERE, 100), "bad pointer for the name");
    GIVES(FAULT, raw_fd_prestat_get(ROOT, NOWHERE), "bad pointer");
    GIVES(BADF, raw_fd_prestat_get(1, at(&prestat)), "a stream is not preopened");
    GIVES(BADF, raw_fd_prestat_get(99, at(&prestat)), "nothing is not preopened");
    uint32_t directory = 0;
    raw_path_open(ROOT, 0, at("."), 1, DIRECTORY, R_OPEN, 0, 0, at(&directory));
    GIVES(BADF, raw_fd_prestat_get(directory, at(&prestat)), "what was opened is not preopened");
    GIVES(BADF, raw_fd_prestat_dir_name(directory, at(name), 8), "and has no such name");
    GIVES(SUCCESS, raw_fd_renumber(directory, ROOT), "a preopened directory can be replaced");
    GIVES(BADF, raw_fd_prestat_get(ROOT, at(&prestat)), "and is none any more");
    GIVES(SUCCESS, raw_fd_close(ROOT), "and closed");
    GIVES(BADF, open_at(ROOT, "x", CREAT, R_READ, &directory), "then there is no way in");
}

int main(void)
{
    test_close();
    test_many();
    test_renumber();
    test_fdstat();
    test_set_flags();
    test_set_rights();
    test_preopened();
    return tap_done();
}
