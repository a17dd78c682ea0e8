#include "engine/stretch.h"

enum {
    STRETCH_FIRST = 64,
    STRETCH_LARGE_BYTES = 4 << 10,
};

bool stretch_more(const struct source *source, void **items, u32 *capacity, usize need,
                  usize item_size)
{
    bool is_large = *capacity * item_size >= STRETCH_LARGE_BYTES;
    usize count = *capacity == 0 ? STRETCH_FIRST : *capacity + *capacity / (is_large ? 4u : 1u);
    if (count < need)
        count = need;
    if (count > UINT32_MAX)
        return false;
    void *more = source->take(source->context, count * item_size);
    if (more == NULL)
        return false;
    if (*items != NULL)
        __builtin_memcpy(more, *items, *capacity * item_size);
    stretch_give(source, *items, *capacity, item_size);
    *items = more;
    *capacity = (u32)count;
    return true;
}

void stretch_trim(const struct source *source, void **items, u32 *capacity, u32 count,
                  usize item_size)
{
    usize size = *capacity * item_size;
    if (count == 0 || count >= *capacity || source->shrink == NULL)
        return;
    void *less = source->shrink(source->context, *items, size, count * item_size);
    if (less == NULL)
        return;
    *items = less;
    *capacity = count;
}

void stretch_clear(const struct source *source, void **items, u32 *capacity, usize item_size)
{
    stretch_give(source, *items, *capacity, item_size);
    *items = NULL;
    *capacity = 0;
}

void stretch_give(const struct source *source, void *items, u32 capacity, usize item_size)
{
    if (items != NULL)
        source->give(source->context, items, capacity * item_size);
}
