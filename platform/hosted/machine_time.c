/* Clocks and entropy of the machine. */
#include "machine/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static u64 read_clock(clockid_t clock)
{
    struct timespec now;
    BASE_ASSERT(clock_gettime(clock, &now) == 0);
    return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

u64 machine_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

u64 machine_realtime_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

void machine_random(void *buffer, usize size)
{
    u8 *at = buffer;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        BASE_ASSERT(got > 0 || errno == EINTR);
        if (got > 0) {
            at += got;
            size -= (usize)got;
        }
    }
}

/* The host's generator made us wait itself, if there was need to. */
bool machine_random_ready(void)
{
    return true;
}

/* The host lets everybody add, and does not count it. */
void machine_random_add(struct bytes bytes, u32 bits)
{
    (void)bits;
    int device = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
    if (device < 0)
        return;
    ssize_t written = write(device, bytes.data, bytes.size);
    (void)written; /* what it does not take, it does not need */
    close(device);
}
