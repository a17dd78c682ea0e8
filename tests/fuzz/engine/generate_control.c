/* Blocks, conditions and loops. */
#include "tests/fuzz/engine/generate.h"

enum { LOOP_COUNT_MAX = 14 };

/* ---- Beginnings and ends ---- */

void generate_label_push(struct generator *g, const value_type *types, u32 count)
{
    BASE_ASSERT(g->label_count < GENERATE_LABELS_MAX);
    g->labels[g->label_count++] = (struct generate_label){ .types = types, .count = count };
}

void generate_end(struct generator *g)
{
    generate_op(g, OPCODE_END);
    g->label_count--;
    if (g->loop_exits > g->label_count)
        g->loop_exits = 0;
}

/* The type's results must outlive the block: they are the module's, or one type's below. */
void generate_open(struct generator *g, u32 opcode, const value_type *results, u32 count)
{
    enum { NO_RESULT = 0x40 };
    BASE_ASSERT(count <= 1);
    generate_op(g, opcode);
    fuzz_byte(&g->module->code, count == 0 ? NO_RESULT : (u8)results[0]);
    generate_label_push(g, results, count);
}

void generate_open_type(struct generator *g, u32 opcode, u32 type_index)
{
    const struct fuzz_type *type = &g->module->types[type_index];
    if (type->parameter_count == 0 && type->result_count <= 1) {
        generate_open(g, opcode, type->results, type->result_count);
        return;
    }
    generate_op(g, opcode);
    fuzz_signed_leb(&g->module->code, type_index);
    generate_label_push(g, type->results, type->result_count);
}

static const value_type *single(value_type type)
{
    static const value_type types[] = { TYPE_I32, TYPE_I64,     TYPE_F32,
                                        TYPE_F64, TYPE_FUNCREF, TYPE_EXTERNREF };
    u32 i = 0;
    while (types[i] != type)
        i++;
    return &types[i];
}

/* ---- Fuel ---- */

void generate_fuel_above(struct generator *g, i32 fuel)
{
    generate_op_index(g, OPCODE_GLOBAL_GET, g->module->fuel);
    generate_i32(g, fuel);
    generate_op(g, OPCODE_I32_GT_S);
}

void generate_fuel_spend(struct generator *g, i32 fuel)
{
    generate_op_index(g, OPCODE_GLOBAL_GET, g->module->fuel);
    generate_i32(g, fuel);
    generate_op(g, OPCODE_I32_SUB);
    generate_op_index(g, OPCODE_GLOBAL_SET, g->module->fuel);
}

/* ---- Blocks and conditions that give values ---- */

bool generate_block_value(struct generator *g, value_type type)
{
    generate_open(g, OPCODE_BLOCK, single(type), 1);
    generate_statements(g);
    generate_value(g, type);
    generate_end(g);
    return !fuzz_is_float(type);
}

bool generate_if_value(struct generator *g, value_type type)
{
    generate_value(g, TYPE_I32);
    generate_open(g, OPCODE_IF, single(type), 1);
    generate_value(g, type);
    generate_op(g, OPCODE_ELSE);
    generate_statements(g);
    generate_value(g, type);
    generate_end(g);
    return !fuzz_is_float(type);
}

/* A value that a branch may take with it. */
bool generate_branch_value(struct generator *g, value_type type)
{
    u32 target = generate_target(g);
    const struct generate_label label = g->labels[target];
    generate_value(g, type);
    if (label.is_loop || label.count != 1 || label.types[0] != type)
        return !fuzz_is_float(type);
    generate_value(g, TYPE_I32);
    generate_op_index(g, OPCODE_BR_IF, g->label_count - 1 - target);
    return !fuzz_is_float(type);
}

/* ---- Loops ---- */

/* How often it may go round. */
static void loop_begin(struct generator *g, u32 counter)
{
    generate_i32(g, (i32)fuzz_choose(g->choices, LOOP_COUNT_MAX));
    generate_op_index(g, OPCODE_LOCAL_SET, counter);
}

