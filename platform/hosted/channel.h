/* A descriptor that may make its users wait: pipes, terminals, sockets. Requests that would block
 * wait here, in order of arrival by direction, until the reactor says that the descriptor is ready.
 * Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_CHANNEL_H
#define PLATFORM_HOSTED_CHANNEL_H

#include "platform/hosted/address.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/reactor.h"

struct channel;
struct request;

/* What can be asked of a channel. */
struct channel_operation {
    u32 events; /* EPOLLIN or EPOLLOUT: what it waits for, and whom it queues behind */
    /* Tries it without blocking; false: not yet. With the channel's lock: only touches the
     * descriptor and the request. */
    bool (*attempt)(const struct channel *channel, struct request *request);
    /* Answers. Without locks. */
    void (*settle)(struct channel *channel, struct request *request);
};

struct request {
    const struct channel_operation *operation;
    i64 id;
    u32 count; /* of bytes to read at most */
    bool peek;
    bool no_wait;            /* rather fails with EAGAIN */
    struct bytes data;       /* to write; once it waits, a copy */
    usize done;              /* bytes of it that are written */
    i64 result;              /* of the attempt: at least 0, or a negated errno */
    struct address peer;     /* of a datagram */
    u8 *buffer;              /* what was read, from CHANNEL_ANSWER_BYTES on; freed after settle */
    struct channel *channel; /* while it waits */
    struct list_link link;
    struct list_link by_id;
};

struct channel {
    struct handler *handler;
    struct object *owner; /* held by every request that waits */
    int fd;
    bool held;
    bool may_block; /* the descriptor is shared with others who want it to block */
    pthread_mutex_t lock;
    struct list waiting;
    struct reactor_watch watch;
};

void channel_init(struct channel *channel, struct handler *handler, struct object *owner, int fd);
/* Closes the descriptor. No request waits any more. */
void channel_deinit(struct channel *channel);
/* Attempts the request, or keeps a copy of it and its data until it can be. */
void channel_submit(struct channel *channel, struct request *request);
/* While it is held nothing is read or written: what would be waits. */
void channel_hold(struct channel *channel, bool held);
/* For `withdrawn`: forgets the request, wherever it waits, and whether it did. */
bool channel_withdraw(struct handler *handler, i64 id);

/* ---- Attempts that operations are made of (channel_attempt.c) ---- */

/* Before what is read, in `buffer`, is room for the answer's own record, so that an answer of type
 * result<list<u8>, E> is encoded there without a copy. */
enum { CHANNEL_ANSWER_BYTES = 12 };

/* Reads up to `count` bytes; `result` is how many, 0 at the end. */
bool channel_try_read(const struct channel *channel, struct request *request);
/* Writes all of `data`; `done` says how far it came before an error. */
bool channel_try_write(const struct channel *channel, struct request *request);
/* `result`: bytes that can be read now, 0 at the end. */
bool channel_try_readable(const struct channel *channel, struct request *request);
bool channel_try_writable(const struct channel *channel, struct request *request);

#endif
