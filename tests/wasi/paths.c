/* path_*, but for path_open. */
#include "tests/wasi/support/case.h"

static struct filestat stat;
static struct filestat other;

static void test_directories(void)
{
    GIVES(SUCCESS, make_directory(ROOT, "dir"), "path_create_directory");
    GIVES(EXIST, make_directory(ROOT, "dir"), "twice");
    GIVES(SUCCESS, make_directory(ROOT, "dir/in/"), "with a slash");
    GIVES(NOENT, make_directory(ROOT, "no/in"), "in nothing");
    make_file(ROOT, "file", "");
    GIVES(NOTDIR, make_directory(ROOT, "file/in"), "in a file");
    GIVES(EXIST, make_directory(ROOT, "file"), "where a file is");
    GIVES(NOTEMPTY, remove_directory(ROOT, "dir"), "removing one that is not empty");
    GIVES(SUCCESS, remove_directory(ROOT, "dir/in/"), "path_remove_directory, with a slash");
    GIVES(NOENT, remove_directory(ROOT, "dir/in"), "twice");
    GIVES(NOTDIR, remove_directory(ROOT, "file"), "a file");
    GIVES(NOTDIR, remove_directory(ROOT, "file/"), "a file with a slash");
    GIVES(SUCCESS, remove_directory(ROOT, "dir"), "an empty one");
    unlink_file(ROOT, "file");
}

static void test_unlink(void)
{
    make_directory(ROOT, "dir");
    make_file(ROOT, "file", "");
    make_link("dir", ROOT, "link");
    GIVES(ISDIR, unlink_file(ROOT, "dir"), "a directory is not unlinked");
    GIVES(ISDIR, unlink_file(ROOT, "dir/"), "nor with a slash");
    GIVES(NOTDIR, unlink_file(ROOT, "file/"), "a file with a slash is none");
    GIVES(SUCCESS, unlink_file(ROOT, "file"), "path_unlink_file");
    GIVES(NOENT, unlink_file(ROOT, "file"), "twice");
    GIVES(NOTDIR, remove_directory(ROOT, "link"), "a link to a directory is no directory");
    GIVES(SUCCESS, unlink_file(ROOT, "link"), "but unlinked");
    GIVES(SUCCESS, remove_directory(ROOT, "dir"), "what it led to is still there");
}

static void test_status(void)
{
    make_file(ROOT, "file", "12345");
    make_link("file", ROOT, "link");
    make_link("nowhere", ROOT, "dangling");
    GIVES(SUCCESS, stat_at(ROOT, 0, "file", &stat), "path_filestat_get");
    TAP_OK(stat.type == TYPE_FILE && stat.size == 5, "a file of five bytes");
    GIVES(SUCCESS, stat_at(ROOT, 0, "link", &other), "a link");
    TAP_OK(other.type == TYPE_LINK && other.size == 4 && other.inode != stat.inode, "is a link");
    GIVES(SUCCESS, stat_at(ROOT, FOLLOW, "link", &other), "or what it leads to");
    TAP_OK(memcmp(&stat, &other, sizeof(stat)) == 0, "which is the file");
    GIVES(SUCCESS, stat_at(ROOT, 0, "dangling", &stat), "a dangling one is a link");
    GIVES(NOENT, stat_at(ROOT, FOLLOW, "dangling", &stat), "to nothing");
    GIVES(NOENT, stat_at(ROOT, 0, "none", &stat), "nothing");
    GIVES(NOENT, stat_at(ROOT, 0, "", &stat), "an empty path");
    GIVES(NOTDIR, stat_at(ROOT, 0, "file/", &stat), "a file with a slash");
    GIVES(SUCCESS, stat_at(ROOT, 0, ".", &stat), "the directory itself");
    TAP_OK(stat.type == TYPE_DIRECTORY, "is one");
    GIVES(INVAL, stat_at(ROOT, 2, "file", &stat), "no such flag");
    GIVES(FAULT, raw_path_filestat_get(ROOT, 0, at("file"), 4, NOWHERE), "bad pointer");
    unlink_file(ROOT, "link");
    unlink_file(ROOT, "dangling");
    unlink_file(ROOT, "file");
}

static uint32_t set_modified(uint32_t lookup, const char *path, uint64_t time, uint32_t flags)
{
    return raw_path_filestat_set_times(ROOT, lookup, at(path), size_of(path), 0, time, flags);
}

