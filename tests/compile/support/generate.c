/* Statements over locals, as WebAssembly has them: each construct is a label, branches lead to
 * labels, and where they join parameters are made for locals that differ. */
#include "tests/compile/support/generate.h"

#include <stdlib.h>

#include "engine/compile/mark.h"
#include "engine/stretch.h"

enum { LABELS_MAX = 64, ARMS_MAX = 5 };

struct pending {
    u32 edge;
    struct pending *next;
    u32 locals[GENERATE_LOCALS_MAX];
};

struct label {
    struct pending *pending; /* edges to where it ends, which has no block yet */
    u32 header;              /* of a loop: its block */
    bool is_loop;
    bool is_carried[GENERATE_LOCALS_MAX]; /* of a loop: the header has a parameter for it */
};

struct generator {
    struct ir *ir;
    const struct source *source;
    const struct shape *shape;
    u64 random;
    u32 block;
    u32 loop;
    u32 depth;
    bool is_cold;
    u32 local_count;
    u32 locals[GENERATE_LOCALS_MAX];
    u8 types[GENERATE_LOCALS_MAX];
    bool is_frozen[GENERATE_LOCALS_MAX]; /* may not change: a loop around has no parameter for it */
    struct label *labels[LABELS_MAX];
    u32 label_count;
};

static u32 below(struct generator *g, u32 limit)
{
    g->random = g->random * 6364136223846793005u + 1442695040888963407u;
    return (u32)((g->random >> 33) % limit);
}

static bool chance(struct generator *g, u32 of_256)
{
    return below(g, 256) < of_256;
}

/* ---- Parts of the form ---- */

static void room(struct generator *g, void **items, u32 *capacity, u32 need, usize size)
{
    if (!stretch(g->source, items, capacity, need, size))
        abort();
}

static u32 add(struct generator *g, struct ir_form instruction)
{
    struct ir *ir = g->ir;
    room(g, (void **)&ir->code, &ir->capacity, ir->count + 1, sizeof(*ir->code));
    ir->code[ir->count] = ir_keep(&instruction);
    if (ir->block_count != 0)
        ir->blocks[g->block].end = ir->count + 1;
    return ir->count++;
}

static u32 list_add(struct generator *g, u32 value)
{
    struct ir *ir = g->ir;
    room(g, (void **)&ir->lists, &ir->list_capacity, ir->list_count + 1, sizeof(*ir->lists));
    ir->lists[ir->list_count] = value;
    return ir->list_count++;
}

static void block_begin(struct generator *g)
{
    struct ir *ir = g->ir;
    room(g, (void **)&ir->blocks, &ir->block_capacity, ir->block_count + 1, sizeof(*ir->blocks));
    room(g, (void **)&ir->entries, &ir->entry_capacity, ir->block_count + 1,
         sizeof(*ir->entries));
    g->block = ir->block_count++;
    ir->blocks[g->block] = (struct ir_block){
        .first = ir->count,
        .loop = ir_number(g->loop),
        .depth = (u8)g->depth,
        .is_cold = g->is_cold,
    };
    ir->entries[g->block] = IR_NO_EDGE;
    add(g, (struct ir_form){ .op = IR_BLOCK, .c = g->block });
}

static u32 edge_new(struct generator *g)
{
    struct ir *ir = g->ir;
    room(g, (void **)&ir->edges, &ir->edge_capacity, ir->edge_count + 1, sizeof(*ir->edges));
    room(g, (void **)&ir->others, &ir->other_capacity, ir->edge_count + 1, sizeof(*ir->others));
    ir->edges[ir->edge_count] = (struct ir_edge){ 0 };
    ir->others[ir->edge_count] = IR_NO_EDGE;
    return ir->edge_count++;
}

static void edge_link(struct generator *g, u32 edge, u32 to)
{
    struct ir *ir = g->ir;
    ir->edges[edge].to = to;
    ir->edges[edge].arguments = ir->list_count;
    ir->others[edge] = ir->entries[to];
    ir->entries[to] = edge;
}

static u32 parameter_add(struct generator *g, u8 type)
{
    u32 number = g->ir->blocks[g->block].parameter_count++;
    return add(g, (struct ir_form){ .op = IR_PARAMETER, .type = type, .c = number });
}

/* ---- Labels ---- */

static struct label *label_push(struct generator *g)
{
    struct label *label = calloc(1, sizeof(*label));
    if (label == NULL)
        abort();
    g->labels[g->label_count++] = label;
    return label;
}

static void pending_add(struct generator *g, struct label *label, u32 edge)
{
    struct pending *pending = calloc(1, sizeof(*pending));
    if (pending == NULL)
        abort();
    pending->edge = edge;
    pending->next = label->pending;
    __builtin_memcpy(pending->locals, g->locals, sizeof(g->locals));
    label->pending = pending;
}

