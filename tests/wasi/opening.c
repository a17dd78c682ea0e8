/* path_open. */
#include "tests/wasi/support/case.h"

static uint32_t fd;
static uint32_t done;
static struct fdstat stat;

static uint32_t open_with(uint32_t lookup, const char *path, uint32_t flags, uint64_t base,
                          uint32_t fdflags)
{
    return raw_path_open(ROOT, lookup, at(path), size_of(path), flags, base, 0, fdflags, at(&fd));
}

static void test_create(void)
{
    GIVES(NOENT, open_with(0, "new", 0, R_READ, 0), "what is not there");
    GIVES(NOENT, open_with(0, "no/new", CREAT, R_READ, 0), "in a directory that is not there");
    GIVES(SUCCESS, open_with(0, "new", CREAT | EXCL, R_WRITE, 0), "created, and only so");
    raw_fd_close(fd);
    GIVES(EXIST, open_with(0, "new", CREAT | EXCL, R_WRITE, 0), "once");
    GIVES(SUCCESS, open_with(0, "new", CREAT, R_WRITE, 0), "created or found");
    write_text(fd, "text", &done);
    raw_fd_close(fd);
    GIVES(SUCCESS, open_with(0, "new", 0, 0, 0), "without any right");
    GIVES(SUCCESS, raw_fd_fdstat_get(fd, at(&stat)), "it is what it is");
    TAP_OK(stat.base == 0 && stat.type == TYPE_FILE, "a file without rights");
    raw_fd_close(fd);
    TAP_OK(file_is(ROOT, "new", "text"), "opening does not change it");
    GIVES(SUCCESS, open_with(0, "new", TRUNC, 0, 0), "truncating needs no right to write");
    raw_fd_close(fd);
    TAP_OK(file_is(ROOT, "new", ""), "it is empty");
    GIVES(SUCCESS, unlink_file(ROOT, "new"), "away with it");
}

static void test_kinds(void)
{
    make_directory(ROOT, "dir");
    make_file(ROOT, "file", "x");
    GIVES(SUCCESS, open_with(0, "dir", 0, R_READ, 0), "a directory without saying so");
    raw_fd_fdstat_get(fd, at(&stat));
    TAP_OK(stat.type == TYPE_DIRECTORY && stat.base == 0, "has none of a file's rights");
    raw_fd_close(fd);
    GIVES(SUCCESS, open_with(0, "dir", DIRECTORY, R_READDIR | R_SEEK, 0), "a directory");
    raw_fd_fdstat_get(fd, at(&stat));
    TAP_OK(stat.base == R_READDIR, "keeps the rights that it can have");
    raw_fd_close(fd);
    GIVES(ISDIR, open_with(0, "dir", DIRECTORY, R_READ | R_WRITE, 0), "a directory to write to");
    GIVES(ISDIR, open_with(0, "dir", 0, R_WRITE, 0), "without saying so");
    GIVES(NOTDIR, open_with(0, "file", DIRECTORY, R_READ, 0), "a file as directory");
    GIVES(NOTDIR, open_with(0, "file/", 0, R_READ, 0), "by its slash");
    GIVES(NOTDIR, open_with(0, "file/x", CREAT, R_READ, 0), "by what is in it");
    GIVES(SUCCESS, open_with(0, "dir//", 0, R_READ, 0), "a directory with slashes");
    raw_fd_close(fd);
    GIVES(INVAL, open_with(0, "new", CREAT | DIRECTORY, R_READ, 0), "directories are not made so");
    GIVES(SUCCESS, open_with(0, "file", 0, R_READ, 0), "a file");
    uint32_t inner;
    GIVES(NOTDIR, open_at(fd, "x", 0, R_READ, &inner), "is no place to open from");
    raw_fd_close(fd);
    GIVES(NOTDIR, open_at(1, "x", 0, R_READ, &inner), "nor is a stream");
    GIVES(BADF, open_at(88, "x", 0, R_READ, &inner), "nor nothing");
    remove_directory(ROOT, "dir");
    unlink_file(ROOT, "file");
}

static void test_links(void)
{
    make_file(ROOT, "file", "x");
    make_directory(ROOT, "dir");
    make_link("file", ROOT, "link");
    make_link("dir", ROOT, "dirlink");
    make_link("nowhere", ROOT, "dangling");
    make_link("loop", ROOT, "loop");
    GIVES(LOOP, open_with(0, "link", 0, R_READ, 0), "a link is not followed");
    GIVES(SUCCESS, open_with(FOLLOW, "link", 0, R_READ, 0), "unless asked to");
    raw_fd_close(fd);
    GIVES(NOTDIR, open_with(0, "dirlink", DIRECTORY, R_READDIR, 0), "nor one to a directory");
    GIVES(SUCCESS, open_with(FOLLOW, "dirlink", DIRECTORY, R_READDIR, 0), "unless asked to");
    raw_fd_close(fd);
    GIVES(LOOP, open_with(0, "dangling", 0, R_READ, 0), "a dangling one is a link, too");
    GIVES(NOENT, open_with(FOLLOW, "dangling", 0, R_READ, 0), "that leads nowhere");
    GIVES(EXIST, open_with(0, "dangling", CREAT | EXCL, R_READ, 0), "but is there");
    GIVES(LOOP, open_with(FOLLOW, "loop", 0, R_READ, 0), "round and round");
    GIVES(NOTDIR, open_with(FOLLOW, "link", DIRECTORY, R_READ, 0), "a link to a file");
    GIVES(SUCCESS, open_with(FOLLOW, "dangling", CREAT, R_WRITE, 0), "where it leads can be made");
    raw_fd_close(fd);
    TAP_OK(file_is(ROOT, "nowhere", ""), "and is there");
    const char *names[] = { "file", "link", "dirlink", "dangling", "loop", "nowhere" };
    for (uint32_t i = 0; i < 6; i++)
        GIVES(SUCCESS, unlink_file(ROOT, names[i]), "removed");
    remove_directory(ROOT, "dir");
}

