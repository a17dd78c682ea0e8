/* Accesses to memories and tables. Most are inside, some are at the end, a few are far out. */
#include "tests/fuzz/engine/generate.h"

enum { NEAR_MASK = 0x3FFF }; /* with the largest usual offset still in the first page */

static u32 any_memory(struct generator *g)
{
    return fuzz_choose(g->choices, 4) < 3 ? 0 : fuzz_choose(g->choices, g->module->memory_count);
}

/* ---- Addresses ---- */

static void masked(struct generator *g, i32 mask)
{
    generate_value(g, TYPE_I32);
    generate_i32(g, mask);
    generate_op(g, OPCODE_I32_AND);
}

static void shifted(struct generator *g)
{
    generate_value(g, TYPE_I32);
    generate_i32(g, 18);
    generate_op(g, OPCODE_I32_SHR_U);
}

/* So many bytes before the end as it is then. */
static void before_end(struct generator *g, i32 bytes)
{
    generate_op_index(g, OPCODE_MEMORY_SIZE, 0);
    generate_i32(g, 16);
    generate_op(g, OPCODE_I32_SHL);
    generate_i32(g, bytes);
    generate_op(g, OPCODE_I32_SUB);
}

static void address(struct generator *g)
{
    u32 kind = fuzz_choose(g->choices, 256);
    if (kind < 40)
        generate_i32(g, (i32)(fuzz_choose_bits(g->choices, 2) & NEAR_MASK));
    else if (kind < 190)
        masked(g, NEAR_MASK);
    else if (kind < 220)
        shifted(g);
    else if (kind < 250)
        masked(g, kind < 236 ? 0xFF : 0x3FF8);
    else if (kind < 254)
        before_end(g, (i32)fuzz_choose(g->choices, 24));
    else
        generate_value(g, TYPE_I32);
}

static u32 offset(struct generator *g)
{
    u32 kind = fuzz_choose(g->choices, 256);
    if (kind < 100)
        return 0;
    if (kind < 200)
        return fuzz_choose(g->choices, 256);
    if (kind < 252)
        return (u32)fuzz_choose_bits(g->choices, 2) & 0x7FFF;
    if (kind < 254)
        return FUZZ_PAGE - NEAR_MASK - fuzz_choose(g->choices, 32);
    if (kind == 254)
        return UINT32_MAX - fuzz_choose(g->choices, 16);
    return (u32)fuzz_choose_bits(g->choices, 4);
}

static u32 alignment_max(u32 opcode)
{
    static const u8 shifts[] = { 2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1,
                                 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2 };
    return shifts[opcode - OPCODE_I32_LOAD];
}

static void access(struct generator *g, u32 opcode, u32 memory)
{
    enum { HAS_MEMORY = 0x40 };
    u32 alignment = fuzz_choose(g->choices, alignment_max(opcode) + 1);
    generate_op_index(g, opcode, alignment | (memory == 0 ? 0 : HAS_MEMORY));
    if (memory != 0)
        fuzz_leb(&g->module->code, memory);
    fuzz_leb(&g->module->code, offset(g));
}

/* ---- Loads and stores ---- */

bool generate_load(struct generator *g, value_type type)
{
    static const u16 narrow[] = { OPCODE_I32_LOAD, OPCODE_I32_LOAD8_S, OPCODE_I32_LOAD8_U,
                                  OPCODE_I32_LOAD16_S, OPCODE_I32_LOAD16_U };
    static const u16 wide[] = { OPCODE_I64_LOAD, OPCODE_I64_LOAD8_S, OPCODE_I64_LOAD8_U,
                                OPCODE_I64_LOAD16_S, OPCODE_I64_LOAD16_U, OPCODE_I64_LOAD32_S,
                                OPCODE_I64_LOAD32_U };
    if (g->module->memory_count == 0)
        return generate_leaf(g, type);
    u32 opcode = type == TYPE_F32 ? OPCODE_F32_LOAD : OPCODE_F64_LOAD;
    if (type == TYPE_I32)
        opcode = narrow[fuzz_choose(g->choices, BASE_ARRAY_COUNT(narrow))];
    else if (type == TYPE_I64)
        opcode = wide[fuzz_choose(g->choices, BASE_ARRAY_COUNT(wide))];
    address(g);
    access(g, opcode, any_memory(g));
    return true; /* what is in memory is known */
}