static void test_times(void)
{
    enum { MTIM = 4, MTIM_NOW = 8 };
    make_file(ROOT, "file", "");
    make_link("file", ROOT, "link");
    GIVES(SUCCESS, set_modified(0, "file", 5000000006, MTIM), "path_filestat_set_times");
    GIVES(SUCCESS, set_modified(0, "link", 7000000008, MTIM), "of the link");
    stat_at(ROOT, 0, "file", &stat);
    stat_at(ROOT, 0, "link", &other);
    TAP_OK(stat.modified == 5000000006 && other.modified == 7000000008, "each has its own");
    GIVES(SUCCESS, set_modified(FOLLOW, "link", 9000000001, MTIM), "through the link");
    stat_at(ROOT, 0, "file", &stat);
    stat_at(ROOT, 0, "link", &other);
    TAP_OK(stat.modified == 9000000001 && other.modified == 7000000008, "sets the file's");
    GIVES(INVAL, set_modified(0, "file", 0, MTIM | MTIM_NOW), "then and now");
    GIVES(INVAL, set_modified(0, "file", 0, 1 << 4), "no such flag");
    GIVES(INVAL, set_modified(2, "file", 0, 0), "no such lookup flag");
    GIVES(NOENT, set_modified(0, "none", 0, MTIM), "nothing");
    unlink_file(ROOT, "link");
    unlink_file(ROOT, "file");
}

static void test_links(void)
{
    make_file(ROOT, "file", "text");
    make_link("file", ROOT, "symlink");
    make_directory(ROOT, "dir");
    GIVES(SUCCESS, link_at(ROOT, 0, "file", "dir/hard"), "path_link");
    stat_at(ROOT, 0, "file", &stat);
    stat_at(ROOT, 0, "dir/hard", &other);
    TAP_OK(stat.inode == other.inode && stat.links == 2, "two names of one file");
    GIVES(EXIST, link_at(ROOT, 0, "file", "dir/hard"), "twice");
    GIVES(EXIST, link_at(ROOT, 0, "file", "file"), "onto itself");
    GIVES(EXIST, link_at(ROOT, 0, "file", "dir"), "onto a directory");
    GIVES(PERM, link_at(ROOT, 0, "dir", "new"), "of a directory");
    GIVES(NOENT, link_at(ROOT, 0, "none", "new"), "of nothing");
    GIVES(NOENT, link_at(ROOT, 0, "file", "new/"), "to a name with a slash");
    GIVES(SUCCESS, link_at(ROOT, 0, "symlink", "second"), "of a symbolic link");
    stat_at(ROOT, 0, "second", &other);
    TAP_OK(other.type == TYPE_LINK, "is one");
    unlink_file(ROOT, "second");
    GIVES(SUCCESS, link_at(ROOT, FOLLOW, "symlink", "second"), "or of what it leads to");
    stat_at(ROOT, 0, "second", &other);
    TAP_OK(other.type == TYPE_FILE && other.inode == stat.inode, "is that");
    GIVES(INVAL, link_at(ROOT, 2, "file", "new"), "no such flag");
    const char *names[] = { "second", "dir/hard", "symlink", "file" };
    for (uint32_t i = 0; i < 4; i++)
        GIVES(SUCCESS, unlink_file(ROOT, names[i]), "removed");
    remove_directory(ROOT, "dir");
}

static void test_symbolic_links(void)
{
    char buffer[16] = "xxxxxxxxxxxxxxx";
    uint32_t used = 0;
    GIVES(SUCCESS, make_link("where/it/leads", ROOT, "link"), "path_symlink");
    GIVES(EXIST, make_link("x", ROOT, "link"), "twice");
    GIVES(SUCCESS, raw_path_readlink(ROOT, at("link"), 4, at(buffer), 15, at(&used)), "path_readlink");
    TAP_OK(used == 14 && memcmp(buffer, "where/it/leadsx", 15) == 0, "all of it, without a zero");
    GIVES(SUCCESS, raw_path_readlink(ROOT, at("link"), 4, at(buffer), 5, at(&used)), "into less");
    TAP_OK(used == 5, "as much as fits");
    GIVES(SUCCESS, raw_path_readlink(ROOT, at("link"), 4, at(buffer), 0, at(&used)), "into nothing");
    TAP_OK(used == 0, "nothing");
    GIVES(INVAL, raw_path_readlink(ROOT, at("."), 1, at(buffer), 5, at(&used)), "of no link");
    GIVES(NOENT, raw_path_readlink(ROOT, at("no"), 2, at(buffer), 5, at(&used)), "of nothing");
    GIVES(FAULT, raw_path_readlink(ROOT, at("link"), 4, NOWHERE, 500, at(&used)), "bad pointer");
    GIVES(FAULT, raw_path_readlink(ROOT, at("link"), 4, at(buffer), 5, NOWHERE), "for the size");
    GIVES(PERM, make_link("/etc/passwd", ROOT, "absolute"), "an absolute target");
    GIVES(NOENT, make_link("", ROOT, "empty"), "an empty target");
    GIVES(NOENT, make_link("x", ROOT, "new/"), "a name with a slash");
    make_directory(ROOT, "dir");
    GIVES(EXIST, make_link("x", ROOT, "dir/"), "a directory with a slash is there");
    remove_directory(ROOT, "dir");
    unlink_file(ROOT, "link");
}