static void loop_open(struct generator *g, u32 type_index, u32 counter)
{
    const struct fuzz_type *type = &g->module->types[type_index];
    generate_open_type(g, OPCODE_LOOP, type_index);
    g->loops++;
    g->labels[g->label_count - 1] = (struct generate_label){
        .types = type->parameters,
        .count = type->parameter_count,
        .is_loop = true,
        .counter = counter,
    };
    generate_consume_all(g, type->parameters, type->parameter_count);
}

/* Back to the beginning with new values, as long as it goes round. */
static void loop_close(struct generator *g, const struct fuzz_type *type)
{
    const struct generate_label loop = g->labels[g->label_count - 1];
    generate_values(g, type->parameters, type->parameter_count);
    generate_goes_round(g, &loop);
    generate_op_index(g, OPCODE_BR_IF, 0);
    generate_consume_all(g, type->parameters, type->parameter_count);
    generate_values(g, type->results, type->result_count);
    g->loops--;
    generate_end(g);
}

static void loop_of_type(struct generator *g, u32 type_index)
{
    const struct fuzz_type *type = &g->module->types[type_index];
    u32 counter = g->plain_locals + g->loops;
    loop_begin(g, counter);
    generate_values(g, type->parameters, type->parameter_count);
    loop_open(g, type_index, counter);
    generate_statements(g);
    loop_close(g, type);
}

void generate_loop(struct generator *g)
{
    u32 type_index = fuzz_choose(g->choices, g->module->type_count);
    const struct fuzz_type *type = &g->module->types[type_index];
    if (g->loops == GENERATE_COUNTERS || generate_is_full(g))
        return;
    loop_of_type(g, type_index);
    generate_consume_all(g, type->results, type->result_count);
}

/* ---- Blocks and conditions of any type ---- */

static void multiple(struct generator *g, u32 type_index)
{
    const struct fuzz_type *type = &g->module->types[type_index];
    bool is_condition = fuzz_choose(g->choices, 2) == 1;
    generate_values(g, type->parameters, type->parameter_count);
    if (is_condition)
        generate_value(g, TYPE_I32);
    generate_open_type(g, is_condition ? OPCODE_IF : OPCODE_BLOCK, type_index);
    generate_consume_all(g, type->parameters, type->parameter_count);
    generate_statements(g);
    generate_values(g, type->results, type->result_count);
    if (is_condition) {
        generate_op(g, OPCODE_ELSE);
        generate_consume_all(g, type->parameters, type->parameter_count);
        generate_values(g, type->results, type->result_count);
    }
    generate_end(g);
}

bool generate_multiple_value(struct generator *g, value_type type)
{
    u32 type_index = fuzz_choose(g->choices, g->module->type_count);
    const struct fuzz_type *blocks = &g->module->types[type_index];
    bool loops = fuzz_choose(g->choices, 2) == 1 && g->loops < GENERATE_COUNTERS;
    if (blocks->result_count == 0 || blocks->results[0] != type)
        return generate_computation(g, type);
    if (loops)
        loop_of_type(g, type_index);
    else
        multiple(g, type_index);
    generate_consume_all(g, blocks->results + 1, blocks->result_count - 1);
    return !fuzz_is_float(type);
}

void generate_block(struct generator *g)
{
    u32 type_index = fuzz_choose(g->choices, g->module->type_count);
    const struct fuzz_type *type = &g->module->types[type_index];
    if (fuzz_choose(g->choices, 2) == 0) {
        generate_open(g, OPCODE_BLOCK, NULL, 0);
        generate_statements(g);
        generate_end(g);
        return;
    }
    multiple(g, type_index);
    generate_consume_all(g, type->results, type->result_count);
}

void generate_if(struct generator *g)
{
    generate_value(g, TYPE_I32);
    generate_open(g, OPCODE_IF, NULL, 0);
    generate_statements(g);
    if (fuzz_choose(g->choices, 2) == 1) {
        generate_op(g, OPCODE_ELSE);
        generate_statements(g);
    }
    generate_end(g);
}
