#include "tests/wit/support/parsed.h"

#include <stdio.h>
#include <stdlib.h>

static void *take(void *context, usize size)
{
    (void)context;
    return calloc(1, size);
}

static void give(void *context, void *chunk, usize size)
{
    (void)context;
    (void)size;
    free(chunk);
}

static const struct source heap = { take, give, NULL, NULL };

void parsed_init(struct parsed *parsed, struct bytes text, usize limit_bytes)
{
    *parsed = (struct parsed){ 0 };
    arena_init(&parsed->arena, &heap, limit_bytes);
    parsed->status = wit_parse(&parsed->arena, text, &parsed->interface, &parsed->error);
}

void parsed_deinit(struct parsed *parsed)
{
    arena_deinit(&parsed->arena);
}

struct bytes parsed_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    u8 *data = malloc(WIT_FILE_SIZE_MAX);
    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    usize size = fread(data, 1, WIT_FILE_SIZE_MAX, file);
    fclose(file);
    return (struct bytes){ data, size };
}

/* SplitMix64. */
u64 random_next(u64 *state)
{
    u64 mixed = *state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

u32 random_below(u64 *state, u32 count)
{
    return (u32)(random_next(state) % count);
}
