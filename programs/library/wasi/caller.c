#include "programs/library/wasi/caller.h"

enum { PAGE_SIZE = 1 << 16 };

uint32_t caller_check(uint32_t address, uint64_t size)
{
    uint64_t memory = (uint64_t)weft_caller_pages() * PAGE_SIZE;
    return size <= memory && address <= memory - size ? WASI_SUCCESS : WASI_EFAULT;
}

uint32_t caller_load(void *own, uint32_t address, uint32_t size)
{
    return weft_caller_load(own, address, size) == 0 ? WASI_SUCCESS : WASI_EFAULT;
}

uint32_t caller_store(uint32_t address, const void *own, uint32_t size)
{
    return weft_caller_store(address, own, size) == 0 ? WASI_SUCCESS : WASI_EFAULT;
}

uint32_t caller_store_u32(uint32_t address, uint32_t value)
{
    return caller_store(address, &value, sizeof(value));
}

uint32_t caller_store_u64(uint32_t address, uint64_t value)
{
    return caller_store(address, &value, sizeof(value));
}

/* ---- Paths --------------------------------------------------------------------------------- */

uint32_t caller_load_path(uint32_t address, uint32_t size, uint8_t *buffer, struct weft_bytes *path)
{
    uint32_t error = caller_check(address, size);
    if (error != WASI_SUCCESS)
        return error;
    if (size >= CALLER_PATH_MAX)
        return WASI_ENAMETOOLONG;
    error = caller_load(buffer, address, size);
    if (error != WASI_SUCCESS)
        return error;
    for (uint32_t i = 0; i < size; i++)
        if (buffer[i] == 0)
            return WASI_EILSEQ;
    *path = (struct weft_bytes){ buffer, size };
    return body_is_utf8(*path) ? WASI_SUCCESS : WASI_EILSEQ;
}

/* ---- Vectors ------------------------------------------------------------------------------- */

static uint32_t load_part(struct caller_vectors *vectors)
{
    uint32_t count = vectors->count;
    if (count > CALLER_VECTORS_AT_ONCE)
        count = CALLER_VECTORS_AT_ONCE;
    uint32_t size = count * (uint32_t)sizeof(struct caller_vector);
    uint32_t error = caller_load(vectors->parts, vectors->address, size);
    if (error != WASI_SUCCESS)
        return error;
    vectors->address += size;
    vectors->count -= count;
    vectors->loaded = count;
    vectors->next = 0;
    return WASI_SUCCESS;
}

/* Checks the vectors of the part that is loaded and adds their sizes to `total`. */
static uint32_t check_part(const struct caller_vectors *vectors, uint64_t *total)
{
    uint64_t memory = (uint64_t)weft_caller_pages() * PAGE_SIZE;
    for (uint32_t i = 0; i < vectors->loaded; i++) {
        const struct caller_vector *vector = &vectors->parts[i];
        if (vector->size > memory || vector->address > memory - vector->size)
            return WASI_EFAULT;
        *total += vector->size;
        if (*total > UINT32_MAX)
            return WASI_EINVAL;
    }
    return WASI_SUCCESS;
}

uint32_t caller_open_vectors(struct caller_vectors *vectors, uint32_t address, uint32_t count)
{
    uint64_t total = 0;
    uint32_t error = caller_check(address, (uint64_t)count * sizeof(struct caller_vector));
    vectors->address = address;
    vectors->count = count;
    vectors->loaded = 0;
    vectors->next = 0;
    while (error == WASI_SUCCESS && vectors->count != 0) {
        error = load_part(vectors);
        if (error == WASI_SUCCESS)
            error = check_part(vectors, &total);
    }
    if (error != WASI_SUCCESS)
        return error;
    if (count > CALLER_VECTORS_AT_ONCE) { /* from the beginning again */
        vectors->address = address;
        vectors->count = count;
        vectors->loaded = 0;
    }
    vectors->left = (uint32_t)total;
    return WASI_SUCCESS;
}

/* The next run of at most `size` bytes, which passes by this; `size` is at most what is left. */
static uint32_t next_run(struct caller_vectors *vectors, uint32_t size, struct caller_vector *run)
{
    while (vectors->next == vectors->loaded || vectors->parts[vectors->next].size == 0) {
        if (vectors->next < vectors->loaded) {
            vectors->next++;
            continue;
        }
        uint32_t error = vectors->count == 0 ? WASI_EFAULT : load_part(vectors);
        if (error != WASI_SUCCESS)
            return error;
    }
    struct caller_vector *vector = &vectors->parts[vectors->next];
    *run = (struct caller_vector){ vector->address, size < vector->size ? size : vector->size };
    vector->address += run->size;
    vector->size -= run->size;
    vectors->left -= run->size < vectors->left ? run->size : vectors->left;
    return WASI_SUCCESS;
}

uint32_t caller_gather(struct caller_vectors *vectors, uint8_t *own, uint32_t size)
{
    struct caller_vector run;
    for (uint32_t done = 0; done < size; done += run.size) {
        uint32_t error = next_run(vectors, size - done, &run);
        if (error == WASI_SUCCESS)
            error = caller_load(own + done, run.address, run.size);
        if (error != WASI_SUCCESS)
            return error;
    }
    return WASI_SUCCESS;
}

uint32_t caller_scatter(struct caller_vectors *vectors, const uint8_t *own, uint32_t size)
{
    struct caller_vector run;
    for (uint32_t done = 0; done < size; done += run.size) {
        uint32_t error = next_run(vectors, size - done, &run);
        if (error == WASI_SUCCESS)
            error = caller_store(run.address, own + done, run.size);
        if (error != WASI_SUCCESS)
            return error;
    }
    return WASI_SUCCESS;
}
