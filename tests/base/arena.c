/* base/arena.h through its door: zeroed, aligned, bounded, all given back. */
#include "base/base.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

struct counting {
    usize given_out_bytes;
    u32 takes_left; /* then none is left: NULL */
};

static void *counting_take(void *context, usize size)
{
    struct counting *counting = context;
    if (counting->takes_left == 0)
        return NULL;
    counting->takes_left--;
    counting->given_out_bytes += size;
    return calloc(1, size);
}

static void counting_give(void *context, void *chunk, usize size)
{
    struct counting *counting = context;
    counting->given_out_bytes -= size;
    free(chunk);
}

int main(void)
{
    struct counting counting = { .takes_left = 1000 };
    struct source source = { counting_take, counting_give, &counting, NULL };
    struct arena arena;
    arena_init(&arena, &source, 0);

    bool zeroed = true;
    bool aligned = true;
    static const u8 zeros[5000];
    for (usize size = 0; size < sizeof(zeros); size += 37) {
        u8 *piece = arena_take(&arena, size, 1);
        zeroed = zeroed && memcmp(piece, zeros, size) == 0;
        aligned = aligned && (uintptr_t)piece % 16 == 0;
        memset(piece, 0xAA, size);
    }
    TAP_OK(zeroed, "pieces are zeroed and do not overlap");
    TAP_OK(aligned, "pieces are aligned to 16");
    TAP_OK(arena.taken_bytes == counting.given_out_bytes, "it knows what it took");
    TAP_OK(arena_take(&arena, SIZE_MAX / 2, 4) == NULL, "a size that overflows is refused");
    struct bytes copy = arena_copy(&arena, BYTES_LITERAL("thread"));
    TAP_OK(bytes_equal(copy, BYTES_LITERAL("thread")), "a copy is equal");
    arena_deinit(&arena);
    TAP_OK(counting.given_out_bytes == 0, "all is given back");

    arena_init(&arena, &source, 8192);
    TAP_OK(arena_take(&arena, 8192 - 64, 1) != NULL, "a piece just within the limit");
    usize before = arena.taken_bytes;
    TAP_OK(arena_take(&arena, 4096, 1) == NULL && arena.taken_bytes == before,
           "beyond the limit there is none, and nothing has changed");
    arena_deinit(&arena);

    counting.takes_left = 0;
    TAP_OK(arena_take(&arena, 1, 1) == NULL, "no memory is no piece");
    TAP_OK(counting.given_out_bytes == 0, "and no leak");
    return tap_done();
}
