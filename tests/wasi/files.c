/* fd_advise, fd_allocate, fd_datasync, fd_sync, fd_filestat_*. */
#include "tests/wasi/support/case.h"

static struct filestat stat;

static uint32_t open_file(uint64_t rights)
{
    uint32_t file = 0;
    open_at(ROOT, "file", CREAT, rights, &file);
    return file;
}

static uint64_t size_now(uint32_t file)
{
    stat.size = UINT64_MAX;
    raw_fd_filestat_get(file, at(&stat));
    return stat.size;
}

static void test_filestat(void)
{
    make_file(ROOT, "file", "12345");
    uint32_t file = open_file(R_FILESTAT_GET);
    GIVES(SUCCESS, raw_fd_filestat_get(file, at(&stat)), "fd_filestat_get");
    TAP_OK(stat.type == TYPE_FILE && stat.size == 5 && stat.links == 1, "a file of five bytes");
    TAP_OK(stat.inode != 0 && stat.modified > UINT64_C(1500000000000000000), "with inode and time");
    struct filestat other;
    stat_at(ROOT, 0, "file", &other);
    TAP_OK(memcmp(&stat, &other, sizeof(stat)) == 0, "by path it is the same");
    GIVES(FAULT, raw_fd_filestat_get(file, NOWHERE), "bad pointer");
    GIVES(BADF, raw_fd_filestat_get(88, at(&stat)), "no descriptor");
    raw_fd_close(file);
    file = open_file(R_READ);
    GIVES(NOTCAPABLE, raw_fd_filestat_get(file, at(&stat)), "without the right");
    raw_fd_close(file);
    GIVES(SUCCESS, raw_fd_filestat_get(ROOT, at(&stat)), "of a directory");
    TAP_OK(stat.type == TYPE_DIRECTORY, "which is one");
    GIVES(SUCCESS, raw_fd_filestat_get(1, at(&stat)), "of standard output");
    unlink_file(ROOT, "file");
}

static void test_size(void)
{
    uint32_t done;
    char buffer[8] = { 1 };
    make_file(ROOT, "file", "12345");
    uint32_t file = open_file(R_READ | R_SET_SIZE | R_FILESTAT_GET);
    GIVES(SUCCESS, raw_fd_filestat_set_size(file, 2), "shorter");
    TAP_OK(size_now(file) == 2, "it is");
    GIVES(SUCCESS, raw_fd_filestat_set_size(file, 6), "longer");
    TAP_OK(size_now(file) == 6, "it is");
    read_into(file, buffer, 8, &done);
    TAP_OK(done == 6 && memcmp(buffer, "12\0\0\0\0", 6) == 0, "with zeros");
    GIVES(INVAL, raw_fd_filestat_set_size(file, UINT64_MAX), "minus one");
    raw_fd_close(file);
    file = open_file(R_WRITE);
    GIVES(NOTCAPABLE, raw_fd_filestat_set_size(file, 0), "without the right");
    raw_fd_close(file);
    GIVES(NOTCAPABLE, raw_fd_filestat_set_size(ROOT, 0), "a directory has no such right");
    GIVES(BADF, raw_fd_filestat_set_size(88, 0), "no descriptor");
    unlink_file(ROOT, "file");
}

static void test_times(void)
{
    enum { ATIM = 1, ATIM_NOW = 2, MTIM = 4, MTIM_NOW = 8 };
    make_file(ROOT, "file", "");
    uint32_t file = open_file(R_SET_TIMES | R_FILESTAT_GET);
    GIVES(SUCCESS, raw_fd_filestat_set_times(file, 1000000123, 2000000456, ATIM | MTIM), "set");
    raw_fd_filestat_get(file, at(&stat));
    TAP_OK(stat.accessed == 1000000123 && stat.modified == 2000000456, "to the nanosecond");
    GIVES(SUCCESS, raw_fd_filestat_set_times(file, 7, 3000000789, MTIM), "one of them");
    raw_fd_filestat_get(file, at(&stat));
    TAP_OK(stat.accessed == 1000000123 && stat.modified == 3000000789, "leaves the other");
    GIVES(SUCCESS, raw_fd_filestat_set_times(file, 0, 0, ATIM_NOW), "now");
    raw_fd_filestat_get(file, at(&stat));
    TAP_OK(stat.accessed > UINT64_C(1500000000000000000) && stat.modified == 3000000789, "is now");
    GIVES(SUCCESS, raw_fd_filestat_set_times(file, 0, 0, 0), "neither");
    GIVES(INVAL, raw_fd_filestat_set_times(file, 0, 0, ATIM | ATIM_NOW), "then and now");
    GIVES(INVAL, raw_fd_filestat_set_times(file, 0, 0, MTIM | MTIM_NOW), "the same");
    GIVES(INVAL, raw_fd_filestat_set_times(file, 0, 0, 16), "no such flag");
    raw_fd_close(file);
    file = open_file(R_READ);
    GIVES(NOTCAPABLE, raw_fd_filestat_set_times(file, 0, 0, 0), "without the right");
    raw_fd_close(file);
    GIVES(BADF, raw_fd_filestat_set_times(88, 0, 0, 0), "no descriptor");
    unlink_file(ROOT, "file");
}

