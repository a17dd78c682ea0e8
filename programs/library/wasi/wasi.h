/* WASI preview 1 as a Weft library: the ABI, as a program sees it.
 *
 * The library is instantiated beside a program that imports `wasi_snapshot_preview1` (or, with
 * programs/library/wasi_unstable's layout.c, `wasi_unstable`) and answers its calls with messages:
 * directories are slots of the `files` interface, standard streams slots of `stream`, sockets
 * slots of `tcp`; all come by name in the process's start record. What the program may do is
 * decided by these slots; WASI's rights can only take away from that.
 *
 * Every number that comes from the program is checked: pointers against its memory (FAULT), flags
 * against what exists (INVAL). A call that fails changes nothing unless its comment says otherwise.
 *
 * Names, numbers and layouts: https://github.com/WebAssembly/WASI, legacy/preview1/docs.md. */
#ifndef PROGRAMS_LIBRARY_WASI_WASI_H
#define PROGRAMS_LIBRARY_WASI_WASI_H

#include "lib/weft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wasi_errno {
    WASI_SUCCESS = 0,
    WASI_E2BIG = 1,
    WASI_EACCES = 2,
    WASI_EADDRINUSE = 3,
    WASI_EADDRNOTAVAIL = 4,
    WASI_EAGAIN = 6,
    WASI_EBADF = 8,
    WASI_EBUSY = 10,
    WASI_ECONNREFUSED = 14,
    WASI_ECONNRESET = 15,
    WASI_EDEADLK = 16,
    WASI_EDQUOT = 19,
    WASI_EEXIST = 20,
    WASI_EFAULT = 21,
    WASI_EFBIG = 22,
    WASI_EHOSTUNREACH = 23,
    WASI_EILSEQ = 25,
    WASI_EINTR = 27,
    WASI_EINVAL = 28,
    WASI_EIO = 29,
    WASI_EISDIR = 31,
    WASI_ELOOP = 32,
    WASI_EMFILE = 33,
    WASI_EMLINK = 34,
    WASI_ENAMETOOLONG = 37,
    WASI_ENFILE = 41,
    WASI_ENODEV = 43,
    WASI_ENOENT = 44,
    WASI_ENOMEM = 48,
    WASI_ENOSPC = 51,
    WASI_ENOSYS = 52,
    WASI_ENOTCONN = 53,
    WASI_ENOTDIR = 54,
    WASI_ENOTEMPTY = 55,
    WASI_ENOTSOCK = 57,
    WASI_ENOTSUP = 58,
    WASI_ENXIO = 60,
    WASI_EOVERFLOW = 61,
    WASI_EPERM = 63,
    WASI_EPIPE = 64,
    WASI_EROFS = 69,
    WASI_ESPIPE = 70,
    WASI_ETIMEDOUT = 73,
    WASI_ETXTBSY = 74,
    WASI_EXDEV = 75,
    WASI_ENOTCAPABLE = 76,
};

enum wasi_filetype {
    WASI_FILETYPE_UNKNOWN = 0,
    WASI_FILETYPE_BLOCK_DEVICE = 1,
    WASI_FILETYPE_CHARACTER_DEVICE = 2,
    WASI_FILETYPE_DIRECTORY = 3,
    WASI_FILETYPE_REGULAR_FILE = 4,
    WASI_FILETYPE_SOCKET_DGRAM = 5,
    WASI_FILETYPE_SOCKET_STREAM = 6,
    WASI_FILETYPE_SYMBOLIC_LINK = 7,
};

/* Rights: what may be done with a descriptor (base) and with what is opened through it
 * (inheriting). */
