/* Every function with arguments that nobody means: none may end the process, and what it says is an
 * errno. Run with standard input at its end.
 *
 * What is written goes to a memory of its own with slack behind it, to the stack's far end, or
 * to the end of all memory: the program itself must stay whole to tell. */
#include "tests/wasi/support/case.h"

enum { ROUNDS = 60000, ERRNO_COUNT = 77, MEMORY = 1 << 16, SLACK = 1 << 17 };

static uint8_t memory[MEMORY + SLACK];
static uint64_t state = 88172645463325252;

static uint64_t any(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Small numbers, addresses here, at the edges of memory and nowhere, sizes small and vast. */
static uint32_t word(void)
{
    uint32_t end = (uint32_t)__builtin_wasm_memory_size(0) * 65536;
    switch (any() % 8) {
    case 0:
    case 1:
        return (uint32_t)(any() % 8);
    case 2:
        return (uint32_t)(any() % 300);
    case 3:
    case 4:
        return at(memory) + (uint32_t)(any() % MEMORY);
    case 5:
        return end - (uint32_t)(any() % 64);
    case 6:
        return (uint32_t)any() | 1u << 28;
    default:
        return 0 - (uint32_t)(any() % 32);
    }
}

static uint64_t wide(void)
{
    return any() % 3 == 0 ? any() : any() % 3 == 0 ? 0 - any() % 4 : word();
}

static uint32_t call_descriptor(uint32_t which, uint32_t fd)
{
    switch (which) {
    case 0:
        return raw_fd_advise(fd, wide(), wide(), word());
    case 1:
        return raw_fd_datasync(fd);
    case 2:
        return raw_fd_fdstat_get(fd, word());
    case 3:
        return raw_fd_fdstat_set_flags(fd, word());
    case 4:
        return raw_fd_filestat_get(fd, word());
    case 5:
        return raw_fd_filestat_set_times(fd, wide(), wide(), word());
    case 6:
        return raw_fd_pread(fd, word(), word(), wide(), word());
    case 7:
        return raw_fd_prestat_get(fd, word());
    case 8:
        return raw_fd_prestat_dir_name(fd, word(), word());
    case 9:
        return raw_fd_pwrite(fd, word(), word(), wide() % 100000, word());
    case 10:
        return raw_fd_read(fd, word(), word(), word());
    case 11:
        return raw_fd_readdir(fd, word(), word(), wide(), word());
    case 12:
        return raw_fd_seek(fd, (int64_t)wide(), word(), word());
    case 13:
        return raw_fd_tell(fd, word());
    case 14:
        return raw_sock_accept(fd, word(), word());
    case 15:
        return raw_sock_recv(fd, word(), word(), word(), word(), word());
    case 16:
        return raw_sock_send(fd, word(), word(), word(), word());
    default:
        return raw_sock_shutdown(fd, word());
    }
}

static uint32_t call_path(uint32_t which, uint32_t fd)
{
    switch (which) {
    case 0:
        return raw_path_create_directory(fd, word(), word());
    case 1:
        return raw_path_filestat_get(fd, word(), word(), word(), word());
    case 2:
        return raw_path_filestat_set_times(fd, word(), word(), word(), wide(), wide(), word());
    case 3:
        return raw_path_link(fd, word(), word(), word(), ROOT, word(), word());
    case 4:
        return raw_path_readlink(fd, word(), word(), word(), word(), word());
    case 5:
        return raw_path_remove_directory(fd, word(), word());
    case 6:
        return raw_path_rename(fd, word(), word(), ROOT, word(), word());
    case 7:
        return raw_path_symlink(word(), word(), fd, word(), word());
    case 8:
        return raw_path_unlink_file(fd, word(), word());
    default:
        return raw_path_open(fd, word(), word(), word(), word(), wide(), wide(), word(), word());
    }
}

static uint32_t call_other(uint32_t which)
{
    switch (which) {
    case 0:
        return raw_args_get(word(), word());
    case 1:
        return raw_args_sizes_get(word(), word());
    case 2:
        return raw_environ_get(word(), word());
    case 3:
        return raw_environ_sizes_get(word(), word());
    case 4:
        return raw_clock_res_get(word(), word());
    case 5:
        return raw_clock_time_get(word(), wide(), word());
    case 6:
        return raw_random_get(word(), word() % 5000);
    case 7:
        return raw_fd_renumber(word() % 32 + 100, word() % 32 + 100);
    case 8:
        return raw_fd_close(word() % 32 + 100);
    default: /* never with a memory that says to wait for ever */
        return raw_poll_oneoff(word(), word(), 0, word());
    }
}

static void fill(void)
{
    for (uint32_t i = 0; i < MEMORY; i += 4) {
        uint32_t value = word();
        if (i % 8 == 4) /* the size of a vector, or a part of a path */
            value = any() % 4 == 0 ? 0x2F2E2E61u : (uint32_t)(any() % 64);
        memcpy(memory + i, &value, 4);
    }
}

int main(void)
{
    uint32_t fds[] = { ROOT, 0, 0, 0, 3, 88 };
    bool is_errno = true;
    uint32_t succeeded = 0;
    make_directory(ROOT, "dir");
    open_at(ROOT, "file", CREAT, R_FILE, &fds[1]);
    open_at(ROOT, "dir", DIRECTORY, R_READDIR, &fds[2]);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (round % 64 == 0)
            fill();
        uint32_t fd = fds[any() % 6];
        uint32_t which = (uint32_t)(any() % 3);
        uint32_t error = which == 0   ? call_descriptor((uint32_t)(any() % 18), fd)
                         : which == 1 ? call_path((uint32_t)(any() % 10), fd)
                                      : call_other((uint32_t)(any() % 10));
        is_errno = is_errno && error < ERRNO_COUNT;
        succeeded += error == SUCCESS;
    }
    printf("# %u of %u calls succeeded\n", succeeded, ROUNDS);
    TAP_OK(is_errno, "each call gives an errno");
    TAP_OK(succeeded > ROUNDS / 50, "and some of them do something");
    struct filestat stat;
    GIVES(SUCCESS, stat_at(ROOT, 0, ".", &stat), "the directory is still there");
    return tap_done();
}