static void test_allocate(void)
{
    uint32_t file = open_file(R_ALLOCATE | R_WRITE | R_FILESTAT_GET);
    GIVES(SUCCESS, raw_fd_allocate(file, 10, 90), "fd_allocate");
    TAP_OK(size_now(file) == 100, "makes the file longer");
    GIVES(SUCCESS, raw_fd_allocate(file, 0, 50), "within it");
    TAP_OK(size_now(file) == 100, "it leaves the size");
    GIVES(INVAL, raw_fd_allocate(file, 0, 0), "nothing");
    GIVES(INVAL, raw_fd_allocate(file, UINT64_MAX, 1), "a negative place");
    GIVES(FBIG, raw_fd_allocate(file, INT64_MAX, INT64_MAX), "too far");
    raw_fd_close(file);
    file = open_file(R_WRITE);
    GIVES(NOTCAPABLE, raw_fd_allocate(file, 0, 1), "without the right");
    raw_fd_close(file);
    GIVES(NOTCAPABLE, raw_fd_allocate(ROOT, 0, 1), "a directory has no such right");
    GIVES(BADF, raw_fd_allocate(88, 0, 1), "no descriptor");
    unlink_file(ROOT, "file");
}

static void test_advise(void)
{
    enum { ADVICES = 6 };
    make_file(ROOT, "file", "12345");
    uint32_t file = open_file(R_READ | R_ADVISE | R_FILESTAT_GET);
    for (uint32_t advice = 0; advice < ADVICES; advice++)
        GIVES(SUCCESS, raw_fd_advise(file, 0, 5, advice), "fd_advise");
    GIVES(SUCCESS, raw_fd_advise(file, 100, 0, 0), "beyond the end, too");
    TAP_OK(size_now(file) == 5, "the size stays");
    GIVES(INVAL, raw_fd_advise(file, 0, 0, ADVICES), "no such advice");
    GIVES(INVAL, raw_fd_advise(file, UINT64_MAX, 1, 0), "a negative place");
    GIVES(INVAL, raw_fd_advise(file, 0, UINT64_MAX, 0), "a negative size");
    raw_fd_close(file);
    file = open_file(R_READ);
    GIVES(NOTCAPABLE, raw_fd_advise(file, 0, 0, 0), "without the right");
    raw_fd_close(file);
    GIVES(BADF, raw_fd_advise(88, 0, 0, 0), "no descriptor");
    GIVES(SPIPE, raw_fd_advise(1, 0, 0, 0), "a stream has no places");
    unlink_file(ROOT, "file");
}

static void test_sync(void)
{
    uint32_t done;
    uint32_t file = open_file(R_WRITE | R_SYNC | R_DATASYNC);
    write_text(file, "x", &done);
    GIVES(SUCCESS, raw_fd_datasync(file), "fd_datasync");
    GIVES(SUCCESS, raw_fd_sync(file), "fd_sync");
    raw_fd_close(file);
    file = open_file(R_WRITE);
    GIVES(NOTCAPABLE, raw_fd_datasync(file), "fd_datasync without the right");
    GIVES(NOTCAPABLE, raw_fd_sync(file), "fd_sync without the right");
    raw_fd_close(file);
    GIVES(SUCCESS, raw_fd_sync(ROOT), "a directory");
    GIVES(BADF, raw_fd_sync(88), "no descriptor for fd_sync");
    GIVES(BADF, raw_fd_datasync(88), "nor for fd_datasync");
    unlink_file(ROOT, "file");
}

int main(void)
{
    test_filestat();
    test_size();
    test_times();
    test_allocate();
    test_advise();
    test_sync();
    return tap_done();
}
