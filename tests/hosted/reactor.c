/* platform/hosted/reactor.h: a watch is told once for each time it is armed, and never after it was
 * removed, whatever happens at the same time. */
#include "platform/hosted/reactor.h"
#include "tests/tap.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static _Atomic u32 signals_seen;
static _Atomic u32 calls;

static void on_signal(int signal)
{
    signals_seen += signal == SIGUSR1;
}

static void count_call(struct reactor_watch *watch)
{
    (void)watch;
    calls++;
}

static void sleep_ms(long milliseconds)
{
    struct timespec time = { .tv_nsec = milliseconds * 1000000 };
    nanosleep(&time, NULL);
}

static bool becomes(const _Atomic u32 *value, u32 expected)
{
    for (u32 i = 0; i < 2000 && *value != expected; i++)
        sleep_ms(1);
    return *value == expected;
}

static void test_arming(void)
{
    struct reactor_watch watch = { .fd = eventfd(0, EFD_NONBLOCK), .ready = count_call };
    eventfd_write(watch.fd, 1);
    TAP_OK(reactor_arm(&watch, EPOLLIN) && becomes(&calls, 1), "an armed watch is told");
    sleep_ms(20);
    TAP_OK(calls == 1, "once");
    TAP_OK(reactor_arm(&watch, EPOLLIN) && becomes(&calls, 2), "and again when armed again");
    reactor_remove(&watch);
    TAP_OK(reactor_arm(&watch, EPOLLOUT) && becomes(&calls, 3), "a removed watch can come back");
    reactor_remove(&watch);
    close(watch.fd);
    FILE *regular = tmpfile();
    struct reactor_watch file = { .fd = fileno(regular), .ready = count_call };
    TAP_OK(!reactor_arm(&file, EPOLLIN), "a regular file cannot be waited for");
    reactor_remove(&file);
    fclose(regular);
}

/* ---- Removing while it is told ---- */

struct victim {
    struct reactor_watch watch;
    _Atomic bool removed;
    _Atomic bool told_late;
    int fd;
};

static void look(struct reactor_watch *watch)
{
    struct victim *victim = BASE_CONTAINER_OF(watch, struct victim, watch);
    victim->told_late = victim->told_late || victim->removed;
    reactor_arm(watch, EPOLLIN);
}

static void test_removing(void)
{
    enum { VICTIMS = 3000 };
    bool late = false;
    for (u32 i = 0; i < VICTIMS; i++) {
        struct victim *victim = calloc(1, sizeof(*victim));
        victim->fd = eventfd(1, EFD_NONBLOCK);
        victim->watch = (struct reactor_watch){ .fd = victim->fd, .ready = look };
        reactor_arm(&victim->watch, EPOLLIN);
        if (i % 4 == 0)
            sched_yield();
        reactor_remove(&victim->watch);
        victim->removed = true;
        late = late || victim->told_late;
        close(victim->fd);
        free(victim); /* the sanitizer sees who comes too late */
    }
    TAP_OK(!late, "no watch is told after it was removed");
}

int main(void)
{
    int wanted[] = { SIGUSR1 };
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    TAP_OK(reactor_start(wanted, 1, on_signal), "it starts");
    kill(getpid(), SIGUSR1);
    TAP_OK(becomes(&signals_seen, 1), "signals come to it");
    test_arming();
    test_removing();
    reactor_stop();
    reactor_deinit();
    return tap_done();
}