void generate_store(struct generator *g)
{
    static const struct {
        u16 opcode;
        value_type type;
    } stores[] = {
        { OPCODE_I32_STORE, TYPE_I32 },   { OPCODE_I64_STORE, TYPE_I64 },
        { OPCODE_F32_STORE, TYPE_F32 },   { OPCODE_F64_STORE, TYPE_F64 },
        { OPCODE_I32_STORE8, TYPE_I32 },  { OPCODE_I32_STORE16, TYPE_I32 },
        { OPCODE_I64_STORE8, TYPE_I64 },  { OPCODE_I64_STORE16, TYPE_I64 },
        { OPCODE_I64_STORE32, TYPE_I64 },
    };
    if (g->module->memory_count == 0)
        return;
    u32 which = fuzz_choose(g->choices, BASE_ARRAY_COUNT(stores));
    address(g);
    generate_known(g, stores[which].type);
    access(g, stores[which].opcode, any_memory(g));
}

/* ---- Many bytes ---- */

/* Seldom large, for there may be loops around; that many only for fuel. */
static void count_of(struct generator *g, i32 usual)
{
    u32 kind = fuzz_choose(g->choices, 64);
    if (kind == 63) {
        generate_fuel_spend(g, 10 * FUZZ_FUEL_ENTRY);
        generate_value(g, TYPE_I32);
    } else if (kind == 62) {
        generate_fuel_spend(g, 10 * FUZZ_FUEL_ENTRY);
        generate_i32(g, (i32)fuzz_choose_bits(g->choices, 2));
    } else if (kind > 30) {
        masked(g, usual);
    } else {
        generate_i32(g, (i32)fuzz_choose(g->choices, (u32)usual + 1));
    }
}

static void memory_init(struct generator *g)
{
    u32 segment = fuzz_choose(g->choices, g->module->data_count);
    const struct fuzz_data *data = &g->module->data[segment];
    bool is_there = data->mode == FUZZ_PASSIVE && !fuzz_seldom(g->choices, 16);
    u32 from = fuzz_choose(g->choices, data->size + 1);
    if (fuzz_choose(g->choices, 16) == 15) {
        generate_op_index(g, OPCODE_DATA_DROP, segment);
        return;
    }
    address(g);
    generate_i32(g, is_there ? (i32)from : 0);
    generate_i32(g, is_there ? (i32)fuzz_choose(g->choices, data->size - from + 1) : 0);
    generate_op_index(g, OPCODE_MEMORY_INIT, segment);
    fuzz_leb(&g->module->code, any_memory(g));
}

void generate_bulk(struct generator *g)
{
    u32 kind = fuzz_choose(g->choices, 3);
    if (g->module->memory_count == 0)
        return;
    if (kind == 2 && g->module->data_count != 0) {
        memory_init(g);
        return;
    }
    address(g);
    if (kind == 0)
        generate_value(g, TYPE_I32);
    else
        address(g);
    count_of(g, 0xFF);
    generate_op_index(g, kind == 0 ? OPCODE_MEMORY_FILL : OPCODE_MEMORY_COPY, any_memory(g));
    if (kind != 0)
        fuzz_leb(&g->module->code, any_memory(g));
}

/* ---- Tables ---- */

static u32 table_of(struct generator *g, value_type type)
{
    u32 count = g->module->table_count;
    u32 first = count == 0 ? 0 : fuzz_choose(g->choices, count);
    for (u32 i = 0; i < count; i++)
        if (g->module->tables[(first + i) % count].type == type)
            return (first + i) % count;
    return FUZZ_NONE;
}

u32 generate_function_table(struct generator *g)
{
    return table_of(g, TYPE_FUNCREF);
}

void generate_table_index(struct generator *g, u32 table)
{
    u32 min = g->module->tables[table].min;
    u32 kind = fuzz_choose(g->choices, 64);
    if (kind < 30) {
        generate_i32(g, (i32)fuzz_choose(g->choices, min));
    } else if (kind < 62) {
        masked(g, 7); /* tables have at least 8 elements */
    } else if (kind == 62) {
        generate_i32(g, (i32)(min - 1 + fuzz_choose(g->choices, 4)));
    } else {
        generate_value(g, TYPE_I32);
    }
}

