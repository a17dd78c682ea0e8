/* The function types that the modules of one engine share.
 *
 * Each module keeps its types in its own arena, as holders. Holders of equal types form a ring and
 * carry the same id; one of each ring stands for it in a trie ordered by hash. So the engine
 * itself keeps nothing of a module that is gone, and ids are given again once no holder is left.
 * Safe on several CPUs at once: a spinlock guards short walks only, never an allocation. */
#ifndef ENGINE_TYPES_H
#define ENGINE_TYPES_H

#include "engine/engine.h"

struct type_holder {
    struct function_type type; /* first: a `struct function_type` of a module is its holder */
    u64 hash;                  /* of the shape */
    struct type_holder *child[2]; /* in the trie, while it stands for its ring */
    struct type_holder *next;     /* ring of equal types */
    struct type_holder *previous;
};

struct engine {
    const struct engine_place *place;
    struct compiler *compiler; /* NULL: all is interpreted */
    u32 lock;
    struct type_holder *root; /* of the trie; the rest is guarded by `lock` too */
    u32 *free_ids;            /* a stack, with room for every id ever given */
    u32 free_count;
    u32 id_capacity;
    u32 id_count; /* ids ever given; the next new one is id_count + 1, so 0 is never an id */
};

/* Makes a type for a module: `types` in `arena`, parameters first. NULL: no memory. */
struct type_holder *type_holder_create(struct arena *arena, u32 parameter_count, u32 result_count);
/* The place for its parameters and results, to be filled before `types_hold`. */
value_type *type_holder_types(struct type_holder *holder);
/* Gives the holder its id. On error nothing has changed. */
enum status types_hold(struct engine *engine, struct type_holder *holder);
/* Takes the holder out; afterwards its memory may go. */
void types_release(struct engine *engine, struct type_holder *holder);

/* Whether two types have the same shape, whoever made them. */
bool function_type_equal(const struct function_type *a, const struct function_type *b);

#endif
