/* Values: where they come from and where they go. */
#include "tests/fuzz/engine/generate.h"

enum {
    DEPTH_MAX = 9,
    BODY_BYTES_MAX = 8000,
};

void generate_op(struct generator *g, u32 opcode)
{
    struct fuzz_buffer *code = &g->module->code;
    g->program->generated[opcode]++;
    if (opcode >= PREFIX_FC)
        fuzz_byte(code, 0xFC);
    fuzz_byte(code, (u8)(opcode >= PREFIX_FC ? opcode - PREFIX_FC : opcode));
}

void generate_op_index(struct generator *g, u32 opcode, u32 index)
{
    generate_op(g, opcode);
    fuzz_leb(&g->module->code, index);
}

void generate_i32(struct generator *g, i32 value)
{
    generate_op(g, OPCODE_I32_CONST);
    fuzz_signed_leb(&g->module->code, value);
}

bool generate_is_full(const struct generator *g)
{
    return g->depth >= DEPTH_MAX || g->label_count + 8 > GENERATE_LABELS_MAX ||
           g->choices->at >= g->choices->limit ||
           g->module->code.size - g->function->body > BODY_BYTES_MAX;
}

/* ---- Leaves ---- */

/* A local or global of that type, from a random one on; FUZZ_NONE if there is none. */
static u32 local_of(struct generator *g, value_type type)
{
    u32 count = g->plain_locals;
    u32 first = fuzz_choose(g->choices, 256);
    for (u32 i = 0; i < count; i++)
        if (g->function->locals[(first + i) % count] == type)
            return (first + i) % count;
    return FUZZ_NONE;
}

static u32 global_of(struct generator *g, value_type type, bool to_set)
{
    u32 count = g->module->global_count;
    u32 first = fuzz_choose(g->choices, count);
    for (u32 i = 0; i < count; i++) {
        const struct fuzz_global *global = &g->module->globals[(first + i) % count];
        bool is_fuel = (first + i) % count == g->module->fuel;
        if (global->type == type && !is_fuel && (global->is_mutable || !to_set))
            return (first + i) % count;
    }
    return FUZZ_NONE;
}

static void reference_constant(struct generator *g, value_type type)
{
    if (type == TYPE_FUNCREF && fuzz_choose(g->choices, 4) != 0) {
        u32 function = fuzz_choose(g->choices, g->module->function_count);
        generate_op_index(g, OPCODE_REF_FUNC, function);
    } else {
        generate_op_index(g, OPCODE_REF_NULL, type);
    }
}

bool generate_constant(struct generator *g, value_type type)
{
    struct fuzz_buffer *code = &g->module->code;
    if (fuzz_is_reference(type)) {
        reference_constant(g, type);
        return true;
    }
    u64 bits = fuzz_choose_constant(g->choices, type);
    if (type == TYPE_I32) {
        generate_i32(g, (i32)bits);
    } else if (type == TYPE_I64) {
        generate_op(g, OPCODE_I64_CONST);
        fuzz_signed_leb(code, (i64)bits);
    } else if (type == TYPE_F32) {
        generate_op(g, OPCODE_F32_CONST);
        fuzz_bytes(code, &bits, sizeof(f32));
    } else {
        generate_op(g, OPCODE_F64_CONST);
        fuzz_bytes(code, &bits, sizeof(f64));
    }
    return true;
}

bool generate_leaf(struct generator *g, value_type type)
{
    u32 kind = fuzz_choose(g->choices, 8);
    u32 index = FUZZ_NONE;
    if (kind == 7)
        index = global_of(g, type, false);
    else if (kind > 1)
        index = local_of(g, type);
    if (index == FUZZ_NONE)
        return generate_constant(g, type);
    generate_op_index(g, kind == 7 ? OPCODE_GLOBAL_GET : OPCODE_LOCAL_GET, index);
    return !fuzz_is_float(type);
}

/* ---- Any value ---- */