/* An edge of the block's end to a label, with the locals as they are. */
static u32 branch_edge(struct generator *g, struct label *label)
{
    u32 edge = edge_new(g);
    if (!label->is_loop) {
        pending_add(g, label, edge);
        return edge;
    }
    edge_link(g, edge, label->header);
    for (u32 n = 0; n < g->local_count; n++) {
        if (label->is_carried[n])
            list_add(g, g->locals[n]);
    }
    return edge;
}

static bool differs(const struct label *label, u32 local)
{
    for (const struct pending *p = label->pending; p != NULL; p = p->next) {
        if (p->locals[local] != label->pending->locals[local])
            return true;
    }
    return false;
}

/* The block where the label's edges join; false if there are none. */
static bool label_join(struct generator *g, struct label *label)
{
    if (label->pending == NULL)
        return false;
    block_begin(g);
    bool is_parameter[GENERATE_LOCALS_MAX] = { 0 };
    for (u32 n = 0; n < g->local_count; n++) {
        is_parameter[n] = differs(label, n) || (!g->is_frozen[n] && chance(g, 8));
        g->locals[n] = is_parameter[n] ? parameter_add(g, g->types[n]) : label->pending->locals[n];
    }
    while (label->pending != NULL) {
        struct pending *pending = label->pending;
        edge_link(g, pending->edge, g->block);
        for (u32 n = 0; n < g->local_count; n++) {
            if (is_parameter[n])
                list_add(g, pending->locals[n]);
        }
        label->pending = pending->next;
        free(pending);
    }
    return true;
}

static bool label_pop(struct generator *g)
{
    struct label *label = g->labels[--g->label_count];
    bool reached = label_join(g, label);
    free(label);
    return reached;
}

/* ---- Statements ---- */

static u32 local_of(struct generator *g, u8 type)
{
    u32 n = below(g, g->local_count);
    while (g->types[n] != type)
        n = (n + 1) % g->local_count;
    return g->locals[n];
}

static u32 any_local(struct generator *g)
{
    return g->locals[below(g, g->local_count)];
}

static void assign(struct generator *g, u8 type, u32 value)
{
    u32 n = below(g, g->local_count);
    for (u32 tries = 0; tries < g->local_count; tries++, n = (n + 1) % g->local_count) {
        if (g->types[n] != type || g->is_frozen[n])
            continue;
        g->locals[n] = value;
        return;
    }
}

struct operation {
    u16 op;
    u8 type;
    u8 a, b, c; /* types of operands */
};

static u32 operation_add(struct generator *g, const struct operation *operation)
{
    return add(g, (struct ir_form){
                      .op = operation->op,
                      .type = operation->type,
                      .a = operation->a == IR_NONE ? 0 : local_of(g, operation->a),
                      .b = operation->b == IR_NONE ? 0 : local_of(g, operation->b),
                      .c = operation->c == IR_NONE ? 0 : local_of(g, operation->c),
                  });
}

static void compute(struct generator *g)
{
    static const struct operation operations[] = {
        { OPCODE_I32_ADD, IR_I32, IR_I32, IR_I32, 0 },
        { OPCODE_I32_SUB, IR_I32, IR_I32, IR_I32, 0 },
        { OPCODE_I32_SHL, IR_I32, IR_I32, IR_I32, 0 },
        { OPCODE_I32_DIV_S, IR_I32, IR_I32, IR_I32, 0 },
        { OPCODE_I32_LT_S, IR_I32, IR_I32, IR_I32, 0 },
        { OPCODE_I32_LOAD, IR_I32, IR_I32, 0, 0 },
        { OPCODE_I32_STORE, 0, IR_I32, IR_I32, 0 },
        { OPCODE_F64_ADD, IR_F64, IR_F64, IR_F64, 0 },
        { OPCODE_F64_SUB, IR_F64, IR_F64, IR_F64, 0 },
        { OPCODE_F64_LT, IR_I32, IR_F64, IR_F64, 0 },
        { OPCODE_F64_CONVERT_I32_S, IR_F64, IR_I32, 0, 0 },
        { OPCODE_I32_TRUNC_F64_S, IR_I32, IR_F64, 0, 0 },
        { OPCODE_F64_LOAD, IR_F64, IR_I32, 0, 0 },
        { IR_SELECT, IR_I32, IR_I32, IR_I32, IR_I32 },
        { IR_SELECT, IR_F64, IR_F64, IR_F64, IR_I32 },
        { IR_CONSTANT, IR_I32, 0, 0, 0 },
        { IR_CONSTANT, IR_F64, 0, 0, 0 },
        { IR_MEMORY_SIZE, IR_I32, 0, 0, 0 },
        { IR_NOTHING, 0, 0, 0, 0 },
    };
    const struct operation *operation = &operations[below(g, BASE_ARRAY_COUNT(operations))];
    u32 value = operation_add(g, operation);
    if (operation->type != IR_NONE)
        assign(g, operation->type, value);
}

