/* What the WASI test programs have in common: TAP, errnos, and short forms of the calls. The
 * scratch directory is descriptor 3. */
#ifndef TESTS_WASI_SUPPORT_CASE_H
#define TESTS_WASI_SUPPORT_CASE_H

#include "tests/tap.h"
#include "tests/wasi/support/raw.h"

#include <string.h>

enum {
    ROOT = 3,
    NOWHERE = 0xFFFFFFF0, /* an address that no memory of these programs has */

    SUCCESS = 0,
    AGAIN = 6,
    BADF = 8,
    EXIST = 20,
    FAULT = 21,
    FBIG = 22,
    ILSEQ = 25,
    INVAL = 28,
    ISDIR = 31,
    LOOP = 32,
    MFILE = 33,
    NAMETOOLONG = 37,
    NFILE = 41,
    NOENT = 44,
    NOTCONN = 53,
    NOTDIR = 54,
    NOTEMPTY = 55,
    NOTSOCK = 57,
    NOTSUP = 58,
    OVERFLOW = 61,
    PERM = 63,
    PIPE = 64,
    ROFS = 69,
    SPIPE = 70,
    NOTCAPABLE = 76,

    FOLLOW = 1,
    CREAT = 1,
    DIRECTORY = 2,
    EXCL = 4,
    TRUNC = 8,
    APPEND = 1,
    DSYNC = 2,
    NONBLOCK = 4,
    RSYNC = 8,
    SYNC = 16,

    FROM_START = 0,
    FROM_CURRENT = 1,
    FROM_END = 2,

    TYPE_UNKNOWN = 0,
    TYPE_CHARACTER_DEVICE = 2,
    TYPE_DIRECTORY = 3,
    TYPE_FILE = 4,
    TYPE_LINK = 7,
};

enum {
    R_DATASYNC = 1 << 0,
    R_READ = 1 << 1,
    R_SEEK = 1 << 2,
    R_SET_FLAGS = 1 << 3,
    R_SYNC = 1 << 4,
    R_TELL = 1 << 5,
    R_WRITE = 1 << 6,
    R_ADVISE = 1 << 7,
    R_ALLOCATE = 1 << 8,
    R_CREATE_DIRECTORY = 1 << 9,
    R_CREATE_FILE = 1 << 10,
    R_LINK_SOURCE = 1 << 11,
    R_LINK_TARGET = 1 << 12,
    R_OPEN = 1 << 13,
    R_READDIR = 1 << 14,
    R_READLINK = 1 << 15,
    R_RENAME_SOURCE = 1 << 16,
    R_RENAME_TARGET = 1 << 17,
    R_PATH_FILESTAT_GET = 1 << 18,
    R_PATH_SET_SIZE = 1 << 19,
    R_PATH_SET_TIMES = 1 << 20,
    R_FILESTAT_GET = 1 << 21,
    R_SET_SIZE = 1 << 22,
    R_SET_TIMES = 1 << 23,
    R_SYMLINK = 1 << 24,
    R_REMOVE_DIRECTORY = 1 << 25,
    R_UNLINK = 1 << 26,
    R_POLL = 1 << 27,
    R_FILE = R_DATASYNC | R_READ | R_SEEK | R_SET_FLAGS | R_SYNC | R_TELL | R_WRITE | R_ADVISE |
             R_ALLOCATE | R_FILESTAT_GET | R_SET_SIZE | R_SET_TIMES | R_POLL,
};

struct vector {
    uint32_t address;
    uint32_t size;
};

struct fdstat {
    uint8_t type;
    uint16_t flags;
    uint64_t base;
    uint64_t inheriting;
};

struct filestat {
    uint64_t device;
    uint64_t inode;
    uint8_t type;
    uint64_t links;
    uint64_t size;
    uint64_t accessed;
    uint64_t modified;
    uint64_t changed;
};

/* The address of something of the program's own. */
static inline uint32_t at(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

static inline void gives(uint32_t got, uint32_t expected, const char *name, int line)
{
    if (!tap_ok(got == expected, name, "line", line))
        printf("# errno %u, expected %u\n", got, expected);
}

/* A call gives this errno. */
#define GIVES(expected, call, name) gives((call), (expected), (name), __LINE__)

/* Calls with texts that end with a zero. */
static inline uint32_t size_of(const char *text)
{
    return (uint32_t)strlen(text);
}

static inline uint32_t open_at(uint32_t fd, const char *path, uint32_t flags, uint64_t base,
                               uint32_t *opened)
{
    return raw_path_open(fd, 0, at(path), size_of(path), flags, base, 0, 0, at(opened));
}

static inline uint32_t make_directory(uint32_t fd, const char *path)
{
    return raw_path_create_directory(fd, at(path), size_of(path));
}

static inline uint32_t remove_directory(uint32_t fd, const char *path)
{
    return raw_path_remove_directory(fd, at(path), size_of(path));
}

static inline uint32_t unlink_file(uint32_t fd, const char *path)
{
    return raw_path_unlink_file(fd, at(path), size_of(path));
}

static inline uint32_t make_link(const char *target, uint32_t fd, const char *path)
{
    return raw_path_symlink(at(target), size_of(target), fd, at(path), size_of(path));
}

static inline uint32_t rename_at(uint32_t fd, const char *from, const char *to)
{
    return raw_path_rename(fd, at(from), size_of(from), fd, at(to), size_of(to));
}

static inline uint32_t link_at(uint32_t fd, uint32_t lookup, const char *from, const char *to)
{
    return raw_path_link(fd, lookup, at(from), size_of(from), fd, at(to), size_of(to));
}

static inline uint32_t stat_at(uint32_t fd, uint32_t lookup, const char *path,
                               struct filestat *stat)
{
    return raw_path_filestat_get(fd, lookup, at(path), size_of(path), at(stat));
}

static inline uint32_t read_into(uint32_t fd, void *buffer, uint32_t size, uint32_t *done)
{
    struct vector vector = { at(buffer), size };
    return raw_fd_read(fd, at(&vector), 1, at(done));
}

static inline uint32_t write_text(uint32_t fd, const char *text, uint32_t *done)
{
    struct vector vector = { at(text), size_of(text) };
    return raw_fd_write(fd, at(&vector), 1, at(done));
}

/* A new file with this content; whether it was made. */
static inline bool make_file(uint32_t fd, const char *path, const char *content)
{
    uint32_t file;
    uint32_t done = 0;
    if (open_at(fd, path, CREAT | TRUNC, R_WRITE, &file) != SUCCESS)
        return false;
    bool made = write_text(file, content, &done) == SUCCESS && done == size_of(content);
    return raw_fd_close(file) == SUCCESS && made;
}

/* Whether a file has this content. */
static inline bool file_is(uint32_t fd, const char *path, const char *content)
{
    char buffer[256];
    uint32_t file;
    uint32_t done = 0;
    if (open_at(fd, path, 0, R_READ, &file) != SUCCESS)
        return false;
    uint32_t error = read_into(file, buffer, sizeof(buffer), &done);
    raw_fd_close(file);
    return error == SUCCESS && done == size_of(content) && memcmp(buffer, content, done) == 0;
}

#endif
