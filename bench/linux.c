#include "bench/linux.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 4096 };

extern char **environ;

void linux_must(bool condition, const char *what)
{
    if (condition)
        return;
    perror(what);
    exit(1);
}

uint64_t linux_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* ---- Round trips ---- */

static void echo(int from, int to, size_t size)
{
    static char body[BODY_MAX];
    while (read(from, body, size) == (ssize_t)size && write(to, body, size) == (ssize_t)size)
        continue;
    _exit(0);
}

static struct linux_peer peer_start(const int there[2], const int back[2], uint32_t size)
{
    struct linux_peer peer = { .to = there[1], .from = back[0], .size = size, .child = fork() };
    linux_must(peer.child >= 0, "fork");
    if (peer.child == 0)
        echo(there[0], back[1], size);
    return peer;
}

struct linux_peer linux_pipe_peer(uint32_t size)
{
    int there[2], back[2];
    linux_must(pipe(there) == 0 && pipe(back) == 0, "pipe");
    return peer_start(there, back, size);
}

struct linux_peer linux_eventfd_peer(void)
{
    int there = eventfd(0, 0), back = eventfd(0, 0);
    linux_must(there >= 0 && back >= 0, "eventfd");
    return peer_start((int[]){ there, there }, (int[]){ back, back }, sizeof(uint64_t));
}

uint64_t linux_round_trips(struct linux_peer *peer, uint32_t count)
{
    char body[BODY_MAX] = { 1 };
    uint64_t begin = linux_nanoseconds();
    for (uint32_t i = 0; i < count; i++) {
        linux_must(write(peer->to, body, peer->size) == (ssize_t)peer->size, "write");
        linux_must(read(peer->from, body, peer->size) == (ssize_t)peer->size, "read");
    }
    return linux_nanoseconds() - begin;
}

void linux_peer_end(struct linux_peer *peer)
{
    kill(peer->child, SIGKILL);
    waitpid(peer->child, NULL, 0);
}

/* ---- Processes and memory ---- */

uint64_t linux_spawn(const char *path)
{
    char *arguments[] = { (char *)(uintptr_t)path, NULL };
    pid_t child;
    uint64_t begin = linux_nanoseconds();
    linux_must(posix_spawn(&child, path, NULL, NULL, arguments, environ) == 0, path);
    linux_must(waitpid(child, NULL, 0) == child, "waitpid");
    return linux_nanoseconds() - begin;
}

uint64_t linux_kilobytes(const char *field)
{
    char line[256];
    uint64_t value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    linux_must(file != NULL, "/proc/self/status");
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, field, strlen(field)) == 0)
            value = strtoull(line + strlen(field), NULL, 10);
    fclose(file);
    return value;
}

uint64_t linux_resident_of_size(uint64_t mapping_kilobytes)
{
    char line[4096];
    uint64_t size = 0, total = 0;
    FILE *file = fopen("/proc/self/smaps", "r");
    linux_must(file != NULL, "/proc/self/smaps");
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "Size:", 5) == 0)
            size = strtoull(line + 5, NULL, 10);
        else if (strncmp(line, "Rss:", 4) == 0 && size == mapping_kilobytes)
            total += strtoull(line + 4, NULL, 10);
    }
    fclose(file);
    return total;
}
