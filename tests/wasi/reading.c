/* fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell. */
#include "tests/wasi/support/case.h"

static uint32_t done;
static uint64_t position;
static char buffer[64];

static void test_write_and_read(void)
{
    uint32_t file = 0;
    open_at(ROOT, "file", CREAT, R_READ | R_WRITE | R_SEEK | R_TELL, &file);
    struct vector parts[] = {
        { at("one, "), 5 }, { 0, 0 }, { at("two, "), 5 }, { at("three"), 5 }
    };
    GIVES(SUCCESS, raw_fd_write(file, at(parts), 4, at(&done)), "fd_write from vectors");
    TAP_OK(done == 15, "all of them");
    GIVES(SUCCESS, raw_fd_tell(file, at(&position)), "fd_tell");
    TAP_OK(position == 15, "behind what was written");
    GIVES(SUCCESS, read_into(file, buffer, 8, &done), "fd_read at the end");
    TAP_OK(done == 0, "gives nothing");
    GIVES(SUCCESS, raw_fd_seek(file, 0, FROM_START, at(&position)), "to the start");
    struct vector rooms[] = { { at(buffer), 3 }, { at(buffer + 10), 0 }, { at(buffer + 20), 30 } };
    GIVES(SUCCESS, raw_fd_read(file, at(rooms), 3, at(&done)), "fd_read into vectors");
    TAP_OK(done == 15 && memcmp(buffer, "one", 3) == 0 && memcmp(buffer + 20, ", two, three", 12) == 0,
           "fills one after the other");
    GIVES(SUCCESS, raw_fd_write(file, at(parts), 0, at(&done)), "no vectors");
    TAP_OK(done == 0, "are nothing");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_places(void)
{
    uint32_t file = 0;
    open_at(ROOT, "file", CREAT, R_READ | R_WRITE | R_SEEK | R_TELL, &file);
    struct vector part = { at("abcdef"), 6 };
    struct vector room = { at(buffer), 4 };
    GIVES(SUCCESS, raw_fd_pwrite(file, at(&part), 1, 2, at(&done)), "fd_pwrite behind the end");
    GIVES(SUCCESS, raw_fd_tell(file, at(&position)), "fd_tell");
    TAP_OK(position == 0, "leaves the offset alone");
    GIVES(SUCCESS, raw_fd_pread(file, at(&room), 1, 0, at(&done)), "fd_pread");
    TAP_OK(done == 4 && memcmp(buffer, "\0\0ab", 4) == 0, "the gap reads as zero");
    GIVES(SUCCESS, raw_fd_pread(file, at(&room), 1, 6, at(&done)), "fd_pread near the end");
    TAP_OK(done == 2, "gives what there is");
    GIVES(SUCCESS, raw_fd_pread(file, at(&room), 1, 1000, at(&done)), "fd_pread beyond");
    TAP_OK(done == 0, "gives nothing");
    GIVES(INVAL, raw_fd_pread(file, at(&room), 1, UINT64_MAX, at(&done)), "no such offset to read");
    GIVES(INVAL, raw_fd_pwrite(file, at(&part), 1, 1ull << 63, at(&done)), "nor to write");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_seek(void)
{
    uint32_t file = 0;
    make_file(ROOT, "file", "0123456789");
    open_at(ROOT, "file", 0, R_READ | R_SEEK, &file);
    GIVES(SUCCESS, raw_fd_seek(file, -4, FROM_END, at(&position)), "from the end");
    TAP_OK(position == 6, "is counted from there");
    GIVES(SUCCESS, raw_fd_seek(file, 2, FROM_CURRENT, at(&position)), "from where it is");
    TAP_OK(position == 8, "is counted from there, too");
    GIVES(INVAL, raw_fd_seek(file, -9, FROM_CURRENT, at(&position)), "before the start");
    GIVES(SUCCESS, raw_fd_tell(file, at(&position)), "the right to seek is one to tell");
    TAP_OK(position == 8, "a seek that fails changes nothing");
    GIVES(INVAL, raw_fd_seek(file, -1, FROM_START, at(&position)), "minus one");
    GIVES(INVAL, raw_fd_seek(file, 0, 3, at(&position)), "no such place to count from");
    GIVES(OVERFLOW, raw_fd_seek(file, INT64_MAX, FROM_CURRENT, at(&position)), "too far");
    GIVES(SUCCESS, raw_fd_seek(file, 100, FROM_START, at(&position)), "beyond the end");
    GIVES(SUCCESS, read_into(file, buffer, 4, &done), "where nothing is");
    TAP_OK(done == 0 && position == 100, "nothing is read");
    GIVES(FAULT, raw_fd_seek(file, 5, FROM_START, NOWHERE), "bad pointer");
    raw_fd_tell(file, at(&position));
    TAP_OK(position == 100, "changes nothing");
    raw_fd_close(file);
    open_at(ROOT, "file", 0, R_READ | R_TELL, &file);
    GIVES(SUCCESS, raw_fd_seek(file, 0, FROM_CURRENT, at(&position)), "telling by seek");
    GIVES(NOTCAPABLE, raw_fd_seek(file, 1, FROM_CURRENT, at(&position)), "seeking without the right");
    raw_fd_close(file);
    open_at(ROOT, "file", 0, R_READ, &file);
    GIVES(NOTCAPABLE, raw_fd_tell(file, at(&position)), "telling without a right");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_append(void)
{
    uint32_t file = 0;
    make_file(ROOT, "file", "abc");
    raw_path_open(ROOT, 0, at("file"), 4, 0, R_READ | R_WRITE | R_SEEK | R_TELL | R_SET_FLAGS, 0,
                  APPEND, at(&file));
    GIVES(SUCCESS, raw_fd_tell(file, at(&position)), "fd_tell");
    TAP_OK(position == 0, "an appending file begins at its start");
    GIVES(SUCCESS, write_text(file, "de", &done), "writing");
    raw_fd_tell(file, at(&position));
    TAP_OK(position == 5, "moves to the end");
    raw_fd_seek(file, 1, FROM_START, at(&position));
    GIVES(SUCCESS, write_text(file, "f", &done), "wherever it was");
    TAP_OK(file_is(ROOT, "file", "abcdef"), "all is at the end");
    GIVES(SUCCESS, raw_fd_seek(file, 2, FROM_START, at(&position)), "back");
    GIVES(SUCCESS, read_into(file, buffer, 2, &done), "reading");
    TAP_OK(memcmp(buffer, "cd", 2) == 0, "is where it was put");
    raw_fd_fdstat_set_flags(file, 0);
    GIVES(SUCCESS, write_text(file, "X", &done), "appending no more");
    TAP_OK(file_is(ROOT, "file", "abcdXf"), "writes where it is");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_rights(void)
{
    uint32_t file = 0;
    struct vector vector = { at(buffer), 1 };
    make_file(ROOT, "file", "abc");
    open_at(ROOT, "file", 0, R_WRITE, &file);
    GIVES(NOTCAPABLE, read_into(file, buffer, 1, &done), "reading without the right");
    GIVES(NOTCAPABLE, raw_fd_pread(file, at(&vector), 1, 0, at(&done)), "at a place, neither");
    GIVES(NOTCAPABLE, raw_fd_pwrite(file, at(&vector), 1, 0, at(&done)), "a place takes R_SEEK");
    raw_fd_close(file);
    open_at(ROOT, "file", 0, R_READ, &file);
    GIVES(NOTCAPABLE, write_text(file, "x", &done), "writing without the right");
    raw_fd_close(file);
    open_at(ROOT, ".", DIRECTORY, R_READ, &file);
    GIVES(ISDIR, read_into(file, buffer, 1, &done), "a directory is not read");
    GIVES(ISDIR, write_text(file, "x", &done), "nor written");
    GIVES(ISDIR, raw_fd_pread(file, at(&vector), 1, 0, at(&done)), "not at a place, either");
    GIVES(NOTCAPABLE, raw_fd_seek(file, 0, FROM_START, at(&position)), "nor has it an offset");
    raw_fd_close(file);
    GIVES(BADF, read_into(77, buffer, 1, &done), "no descriptor to read");
    GIVES(BADF, write_text(77, "x", &done), "nor to write");
    unlink_file(ROOT, "file");
}

static void test_bad_vectors(void)
{
    uint32_t file = 0;
    make_file(ROOT, "file", "abc");
    open_at(ROOT, "file", 0, R_READ | R_WRITE | R_SEEK, &file);
    struct vector vectors[] = { { at(buffer), 1 }, { NOWHERE, 1 } };
    GIVES(FAULT, raw_fd_read(file, at(vectors), 2, at(&done)), "a vector that leads nowhere");
    GIVES(FAULT, raw_fd_write(file, at(vectors), 2, at(&done)), "the same for writing");
    TAP_OK(file_is(ROOT, "file", "abc"), "nothing was written");
    GIVES(FAULT, raw_fd_read(file, NOWHERE, 1, at(&done)), "the list is nowhere");
    GIVES(FAULT, raw_fd_read(file, at(vectors), 0x20000000, at(&done)), "a list of 2^32 bytes");
    GIVES(FAULT, raw_fd_read(file, at(vectors), 1, NOWHERE), "the count is nowhere");
    raw_fd_seek(file, 0, FROM_CURRENT, at(&position));
    TAP_OK(position == 0, "nothing was read");
    vectors[1] = (struct vector){ 0xFFFFFFFF, 0xFFFFFFFF };
    GIVES(FAULT, raw_fd_pread(file, at(vectors), 2, 0, at(&done)), "sizes that wrap round");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

static void test_many_vectors(void)
{
    static struct vector vectors[8000];
    static char big[200000];
    uint32_t file = 0;
    for (uint32_t i = 0; i < 3000; i++)
        vectors[i] = (struct vector){ at("abc") + i % 3, 1 };
    open_at(ROOT, "file", CREAT, R_READ | R_WRITE | R_SEEK, &file);
    GIVES(SUCCESS, raw_fd_write(file, at(vectors), 3000, at(&done)), "three thousand vectors");
    TAP_OK(done == 3000, "are all written");
    for (uint32_t i = 0; i < 3000; i++)
        vectors[i] = (struct vector){ at(big + i * 2), 1 };
    GIVES(SUCCESS, raw_fd_pread(file, at(vectors), 3000, 0, at(&done)), "and read");
    bool same = done == 3000;
    for (uint32_t i = 0; i < 3000; i++)
        same = same && big[i * 2] == "abc"[i % 3];
    TAP_OK(same, "in their order");
    memset(big, 'y', sizeof(big));
    struct vector whole = { at(big), sizeof(big) };
    GIVES(SUCCESS, raw_fd_pwrite(file, at(&whole), 1, 0, at(&done)), "more than one message's worth");
    TAP_OK(done == sizeof(big), "is written whole");
    memset(big, 0, sizeof(big));
    GIVES(SUCCESS, raw_fd_pread(file, at(&whole), 1, 0, at(&done)), "and read");
    TAP_OK(done == sizeof(big) && big[0] == 'y' && big[sizeof(big) - 1] == 'y', "whole");
    uint32_t memory = (uint32_t)__builtin_wasm_memory_size(0) * 65536;
    for (uint32_t i = 0; i < 8000; i++)
        vectors[i] = (struct vector){ 0, memory };
    GIVES(INVAL, raw_fd_write(file, at(vectors), 8000, at(&done)), "4 GiB and more in all");
    vectors[7].address = 1;
    GIVES(FAULT, raw_fd_write(file, at(vectors), 8, at(&done)), "one that ends behind memory");
    raw_fd_close(file);
    unlink_file(ROOT, "file");
}

int main(void)
{
    test_write_and_read();
    test_places();
    test_seek();
    test_append();
    test_rights();
    test_bad_vectors();
    test_many_vectors();
    return tap_done();
}
