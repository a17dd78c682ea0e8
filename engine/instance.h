/* Instances as the interpreter sees them: layouts are hot, their order is for the cache.
 * Written by instance.c, memory.c, table.c and, for values, by guest code. */
#ifndef ENGINE_INSTANCE_H
#define ENGINE_INSTANCE_H

#include "engine/module.h"

/* A linear memory: a reservation whose first `size_bytes` are committed. A 32-bit memory reserves
 * 4 GiB and a guard of 4 GiB + 64 KiB, so base + u32 index + u32 offset + 16 is always inside it.
 * `base` never changes and `size_bytes` only grows. */
struct memory {
    u8 *base;
    u64 size_bytes;
    u64 reserved_bytes;
    u64 max_pages;
    u64 declared_max_pages; /* for import matching; has_max says whether there is one */
    bool has_max;
    bool is_64;
    u32 lock;                     /* held while growing */
    const struct instance *owner; /* whose grow hook is asked */
};

/* A table: elements are `struct function *` or external references, as u64, 0 for null. There is
 * address space for `max` elements, so growing never moves it. Elements are read and written
 * whole, one by one: guest threads may race on them, and half a pointer would be no pointer. */
struct table {
    u64 *elements;
    u64 size;
    u64 max;
    u64 declared_max;   /* for import matching; has_max says whether there is one */
    u64 reserved_bytes; /* 0: a small one, part of its instance */
    value_type type;
    bool has_max;
    bool is_64;
    u32 lock;                     /* held while growing */
    const struct instance *owner; /* whose grow hook is asked, in pages of 64 KiB */
};

struct function {
    const struct function_type *type;
    const struct function_code *code; /* NULL: of the host */
    struct instance *instance;        /* whose code it is; for a host function NULL */
    /* What compiled code calls (engine/compile), and looks at. */
    const void *native; /* entry for calls from its own instance */
    const void *far;    /* entry for calls from anywhere, with this in a register */
    u64 stack_words;    /* arguments that do not fit in registers */
    u64 tag; /* instance_tag + number of the type: what an indirect call compares; 0: none */
    host_function *host;
    void *host_context;
    struct host_copy host_copy;
    u32 index;   /* in its module's function index space */
    u32 type_id; /* of `type` */
};

enum { TAG_TYPE_BITS = 20 };

/* Tags of functions of one instance and one type are equal, and no others. Types with larger
 * numbers have no tags. */
static inline u64 instance_tag(const struct instance *instance)
{
    return (u64)(uintptr_t)instance >> 4 << TAG_TYPE_BITS;
}

struct instance {
    u8 *memory_base; /* of memory 0: memories[0]->base, or NULL */
    u64 *own_globals;  /* module->global_cell_count cells */
    u64 tag;              /* instance_tag of it or, for a thread's, of its parent */
    struct table *table0; /* or NULL */
    struct memory **memories;
    struct table **tables;
    u64 **globals;     /* each global's cell: imported ones in other instances */
    struct function **functions; /* imported functions first: those are always there. Of the own
                                    ones only `referenced` functions have an object, others NULL */
    const struct module *module;
    struct engine *engine;
    u8 *dropped_elements; /* one flag a segment */
    u8 *dropped_data;
    memory_grow_hook *grow;
    void *grow_context;
    void *owner;
    const struct instance *parent; /* of a thread's instance: whose functions, tables and memories
                                      these are; never itself a thread's */
    struct function *entries; /* of a thread's instance: its own objects for functions that the
                                 module exports, by export; for calls from outside only */
    struct arena arena;
};

/* The place of an engine (types.c). */
const struct engine_place *engine_place_of(const struct engine *engine);

/* ---- What instance.c asks of memory.c and table.c. On failure `error` has the message. ---- */

enum { PAGE_BYTES = 64 << 10 };

/* Into `memory` or `table`, zero before; once it has a base or elements it is to be destroyed. */
enum status memory_create(struct instance *instance, const struct limits *limits,
                          struct memory *memory, struct engine_error *error);
void memory_destroy(const struct engine *engine, struct memory *memory);
/* `room` is for the elements of a small table, `table_small_count` of them: 0 for a large one. */
enum status table_create(struct instance *instance, const struct table_type *type,
                         struct table *table, u64 *room, struct engine_error *error);
u64 table_small_count(const struct table_type *type);
void table_destroy(const struct engine *engine, struct table *table);
/* Pages of 64 KiB that the grow hook has been asked for. */
u64 memory_pages(const struct memory *memory);
u64 table_pages(const struct table *table);
/* Asks the hook of `instance`; a growth that then fails for want of memory is taken back. */
bool growth_allow(const struct instance *instance, u64 pages_before, u64 pages_after);
void growth_take_back(const struct instance *instance, u64 pages_before, u64 pages_after);

/* ---- What guest instructions ask of the runtime (memory.c, table.c): a trap or TRAP_NONE.
 *      Addresses and counts come zero-extended. ---- */

/* Old size in pages, or -1 as i64. */
i64 memory_grow(struct memory *memory, u64 pages);
enum trap memory_fill(struct memory *memory, u64 to, u8 value, u64 count);
enum trap memory_copy(struct memory *to, struct memory *from, const u64 to_from_count[3]);
enum trap memory_init(struct instance *instance, u32 memory, u32 segment,
                      const u64 to_from_count[3]);
void data_drop(struct instance *instance, u32 segment);

i64 table_grow(struct table *table, u64 value, u64 count);
enum trap table_get(const struct table *table, u64 index, u64 *value);
enum trap table_set(struct table *table, u64 index, u64 value);
enum trap table_fill(struct table *table, u64 index, u64 value, u64 count);
enum trap table_copy(struct table *to, const struct table *from, const u64 to_from_count[3]);
enum trap table_init(struct instance *instance, u32 table, u32 segment,
                     const u64 to_from_count[3]);
void element_drop(struct instance *instance, u32 segment);

#endif
