/* A function as a whole: its locals and body, and the small bodies that it takes in where it calls
 * them. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

enum {
    BODY_BYTES_MAX = 1 << 20, /* what is longer is not compiled */
    /* What a function may ask for, so that memory is in proportion to its bytes: one instruction a
     * byte, where real ones have 0.3 to 0.4, and two values in lists, where these have 0.6; what has
     * more has values that wander through thousands of blocks. Besides, some for small ones. */
    INSTRUCTIONS_FREE = 1 << 14,
    LISTS_PER_BYTE = 2,
    LISTS_FREE = 1 << 16,
    NOTED_FREE = 1 << 12, /* of what is known of computations (number.c), and one for so many bytes */
    NOTED_PER_BYTES = 256,
    CALLED_PER_BYTES = 32, /* of so many, calls have an operand */
    /* Of what is built where it is called: about as much code as the call would be, or twice. */
    INLINE_BYTES_MAX = 40,
    INLINE_LOCALS_MAX = 16,
    INLINE_BYTES_FREE = 160, /* in each function, besides as much as its own body is */
};

/* ---- Locals ---- */

static void locals_add(struct builder *b, u32 count, value_type type)
{
    usize need = (usize)b->all_local_count + count + 1;
    if (!stretch(b->source, (void **)&b->all_locals, &b->local_capacity, need,
                 sizeof(*b->all_locals)) ||
        !stretch(b->source, (void **)&b->local_types, &b->local_type_capacity, need,
                 sizeof(*b->local_types))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    for (u32 i = 0; i < count; i++)
        b->local_types[b->all_local_count++] = ir_type_of(type);
}

/* Those of the body at hand have been added. */
static void locals_settle(struct builder *b)
{
    b->locals = b->all_locals + b->body.first_local;
    b->local_count = b->all_local_count - b->body.first_local;
}

static void locals_read(struct builder *b, const struct function_type *type)
{
    b->body.first_local = b->all_local_count;
    locals_add(b, 0, TYPE_I32); /* so that there is an array */
    for (u32 i = 0; i < type->parameter_count; i++)
        locals_add(b, 1, type->types[i]);
    u32 groups = builder_u32(b);
    for (u32 i = 0; i < groups && builder_ok(b); i++) {
        u32 count = builder_u32(b);
        locals_add(b, count, *b->body.at++);
    }
    if (builder_ok(b))
        locals_settle(b);
}

/* Those behind the parameters. */
static void locals_clear(struct builder *b, const struct function_type *type)
{
    u32 zeros[IR_F64 + 1] = { 0 };
    for (u32 i = type->parameter_count; i < b->local_count; i++) {
        u8 local_type = b->local_types[b->body.first_local + i];
        if (zeros[local_type] == 0)
            zeros[local_type] = builder_constant(b, local_type, 0);
        b->locals[i] = zeros[local_type];
    }
}

/* ---- Bodies ---- */

/* Up to its first instruction. */
static void body_open(struct builder *b, const struct module_function *function)
{
    b->body = (struct body){
        .at = function->body.data, .scan = &b->scans[b->body_depth], .site = IR_NO_SITE
    };
    locals_read(b, function->type);
    struct bytes code = { b->body.at,
                          function->body.size - (usize)(b->body.at - function->body.data) };
    if (builder_ok(b))
        b->status = scan_run(b->body.scan, code, b->local_count,
                             b->body_depth == 0 && b->ir->is_large);
}

static u32 locals_declared(const struct module_function *function)
{
    const u8 *at = function->body.data;
    u64 count = 0;
    for (u64 groups = body_unsigned(&at); groups != 0; groups--, at++)
        count += body_unsigned(&at);
    return (u32)u64_min(count, UINT32_MAX);
}

static bool is_small(const struct builder *b, const struct module_function *function)
{
    return function->body.size <= INLINE_BYTES_MAX && function->body.size <= b->inline_bytes &&
           b->body_depth + 1 < BODIES_MAX && locals_declared(function) <= INLINE_LOCALS_MAX &&
           function->type->parameter_count <= INLINE_LOCALS_MAX;
}

static bool site_begin(struct builder *b, u32 function, u32 outer)
{
    struct ir *ir = b->ir;
    if (!stretch(b->source, (void **)&ir->sites, &ir->site_capacity, ir->site_count + (usize)1,
                 sizeof(*ir->sites))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return false;
    }
    ir->sites[ir->site_count] = (struct ir_site){
        .first = ir->count, .outer = outer, .function = function, .offset = b->offset
    };
    b->body.site = ir->site_count++;
    return true;
}

static void body_take(struct builder *b, const struct function_type *type)
{
    u32 count = type->parameter_count;
    b->stack_count -= count;
    for (u32 i = 0; i < count; i++)
        b->locals[i] = b->stack[b->stack_count + i];
    locals_clear(b, type);
    if (builder_ok(b))
        builder_body_begin(b, CONSTRUCT_BLOCK, type);
    if (builder_ok(b))
        builder_walk(b);
}

bool builder_inline(struct builder *b, u32 function)
{
    const struct module_function *callee = &b->ir->module->functions[function];
    if (!is_small(b, callee))
        return false;
    struct body outer = b->body;
    b->body_depth++;
    body_open(b, callee);
    bool is_taken = builder_ok(b) && !b->body.scan->is_long && site_begin(b, function, outer.site);
    if (is_taken) {
        b->inline_bytes -= (u32)callee->body.size;
        body_take(b, callee->type);
        b->ir->sites[b->body.site].end = b->ir->count;
    }
    b->all_local_count = b->body.first_local;
    b->body_depth--;
    b->body = outer;
    locals_settle(b);
    return is_taken;
}

/* ---- Blocks that run seldom ---- */

static struct ir_block *block_behind(const struct ir *ir, const struct ir_instruction *last, u32 n)
{
    return &ir->blocks[ir->edges[ir_edge_number(last, n)].to];
}

static bool leads_only_to_cold(const struct ir *ir, const struct ir_block *block)
{
    const struct ir_instruction *last = &ir->code[block->end - 1];
    if (last->op != IR_JUMP && last->op != IR_BRANCH)
        return last->op == IR_TRAP;
    bool is_cold = true;
    for (u32 n = 0; n < ir_edge_count(last); n++)
        is_cold &= block_behind(ir, last, n)->is_cold;
    return is_cold;
}

static void enter_behind(const struct ir *ir, const struct ir_block *block)
{
    const struct ir_instruction *last = &ir->code[block->end - 1];
    for (u32 n = 0; n < ir_edge_count(last); n++)
        block_behind(ir, last, n)->is_entered = true;
}

/* Backwards: what can only come to a trap. Then forwards: what is only reached from there. */
static void find_cold(const struct ir *ir)
{
    for (u32 i = ir->block_count; i-- != 1;)
        ir->blocks[i].is_cold = leads_only_to_cold(ir, &ir->blocks[i]);
    enter_behind(ir, &ir->blocks[0]);
    for (u32 i = 1; i < ir->block_count; i++) {
        if (!ir->blocks[i].is_entered)
            ir->blocks[i].is_cold = true;
        else if (!ir->blocks[i].is_cold)
            enter_behind(ir, &ir->blocks[i]);
    }
}

/* ---- One function ---- */

static void builder_begin(struct builder *b, struct ir *ir, u32 function)
{
    const struct module_function *body = &ir->module->functions[function];
    ir->function = function;
    ir->type = body->type;
    ir->is_large = ir_is_large(ir->module, function);
    ir->count = ir->block_count = ir->edge_count = ir->loop_count = ir->list_count = 0;
    ir->site_count = ir->longest_list = 0;
    ir->has_runtime = false;
    b->ir = ir;
    b->status = STATUS_OK;
    b->offset = (u32)body->body_offset;
    b->stack_count = b->saved_count = b->construct_count = 0;
    b->all_local_count = 0;
    b->body_depth = 0;
    b->instructions_max = INSTRUCTIONS_FREE + (u32)body->body.size;
    b->lists_max = (u32)u64_min(LISTS_FREE + LISTS_PER_BYTE * body->body.size,
                                IR_COUNT_MAX);
    b->noted_max = NOTED_FREE + (u32)body->body.size / NOTED_PER_BYTES;
    b->inline_bytes = INLINE_BYTES_FREE + (u32)body->body.size;
    b->loop = IR_NO_LOOP;
    b->memory_epoch = b->global_epoch = b->epochs = 0;
    number_forget(b, 0);
}

static void arguments_begin(struct builder *b, const struct function_type *type)
{
    for (u32 i = 0; i < type->parameter_count; i++)
        b->locals[i] = builder_add(
            b, (struct ir_form){ .op = IR_ARGUMENT, .type = b->local_types[i], .c = i });
}

/* So that the arrays of a large function need not grow in vain: for all of its own, and some more for
 * small bodies that it calls. */
static void large_reserve(struct builder *b, usize bytes)
{
    struct ir *ir = b->ir;
    const struct scan *scan = b->body.scan;
    u32 blocks = scan->blocks + scan->blocks / 8;
    /* Mostly there are no more than one in three bytes, and a few. */
    u32 instructions = (u32)u64_min(scan->instructions, bytes / 3) + 64;
    u32 list_values = (u32)u64_min(scan->list_values + bytes / CALLED_PER_BYTES, b->lists_max);
    if (!stretch(b->source, (void **)&ir->code, &ir->capacity, instructions, sizeof(*ir->code)) ||
        !stretch(b->source, (void **)&ir->lists, &ir->list_capacity, list_values,
                 sizeof(*ir->lists)) ||
        !stretch(b->source, (void **)&ir->edges, &ir->edge_capacity, scan->edges,
                 sizeof(*ir->edges)) ||
        !stretch(b->source, (void **)&ir->others, &ir->other_capacity, scan->edges,
                 sizeof(*ir->others)) ||
        !stretch(b->source, (void **)&ir->entries, &ir->entry_capacity, blocks,
                 sizeof(*ir->entries)) ||
        !stretch(b->source, (void **)&ir->blocks, &ir->block_capacity, blocks,
                 sizeof(*ir->blocks)))
        builder_fail(b, STATUS_NO_MEMORY);
}

static void function_build(struct builder *b, const struct module_function *function)
{
    body_open(b, function);
    if (builder_ok(b) && b->ir->is_large)
        large_reserve(b, function->body.size);
    if (builder_ok(b))
        builder_block_begin(b);
    if (builder_ok(b))
        builder_body_begin(b, CONSTRUCT_FUNCTION, function->type);
    if (builder_ok(b))
        arguments_begin(b, function->type);
    if (builder_ok(b))
        locals_clear(b, function->type);
    if (builder_ok(b))
        builder_walk(b);
}

static enum status function_run(struct builder *b, struct ir *ir, u32 function)
{
    const struct module_function *body = &ir->module->functions[function];
    if (body->body.size > BODY_BYTES_MAX)
        return STATUS_LIMIT;
    builder_begin(b, ir, function);
    function_build(b, body);
    if (builder_ok(b))
        find_cold(ir);
    return b->status;
}

enum status builder_run(struct builder *b, struct ir *ir, u32 function)
{
    b->sought = 0;
    return function_run(b, ir, function);
}

enum status builder_offset(struct builder *b, struct ir *ir, u32 instruction, u32 *offset)
{
    b->sought = instruction;
    enum status status = function_run(b, ir, ir->function);
    *offset = b->sought_offset;
    return status;
}

void builder_init(struct builder *b, const struct source *source)
{
    *b = (struct builder){ .source = source };
    for (u32 i = 0; i < BODIES_MAX; i++)
        b->scans[i].source = source;
}

void builder_destroy(struct builder *b)
{
    const struct source *source = b->source;
    for (u32 i = 0; i < BODIES_MAX; i++)
        scan_destroy(&b->scans[i]);
    stretch_give(source, b->all_locals, b->local_capacity, sizeof(*b->all_locals));
    stretch_give(source, b->local_types, b->local_type_capacity, sizeof(*b->local_types));
    stretch_give(source, b->stack, b->stack_capacity, sizeof(*b->stack));
    stretch_give(source, b->saved, b->saved_capacity, sizeof(*b->saved));
    stretch_give(source, b->constructs, b->construct_capacity, sizeof(*b->constructs));
    stretch_give(source, b->numbered, b->numbered_capacity, sizeof(*b->numbered));
}
