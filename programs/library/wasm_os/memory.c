/* memmove, memset, memcpy on the program's memory, through a buffer of the library's. */
#include "lib/memory.h"
#include "programs/library/wasm_os/wasm_os.h"

enum { BUFFER_SIZE = 4096 };

static uint8_t buffer[BUFFER_SIZE];

static uint32_t piece(uint32_t size)
{
    return size < BUFFER_SIZE ? size : BUFFER_SIZE;
}

/* Ranges may overlap, so the end goes first if the copy goes up. */
int32_t os_memmove(uint32_t from, uint32_t to, uint32_t size)
{
    if (!caller_has(from, size) || !caller_has(to, size))
        return WASM_OS_FAILED;
    bool goes_up = from < to;
    for (uint32_t done = 0; done < size;) {
        uint32_t count = piece(size - done);
        uint32_t at = goes_up ? size - done - count : done;
        weft_caller_load(buffer, from + at, count);
        weft_caller_store(to + at, buffer, count);
        done += count;
    }
    return 0;
}

int32_t os_memcpy(uint32_t from, uint32_t to, uint32_t size)
{
    return os_memmove(from, to, size);
}

int32_t os_memset(uint32_t address, uint32_t size, int32_t value)
{
    if (!caller_has(address, size))
        return WASM_OS_FAILED;
    memset(buffer, value, piece(size));
    for (uint32_t done = 0; done < size;) {
        uint32_t count = piece(size - done);
        weft_caller_store(address + done, buffer, count);
        done += count;
    }
    return 0;
}