static bool selection(struct generator *g, value_type type)
{
    bool first = generate_value(g, type);
    bool second = generate_value(g, type);
    generate_value(g, TYPE_I32);
    if (fuzz_is_reference(type) || fuzz_choose(g->choices, 4) == 3) {
        generate_op_index(g, OPCODE_SELECT_TYPED, 1);
        fuzz_byte(&g->module->code, (u8)type);
    } else {
        generate_op(g, OPCODE_SELECT);
    }
    return first && second;
}

static bool tee(struct generator *g, value_type type)
{
    bool known = generate_value(g, type);
    u32 local = local_of(g, type);
    if (local != FUZZ_NONE)
        generate_op_index(g, OPCODE_LOCAL_TEE, local);
    return known;
}

/* Something happens while operands of others wait. */
static bool after_statement(struct generator *g, value_type type)
{
    generate_statement(g);
    return generate_value(g, type);
}

typedef bool produce(struct generator *g, value_type type);

static produce *const number_produces[] = {
    generate_leaf,        generate_computation, generate_leaf,         generate_computation,
    generate_computation, generate_computation, generate_computation,  generate_computation,
    generate_load,        generate_computation, generate_load,         selection,
    tee,                  generate_computation, generate_block_value,  generate_if_value,
    generate_call_value,  generate_computation, after_statement,       generate_wide,
    generate_size,        generate_computation, generate_branch_value, generate_multiple_value,
};

static produce *const reference_produces[] = {
    generate_leaf, generate_table_get,   generate_leaf,     selection,
    tee,           generate_block_value, generate_if_value, generate_call_value,
};

bool generate_value(struct generator *g, value_type type)
{
    if (generate_is_full(g))
        return generate_leaf(g, type);
    g->depth++;
    bool is_reference = fuzz_is_reference(type);
    u32 count = is_reference ? BASE_ARRAY_COUNT(reference_produces)
                             : BASE_ARRAY_COUNT(number_produces);
    u32 kind = fuzz_choose(g->choices, count);
    bool known = (is_reference ? reference_produces : number_produces)[kind](g, type);
    g->depth--;
    return known;
}

/* x becomes select(x, nan, x == x), in a spare local. */
static void make_canonical(struct generator *g, value_type type)
{
    bool is_narrow = type == TYPE_F32;
    u32 spare = g->function->local_count - (is_narrow ? 2 : 1);
    u64 nan = fuzz_canonical(UINT64_MAX, type);
    generate_op_index(g, OPCODE_LOCAL_TEE, spare);
    generate_op(g, is_narrow ? OPCODE_F32_CONST : OPCODE_F64_CONST);
    fuzz_bytes(&g->module->code, &nan, is_narrow ? sizeof(f32) : sizeof(f64));
    generate_op_index(g, OPCODE_LOCAL_GET, spare);
    generate_op_index(g, OPCODE_LOCAL_GET, spare);
    generate_op(g, is_narrow ? OPCODE_F32_EQ : OPCODE_F64_EQ);
    generate_op(g, OPCODE_SELECT);
}

void generate_known(struct generator *g, value_type type)
{
    if (!generate_value(g, type) && fuzz_is_float(type))
        make_canonical(g, type);
}

void generate_values(struct generator *g, const value_type *types, u32 count)
{
    for (u32 i = 0; i < count; i++)
        generate_value(g, types[i]);
}

void generate_consume(struct generator *g, value_type type)
{
    u32 kind = fuzz_choose(g->choices, 8);
    u32 index = kind == 7 ? global_of(g, type, true) : kind == 6 ? FUZZ_NONE : local_of(g, type);
    if (index == FUZZ_NONE)
        generate_op(g, OPCODE_DROP);
    else
        generate_op_index(g, kind == 7 ? OPCODE_GLOBAL_SET : OPCODE_LOCAL_SET, index);
}

void generate_consume_all(struct generator *g, const value_type *types, u32 count)
{
    for (u32 i = count; i-- != 0;)
        generate_consume(g, types[i]);
}
