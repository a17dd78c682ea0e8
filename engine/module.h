/* A decoded module. Written by decode.c; read-only afterwards, but for code that is made when it is
 * needed (code.h, compiler.h). Everything lives in `arena` or borrows `bytes`; once the module is
 * loaded, only code.c takes of the arena, under its lock. */
#ifndef ENGINE_MODULE_H
#define ENGINE_MODULE_H

#include "engine/engine.h"

struct function_code; /* engine/code.h: lowered register code */

struct limits {
    u64 min;
    u64 max; /* the format's own bound if none is given */
    bool has_max;
    bool is_64; /* memory64, table64 */
    bool shared;
};

struct table_type {
    value_type element;
    struct limits limits;
};

struct global_type {
    value_type type;
    bool mutable;
};

/* A constant expression, validated: its bytes, from the first opcode to `end` included. */
struct const_expression {
    struct bytes bytes;
    usize offset; /* in the module */
};

struct import {
    struct bytes module;
    struct bytes name;
    enum extern_kind kind;
    u32 index; /* in its kind's index space */
};

struct export {
    struct bytes name;
    enum extern_kind kind;
    u32 index;
};

struct module_function {
    const struct function_type *type;
    struct bytes body;  /* locals and code, `end` included; empty for imports */
    usize body_offset;  /* in the module */
    bool referenced;    /* exported, in an element segment, or named by ref.func: needs an object */
};

struct module_global {
    struct global_type type;
    struct const_expression initial; /* empty for imports */
    u32 cell; /* of an own global: its first 8-byte cell in the instance's block */
};

struct module_table {
    struct table_type type;
    struct const_expression initial; /* empty: null */
};

enum segment_mode {
    SEGMENT_ACTIVE,
    SEGMENT_PASSIVE,
    SEGMENT_DECLARATIVE,
};

struct element_segment {
    enum segment_mode mode;
    value_type type;
    u32 table;
    u32 count;
    struct const_expression offset;
    const struct const_expression *expressions; /* NULL: `functions` holds indices */
    const u32 *functions;
};

struct data_segment {
    enum segment_mode mode;
    u32 memory;
    struct const_expression offset;
    struct bytes bytes;
};

struct module {
    struct engine *engine;
    struct arena arena;
    struct bytes bytes;

    u32 type_count;
    u32 function_count, imported_function_count;
    u32 table_count, imported_table_count;
    u32 memory_count, imported_memory_count;
    u32 global_count, imported_global_count;
    u32 import_count, export_count, element_count, data_count;
    u32 global_cell_count; /* 8-byte cells of own globals */
    u32 start;             /* UINT32_MAX: none */
    bool has_data_count;

    const struct function_type **types;
    struct module_function *functions;
    struct module_table *tables;
    struct limits *memories;
    struct module_global *globals;
    struct import *imports;
    struct export *exports;
    u32 *exports_by_name; /* their indices, in the byte order of their names */
    struct element_segment *elements;
    struct data_segment *data;
    u32 object_count;             /* own functions that need an object in each instance */
    const u32 *object_functions;  /* their indices */
    struct bytes *function_names; /* function_count of them; NULL: no name section */

    const struct function_code **code; /* by function index; NULL for imports */
    struct compiled *compiled; /* machine code (engine/compiler.h); NULL: it is interpreted */
};

/* The export of that name, or NULL. */
const struct export *module_find_export(const struct module *module, struct bytes name);

#endif
