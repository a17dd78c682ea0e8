#include "engine/types.h"

#include "engine/compiler.h"
#include "engine/lock.h"

enum {
    ID_CAPACITY_FIRST = 256,
    TYPE_COUNTS = 2, /* words before the value types: both counts, so one hash covers the shape */
};

enum status engine_create(const struct engine_place *place, struct engine **engine)
{
    struct engine *new = place->source.take(place->source.context, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    *new = (struct engine){ .place = place };
    enum status status = compiler_create(new, &new->compiler);
    if (status != STATUS_OK) {
        place->source.give(place->source.context, new, sizeof(*new));
        return status;
    }
    *engine = new;
    return STATUS_OK;
}

void engine_destroy(struct engine *engine)
{
    const struct source *source = &engine->place->source;
    BASE_ASSERT(engine->root == NULL);
    compiler_destroy(engine, engine->compiler);
    if (engine->free_ids != NULL)
        source->give(source->context, engine->free_ids, engine->id_capacity * sizeof(u32));
    source->give(source->context, engine, sizeof(*engine));
}

const struct engine_place *engine_place_of(const struct engine *engine)
{
    return engine->place;
}

struct type_holder *type_holder_create(struct arena *arena, u32 parameter_count, u32 result_count)
{
    u32 count = parameter_count + result_count;
    struct type_holder *holder = arena_take(arena, 1, sizeof(*holder));
    u32 *words = arena_take(arena, TYPE_COUNTS + (usize)count, sizeof(u32));
    if (holder == NULL || words == NULL)
        return NULL;
    words[0] = parameter_count;
    words[1] = result_count;
    holder->type = (struct function_type){
        .parameter_count = parameter_count,
        .result_count = result_count,
        .types = words + TYPE_COUNTS,
    };
    return holder;
}

value_type *type_holder_types(struct type_holder *holder)
{
    return (value_type *)(uintptr_t)holder->type.types;
}

bool function_type_equal(const struct function_type *a, const struct function_type *b)
{
    return a->parameter_count == b->parameter_count && a->result_count == b->result_count &&
           __builtin_memcmp(a->types, b->types,
                            ((usize)a->parameter_count + a->result_count) * sizeof(value_type)) == 0;
}

/* A cryptographic hash, so that nobody can make the trie deep or its equal-hash chains long. */
static u64 type_hash(const struct function_type *type)
{
    usize count = TYPE_COUNTS + (usize)type->parameter_count + type->result_count;
    struct bytes shape = { (const u8 *)(type->types - TYPE_COUNTS), count * sizeof(u32) };
    struct hash hash = hash_sha256(shape);
    u64 start;
    __builtin_memcpy(&start, hash.bytes, sizeof(start));
    return start;
}

/* The link at which the type is, or where it belongs. Each level spends one bit of the hash. */
static struct type_holder **type_link(struct engine *engine, const struct type_holder *holder)
{
    struct type_holder **link = &engine->root;
    for (u64 path = holder->hash; *link != NULL; path <<= 1) {
        bool found = (*link)->hash == holder->hash &&
                     function_type_equal(&(*link)->type, &holder->type);
        if (found)
            break;
        link = &(*link)->child[path >> 63];
    }
    return link;
}

static void ring_join(struct type_holder *ring, struct type_holder *holder)
{
    holder->next = ring;
    holder->previous = ring->previous;
    ring->previous->next = holder;
    ring->previous = holder;
    holder->type.id = ring->type.id;
}

/* Room for one more id on the stack of free ones, so that a release never needs memory. */
static enum status ids_grow(struct engine *engine, u32 old_capacity)
{
    const struct source *source = &engine->place->source;
    u32 capacity = old_capacity == 0 ? ID_CAPACITY_FIRST : 2 * old_capacity;
    u32 *room = source->take(source->context, capacity * sizeof(u32));
    if (room == NULL)
        return STATUS_NO_MEMORY;
    u32 *unused = room;
    u32 unused_capacity = capacity;
    lock_take(&engine->lock);
    if (engine->id_capacity == old_capacity) { /* nobody else has grown it meanwhile */
        unused = engine->free_ids;
        unused_capacity = old_capacity;
        for (u32 i = 0; i < engine->free_count; i++)
            room[i] = engine->free_ids[i];
        engine->free_ids = room;
        engine->id_capacity = capacity;
    }
    lock_give(&engine->lock);
    if (unused != NULL)
        source->give(source->context, unused, unused_capacity * sizeof(u32));
    return STATUS_OK;
}

/* Under the lock: false if there is no id without growing. */
static bool types_insert(struct engine *engine, struct type_holder *holder)
{
    struct type_holder **link = type_link(engine, holder);
    if (*link != NULL) {
        ring_join(*link, holder);
        return true;
    }
    if (engine->free_count != 0)
        holder->type.id = engine->free_ids[--engine->free_count];
    else if (engine->id_count < engine->id_capacity)
        holder->type.id = ++engine->id_count;
    else
        return false;
    holder->next = holder;
    holder->previous = holder;
    *link = holder;
    return true;
}

enum status types_hold(struct engine *engine, struct type_holder *holder)
{
    holder->hash = type_hash(&holder->type);
    for (;;) {
        lock_take(&engine->lock);
        bool done = types_insert(engine, holder);
        u32 capacity = engine->id_capacity;
        lock_give(&engine->lock);
        if (done)
            return STATUS_OK;
        enum status status = ids_grow(engine, capacity);
        if (status != STATUS_OK)
            return status;
    }
}

/* Takes some leaf below `link`, or what is there itself, out of the trie. Any node may take the
 * place of one above it: their hashes agree in the bits that lead there. */
static struct type_holder *leaf_take(struct type_holder **link)
{
    while ((*link)->child[0] != NULL || (*link)->child[1] != NULL)
        link = &(*link)->child[(*link)->child[0] == NULL];
    struct type_holder *leaf = *link;
    *link = NULL;
    return leaf;
}

static void trie_replace(struct type_holder **link, struct type_holder *new)
{
    struct type_holder *old = *link;
    new->child[0] = old->child[0];
    new->child[1] = old->child[1];
    *link = new;
}

void types_release(struct engine *engine, struct type_holder *holder)
{
    lock_take(&engine->lock);
    struct type_holder **link = type_link(engine, holder);
    BASE_ASSERT(*link != NULL);
    if (holder->next == holder) {
        engine->free_ids[engine->free_count++] = holder->type.id;
        struct type_holder *leaf = leaf_take(link);
        if (leaf != holder)
            trie_replace(link, leaf);
    } else if (*link == holder) {
        trie_replace(link, holder->next);
    }
    holder->next->previous = holder->previous;
    holder->previous->next = holder->next;
    lock_give(&engine->lock);
}
