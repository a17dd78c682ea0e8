/* Instructions that move or fill as much as a guest likes, done slice by slice: between two slices
 * whoever wants to interrupt is let in, so the length of an instruction delays nobody else. */
#ifndef ENGINE_BULK_H
#define ENGINE_BULK_H

#include "engine/execution.h"

/* One such instruction under way: it is at `pc` in the frame `fp`. */
struct bulk {
    struct execution *execution;
    const union word *pc;
    u64 *fp;
    const u64 *operands; /* where to; where from, or with what; how many */
    u32 first;           /* index of the memory, table or target */
    u32 second;          /* of the source or segment */
};

enum trap bulk_memory_fill(const struct bulk *bulk);
enum trap bulk_memory_copy(const struct bulk *bulk);
enum trap bulk_memory_init(const struct bulk *bulk);
enum trap bulk_table_fill(const struct bulk *bulk);
enum trap bulk_table_copy(const struct bulk *bulk);
enum trap bulk_table_init(const struct bulk *bulk);

#endif