static u8 random_type(struct generator *g)
{
    return chance(g, 128) ? IR_I32 : IR_F64;
}

static u32 operand_list(struct generator *g, u32 *count)
{
    u32 list = g->ir->list_count;
    *count = below(g, 7);
    for (u32 n = 0; n < *count; n++)
        list_add(g, any_local(g));
    for (u32 n = 0; n < 2; n++) /* behind it */
        list_add(g, 0);
    return list;
}

static void call(struct generator *g)
{
    static const u16 ops[] = { IR_CALL, IR_CALL, IR_CALL_INDIRECT, IR_RUNTIME };
    u32 count;
    u32 list = operand_list(g, &count);
    u32 results = below(g, 4);
    u8 types[3] = { random_type(g), random_type(g), random_type(g) };
    u32 value = add(g, (struct ir_form){ .op = ops[below(g, BASE_ARRAY_COUNT(ops))],
                                                .type = results == 0 ? (u8)IR_NONE : types[0],
                                                .list = list,
                                                .list_count = count });
    u32 further[2] = { 0 };
    for (u32 n = 1; n < results; n++)
        further[n - 1] = add(g, (struct ir_form){
                                    .op = IR_RESULT, .type = types[n], .a = value, .c = n });
    for (u32 n = 0; n < results; n++)
        assign(g, types[n], n == 0 ? value : further[n - 1]);
}

static bool sequence(struct generator *g, u32 budget);

/* Of the labels around, any. */
static struct label *label_of(struct generator *g)
{
    return g->labels[below(g, g->label_count)];
}

static void jump(struct generator *g, struct label *label)
{
    u32 edge = branch_edge(g, label);
    add(g, (struct ir_form){ .op = IR_JUMP, .b = edge });
}

/* How a sequence that is reached ends: mostly it goes on behind its construct, the innermost. */
static void sequence_end(struct generator *g)
{
    u32 count;
    if (chance(g, 220) || g->labels[g->label_count - 1]->pending == NULL) {
        jump(g, g->labels[g->label_count - 1]);
    } else if (chance(g, 128)) {
        jump(g, label_of(g));
    } else if (chance(g, 128)) {
        add(g, (struct ir_form){ .op = IR_TRAP });
    } else {
        u32 list = operand_list(g, &count);
        add(g, (struct ir_form){ .op = chance(g, 128) ? IR_RETURN : IR_TAIL_CALL,
                                        .list = list, .list_count = count });
    }
}

/* A block that only the edge at hand leads to, with the locals as they were there. */
static void arm_begin(struct generator *g, u32 edge, const u32 *locals)
{
    __builtin_memcpy(g->locals, locals, sizeof(g->locals));
    block_begin(g);
    edge_link(g, edge, g->block);
}

static void arm(struct generator *g, u32 edge, const u32 *locals, u32 budget)
{
    bool was_cold = g->is_cold;
    g->is_cold |= chance(g, 40);
    arm_begin(g, edge, locals);
    if (sequence(g, budget))
        sequence_end(g);
    g->is_cold = was_cold;
}

/* A branch or table; each way is a part of its own, or leads to a label. */
static bool choose(struct generator *g, u32 budget)
{
    struct label *label = label_push(g);
    bool is_table = chance(g, 60);
    u32 arms = is_table ? 1 + below(g, ARMS_MAX) : 2;
    u32 locals[GENERATE_LOCALS_MAX];
    u32 edges[ARMS_MAX];
    bool has_arm[ARMS_MAX];
    __builtin_memcpy(locals, g->locals, sizeof(locals));
    u32 condition = local_of(g, IR_I32);
    for (u32 n = 0; n < arms; n++) {
        has_arm[n] = n == 0 || chance(g, 128);
        edges[n] = has_arm[n] ? edge_new(g) : branch_edge(g, chance(g, 180) ? label : label_of(g));
    }
    add(g, (struct ir_form){ .op = is_table ? IR_TABLE : IR_BRANCH, .a = condition,
                                    .b = edges[0], .c = is_table ? arms : edges[1] });
    for (u32 n = 0; n < arms; n++) {
        if (has_arm[n])
            arm(g, edges[n], locals, budget / arms);
    }
    return label_pop(g);
}