static void test_rename(void)
{
    make_file(ROOT, "file", "1");
    make_file(ROOT, "second", "2");
    make_directory(ROOT, "dir");
    make_directory(ROOT, "empty");
    make_directory(ROOT, "full");
    make_file(ROOT, "full/file", "3");
    GIVES(SUCCESS, rename_at(ROOT, "file", "second"), "path_rename over a file");
    TAP_OK(file_is(ROOT, "second", "1"), "which is replaced");
    GIVES(NOENT, rename_at(ROOT, "file", "second"), "the old name is gone");
    GIVES(SUCCESS, rename_at(ROOT, "second", "second"), "onto itself");
    GIVES(ISDIR, rename_at(ROOT, "second", "dir"), "a file over a directory");
    GIVES(NOTDIR, rename_at(ROOT, "dir", "second"), "a directory over a file");
    GIVES(SUCCESS, rename_at(ROOT, "dir/", "empty/"), "a directory over an empty one");
    GIVES(NOTEMPTY, rename_at(ROOT, "empty", "full"), "over one that is not");
    GIVES(INVAL, rename_at(ROOT, "full", "full/in"), "into itself");
    GIVES(NOTDIR, rename_at(ROOT, "second/", "third"), "a file with a slash");
    GIVES(NOENT, rename_at(ROOT, "second", "no/where"), "to nowhere");
    GIVES(SUCCESS, rename_at(ROOT, "second", "empty/moved"), "into another directory");
    TAP_OK(file_is(ROOT, "empty/moved", "1"), "where it is found");
    unlink_file(ROOT, "empty/moved");
    unlink_file(ROOT, "full/file");
    GIVES(SUCCESS, remove_directory(ROOT, "empty"), "removed");
    GIVES(SUCCESS, remove_directory(ROOT, "full"), "removed");
}

/* Each function with a directory that has all rights but the one it takes. */
static void test_rights(void)
{
    static const uint64_t needed[] = {
        R_PATH_FILESTAT_GET, R_PATH_SET_TIMES, R_CREATE_DIRECTORY, R_REMOVE_DIRECTORY, R_UNLINK,
        R_LINK_SOURCE,       R_LINK_TARGET,    R_RENAME_SOURCE,    R_RENAME_TARGET,    R_SYMLINK,
        R_READLINK,
    };
    struct fdstat all;
    raw_fd_fdstat_get(ROOT, at(&all));
    for (uint32_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        uint32_t fd = 0;
        uint32_t used;
        char byte;
        raw_path_open(ROOT, 0, at("."), 1, DIRECTORY, all.base & ~needed[i], 0, 0, at(&fd));
        uint32_t got[] = {
            stat_at(fd, 0, "no", &stat),
            raw_path_filestat_set_times(fd, 0, at("no"), 2, 0, 0, 0),
            make_directory(fd, "no/no"),
            remove_directory(fd, "no"),
            unlink_file(fd, "no"),
            raw_path_link(fd, 0, at("no"), 2, ROOT, at("no"), 2),
            raw_path_link(ROOT, 0, at("no"), 2, fd, at("no"), 2),
            raw_path_rename(fd, at("no"), 2, ROOT, at("no"), 2),
            raw_path_rename(ROOT, at("no"), 2, fd, at("no"), 2),
            make_link("no", fd, "no/no"),
            raw_path_readlink(fd, at("no"), 2, at(&byte), 1, at(&used)),
        };
        for (uint32_t call = 0; call < sizeof(got) / sizeof(got[0]); call++)
            GIVES(call == i ? NOTCAPABLE : NOENT, got[call], "a call takes its right, and no other");
        raw_fd_close(fd);
    }
}

static void test_bad_arguments(void)
{
    GIVES(BADF, make_directory(88, "x"), "no descriptor");
    GIVES(NOTDIR, make_directory(1, "x"), "no directory");
    GIVES(FAULT, raw_path_create_directory(ROOT, NOWHERE, 100), "bad pointer for a path");
    GIVES(FAULT, raw_path_unlink_file(ROOT, at("x"), 0xFFFFFFFF), "bad size of a path");
    GIVES(FAULT, raw_path_symlink(NOWHERE, 100, ROOT, at("x"), 1), "bad pointer for a target");
    GIVES(FAULT, raw_path_rename(ROOT, at("x"), 1, ROOT, NOWHERE, 100), "for a second path");
    GIVES(ILSEQ, raw_path_create_directory(ROOT, at("a\0"), 2), "a zero byte");
    GIVES(ILSEQ, make_directory(ROOT, "\xC0\x80"), "no UTF-8");
    GIVES(BADF, raw_path_rename(ROOT, at("x"), 1, 88, at("y"), 1), "no second descriptor");
}

int main(void)
{
    test_directories();
    test_unlink();
    test_status();
    test_times();
    test_links();
    test_symbolic_links();
    test_rename();
    test_rights();
    test_bad_arguments();
    return tap_done();
}
