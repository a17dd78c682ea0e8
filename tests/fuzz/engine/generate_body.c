/* Bodies of functions, and statements. */
#include "tests/fuzz/engine/generate.h"

enum {
    STATEMENTS_MAX = 5,
    ROTATED_MAX = 5,
    MANY_LOCALS = 24, /* from here on they are all set first and used last */
};

static void set(struct generator *g)
{
    value_type type = fuzz_choose_type(g->choices);
    generate_value(g, type);
    generate_consume(g, type);
}

/* Some locals of one type change places: a cycle, if they are different ones. */
static void rotate(struct generator *g)
{
    value_type type = fuzz_choose_type(g->choices);
    u32 count = 2 + fuzz_choose(g->choices, ROTATED_MAX - 1);
    u32 found = 0;
    u32 locals[ROTATED_MAX];
    u32 first = fuzz_choose(g->choices, 256);
    for (u32 i = 0; i < g->plain_locals && found < count; i++)
        if (g->function->locals[(first + i) % g->plain_locals] == type)
            locals[found++] = (first + i) % g->plain_locals;
    for (u32 i = 0; i < found; i++)
        generate_op_index(g, OPCODE_LOCAL_GET, locals[i]);
    for (u32 i = 0; i < found; i++)
        generate_op_index(g, OPCODE_LOCAL_SET, locals[i]);
}

typedef void state(struct generator *g);

static state *const statements[] = {
    set,           generate_store,     generate_loop,           set,
    generate_if,   generate_branch_if, set,                     generate_store,
    generate_loop, generate_block,     generate_call_statement, set,
    generate_bulk, generate_leave_if,  generate_switch,         generate_table_statement,
    rotate,
};

void generate_statement(struct generator *g)
{
    if (generate_is_full(g)) {
        generate_op(g, OPCODE_NOP);
        return;
    }
    g->depth++;
    statements[fuzz_choose(g->choices, BASE_ARRAY_COUNT(statements))](g);
    g->depth--;
}

void generate_statements(struct generator *g)
{
    u32 count = fuzz_choose(g->choices, STATEMENTS_MAX);
    for (u32 i = 0; i < count && !generate_is_full(g); i++)
        generate_statement(g);
}

/* ---- Functions ---- */

static void locals(struct generator *g)
{
    struct fuzz_function *function = g->function;
    u32 many = fuzz_choose(g->choices, 16);
    u32 more = fuzz_choose(g->choices, many == 15 ? 200 : many == 14 ? 50 : 14);
    if (g->function->is_short)
        more = many % 3;
    u32 count = function->type.parameter_count;
    for (u32 i = 0; i < count; i++)
        function->locals[i] = function->type.parameters[i];
    for (u32 i = 0; i < more; i++)
        function->locals[count++] = fuzz_choose_type(g->choices);
    g->plain_locals = count;
    for (u32 i = 0; i < GENERATE_COUNTERS; i++)
        function->locals[count++] = TYPE_I32;
    function->locals[count++] = TYPE_F32;
    function->locals[count++] = TYPE_F64;
    function->local_count = count;
    BASE_ASSERT(count <= FUZZ_LOCALS_MAX);
}

static void enter(struct generator *g)
{
    generate_fuel_spend(g, FUZZ_FUEL_ENTRY);
    generate_fuel_above(g, 0);
    generate_op(g, OPCODE_I32_EQZ);
    generate_open(g, OPCODE_IF, NULL, 0);
    generate_op(g, OPCODE_UNREACHABLE);
    generate_end(g);
}

static void locals_set(struct generator *g)
{
    for (u32 i = g->function->type.parameter_count; i < g->plain_locals; i++) {
        generate_leaf(g, g->function->locals[i]);
        generate_op_index(g, OPCODE_LOCAL_SET, i);
    }
}

static u32 global_for(const struct fuzz_module *module, value_type type)
{
    for (u32 i = module->fuel + 1; i < module->global_count; i++)
        if (module->globals[i].type == type && module->globals[i].is_mutable)
            return i;
    return FUZZ_NONE;
}

/* So that every local is alive from one end of the function to the other. */
static void locals_use(struct generator *g)
{
    for (u32 i = 0; i < g->plain_locals; i++) {
        value_type type = g->function->locals[i];
        u32 global = global_for(g->module, type);
        if (global == FUZZ_NONE)
            continue;
        if (!fuzz_is_reference(type))
            generate_op_index(g, OPCODE_GLOBAL_GET, global);
        generate_op_index(g, OPCODE_LOCAL_GET, i);
        if (!fuzz_is_reference(type))
            generate_op(g, generate_joining(type));
        generate_op_index(g, OPCODE_GLOBAL_SET, global);
    }
}

/* ---- Short functions ---- */

/* Of few bytes, so that a compiler may build them where they are called. They have no loops, call
 * only short ones before them, and so need no fuel. */

static void short_call(struct generator *g)
{
    u32 callee = fuzz_choose(g->choices, g->index + 1);
    const struct fuzz_type *type = &g->module->functions[callee].type;
    if (callee == g->index || !g->module->functions[callee].is_short)
        return;
    for (u32 i = 0; i < type->parameter_count; i++)
        generate_leaf(g, type->parameters[i]);
    generate_op_index(g, OPCODE_CALL, callee);
    generate_consume_all(g, type->results, type->result_count);
}

/* A trap, or a return, if some value is not zero. */
static void short_end(struct generator *g)
{
    const struct fuzz_type *type = &g->function->type;
    generate_leaf(g, TYPE_I32);
    generate_open(g, OPCODE_IF, NULL, 0);
    if (fuzz_choose(g->choices, 2) == 0) {
        generate_op(g, OPCODE_UNREACHABLE);
    } else {
        generate_values(g, type->results, type->result_count);
        generate_op(g, OPCODE_RETURN);
    }
    generate_end(g);
}

static void short_statements(struct generator *g)
{
    static state *const kinds[] = { set, generate_store, short_call, short_call, short_end };
    u32 count = fuzz_choose(g->choices, 3);
    for (u32 i = 0; i < count; i++)
        kinds[fuzz_choose(g->choices, BASE_ARRAY_COUNT(kinds))](g);
}

/* ---- Any function ---- */

static void long_statements(struct generator *g)
{
    enter(g);
    bool is_used = g->plain_locals >= MANY_LOCALS || fuzz_choose(g->choices, 4) == 3;
    if (is_used)
        locals_set(g);
    while (!generate_is_full(g) && fuzz_choose(g->choices, 256) != 0)
        generate_statement(g);
    if (is_used)
        locals_use(g);
}

void generate_body(struct generator *g, u32 index)
{
    struct fuzz_function *function = &g->module->functions[index];
    g->function = function;
    g->index = index;
    function->body = g->module->code.size;
    function->is_short = fuzz_choose(g->choices, 3) == 2;
    locals(g);
    generate_label_push(g, function->type.results, function->type.result_count);
    g->depth = function->is_short ? GENERATE_DEPTH_FULL : 0;
    if (function->is_short)
        short_statements(g);
    else
        long_statements(g);
    generate_values(g, function->type.results, function->type.result_count);
    g->depth = 0;
    generate_end(g);
    function->size = g->module->code.size - function->body;
}
