#include "platform/hosted/channel.h"

#include "platform/hosted/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* All requests that wait, by id and handler, to find the one that is withdrawn. A channel's lock is
 * taken before this one. */
enum { BUCKETS = 256 };

static struct {
    pthread_mutex_t lock;
    struct list buckets[BUCKETS]; /* an unused one is all zero */
    u32 request_count;
    usize data_bytes;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct list *bucket_of(i64 id)
{
    struct list *bucket = &waiting.buckets[(u64)id % BUCKETS];
    if (bucket->head.next == NULL)
        list_init(bucket);
    return bucket;
}

/* Counts it in; false: too much waits already. */
static bool register_request(struct request *request)
{
    pthread_mutex_lock(&waiting.lock);
    bool room = waiting.request_count < LIMIT_WAITING_REQUESTS &&
                request->data.size <= LIMIT_WAITING_WRITE_BYTES - waiting.data_bytes;
    if (room) {
        waiting.request_count++;
        waiting.data_bytes += request->data.size;
        list_push_back(bucket_of(request->id), &request->by_id);
    }
    pthread_mutex_unlock(&waiting.lock);
    return room;
}

static void unregister_request(struct request *request)
{
    pthread_mutex_lock(&waiting.lock);
    waiting.request_count--;
    waiting.data_bytes -= request->data.size;
    list_remove(&request->by_id);
    pthread_mutex_unlock(&waiting.lock);
}

/* ---- Channels ---- */

static void on_ready(struct reactor_watch *watch);

void channel_init(struct channel *channel, struct handler *handler, struct object *owner, int fd)
{
    *channel = (struct channel){
        .handler = handler,
        .owner = owner,
        .fd = fd,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .watch = { .fd = fd, .ready = on_ready },
    };
    list_init(&channel->waiting);
}

void channel_deinit(struct channel *channel)
{
    BASE_ASSERT(list_empty(&channel->waiting));
    reactor_remove(&channel->watch);
    if (channel->fd >= 0)
        close(channel->fd);
}

static struct request *request_of(struct list_link *link)
{
    return BASE_CONTAINER_OF(link, struct request, link);
}

/* Directions that somebody waits for; with the lock. */
static u32 wanted_events(const struct channel *channel)
{
    u32 events = 0;
    struct list_link *link = list_first(&channel->waiting);
    for (; link != NULL; link = list_next(&channel->waiting, link))
        events |= request_of(link)->operation->events;
    return events;
}

/* A request on the heap, with its own copy of the data; NULL: no memory. */
static struct request *keep(const struct request *request)
{
    struct request *kept = malloc(sizeof(*kept) + request->data.size);
    if (kept == NULL)
        return NULL;
    *kept = *request;
    kept->data.data = (u8 *)(kept + 1);
    if (request->data.size != 0)
        memcpy(kept + 1, request->data.data, request->data.size);
    return kept;
}

static void settle(struct channel *channel, struct request *request)
{
    request->operation->settle(channel, request);
    free(request->buffer);
    request->buffer = NULL;
}

/* Lets the request wait; false: it could not. With the channel's lock. */
static bool wait_for_it(struct channel *channel, const struct request *request)
{
    struct request *kept = keep(request);
    if (kept == NULL)
        return false;
    kept->channel = channel;
    object_hold(channel->owner); /* before it can be found and withdrawn */
    if (register_request(kept)) {
        list_push_back(&channel->waiting, &kept->link);
        if (channel->held || reactor_arm(&channel->watch, wanted_events(channel)))
            return true;
        list_remove(&kept->link);
        unregister_request(kept);
    }
    free(kept);
    object_release(channel->owner); /* not the last hold: the caller has one */
    return false;
}

void channel_submit(struct channel *channel, struct request *request)
{
    pthread_mutex_lock(&channel->lock);
    bool behind = (wanted_events(channel) & request->operation->events) != 0;
    bool settled =
        !behind && !channel->held && request->operation->attempt(channel, request);
    if (!settled && (request->no_wait || (request->id == 0 && request->data.size == 0))) {
        settled = true; /* what is read with id 0, nobody wants */
        request->result = -EAGAIN;
    }
    bool waits = !settled && wait_for_it(channel, request);
    pthread_mutex_unlock(&channel->lock);
    if (!settled && !waits)
        request->result = -ENOBUFS;
    if (!waits)
        settle(channel, request);
}

/* The next request that can be settled now, out of the queue; NULL if there is none. With the
 * lock. */
static struct request *take_settled(struct channel *channel)
{
    u32 blocked = 0;
    struct list_link *link = list_first(&channel->waiting);
    for (; link != NULL; link = list_next(&channel->waiting, link)) {
        struct request *request = request_of(link);
        u32 events = request->operation->events;
        if ((blocked & events) != 0)
            continue;
        if (request->operation->attempt(channel, request)) {
            list_remove(link);
            unregister_request(request);
            return request;
        }
        blocked |= events;
    }
    return NULL;
}

static void on_ready(struct reactor_watch *watch)
{
    struct channel *channel = BASE_CONTAINER_OF(watch, struct channel, watch);
    struct object *owner = channel->owner;
    struct request *request;
    if (!object_try_hold(owner))
        return; /* its end waits for us to get out of the way */
    do {
        pthread_mutex_lock(&channel->lock);
        request = channel->held ? NULL : take_settled(channel);
        u32 events = channel->held ? 0 : wanted_events(channel);
        if (request == NULL && events != 0)
            (void)reactor_arm(watch, events);
        pthread_mutex_unlock(&channel->lock);
        if (request != NULL) {
            settle(channel, request);
            free(request);
            object_release(owner);
        }
    } while (request != NULL);
    object_release(owner);
}

void channel_hold(struct channel *channel, bool held)
{
    pthread_mutex_lock(&channel->lock);
    channel->held = held;
    u32 events = held ? 0 : wanted_events(channel);
    if (events != 0)
        (void)reactor_arm(&channel->watch, events);
    pthread_mutex_unlock(&channel->lock);
}

/* The channel, held, in which the request waits; NULL if it does not wait. */
static struct channel *find_channel(struct handler *handler, i64 id)
{
    struct channel *channel = NULL;
    pthread_mutex_lock(&waiting.lock);
    struct list *bucket = bucket_of(id);
    struct list_link *link = list_first(bucket);
    for (; link != NULL && channel == NULL; link = list_next(bucket, link)) {
        struct request *request = BASE_CONTAINER_OF(link, struct request, by_id);
        if (request->id == id && request->channel->handler == handler)
            channel = request->channel;
    }
    if (channel != NULL)
        object_hold(channel->owner);
    pthread_mutex_unlock(&waiting.lock);
    return channel;
}

static struct request *take_by_id(struct channel *channel, i64 id)
{
    struct list_link *link = list_first(&channel->waiting);
    while (link != NULL && request_of(link)->id != id)
        link = list_next(&channel->waiting, link);
    if (link == NULL)
        return NULL;
    list_remove(link);
    unregister_request(request_of(link));
    return request_of(link);
}

bool channel_withdraw(struct handler *handler, i64 id)
{
    struct channel *channel = find_channel(handler, id);
    if (channel == NULL)
        return false;
    struct object *owner = channel->owner;
    pthread_mutex_lock(&channel->lock);
    struct request *request = take_by_id(channel, id);
    pthread_mutex_unlock(&channel->lock);
    bool is_found = request != NULL;
    if (is_found) {
        free(request->buffer);
        free(request);
        object_release(owner);
    }
    object_release(owner);
    return is_found;
}
