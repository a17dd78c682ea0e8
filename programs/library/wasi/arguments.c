/* Arguments and environment, from the start record. */
#include "lib/start.h"
#include "programs/library/wasi/caller.h"

/* Writes text and its final zero at `*text`, a pointer to it at `*pointers`, and moves both on. */
struct place {
    uint32_t pointers;
    uint32_t text;
};

static uint32_t put_pointer(struct place *place)
{
    uint32_t error = caller_store_u32(place->pointers, place->text);
    place->pointers += (uint32_t)sizeof(uint32_t);
    return error;
}

static uint32_t put_text(struct place *place, struct weft_bytes text)
{
    uint32_t error = caller_store(place->text, text.data, text.size);
    place->text += text.size;
    return error;
}

static uint64_t arguments_size(const struct system_start_record *start)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < start->arguments.count; i++)
        size += (uint64_t)start->arguments.data[i].size + 1;
    return size;
}

static uint64_t environment_size(const struct system_start_record *start)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < start->environment.count; i++)
        size +=
            (uint64_t)start->environment.data[i].f0.size + start->environment.data[i].f1.size + 2;
    return size;
}

static uint32_t store_sizes(uint32_t count_at, uint32_t count, uint32_t size_at, uint64_t size)
{
    uint32_t error = caller_check(size_at, sizeof(uint32_t));
    if (error == WASI_SUCCESS && size > UINT32_MAX)
        error = WASI_EOVERFLOW;
    if (error == WASI_SUCCESS)
        error = caller_store_u32(count_at, count);
    return error == WASI_SUCCESS ? caller_store_u32(size_at, (uint32_t)size) : error;
}

WASI_FUNCTION(args_sizes_get)(uint32_t count, uint32_t text_size)
{
    const struct system_start_record *start = start_record();
    if (start == NULL)
        return WASI_EACCES;
    return store_sizes(count, start->arguments.count, text_size, arguments_size(start));
}

WASI_FUNCTION(args_get)(uint32_t pointers, uint32_t text)
{
    const struct system_start_record *start = start_record();
    struct place place = { pointers, text };
    if (start == NULL)
        return WASI_EACCES;
    uint32_t error = caller_check(pointers, start->arguments.count * sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_check(text, arguments_size(start));
    for (uint32_t i = 0; i < start->arguments.count && error == WASI_SUCCESS; i++) {
        error = put_pointer(&place);
        if (error == WASI_SUCCESS)
            error = put_text(&place, start->arguments.data[i]);
        if (error == WASI_SUCCESS)
            error = put_text(&place, (struct weft_bytes){ (const uint8_t *)"", 1 });
    }
    return error;
}

WASI_FUNCTION(environ_sizes_get)(uint32_t count, uint32_t text_size)
{
    const struct system_start_record *start = start_record();
    if (start == NULL)
        return WASI_EACCES;
    return store_sizes(count, start->environment.count, text_size, environment_size(start));
}

WASI_FUNCTION(environ_get)(uint32_t pointers, uint32_t text)
{
    const struct system_start_record *start = start_record();
    struct place place = { pointers, text };
    if (start == NULL)
        return WASI_EACCES;
    uint32_t error = caller_check(pointers, start->environment.count * sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_check(text, environment_size(start));
    for (uint32_t i = 0; i < start->environment.count && error == WASI_SUCCESS; i++) {
        error = put_pointer(&place);
        if (error == WASI_SUCCESS)
            error = put_text(&place, start->environment.data[i].f0);
        if (error == WASI_SUCCESS)
            error = put_text(&place, WEFT_BYTES("="));
        if (error == WASI_SUCCESS)
            error = put_text(&place, start->environment.data[i].f1);
        if (error == WASI_SUCCESS)
            error = put_text(&place, (struct weft_bytes){ (const uint8_t *)"", 1 });
    }
    return error;
}
