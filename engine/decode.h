/* What the files of the decoder share: one pass over the bytes of a module fills a `struct module`.
 * decode.c walks the sections; decode_types.c reads types and imports, decode_sections.c the other
 * sections, const_expression.c constant expressions, names.c the name section. */
#ifndef ENGINE_DECODE_H
#define ENGINE_DECODE_H

#include "engine/feature.h"
#include "engine/module.h"

struct decoder {
    struct module *module;
    struct reader reader; /* of the section at hand; its first mistake ends the decoding */
    enum status status;   /* of that mistake; STATUS_OK: a plain one, STATUS_INVALID */
    u32 code_count;
    u32 data_count;     /* as the data count section says */
    struct bytes names; /* content of the name section */
};

/* Mistakes of another kind than a broken format. */
void decode_fail(struct decoder *decoder, enum status status, const char *message);
void decode_unsupported(struct decoder *decoder, enum feature feature);

/* Zeroed memory of the module's lifetime; NULL and a mistake when there is none. */
void *decode_take(struct decoder *decoder, usize count, usize item_size);
/* A longer copy of an array, for items that imports and a section both add to. */
void *decode_extend(struct decoder *decoder, const void *items, const u32 counts[2],
                    usize item_size);
/* A count of items of at least `item_size_min` bytes; beyond `max` it is STATUS_LIMIT. */
u32 decode_count(struct decoder *decoder, usize item_size_min, u32 max, const char *message);

/* Counted bytes of well-formed UTF-8. */
struct bytes decode_name(struct decoder *decoder);

value_type decode_value_type(struct decoder *decoder);
value_type decode_reference_type(struct decoder *decoder);
/* A heap type, as the reference type that may be null. */
value_type decode_heap_type(struct decoder *decoder);
struct table_type decode_table_type(struct decoder *decoder);
struct limits decode_memory_type(struct decoder *decoder);
struct global_type decode_global_type(struct decoder *decoder);
/* The function type that an index names; NULL on a mistake. */
const struct function_type *decode_type_use(struct decoder *decoder);
/* An index below `count`; else the mistake `message`, "unknown function" say. */
u32 decode_index(struct decoder *decoder, u32 count, const char *message);

void decode_type_section(struct decoder *decoder);
void decode_import_section(struct decoder *decoder);
void decode_function_section(struct decoder *decoder);
void decode_table_section(struct decoder *decoder);
void decode_memory_section(struct decoder *decoder);
void decode_global_section(struct decoder *decoder);
void decode_export_section(struct decoder *decoder);
void decode_start_section(struct decoder *decoder);
void decode_element_section(struct decoder *decoder);
void decode_data_count_section(struct decoder *decoder);
void decode_code_section(struct decoder *decoder);
void decode_data_section(struct decoder *decoder);

/* Function names from the name section, as far as it is well formed: a broken one is no mistake. */
void names_decode(struct module *module, struct bytes section);

#endif