enum : uint64_t {
    WASI_RIGHT_FD_DATASYNC = 1u << 0,
    WASI_RIGHT_FD_READ = 1u << 1,
    WASI_RIGHT_FD_SEEK = 1u << 2,
    WASI_RIGHT_FD_FDSTAT_SET_FLAGS = 1u << 3,
    WASI_RIGHT_FD_SYNC = 1u << 4,
    WASI_RIGHT_FD_TELL = 1u << 5,
    WASI_RIGHT_FD_WRITE = 1u << 6,
    WASI_RIGHT_FD_ADVISE = 1u << 7,
    WASI_RIGHT_FD_ALLOCATE = 1u << 8,
    WASI_RIGHT_PATH_CREATE_DIRECTORY = 1u << 9,
    WASI_RIGHT_PATH_CREATE_FILE = 1u << 10,
    WASI_RIGHT_PATH_LINK_SOURCE = 1u << 11,
    WASI_RIGHT_PATH_LINK_TARGET = 1u << 12,
    WASI_RIGHT_PATH_OPEN = 1u << 13,
    WASI_RIGHT_FD_READDIR = 1u << 14,
    WASI_RIGHT_PATH_READLINK = 1u << 15,
    WASI_RIGHT_PATH_RENAME_SOURCE = 1u << 16,
    WASI_RIGHT_PATH_RENAME_TARGET = 1u << 17,
    WASI_RIGHT_PATH_FILESTAT_GET = 1u << 18,
    WASI_RIGHT_PATH_FILESTAT_SET_SIZE = 1u << 19,
    WASI_RIGHT_PATH_FILESTAT_SET_TIMES = 1u << 20,
    WASI_RIGHT_FD_FILESTAT_GET = 1u << 21,
    WASI_RIGHT_FD_FILESTAT_SET_SIZE = 1u << 22,
    WASI_RIGHT_FD_FILESTAT_SET_TIMES = 1u << 23,
    WASI_RIGHT_PATH_SYMLINK = 1u << 24,
    WASI_RIGHT_PATH_REMOVE_DIRECTORY = 1u << 25,
    WASI_RIGHT_PATH_UNLINK_FILE = 1u << 26,
    WASI_RIGHT_POLL_FD_READWRITE = 1u << 27,
    WASI_RIGHT_SOCK_SHUTDOWN = 1u << 28,
    WASI_RIGHT_SOCK_ACCEPT = 1u << 29,
    WASI_RIGHTS_ALL = (1u << 30) - 1,
};

/* Flags of descriptors, of looking paths up, of opening and of setting times. */
enum {
    WASI_FDFLAG_APPEND = 1 << 0,
    WASI_FDFLAG_DSYNC = 1 << 1,
    WASI_FDFLAG_NONBLOCK = 1 << 2,
    WASI_FDFLAG_RSYNC = 1 << 3,
    WASI_FDFLAG_SYNC = 1 << 4,
    WASI_FDFLAGS_ALL = (1 << 5) - 1,

    WASI_LOOKUP_SYMLINK_FOLLOW = 1 << 0,

    WASI_OFLAG_CREAT = 1 << 0,
    WASI_OFLAG_DIRECTORY = 1 << 1,
    WASI_OFLAG_EXCL = 1 << 2,
    WASI_OFLAG_TRUNC = 1 << 3,
    WASI_OFLAGS_ALL = (1 << 4) - 1,

    WASI_FSTFLAG_ATIM = 1 << 0,
    WASI_FSTFLAG_ATIM_NOW = 1 << 1,
    WASI_FSTFLAG_MTIM = 1 << 2,
    WASI_FSTFLAG_MTIM_NOW = 1 << 3,
    WASI_FSTFLAGS_ALL = (1 << 4) - 1,
};

enum wasi_clock {
    WASI_CLOCK_REALTIME = 0,
    WASI_CLOCK_MONOTONIC = 1,
    WASI_CLOCK_PROCESS_CPUTIME = 2,
    WASI_CLOCK_THREAD_CPUTIME = 3,
};

enum wasi_advice_count {
    WASI_ADVICE_COUNT = 6, /* normal, sequential, random, willneed, dontneed, noreuse */
};

/* A function of WASI: exported by its name, answering an errno. */
#define WASI_FUNCTION(name) WEFT_EXPORT(#name) uint32_t name

WASI_FUNCTION(args_get)(uint32_t pointers, uint32_t text);
WASI_FUNCTION(args_sizes_get)(uint32_t count, uint32_t text_size);
WASI_FUNCTION(environ_get)(uint32_t pointers, uint32_t text);
WASI_FUNCTION(environ_sizes_get)(uint32_t count, uint32_t text_size);

WASI_FUNCTION(clock_res_get)(uint32_t clock, uint32_t resolution);
WASI_FUNCTION(clock_time_get)(uint32_t clock, uint64_t precision, uint32_t time);

WASI_FUNCTION(fd_advise)(uint32_t fd, uint64_t offset, uint64_t size, uint32_t advice);
WASI_FUNCTION(fd_allocate)(uint32_t fd, uint64_t offset, uint64_t size);
WASI_FUNCTION(fd_close)(uint32_t fd);
WASI_FUNCTION(fd_datasync)(uint32_t fd);
WASI_FUNCTION(fd_fdstat_get)(uint32_t fd, uint32_t stat);
WASI_FUNCTION(fd_fdstat_set_flags)(uint32_t fd, uint32_t flags);
WASI_FUNCTION(fd_fdstat_set_rights)(uint32_t fd, uint64_t base, uint64_t inheriting);
WASI_FUNCTION(fd_filestat_get)(uint32_t fd, uint32_t stat);
WASI_FUNCTION(fd_filestat_set_size)(uint32_t fd, uint64_t size);
WASI_FUNCTION(fd_filestat_set_times)(uint32_t fd, uint64_t accessed, uint64_t modified,
                                     uint32_t flags);