static void test_rights(void)
{
    uint32_t inner;
    make_directory(ROOT, "dir");
    make_file(ROOT, "dir/file", "x");
    raw_path_open(ROOT, 0, at("dir"), 3, DIRECTORY, R_OPEN, R_READ | R_OPEN, 0, at(&fd));
    GIVES(SUCCESS, open_at(fd, "file", 0, R_READ, &inner), "a right that is inherited");
    raw_fd_close(inner);
    GIVES(NOTCAPABLE, open_at(fd, "file", 0, R_READ | R_WRITE, &inner), "one that is not");
    GIVES(NOTCAPABLE, raw_path_open(fd, 0, at("file"), 4, 0, R_READ, R_WRITE, 0, at(&inner)),
          "to let inherit what one does not inherit");
    GIVES(NOTCAPABLE, open_at(fd, "new", CREAT, R_READ, &inner), "creating without the right");
    GIVES(NOTCAPABLE, open_at(fd, "file", TRUNC, R_READ, &inner), "truncating without the right");
    GIVES(NOTCAPABLE, raw_path_open(fd, 0, at("file"), 4, 0, R_READ, 0, SYNC, at(&inner)),
          "synchrony without the right");
    GIVES(NOTCAPABLE, raw_path_open(fd, 0, at("file"), 4, 0, R_READ, 0, DSYNC, at(&inner)),
          "of data, either");
    raw_fd_close(fd);
    raw_path_open(ROOT, 0, at("dir"), 3, DIRECTORY, R_READDIR, R_READ, 0, at(&fd));
    GIVES(NOTCAPABLE, open_at(fd, "file", 0, R_READ, &inner), "opening without the right");
    raw_fd_close(fd);
    TAP_OK(file_is(ROOT, "dir/file", "x"), "the file is as it was");
    unlink_file(ROOT, "dir/file");
    remove_directory(ROOT, "dir");
}

static void test_flags(void)
{
    GIVES(SUCCESS, open_with(0, "file", CREAT, R_WRITE, APPEND | DSYNC), "with flags");
    raw_fd_fdstat_get(fd, at(&stat));
    TAP_OK(stat.flags == (APPEND | DSYNC), "that are shown");
    raw_fd_close(fd);
    GIVES(SUCCESS, open_with(0, "file", 0, R_WRITE, SYNC | RSYNC | NONBLOCK), "with others");
    raw_fd_close(fd);
    GIVES(SUCCESS, open_with(0, ".", DIRECTORY, 0, NONBLOCK), "a directory, non-blocking");
    raw_fd_close(fd);
    GIVES(INVAL, open_with(2, "file", 0, R_READ, 0), "no such lookup flag");
    GIVES(INVAL, open_with(0, "file", 16, R_READ, 0), "no such open flag");
    GIVES(INVAL, open_with(0, "file", 0, R_READ, 32), "no such descriptor flag");
    unlink_file(ROOT, "file");
}

static void test_bad_paths(void)
{
    static char longest[5000];
    memset(longest, 'a', sizeof(longest) - 1);
    GIVES(NAMETOOLONG, open_with(0, longest, CREAT, R_READ, 0), "a path of 4999 bytes");
    longest[300] = 0;
    GIVES(NAMETOOLONG, open_with(0, longest, CREAT, R_READ, 0), "a name of 300 bytes");
    GIVES(NOENT, open_with(0, "", CREAT, R_READ, 0), "an empty path");
    GIVES(ILSEQ, raw_path_open(ROOT, 0, at("a\0b"), 3, CREAT, R_READ, 0, 0, at(&fd)), "a zero byte");
    GIVES(ILSEQ, open_with(0, "\xFF", CREAT, R_READ, 0), "no UTF-8");
    GIVES(FAULT, raw_path_open(ROOT, 0, NOWHERE, 100, 0, R_READ, 0, 0, at(&fd)), "a bad pointer");
    GIVES(FAULT, raw_path_open(ROOT, 0, at("a"), 1, CREAT, R_READ, 0, 0, NOWHERE), "for the result");
    GIVES(NOENT, open_with(0, "a", 0, R_READ, 0), "then nothing is created");
}

int main(void)
{
    test_create();
    test_kinds();
    test_links();
    test_rights();
    test_flags();
    test_bad_paths();
    return tap_done();
}
