/* Reading and writing without waiting. */
#include "platform/hosted/channel.h"
#include "platform/hosted/limits.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What poll says of `events` now; an error or hang-up counts as ready. */
static bool is_ready(int fd, short events)
{
    struct pollfd entry = { .fd = fd, .events = events };
    return poll(&entry, 1, 0) != 0;
}

static bool would_block(ssize_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static i64 result_of(ssize_t result)
{
    return result < 0 ? -(i64)errno : (i64)result;
}

static ssize_t read_some(const struct channel *channel, const struct request *request, u32 count)
{
    u8 *to = request->buffer + CHANNEL_ANSWER_BYTES;
    ssize_t got;
    do {
        got = request->peek ? recv(channel->fd, to, count, MSG_PEEK | MSG_DONTWAIT)
                            : read(channel->fd, to, count);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool channel_try_read(const struct channel *channel, struct request *request)
{
    u32 count = (u32)u64_min(request->count, LIMIT_STREAM_READ_BYTES);
    if (channel->may_block && !is_ready(channel->fd, POLLIN))
        return false;
    request->buffer = malloc(CHANNEL_ANSWER_BYTES + count);
    if (request->buffer == NULL) {
        request->result = -ENOMEM;
        return true;
    }
    ssize_t got = read_some(channel, request, count);
    if (would_block(got)) {
        free(request->buffer);
        request->buffer = NULL;
        return false;
    }
    request->result = result_of(got);
    return true;
}

/* Where a write may block although the descriptor is ready, a piece that a pipe takes whole does
 * not. */
static usize piece_size(const struct channel *channel, usize size)
{
    return channel->may_block ? u64_min(size, 4096) : size;
}

bool channel_try_write(const struct channel *channel, struct request *request)
{
    while (request->done < request->data.size) {
        if (channel->may_block && !is_ready(channel->fd, POLLOUT))
            return false;
        usize size = piece_size(channel, request->data.size - request->done);
        ssize_t written = write(channel->fd, request->data.data + request->done, size);
        if (would_block(written))
            return false;
        if (written < 0 && errno == EINTR)
            continue;
        request->result = result_of(written);
        if (written < 0)
            return true;
        request->done += (usize)written;
    }
    request->result = 0;
    return true;
}

bool channel_try_readable(const struct channel *channel, struct request *request)
{
    int available = 0;
    if (!is_ready(channel->fd, POLLIN))
        return false;
    request->result = ioctl(channel->fd, FIONREAD, &available) == 0 ? available : 1;
    return true;
}

bool channel_try_writable(const struct channel *channel, struct request *request)
{
    request->result = 0;
    return is_ready(channel->fd, POLLOUT);
}
