/* The program's memory: every byte goes in and out through these, checked. Private to the library.
 *
 * A check that passes stays true: a memory never shrinks. So a function first checks all that it
 * will write to, then works, and then writes. */
#ifndef PROGRAMS_LIBRARY_WASI_CALLER_H
#define PROGRAMS_LIBRARY_WASI_CALLER_H

#include "abi/body.h"
#include "programs/library/wasi/wasi.h"

/* WASI_SUCCESS if `size` bytes at `address` are the program's memory, else WASI_EFAULT. */
uint32_t caller_check(uint32_t address, uint64_t size);
/* Copies in and out; WASI_EFAULT and nothing copied if the range is out of bounds. */
uint32_t caller_load(void *own, uint32_t address, uint32_t size);
uint32_t caller_store(uint32_t address, const void *own, uint32_t size);
uint32_t caller_store_u32(uint32_t address, uint32_t value);
uint32_t caller_store_u64(uint32_t address, uint64_t value);

enum {
    CALLER_PATH_MAX = 4096, /* bytes of a path with a final zero, as on Linux */
    CALLER_VECTORS_AT_ONCE = 32,
};

/* Loads a path into `buffer` of CALLER_PATH_MAX bytes: well-formed UTF-8 without zero bytes. */
uint32_t caller_load_path(uint32_t address, uint32_t size, uint8_t *buffer,
                          struct weft_bytes *path);

struct caller_vector {
    uint32_t address;
    uint32_t size;
};

/* A list of vectors (iovec, ciovec) that is read or written from its beginning on. The list itself
 * stays in the program's memory and passes by a part at a time, so its length has no bound. */
struct caller_vectors {
    uint32_t address; /* of the first vector that is not loaded */
    uint32_t count;   /* of those not loaded */
    uint32_t left;    /* bytes in all that have not passed */
    uint32_t loaded;
    uint32_t next; /* of the loaded ones, the one to go on with: what has passed is cut off */
    struct caller_vector parts[CALLER_VECTORS_AT_ONCE];
};

/* Checks the list and all that it names. WASI_EINVAL: more than 4 GiB in all. */
uint32_t caller_open_vectors(struct caller_vectors *vectors, uint32_t address, uint32_t count);
/* Copies the next `size` bytes, at most what is left, out of or into the program's memory. */
uint32_t caller_gather(struct caller_vectors *vectors, uint8_t *own, uint32_t size);
uint32_t caller_scatter(struct caller_vectors *vectors, const uint8_t *own, uint32_t size);

#endif