bool generate_table_get(struct generator *g, value_type type)
{
    u32 table = table_of(g, type);
    if (table == FUZZ_NONE)
        return generate_leaf(g, type);
    generate_table_index(g, table);
    generate_op_index(g, OPCODE_TABLE_GET, table);
    return true;
}

static void table_init(struct generator *g)
{
    u32 segment = fuzz_choose(g->choices, g->module->elements_count);
    const struct fuzz_elements *elements = &g->module->elements[segment];
    bool is_there = elements->mode == FUZZ_PASSIVE && !fuzz_seldom(g->choices, 16);
    u32 table = table_of(g, TYPE_FUNCREF);
    if (table == FUZZ_NONE || fuzz_seldom(g->choices, 16)) {
        generate_op_index(g, OPCODE_ELEM_DROP, segment);
        return;
    }
    generate_table_index(g, table);
    generate_i32(g, (i32)fuzz_choose(g->choices, 3));
    generate_i32(g, is_there ? (i32)fuzz_choose(g->choices, 4) : 0);
    generate_op_index(g, OPCODE_TABLE_INIT, segment);
    fuzz_leb(&g->module->code, table);
}

static void table_copy(struct generator *g, value_type type)
{
    u32 to = table_of(g, type);
    u32 from = table_of(g, type);
    generate_table_index(g, to);
    generate_table_index(g, from);
    generate_i32(g, (i32)fuzz_choose(g->choices, 5));
    generate_op_index(g, OPCODE_TABLE_COPY, to);
    fuzz_leb(&g->module->code, from);
}

void generate_table_statement(struct generator *g)
{
    value_type type = fuzz_choose(g->choices, 3) == 2 ? TYPE_EXTERNREF : TYPE_FUNCREF;
    u32 table = table_of(g, type);
    u32 kind = fuzz_choose(g->choices, 8);
    if (kind == 7 && g->module->elements_count != 0) {
        table_init(g);
    } else if (table == FUZZ_NONE) {
        generate_op(g, OPCODE_NOP);
    } else if (kind == 6) {
        table_copy(g, type);
    } else if (kind == 5) {
        generate_table_index(g, table);
        generate_value(g, type);
        generate_i32(g, (i32)fuzz_choose(g->choices, 3));
        generate_op_index(g, OPCODE_TABLE_FILL, table);
    } else {
        generate_table_index(g, table);
        generate_value(g, type);
        generate_op_index(g, OPCODE_TABLE_SET, table);
    }
}

/* ---- Sizes ---- */

static void memory_grow(struct generator *g)
{
    if (fuzz_choose(g->choices, 8) == 7)
        generate_value(g, TYPE_I32);
    else
        generate_i32(g, (i32)fuzz_choose(g->choices, 3));
    generate_op_index(g, OPCODE_MEMORY_GROW, any_memory(g));
}

static void table_grow(struct generator *g, value_type type)
{
    u32 table = table_of(g, type);
    if (table == FUZZ_NONE) {
        generate_constant(g, TYPE_I32);
        return;
    }
    generate_value(g, type);
    if (fuzz_choose(g->choices, 8) == 7)
        generate_value(g, TYPE_I32);
    else
        generate_i32(g, (i32)fuzz_choose(g->choices, 3));
    generate_op_index(g, OPCODE_TABLE_GROW, table);
}

/* Numbers that memories, tables and references give; all but i32 by way of something else. */
bool generate_size(struct generator *g, value_type type)
{
    value_type reference = fuzz_choose(g->choices, 3) == 2 ? TYPE_EXTERNREF : TYPE_FUNCREF;
    u32 kind = fuzz_choose(g->choices, 5);
    if (type != TYPE_I32)
        return generate_computation(g, type);
    if (kind < 2 && g->module->memory_count == 0)
        kind = 4;
    if (kind == 2 && g->module->table_count == 0)
        kind = 4;
    if (kind == 0)
        generate_op_index(g, OPCODE_MEMORY_SIZE, any_memory(g));
    else if (kind == 1)
        memory_grow(g);
    else if (kind == 2)
        generate_op_index(g, OPCODE_TABLE_SIZE, fuzz_choose(g->choices, g->module->table_count));
    else if (kind == 3)
        table_grow(g, reference);
    else
        generate_value(g, reference);
    if (kind == 4)
        generate_op(g, OPCODE_REF_IS_NULL);
    return true;
}
