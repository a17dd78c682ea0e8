#include "programs/library/wasi/errors.h"

uint32_t errno_of_status(enum weft_status status)
{
    static const uint8_t table[WEFT_STATUS_COUNT] = {
        [WEFT_OK] = WASI_SUCCESS,       [WEFT_FAULT] = WASI_EIO,
        [WEFT_INVALID] = WASI_EIO,      [WEFT_BAD_SLOT] = WASI_EBADF,
        [WEFT_BAD_MESSAGE] = WASI_EIO,  [WEFT_DENIED] = WASI_EACCES,
        [WEFT_GONE] = WASI_EIO,         [WEFT_WOULD_BLOCK] = WASI_EAGAIN,
        [WEFT_DEADLOCK] = WASI_EDEADLK, [WEFT_TOO_LARGE] = WASI_EOVERFLOW,
        [WEFT_LIMIT] = WASI_ENFILE,     [WEFT_NO_MEMORY] = WASI_ENOMEM,
        [WEFT_WITHDRAWN] = WASI_EINTR,  [WEFT_NOT_FOUND] = WASI_ENOSYS,
        [WEFT_EXISTS] = WASI_EEXIST,    [WEFT_UNSUPPORTED] = WASI_ENOTSUP,
    };
    return (uint32_t)status < WEFT_STATUS_COUNT ? table[status] : WASI_EIO;
}

uint32_t errno_of_files(enum files_error error)
{
    static const uint8_t table[] = {
        [FILES_ERROR_ACCESS] = WASI_EACCES,
        [FILES_ERROR_AGAIN] = WASI_EAGAIN,
        [FILES_ERROR_BAD_DESCRIPTOR] = WASI_EBADF,
        [FILES_ERROR_BUSY] = WASI_EBUSY,
        [FILES_ERROR_EXISTS] = WASI_EEXIST,
        [FILES_ERROR_TOO_BIG] = WASI_EFBIG,
        [FILES_ERROR_INTERRUPTED] = WASI_EINTR,
        [FILES_ERROR_INVALID] = WASI_EINVAL,
        [FILES_ERROR_IO] = WASI_EIO,
        [FILES_ERROR_IS_DIRECTORY] = WASI_EISDIR,
        [FILES_ERROR_TOO_MANY_LINKS] = WASI_EMLINK,
        [FILES_ERROR_NAME_TOO_LONG] = WASI_ENAMETOOLONG,
        [FILES_ERROR_NOT_FOUND] = WASI_ENOENT,
        [FILES_ERROR_NO_MEMORY] = WASI_ENOMEM,
        [FILES_ERROR_NO_SPACE] = WASI_ENOSPC,
        [FILES_ERROR_NOT_DIRECTORY] = WASI_ENOTDIR,
        [FILES_ERROR_NOT_EMPTY] = WASI_ENOTEMPTY,
        [FILES_ERROR_UNSUPPORTED] = WASI_ENOTSUP,
        [FILES_ERROR_NOT_PERMITTED] = WASI_EPERM,
        [FILES_ERROR_PIPE] = WASI_EPIPE,
        [FILES_ERROR_READ_ONLY] = WASI_EROFS,
        [FILES_ERROR_SEEK] = WASI_ESPIPE,
        [FILES_ERROR_TEXT_BUSY] = WASI_ETXTBSY,
        [FILES_ERROR_CROSS_DEVICE] = WASI_EXDEV,
        [FILES_ERROR_LOOP] = WASI_ELOOP,
        [FILES_ERROR_QUOTA] = WASI_EDQUOT,
        /* A path that leads out of its directory. ENOTCAPABLE is kept for rights that a descriptor
         * lacks; programs and test suites expect EPERM here. */
        [FILES_ERROR_NOT_CAPABLE] = WASI_EPERM,
        [FILES_ERROR_ILLEGAL_BYTES] = WASI_EILSEQ,
        [FILES_ERROR_TOO_MANY_OPEN] = WASI_ENFILE,
        [FILES_ERROR_OVERFLOW] = WASI_EOVERFLOW,
        [FILES_ERROR_DEADLOCK] = WASI_EDEADLK,
        [FILES_ERROR_NO_DEVICE] = WASI_ENXIO,
    };
    return (uint32_t)error < sizeof(table) ? table[error] : WASI_EIO;
}

uint32_t errno_of_stream(enum stream_error error)
{
    static const uint8_t table[] = {
        [STREAM_ERROR_CLOSED] = WASI_EPIPE,
        [STREAM_ERROR_IO] = WASI_EIO,
        [STREAM_ERROR_UNSUPPORTED] = WASI_EBADF,
        [STREAM_ERROR_NO_SPACE] = WASI_ENOSPC,
    };
    return (uint32_t)error < sizeof(table) ? table[error] : WASI_EIO;
}

uint32_t errno_of_tcp(enum tcp_error error)
{
    static const uint8_t table[] = {
        [TCP_ERROR_REFUSED] = WASI_ECONNREFUSED,
        [TCP_ERROR_RESET] = WASI_ECONNRESET,
        [TCP_ERROR_UNREACHABLE] = WASI_EHOSTUNREACH,
        [TCP_ERROR_TIMED_OUT] = WASI_ETIMEDOUT,
        [TCP_ERROR_IN_USE] = WASI_EADDRINUSE,
        [TCP_ERROR_NOT_AVAILABLE] = WASI_EADDRNOTAVAIL,
        [TCP_ERROR_CLOSED] = WASI_EPIPE,
        [TCP_ERROR_INVALID] = WASI_EINVAL,
        [TCP_ERROR_DENIED] = WASI_EACCES,
        [TCP_ERROR_LIMIT] = WASI_ENFILE,
        [TCP_ERROR_IO] = WASI_EIO,
    };
    return (uint32_t)error < sizeof(table) ? table[error] : WASI_EIO;
}