WASI_FUNCTION(fd_pread)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint64_t offset,
                        uint32_t size);
WASI_FUNCTION(fd_prestat_get)(uint32_t fd, uint32_t stat);
WASI_FUNCTION(fd_prestat_dir_name)(uint32_t fd, uint32_t name, uint32_t capacity);
WASI_FUNCTION(fd_pwrite)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint64_t offset,
                         uint32_t size);
WASI_FUNCTION(fd_read)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t size);
WASI_FUNCTION(fd_readdir)(uint32_t fd, uint32_t buffer, uint32_t capacity, uint64_t cookie,
                          uint32_t size);
WASI_FUNCTION(fd_renumber)(uint32_t from, uint32_t to);
WASI_FUNCTION(fd_seek)(uint32_t fd, int64_t offset, uint32_t whence, uint32_t position);
WASI_FUNCTION(fd_sync)(uint32_t fd);
WASI_FUNCTION(fd_tell)(uint32_t fd, uint32_t position);
WASI_FUNCTION(fd_write)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t size);

WASI_FUNCTION(path_create_directory)(uint32_t fd, uint32_t path, uint32_t path_size);
WASI_FUNCTION(path_filestat_get)(uint32_t fd, uint32_t lookup, uint32_t path, uint32_t path_size,
                                 uint32_t stat);
WASI_FUNCTION(path_filestat_set_times)(uint32_t fd, uint32_t lookup, uint32_t path,
                                       uint32_t path_size, uint64_t accessed, uint64_t modified,
                                       uint32_t flags);
WASI_FUNCTION(path_link)(uint32_t old_fd, uint32_t lookup, uint32_t old_path,
                         uint32_t old_path_size, uint32_t new_fd, uint32_t new_path,
                         uint32_t new_path_size);
WASI_FUNCTION(path_open)(uint32_t fd, uint32_t lookup, uint32_t path, uint32_t path_size,
                         uint32_t open_flags, uint64_t base, uint64_t inheriting, uint32_t flags,
                         uint32_t opened);
WASI_FUNCTION(path_readlink)(uint32_t fd, uint32_t path, uint32_t path_size, uint32_t buffer,
                             uint32_t capacity, uint32_t size);
WASI_FUNCTION(path_remove_directory)(uint32_t fd, uint32_t path, uint32_t path_size);
WASI_FUNCTION(path_rename)(uint32_t old_fd, uint32_t old_path, uint32_t old_path_size,
                           uint32_t new_fd, uint32_t new_path, uint32_t new_path_size);
WASI_FUNCTION(path_symlink)(uint32_t target, uint32_t target_size, uint32_t fd, uint32_t path,
                            uint32_t path_size);
WASI_FUNCTION(path_unlink_file)(uint32_t fd, uint32_t path, uint32_t path_size);

WASI_FUNCTION(poll_oneoff)(uint32_t subscriptions, uint32_t events, uint32_t subscription_count,
                           uint32_t event_count);

WEFT_EXPORT("proc_exit") void proc_exit(uint32_t status);
WASI_FUNCTION(proc_raise)(uint32_t signal);
WASI_FUNCTION(sched_yield)(void);
WASI_FUNCTION(random_get)(uint32_t buffer, uint32_t size);

/* Not of WASI, which has none: a second descriptor for the same node or stream, with an offset of
 * its own. */
WASI_FUNCTION(fd_copy)(uint32_t fd, uint32_t copy);
/* Not of WASI either, for programs that start others: the slot behind a descriptor, which stays the
 * library's, and whether it is a stream (0), a node of `files` (1) or something else (2); and a
 * descriptor for a stream's slot, which becomes the library's. */
WASI_FUNCTION(fd_slot)(uint32_t fd, uint32_t slot, uint32_t kind);
WASI_FUNCTION(fd_adopt)(uint32_t slot, uint32_t fd);

WASI_FUNCTION(sock_accept)(uint32_t fd, uint32_t flags, uint32_t accepted);
WASI_FUNCTION(sock_recv)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t flags,
                         uint32_t size, uint32_t result_flags);
WASI_FUNCTION(sock_send)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t flags,
                         uint32_t size);
WASI_FUNCTION(sock_shutdown)(uint32_t fd, uint32_t how);

#endif
