/* The showcase on WASI. */
#include "programs/showcase/showcase.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wasi/api.h>

void show(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
}

int read_byte(void)
{
    unsigned char byte;
    fflush(stdout);
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1; /* the rest is for whom it starts */
}

static uint64_t microseconds(__wasi_clockid_t clock)
{
    __wasi_timestamp_t nanoseconds = 0;
    if (__wasi_clock_time_get(clock, 1, &nanoseconds) != 0)
        abort();
    return nanoseconds / 1000;
}

uint64_t uptime(void)
{
    return microseconds(__WASI_CLOCKID_MONOTONIC);
}

uint64_t time_used(void)
{
    return microseconds(__WASI_CLOCKID_PROCESS_CPUTIME_ID);
}

void *block_take(size_t size)
{
    return malloc(size);
}

void block_give(void *block)
{
    free(block);
}

void *block_resize(void *block, size_t old_size, size_t size)
{
    (void)old_size;
    return realloc(block, size);
}

int main(int count, char **arguments)
{
    return showcase(count, arguments);
}
