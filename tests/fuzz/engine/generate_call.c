/* Calls: direct, through tables, to other modules and the host, and in place of a return. What may
 * come back to the caller, or stands in a loop, is made only while there is much fuel, so that
 * programs seldom end for want of it. */
#include "tests/fuzz/engine/generate.h"

static void direct(struct generator *g, u32 opcode, u32 function)
{
    const struct fuzz_type *type = &g->module->functions[function].type;
    generate_values(g, type->parameters, type->parameter_count);
    generate_op_index(g, opcode, function);
}

static void indirect(struct generator *g, u32 opcode, u32 table, u32 type_index)
{
    const struct fuzz_type *type = &g->module->types[type_index];
    generate_values(g, type->parameters, type->parameter_count);
    generate_table_index(g, table);
    generate_op_index(g, opcode, type_index);
    fuzz_leb(&g->module->code, table);
}

static u32 type_in_table(struct generator *g, u32 table)
{
    if (fuzz_choose(g->choices, 32) == 31)
        return fuzz_choose(g->choices, g->module->type_count);
    return g->module->tables[table].favourite;
}

/* Makes what follows depend on the fuel, up to `guard_end`: on much of it if it may lead back here,
 * for all that wait in a deep recursion go on later. Its results are those of type `type_index`,
 * whose next has no parameters. */
static void guard(struct generator *g, u32 type_index, bool is_backward)
{
    bool is_early = is_backward && fuzz_choose(g->choices, 8) != 7;
    generate_fuel_above(g, is_early ? GENERATE_FUEL_HIGH : GENERATE_FUEL_LOW);
    generate_open_type(g, OPCODE_IF, type_index | 1);
}

static void guard_end(struct generator *g, const struct fuzz_type *type)
{
    if (type->result_count != 0) {
        generate_op(g, OPCODE_ELSE);
        for (u32 i = 0; i < type->result_count; i++)
            generate_leaf(g, type->results[i]);
    }
    generate_end(g);
}

/* Gives the type of what was called; its results are on the stack. */
static const struct fuzz_type *call(struct generator *g)
{
    u32 table = fuzz_choose(g->choices, 3) == 2 ? generate_function_table(g) : FUZZ_NONE;
    u32 function = fuzz_choose(g->choices, g->module->function_count);
    const struct fuzz_function *callee = &g->module->functions[function];
    bool is_plain = table == FUZZ_NONE && function < g->index &&
                    (callee->is_short ||
                     (g->loops == 0 && fuzz_choose(g->choices, 4) == 3));
    u32 type_index = table == FUZZ_NONE ? callee->type_index : type_in_table(g, table);
    const struct fuzz_type *type = &g->module->types[type_index];
    bool is_backward = table != FUZZ_NONE || function >= g->index || callee->origin == FUZZ_HOST;
    if (!is_plain)
        guard(g, type_index, is_backward);
    if (table == FUZZ_NONE)
        direct(g, OPCODE_CALL, function);
    else
        indirect(g, OPCODE_CALL_INDIRECT, table, type_index);
    if (!is_plain)
        guard_end(g, type);
    return type;
}

bool generate_call_value(struct generator *g, value_type type)
{
    const struct fuzz_type *called = call(g);
    u32 count = called->result_count;
    if (count != 0 && called->results[0] == type) {
        generate_consume_all(g, called->results + 1, count - 1);
        return !fuzz_is_float(type);
    }
    generate_consume_all(g, called->results, count);
    return generate_leaf(g, type);
}

void generate_call_statement(struct generator *g)
{
    const struct fuzz_type *type = call(g);
    generate_consume_all(g, type->results, type->result_count);
}

/* ---- Calls in place of a return ---- */

static bool same_results(const struct fuzz_type *a, const struct fuzz_type *b)
{
    if (a->result_count != b->result_count)
        return false;
    for (u32 i = 0; i < a->result_count; i++)
        if (a->results[i] != b->results[i])
            return false;
    return true;
}

bool generate_tail_call(struct generator *g)
{
    const struct fuzz_module *module = g->module;
    const struct fuzz_type *own = &g->function->type;
    u32 table = fuzz_choose(g->choices, 2) == 1 ? generate_function_table(g) : FUZZ_NONE;
    if (table != FUZZ_NONE && same_results(&module->types[module->tables[table].favourite], own)) {
        indirect(g, OPCODE_RETURN_CALL_INDIRECT, table, module->tables[table].favourite);
        return true;
    }
    u32 first = fuzz_choose(g->choices, module->function_count);
    for (u32 i = 0; i < module->function_count; i++) {
        u32 function = (first + i) % module->function_count;
        if (same_results(&module->functions[function].type, own)) {
            direct(g, OPCODE_RETURN_CALL, function);
            return true;
        }
    }
    return false;
}
