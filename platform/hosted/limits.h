/* Every bound of the hosted platform, with its reason. What one sender may have in flight is the
 * kernel's to bound, by its silo; these bound what all of them together can make the host hold. */
#ifndef PLATFORM_HOSTED_LIMITS_H
#define PLATFORM_HOSTED_LIMITS_H

enum {
    /* Objects of one native handler: open files, sockets. Each is a slot of some process, and a
     * file descriptor of the host, whose own bound is often lower. */
    LIMIT_OBJECTS = 1 << 16,
    /* Jobs of the terminal; each has two descriptors of the host. */
    LIMIT_TERMINAL_JOBS = 256,
    /* Bytes of one answer to a read: larger reads come in pieces. */
    LIMIT_READ_BYTES = 1 << 20,
    /* As much as a pipe or socket holds at once by default. */
    LIMIT_STREAM_READ_BYTES = 64 << 10,
    /* Bytes that writes to slow streams have waiting, all together. */
    LIMIT_WAITING_WRITE_BYTES = 64 << 20,
    /* Requests that wait for the host, all together; above what the default silo may send. */
    LIMIT_WAITING_REQUESTS = 1 << 16,
    /* Bytes that one send to a connection offers the host. */
    LIMIT_SEND_BYTES = 256 << 10,
    /* Bytes of directory entries in one answer. */
    LIMIT_LIST_BYTES = 64 << 10,
    /* Lookups of host names at once, each a thread while it lasts, and those that queue. */
    LIMIT_NAME_THREADS = 4,
    LIMIT_NAME_QUEUE = 256,
    /* Bytes of a host name (RFC 1035, 2.3.4) with a zero. */
    LIMIT_HOST_NAME_BYTES = 256,
    /* Addresses in one answer. */
    LIMIT_ADDRESSES = 64,
    /* Largest UDP payload over IPv4 (65535 - 20 - 8) and IPv6 without jumbograms. */
    LIMIT_DATAGRAM_BYTES = 65527,
    /* Connections that wait to be accepted: what Linux allows by default. */
    LIMIT_BACKLOG = 4096,
    /* A walk below a directory that another process keeps renaming under us is tried this often. */
    LIMIT_PATH_RETRIES = 128,
    /* Machine code that is kept between runs, all together: of some hundred programs. */
    LIMIT_IMAGE_CACHE_BYTES = 512 << 20,
    /* Bytes of a program: as much as the engine takes. */
    LIMIT_PROGRAM_BYTES = 256 << 20,
};

#endif