static void header_begin(struct generator *g, struct label *label)
{
    u32 edge = edge_new(g);
    add(g, (struct ir_form){ .op = IR_JUMP, .b = edge });
    u32 before[GENERATE_LOCALS_MAX];
    __builtin_memcpy(before, g->locals, sizeof(before));
    g->ir->loops[g->loop].header = g->ir->block_count;
    block_begin(g);
    label->is_loop = true;
    label->header = g->block;
    edge_link(g, edge, g->block);
    for (u32 n = 0; n < g->local_count; n++) {
        g->is_frozen[n] |= chance(g, 128);
        label->is_carried[n] = !g->is_frozen[n];
        if (label->is_carried[n]) {
            g->locals[n] = parameter_add(g, g->types[n]);
            list_add(g, before[n]);
        }
    }
}

static bool loop(struct generator *g, u32 budget)
{
    struct ir *ir = g->ir;
    bool was_frozen[GENERATE_LOCALS_MAX];
    __builtin_memcpy(was_frozen, g->is_frozen, sizeof(was_frozen));
    room(g, (void **)&ir->loops, &ir->loop_capacity, ir->loop_count + 1, sizeof(*ir->loops));
    u32 own = ir->loop_count++;
    ir->loops[own].outer = g->loop;
    g->loop = own;
    g->depth++;
    label_push(g); /* where it ends */
    struct label *header = label_push(g);
    header_begin(g, header);
    if (sequence(g, budget)) {
        u32 condition = local_of(g, IR_I32);
        u32 back = branch_edge(g, header);
        u32 out = branch_edge(g, g->labels[g->label_count - 2]);
        add(g, (struct ir_form){ .op = IR_BRANCH, .a = condition, .b = back, .c = out });
    }
    label_pop(g);
    ir->loops[own].end = ir->block_count;
    g->loop = ir->loops[own].outer;
    g->depth--;
    __builtin_memcpy(g->is_frozen, was_frozen, sizeof(was_frozen));
    return label_pop(g);
}

/* Gives whether its end is reached. */
static bool sequence(struct generator *g, u32 budget)
{
    u32 end = g->ir->count + budget;
    while (g->ir->count < end) {
        u32 left = end - g->ir->count;
        bool nests = g->label_count < g->shape->nesting && left > 4;
        if (nests && chance(g, g->shape->constructs)) {
            bool is_loop = chance(g, 80);
            u32 share = left / 2 < 2000 ? left / 2 : 2000;
            if (!(is_loop ? loop(g, share) : choose(g, share)))
                return false;
        } else if (chance(g, g->shape->calls)) {
            call(g);
        } else {
            compute(g);
        }
    }
    return true;
}

/* ---- The whole ---- */

static void begin(struct generator *g)
{
    struct ir *ir = g->ir;
    ir->count = ir->block_count = ir->edge_count = ir->loop_count = ir->list_count = 0;
    block_begin(g);
    u32 arguments = below(g, g->local_count + 1);
    for (u32 n = 0; n < g->local_count; n++)
        g->types[n] = n == 0 ? IR_I32 : n == 1 ? IR_F64 : random_type(g);
    for (u32 n = 0; n < arguments; n++)
        g->locals[n] = add(g, (struct ir_form){
                                  .op = IR_ARGUMENT, .type = g->types[n], .c = n });
    for (u32 n = arguments; n < g->local_count; n++)
        g->locals[n] = add(g, (struct ir_form){ .op = IR_CONSTANT, .type = g->types[n] });
}

void generate_ir(struct ir *ir, const struct source *source, const struct shape *shape)
{
    struct generator g = {
        .ir = ir,
        .source = source,
        .shape = shape,
        .random = shape->seed * 0x9E3779B97F4A7C15u + 1,
        .loop = IR_NO_LOOP,
        .local_count = shape->locals,
    };
    begin(&g);
    label_push(&g);
    if (sequence(&g, shape->instructions))
        jump(&g, g.labels[0]);
    if (label_pop(&g)) {
        u32 list = ir->list_count;
        for (u32 n = 0; n < g.local_count; n++)
            list_add(&g, g.locals[n]);
        add(&g, (struct ir_form){
                    .op = IR_RETURN, .list = list, .list_count = g.local_count });
    }
    struct marker marker = { .source = source };
    if (!mark_run(&marker, ir))
        abort();
    mark_destroy(&marker);
}

void generate_give(struct ir *ir, const struct source *source)
{
    stretch_give(source, ir->code, ir->capacity, sizeof(*ir->code));
    stretch_give(source, ir->blocks, ir->block_capacity, sizeof(*ir->blocks));
    stretch_give(source, ir->entries, ir->entry_capacity, sizeof(*ir->entries));
    stretch_give(source, ir->edges, ir->edge_capacity, sizeof(*ir->edges));
    stretch_give(source, ir->others, ir->other_capacity, sizeof(*ir->others));
    stretch_give(source, ir->loops, ir->loop_capacity, sizeof(*ir->loops));
    stretch_give(source, ir->lists, ir->list_capacity, sizeof(*ir->lists));
    *ir = (struct ir){ 0 };
}
