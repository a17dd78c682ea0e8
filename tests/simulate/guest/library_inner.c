/* A library that answers `inner`: everything a library can do, one function each. */
#include "lib/weft.h"

#include <stddef.h>

enum { BUFFER = 256 };

static uint8_t buffer[BUFFER];
static int32_t initialised;
static int32_t calls;

WEFT_EXPORT("_initialize") void initialize(void);
void initialize(void)
{
    initialised++;
}

/* How often it was initialised before this call. */
WEFT_EXPORT("ready") int32_t ready(void);
int32_t ready(void)
{
    return initialised;
}

/* How often this was called: its own state. */
WEFT_EXPORT("count") int32_t count(void);
int32_t count(void)
{
    return ++calls;
}

/* Sum of bytes of the client's, or a negated status. */
WEFT_EXPORT("sum") int32_t sum(uint32_t client, uint32_t size);
int32_t sum(uint32_t client, uint32_t size)
{
    int32_t total = 0;
    int32_t status = weft_caller_load(buffer, client, size < BUFFER ? size : BUFFER);
    for (uint32_t i = 0; status == 0 && i < size && i < BUFFER; i++)
        total += buffer[i];
    return status == 0 ? total : status;
}

/* Writes bytes of that value into the client. */
WEFT_EXPORT("fill") int32_t fill(uint32_t client, uint32_t size, uint32_t value);
int32_t fill(uint32_t client, uint32_t size, uint32_t value)
{
    for (uint32_t i = 0; i < BUFFER; i++)
        buffer[i] = (uint8_t)value;
    return weft_caller_store(client, buffer, size < BUFFER ? size : BUFFER);
}

WEFT_EXPORT("pages") uint32_t pages(void);
uint32_t pages(void)
{
    return weft_caller_pages();
}

WEFT_EXPORT("grow") int32_t grow(uint32_t more);
int32_t grow(uint32_t more)
{
    return weft_caller_grow(more);
}

/* Copies from beyond its own memory: a trap. */
WEFT_EXPORT("stray") int32_t stray(void);
int32_t stray(void)
{
    return weft_caller_load((void *)(uintptr_t)0xFFFFFFF0, 0, 32);
}

/* A message sent by a library: the process's own. */
WEFT_EXPORT("send") int64_t library_send(int32_t slot);
int64_t library_send(int32_t slot)
{
    buffer[0] = 'L';
    return weft_send(slot, buffer, 1, NULL, 0, 0);
}
