/* Branches: on a condition, by a table, for good. Back to a loop only where its count was asked. */
#include "tests/fuzz/engine/generate.h"

enum {
    TABLE_MAX = 24, /* targets of a branch table */
    CASES_MAX = 9,  /* blocks of a switch */
};

void generate_goes_round(struct generator *g, const struct generate_label *loop)
{
    generate_fuel_spend(g, 1);
    generate_op_index(g, OPCODE_LOCAL_GET, loop->counter);
    generate_i32(g, 1);
    generate_op(g, OPCODE_I32_SUB);
    generate_op_index(g, OPCODE_LOCAL_TEE, loop->counter);
    generate_i32(g, 0);
    generate_op(g, OPCODE_I32_GT_S);
    generate_fuel_above(g, GENERATE_FUEL_LOW);
    generate_op(g, OPCODE_I32_AND);
}

u32 generate_target(struct generator *g)
{
    u32 target = g->label_count - 1 - fuzz_choose(g->choices, g->label_count);
    while (g->labels[target].is_loop && g->loop_exits != target + 1)
        target--; /* the outermost is the function */
    return target;
}

static u32 distance(const struct generator *g, u32 target)
{
    return g->label_count - 1 - target;
}

void generate_branch_if(struct generator *g)
{
    u32 target = g->label_count - 1 - fuzz_choose(g->choices, g->label_count);
    const struct generate_label label = g->labels[target];
    generate_values(g, label.types, label.count);
    if (label.is_loop)
        generate_goes_round(g, &label);
    else
        generate_value(g, TYPE_I32);
    generate_op_index(g, OPCODE_BR_IF, distance(g, target));
    generate_consume_all(g, label.types, label.count);
}

static bool takes_alike(const struct generate_label *a, const struct generate_label *b)
{
    if (a->count != b->count)
        return false;
    for (u32 i = 0; i < a->count; i++)
        if (a->types[i] != b->types[i])
            return false;
    return true;
}

/* All targets take what the first takes. */
static void branch_table(struct generator *g)
{
    u32 first = generate_target(g);
    const struct generate_label label = g->labels[first];
    u32 count = fuzz_choose(g->choices, TABLE_MAX);
    generate_values(g, label.types, label.count);
    generate_value(g, TYPE_I32);
    if (fuzz_choose(g->choices, 4) != 3) {
        generate_i32(g, 15);
        generate_op(g, OPCODE_I32_AND);
    }
    generate_op_index(g, OPCODE_BR_TABLE, count);
    for (u32 i = 0; i <= count; i++) {
        u32 other = generate_target(g);
        bool fits = takes_alike(&g->labels[other], &label);
        fuzz_leb(&g->module->code, distance(g, fits ? other : first));
    }
}

static void branch(struct generator *g)
{
    u32 target = generate_target(g);
    generate_values(g, g->labels[target].types, g->labels[target].count);
    generate_op_index(g, OPCODE_BR, distance(g, target));
}

static void give_results(struct generator *g)
{
    generate_values(g, g->function->type.results, g->function->type.result_count);
    generate_op(g, OPCODE_RETURN);
}

/* A loop that is open, as index + 1; 0 if there is none. */
static u32 any_loop(struct generator *g)
{
    u32 first = fuzz_choose(g->choices, g->label_count);
    for (u32 i = 0; i < g->label_count; i++) {
        u32 index = (first + i) % g->label_count;
        if (g->labels[index].is_loop)
            return index + 1;
    }
    return 0;
}

enum leaving { LEAVE_BRANCH, LEAVE_TABLE, LEAVE_RETURN, LEAVE_TAIL_CALL, LEAVE_UNREACHABLE };

static void condition(struct generator *g, enum leaving leaving, u32 loop)
{
    if (leaving == LEAVE_TAIL_CALL) {
        generate_fuel_above(g, GENERATE_FUEL_LOW);
    } else if (loop != 0) {
        generate_goes_round(g, &g->labels[loop - 1]);
    } else {
        generate_value(g, TYPE_I32);
    }
    if (leaving == LEAVE_UNREACHABLE) {
        generate_i32(g, 0x3F);
        generate_op(g, OPCODE_I32_AND);
        generate_i32(g, 7);
        generate_op(g, OPCODE_I32_EQ);
    }
}

static void leave(struct generator *g, enum leaving leaving)
{
    if (leaving == LEAVE_TABLE)
        branch_table(g);
    else if (leaving == LEAVE_RETURN)
        give_results(g);
    else if (leaving == LEAVE_UNREACHABLE)
        generate_op(g, OPCODE_UNREACHABLE);
    else if (leaving != LEAVE_TAIL_CALL || !generate_tail_call(g))
        branch(g);
}

void generate_leave_if(struct generator *g)
{
    static const enum leaving leavings[] = {
        LEAVE_BRANCH, LEAVE_TABLE,     LEAVE_TABLE,     LEAVE_BRANCH,
        LEAVE_TABLE,  LEAVE_TAIL_CALL, LEAVE_TAIL_CALL, LEAVE_RETURN,
        LEAVE_BRANCH, LEAVE_TABLE,     LEAVE_UNREACHABLE,
    };
    enum leaving leaving = leavings[fuzz_choose(g->choices, BASE_ARRAY_COUNT(leavings))];
    bool branches = leaving == LEAVE_BRANCH || leaving == LEAVE_TABLE;
    u32 loop = branches ? any_loop(g) : 0;
    condition(g, leaving, loop);
    generate_open(g, OPCODE_IF, NULL, 0);
    u32 outer = g->loop_exits;
    g->loop_exits = loop;
    leave(g, leaving);
    g->loop_exits = outer;
    if (fuzz_choose(g->choices, 4) == 3)
        generate_statements(g); /* which nothing reaches */
    generate_end(g);
}

/* Blocks within each other, left by a table: each case goes on after the end of its block. */
void generate_switch(struct generator *g)
{
    u32 count = 1 + fuzz_choose(g->choices, CASES_MAX);
    u32 room = GENERATE_LABELS_MAX - 6 - g->label_count;
    if (generate_is_full(g))
        return;
    if (count > room)
        count = room;
    for (u32 i = 0; i < count; i++)
        generate_open(g, OPCODE_BLOCK, NULL, 0);
    generate_value(g, TYPE_I32);
    generate_i32(g, 7);
    generate_op(g, OPCODE_I32_AND);
    generate_op_index(g, OPCODE_BR_TABLE, count - 1);
    for (u32 i = 0; i < count; i++)
        fuzz_leb(&g->module->code, fuzz_choose(g->choices, 4) == 3 ? 0 : i);
    for (u32 i = 0; i < count; i++) {
        generate_end(g);
        generate_statement(g);
        if (i + 1 < count && fuzz_choose(g->choices, 2) == 1)
            generate_op_index(g, OPCODE_BR, count - 2 - i);
    }
}
