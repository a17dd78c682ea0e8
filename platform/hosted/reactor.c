/* epoll with one-shot interest. Watches are found through a table, by a place and a generation, so
 * an event that was fetched before its watch went away finds nothing. */
#include "platform/hosted/reactor.h"

#include "platform/hosted/limits.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    EVENTS_AT_ONCE = 64,
    STACK_BYTES = 256 << 10, /* answering runs the kernel on it */
    PLACES_FIRST = 16,
};

/* Not in the table: epoll's data of the two descriptors of its own. */
enum {
    TOKEN_SIGNAL = 0,
    TOKEN_STOP = UINT32_MAX,
};

struct place {
    struct reactor_watch *watch;
    u32 generation;
    u32 next_free;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t dispatched;
    struct reactor_watch *dispatching;
    struct place *places; /* place n is places[n - 1] */
    u32 place_count;
    u32 free_place;
    int epoll;
    int signals;
    int stop;
    void (*on_signal)(int signal);
    pthread_t thread;
} reactor = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .dispatched = PTHREAD_COND_INITIALIZER,
    .epoll = -1,
};

static u64 token_of(u32 place)
{
    return (u64)reactor.places[place - 1].generation << 32 | place;
}

static void on_signals(void)
{
    struct signalfd_siginfo info;
    while (read(reactor.signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        reactor.on_signal((int)info.ssi_signo);
}

static void dispatch(u64 token)
{
    u32 place = (u32)token;
    pthread_mutex_lock(&reactor.lock);
    struct reactor_watch *watch = reactor.places[place - 1].watch;
    if (watch != NULL && token == token_of(place)) {
        reactor.dispatching = watch;
        pthread_mutex_unlock(&reactor.lock);
        watch->ready(watch);
        pthread_mutex_lock(&reactor.lock);
        reactor.dispatching = NULL;
        pthread_cond_broadcast(&reactor.dispatched);
    }
    pthread_mutex_unlock(&reactor.lock);
}

static void *thread_main(void *argument)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    for (;;) {
        int count = epoll_wait(reactor.epoll, events, EVENTS_AT_ONCE, -1);
        BASE_ASSERT(count >= 0 || errno == EINTR);
        for (int i = 0; i < count; i++) {
            u64 token = events[i].data.u64;
            if (token == TOKEN_STOP)
                return argument;
            if (token == TOKEN_SIGNAL)
                on_signals();
            else
                dispatch(token);
        }
    }
}

static bool watch_own(int fd, u64 token)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = token };
    return fd >= 0 && epoll_ctl(reactor.epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool start_thread(void)
{
    pthread_attr_t attributes;
    sigset_t all, previous;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    int failure = pthread_create(&reactor.thread, &attributes, thread_main, NULL);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    pthread_attr_destroy(&attributes);
    return failure == 0;
}

bool reactor_start(const int *signals, u32 signal_count, void (*on_signal)(int signal))
{
    sigset_t set;
    sigemptyset(&set);
    for (u32 i = 0; i < signal_count; i++)
        sigaddset(&set, signals[i]);
    reactor.on_signal = on_signal;
    reactor.epoll = epoll_create1(EPOLL_CLOEXEC);
    reactor.signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    reactor.stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return reactor.epoll >= 0 && watch_own(reactor.signals, TOKEN_SIGNAL) &&
           watch_own(reactor.stop, TOKEN_STOP) && start_thread();
}

void reactor_stop(void)
{
    u64 one = 1;
    BASE_ASSERT(write(reactor.stop, &one, sizeof(one)) == (ssize_t)sizeof(one));
    pthread_join(reactor.thread, NULL);
}

void reactor_deinit(void)
{
    close(reactor.epoll);
    close(reactor.signals);
    close(reactor.stop);
    free(reactor.places);
    reactor.places = NULL;
    reactor.place_count = 0;
    reactor.free_place = 0;
}

/* ---- The table; with the lock ---- */

static bool grow_places(void)
{
    u32 count = reactor.place_count == 0 ? PLACES_FIRST : 2 * reactor.place_count;
    struct place *places = realloc(reactor.places, count * sizeof(*places));
    if (places == NULL)
        return false;
    for (u32 i = reactor.place_count; i < count; i++) {
        places[i] = (struct place){ .next_free = reactor.free_place };
        reactor.free_place = i + 1;
    }
    reactor.places = places;
    reactor.place_count = count;
    return true;
}

static bool take_place(struct reactor_watch *watch)
{
    if (reactor.free_place == 0 && !grow_places())
        return false;
    watch->place = reactor.free_place;
    struct place *place = &reactor.places[watch->place - 1];
    reactor.free_place = place->next_free;
    place->watch = watch;
    return true;
}

static void give_place(struct reactor_watch *watch)
{
    struct place *place = &reactor.places[watch->place - 1];
    place->watch = NULL;
    place->generation++;
    place->next_free = reactor.free_place;
    reactor.free_place = watch->place;
    watch->place = 0;
}

bool reactor_arm(struct reactor_watch *watch, u32 events)
{
    pthread_mutex_lock(&reactor.lock);
    bool known = watch->place != 0;
    bool armed = known || take_place(watch);
    if (armed) {
        struct epoll_event event = { .events = events | EPOLLONESHOT,
                                     .data.u64 = token_of(watch->place) };
        int operation = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
        armed = epoll_ctl(reactor.epoll, operation, watch->fd, &event) == 0;
        if (!armed && !known)
            give_place(watch);
    }
    pthread_mutex_unlock(&reactor.lock);
    return armed;
}

static void forget(struct reactor_watch *watch)
{
    if (watch->place == 0)
        return;
    epoll_ctl(reactor.epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    give_place(watch);
}

void reactor_remove(struct reactor_watch *watch)
{
    pthread_mutex_lock(&reactor.lock);
    bool own = pthread_equal(pthread_self(), reactor.thread);
    forget(watch);
    while (!own && reactor.dispatching == watch) {
        pthread_cond_wait(&reactor.dispatched, &reactor.lock);
        forget(watch); /* it may have armed itself once more */
    }
    pthread_mutex_unlock(&reactor.lock);
}
