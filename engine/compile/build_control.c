/* Blocks, branches, and where paths join. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

enum { TABLE_TARGETS_MAX = 1 << 16 };

/* ---- Blocks and edges ---- */

void builder_block_begin(struct builder *b)
{
    struct ir *ir = b->ir;
    if (!stretch(b->source, (void **)&ir->blocks, &ir->block_capacity, ir->block_count + (usize)1,
                 sizeof(*ir->blocks)) ||
        !stretch(b->source, (void **)&ir->entries, &ir->entry_capacity,
                 ir->block_count + (usize)1, sizeof(*ir->entries))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    u32 first = builder_add(b, (struct ir_form){ .op = IR_BLOCK, .c = ir->block_count });
    ir->blocks[ir->block_count] = (struct ir_block){
        .first = first,
        .loop = ir_number(b->loop),
        .depth = b->loop == IR_NO_LOOP ? 0 : ir->loops[b->loop].depth,
    };
    ir->entries[ir->block_count] = IR_NO_EDGE;
    b->block = ir->block_count++;
    b->is_reached = true;
}

/* Ends the block at hand with that instruction. */
static void block_end(struct builder *b, struct ir_form last)
{
    builder_add(b, last);
    b->ir->blocks[b->block].end = b->ir->count;
}

void builder_dead(struct builder *b)
{
    b->ir->blocks[b->block].end = b->ir->count;
    b->is_reached = false;
}

/* From the block at hand; to where is known later. */
static u32 edge_new(struct builder *b)
{
    struct ir *ir = b->ir;
    if (ir->edge_count == IR_COUNT_MAX) {
        builder_fail(b, STATUS_LIMIT);
        return 0;
    }
    if (!stretch(b->source, (void **)&ir->edges, &ir->edge_capacity, ir->edge_count + (usize)1,
                 sizeof(*ir->edges)) ||
        !stretch(b->source, (void **)&ir->others, &ir->other_capacity, ir->edge_count + (usize)1,
                 sizeof(*ir->others))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return 0;
    }
    ir->edges[ir->edge_count] = (struct ir_edge){ 0 };
    ir->others[ir->edge_count] = IR_NO_EDGE;
    return ir->edge_count++;
}

static void edge_lead(struct builder *b, u32 edge, u32 block)
{
    b->ir->edges[edge].to = block;
    b->ir->others[edge] = b->ir->entries[block];
    b->ir->entries[block] = edge;
}

/* ---- What an edge brings: the locals that are joined (scan.h), then operands ---- */

static struct members joined(const struct builder *b, u32 scan)
{
    return scan_members(b->body.scan, b->body.scan->joined, scan);
}

static u32 arguments_add(struct builder *b, u32 scan, u32 operand_count)
{
    struct members members = joined(b, scan);
    u32 start = b->ir->list_count;
    u32 *list = builder_list_room(b, b->body.scan->items[scan].joined_count + operand_count);
    if (list == NULL)
        return 0;
    for (u32 local; members_next(&members, &local);)
        *list++ = b->locals[local];
    const u32 *operands = b->stack + b->stack_count - operand_count;
    for (u32 i = 0; i < operand_count; i++)
        *list++ = operands[i];
    b->ir->list_count = (u32)(list - b->ir->lists);
    return start;
}

/* The construct that a branch of that depth leaves, or goes on with. */
static struct construct *construct_at(struct builder *b, u32 depth)
{
    return &b->constructs[b->construct_count - 1 - depth];
}

static u32 label_arity(const struct construct *construct)
{
    return construct->kind == CONSTRUCT_LOOP ? construct->parameter_count : construct->result_count;
}

/* An edge from the block at hand to a label, with the operands at the top. */
static u32 edge_to(struct builder *b, struct construct *construct)
{
    u32 edge = edge_new(b);
    u32 arguments = arguments_add(b, construct->scan, label_arity(construct));
    if (!builder_ok(b))
        return 0;
    b->ir->edges[edge].arguments = arguments;
    if (construct->kind == CONSTRUCT_LOOP) {
        edge_lead(b, edge, construct->header);
        return edge;
    }
    b->ir->others[edge] = construct->edges;
    construct->edges = edge;
    return edge;
}

/* ---- Where paths join ---- */

/* The one value that all edges bring at a place, or IR_NO_VALUE. */
static u32 common_value(const struct ir *ir, u32 edges, u32 place)
{
    u32 value = ir->lists[ir->edges[edges].arguments + place];
    for (u32 edge = ir->others[edges]; edge != IR_NO_EDGE; edge = ir->others[edge])
        if (ir->lists[ir->edges[edge].arguments + place] != value)
            return IR_NO_VALUE;
    return value;
}

/* Moves what edges bring at `from` to `to`, a place before it. Edges of one br_table share their
 * arguments, and follow each other. */
static void arguments_move(struct ir *ir, u32 edges, u32 from, u32 to)
{
    u32 moved = UINT32_MAX;
    for (u32 edge = edges; edge != IR_NO_EDGE; edge = ir->others[edge]) {
        u32 arguments = ir->edges[edge].arguments;
        if (arguments != moved)
            ir->lists[arguments + to] = ir->lists[arguments + from];
        moved = arguments;
    }
}

/* The value behind the join of what the edges bring at `place`. */
static u32 join_value(struct builder *b, u32 edges, u32 place)
{
    struct ir *ir = b->ir;
    u32 value = common_value(ir, edges, place);
    if (value != IR_NO_VALUE)
        return value;
    struct ir_block *block = &ir->blocks[b->block];
    u8 type = ir->code[ir->lists[ir->edges[edges].arguments + place]].type;
    u32 number = block->parameter_count++;
    arguments_move(ir, edges, place, number);
    return builder_add(b, (struct ir_form){
                            .op = IR_PARAMETER, .type = type, .c = number });
}

/* The block at hand has just begun; the edges that lead to it become known to it. */
static void edges_lead(struct builder *b, u32 edges)
{
    while (edges != IR_NO_EDGE) {
        u32 next = b->ir->others[edges];
        edge_lead(b, edges, b->block);
        edges = next;
    }
}

/* Begins the block behind a construct. */
static void join(struct builder *b, const struct construct *construct)
{
    struct members members = joined(b, construct->scan);
    u32 place = 0;
    builder_block_begin(b);
    for (u32 local; builder_ok(b) && members_next(&members, &local);)
        b->locals[local] = join_value(b, construct->edges, place++);
    b->stack_count = construct->height;
    if (!builder_room(b, construct->result_count + 2))
        return;
    for (u32 i = 0; i < construct->result_count && builder_ok(b); i++)
        builder_push(b, join_value(b, construct->edges, place++));
    if (builder_ok(b))
        edges_lead(b, construct->edges);
}

/* ---- What memory and globals hold ---- */

static void effects_forget(struct builder *b, const struct construct *construct)
{
    const struct scanned *scanned = &b->body.scan->items[construct->scan];
    b->memory_epoch = scanned->writes_memory ? ++b->epochs : construct->memory_epoch;
    b->global_epoch = scanned->writes_globals ? ++b->epochs : construct->global_epoch;
}

/* ---- Constructs ---- */

static struct construct *construct_push(struct builder *b, enum construct_kind kind,
                                        const struct block_type *type)
{
    if (!stretch(b->source, (void **)&b->constructs, &b->construct_capacity,
                 b->construct_count + (usize)1, sizeof(*b->constructs))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return NULL;
    }
    struct construct *construct = &b->constructs[b->construct_count++];
    *construct = (struct construct){
        .kind = kind & 7,
        .height = ir_number(b->stack_count - type->parameter_count),
        .parameter_count = (u16)type->parameter_count,
        .result_count = (u16)type->result_count,
        .scan = b->body.next_scan++,
        .edges = IR_NO_EDGE,
        .scope = b->numbered_count,
        .memory_epoch = b->memory_epoch,
        .global_epoch = b->global_epoch,
    };
    return construct;
}

void builder_body_begin(struct builder *b, enum construct_kind kind, const struct function_type *type)
{
    struct scan *scan = b->body.scan;
    struct block_type block = builder_block_type(type);
    block.parameter_count = 0;
    b->body.next_scan = 0;
    b->body.construct = b->construct_count;
    (void)construct_push(b, kind, &block);
    /* Nobody reads locals behind the body. */
    __builtin_memset(scan->assigned, 0, scan->words * sizeof(u64));
    scan->items[0].joined_count = 0;
}

static u32 parameter_new(struct builder *b, u32 value)
{
    u32 number = b->ir->blocks[b->block].parameter_count++;
    return builder_add(b, (struct ir_form){
                            .op = IR_PARAMETER, .type = builder_value(b, value)->type, .c = number });
}

static u32 loop_new(struct builder *b)
{
    struct ir *ir = b->ir;
    if (!stretch(b->source, (void **)&ir->loops, &ir->loop_capacity, ir->loop_count + (usize)1,
                 sizeof(*ir->loops))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return 0;
    }
    u8 outer_depth = b->loop == IR_NO_LOOP ? 0 : ir->loops[b->loop].depth;
    ir->loops[ir->loop_count] = (struct ir_loop){
        .outer = b->loop,
        .header = ir->block_count,
        .depth = (u8)(outer_depth + (outer_depth < UINT8_MAX)),
    };
    return ir->loop_count++;
}

static void loop_begin(struct builder *b, struct construct *construct)
{
    u32 parameter_count = construct->parameter_count;
    u32 edge = edge_new(b);
    u32 arguments = arguments_add(b, construct->scan, parameter_count);
    block_end(b, (struct ir_form){ .op = IR_JUMP, .b = edge });
    b->loop = loop_new(b);
    construct->header = b->ir->block_count;
    builder_block_begin(b);
    if (!builder_ok(b))
        return;
    b->ir->edges[edge].arguments = arguments;
    edge_lead(b, edge, b->block);
    struct members members = joined(b, construct->scan);
    for (u32 local; builder_ok(b) && members_next(&members, &local);)
        b->locals[local] = parameter_new(b, b->locals[local]);
    for (u32 i = 0; i < parameter_count && builder_ok(b); i++) {
        u32 *operand = &b->stack[construct->height + i];
        *operand = parameter_new(b, *operand);
    }
    effects_forget(b, construct);
}

static struct members assigned(const struct builder *b, const struct construct *construct)
{
    return scan_members(b->body.scan, b->body.scan->assigned, construct->scan);
}

/* What an else, or the end of an if without one, finds as it was before the first arm. */
static void state_save(struct builder *b, struct construct *construct)
{
    struct members members = assigned(b, construct);
    u32 parameter_count = construct->parameter_count;
    u32 need = b->saved_count + b->local_count + parameter_count;
    construct->saved = b->saved_count;
    if (!stretch(b->source, (void **)&b->saved, &b->saved_capacity, need + (usize)1,
                 sizeof(*b->saved))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    for (u32 local; members_next(&members, &local);)
        b->saved[b->saved_count++] = b->locals[local];
    for (u32 i = 0; i < parameter_count; i++)
        b->saved[b->saved_count++] = b->stack[construct->height + i];
}

static void state_restore(struct builder *b, const struct construct *construct)
{
    struct members members = assigned(b, construct);
    const u32 *saved = b->saved + construct->saved;
    for (u32 local; members_next(&members, &local);)
        b->locals[local] = *saved++;
    b->stack_count = construct->height;
    if (!builder_room(b, construct->parameter_count + 2))
        return;
    for (u32 i = 0; i < construct->parameter_count; i++)
        builder_push(b, *saved++);
    b->memory_epoch = construct->memory_epoch;
    b->global_epoch = construct->global_epoch;
}

static void if_begin(struct builder *b, struct construct *construct, u32 condition)
{
    u32 taken = edge_new(b);
    u32 otherwise = edge_new(b);
    state_save(b, construct);
    if (!builder_ok(b))
        return;
    construct->otherwise = otherwise;
    block_end(b, (struct ir_form){
                     .op = IR_BRANCH, .a = condition, .b = taken, .c = otherwise });
    builder_block_begin(b);
    if (builder_ok(b))
        edge_lead(b, taken, b->block);
}

void builder_construct(struct builder *b, u32 opcode, const struct block_type *type)
{
    u32 condition = opcode == OPCODE_IF ? builder_pop(b) : IR_NO_VALUE;
    enum construct_kind kind = opcode == OPCODE_IF     ? CONSTRUCT_IF
                               : opcode == OPCODE_LOOP ? CONSTRUCT_LOOP
                                                       : CONSTRUCT_BLOCK;
    struct construct *construct = construct_push(b, kind, type);
    if (construct == NULL)
        return;
    if (kind == CONSTRUCT_LOOP)
        loop_begin(b, construct);
    else if (kind == CONSTRUCT_IF)
        if_begin(b, construct, condition);
}

/* The end of an arm or of a block is one more way to its end. */
static void fall_out(struct builder *b, struct construct *construct)
{
    if (!b->is_reached)
        return;
    u32 edge = edge_to(b, construct);
    block_end(b, (struct ir_form){ .op = IR_JUMP, .b = edge });
    b->is_reached = false;
}

void builder_else(struct builder *b)
{
    struct construct *construct = construct_at(b, 0);
    fall_out(b, construct);
    construct->kind = CONSTRUCT_ELSE;
    number_forget(b, construct->scope);
    if (!builder_ok(b))
        return;
    u32 otherwise = construct->otherwise;
    state_restore(b, construct);
    builder_block_begin(b);
    if (builder_ok(b))
        edge_lead(b, otherwise, b->block);
}

/* Without an else, the other way leads straight to the end, with everything as it was. */
static void otherwise_to_end(struct builder *b, struct construct *construct)
{
    u32 edge_number = construct->otherwise;
    state_restore(b, construct);
    u32 arguments = arguments_add(b, construct->scan, construct->result_count);
    if (!builder_ok(b))
        return;
    b->ir->edges[edge_number].arguments = arguments;
    b->ir->others[edge_number] = construct->edges;
    construct->edges = edge_number;
}

static void function_end(struct builder *b, const struct construct *construct)
{
    u32 count = construct->result_count;
    if (!b->is_reached)
        return;
    u32 list = builder_list(b, b->stack + b->stack_count - count, count);
    block_end(b, (struct ir_form){ .op = IR_RETURN, .list = list, .list_count = count });
    b->is_reached = false;
}

/* A construct that nothing leaves but its own end goes on in the same block. */
void builder_end(struct builder *b)
{
    struct construct construct = *construct_at(b, 0);
    if (construct.kind == CONSTRUCT_IF || construct.edges != IR_NO_EDGE) {
        fall_out(b, &construct);
        if (construct.kind == CONSTRUCT_IF && builder_ok(b))
            otherwise_to_end(b, &construct);
        number_forget(b, construct.scope);
    }
    if (construct.kind == CONSTRUCT_IF || construct.kind == CONSTRUCT_ELSE)
        b->saved_count = construct.saved;
    if (construct.kind == CONSTRUCT_LOOP) {
        struct ir_loop *loop = &b->ir->loops[b->loop];
        b->loop = loop->outer;
        loop->end = b->ir->block_count;
    }
    b->construct_count--;
    if (construct.edges != IR_NO_EDGE && builder_ok(b)) {
        join(b, &construct);
        effects_forget(b, &construct);
    } else if (construct.kind == CONSTRUCT_LOOP && b->is_reached && builder_ok(b)) {
        u32 edge = edge_new(b);
        block_end(b, (struct ir_form){ .op = IR_JUMP, .b = edge });
        builder_block_begin(b);
        edge_lead(b, edge, b->block);
    }
    if (!b->is_reached)
        b->stack_count = construct.height;
    if (construct.kind == CONSTRUCT_FUNCTION && builder_ok(b))
        function_end(b, &construct);
}

/* ---- Branches ---- */

void builder_branch(struct builder *b, u32 depth)
{
    u32 edge = edge_to(b, construct_at(b, depth));
    block_end(b, (struct ir_form){ .op = IR_JUMP, .b = edge });
    b->is_reached = false;
}

void builder_branch_if(struct builder *b, u32 depth)
{
    u32 condition = builder_pop(b);
    u64 bits;
    if (fold_constant(b, condition, &bits)) {
        if ((u32)bits != 0)
            builder_branch(b, depth);
        return;
    }
    u32 taken = edge_to(b, construct_at(b, depth));
    u32 onwards = edge_new(b);
    block_end(b, (struct ir_form){
                     .op = IR_BRANCH, .a = condition, .b = taken, .c = onwards });
    builder_block_begin(b);
    if (builder_ok(b))
        edge_lead(b, onwards, b->block);
}

/* Targets with the same label have the same arguments, made once: `first` is one of them. */
static u32 table_edge(struct builder *b, u32 depth, u32 first)
{
    struct ir *ir = b->ir;
    struct construct *construct = construct_at(b, depth);
    if (first == IR_NO_EDGE)
        return edge_to(b, construct);
    u32 edge = edge_new(b);
    if (!builder_ok(b))
        return 0;
    ir->edges[edge].arguments = ir->edges[first].arguments;
    if (construct->kind == CONSTRUCT_LOOP) {
        edge_lead(b, edge, construct->header);
    } else {
        ir->others[edge] = construct->edges;
        construct->edges = edge;
    }
    return edge;
}

/* The newest edge to a label is of the table at hand if it is one of the last `made`. */
static u32 newest_edge(struct builder *b, u32 depth, u32 first_of_table)
{
    const struct construct *construct = construct_at(b, depth);
    u32 edge = construct->kind == CONSTRUCT_LOOP ? b->ir->entries[construct->header]
                                                 : construct->edges;
    return edge != IR_NO_EDGE && edge >= first_of_table ? edge : IR_NO_EDGE;
}

void builder_table(struct builder *b)
{
    u32 count = builder_u32(b) + 1;
    u32 index = builder_pop(b);
    u32 first = b->ir->edge_count;
    if (count > TABLE_TARGETS_MAX)
        builder_fail(b, STATUS_LIMIT);
    for (u32 i = 0; i < count && builder_ok(b); i++) {
        u32 depth = builder_u32(b);
        (void)table_edge(b, depth, newest_edge(b, depth, first));
    }
    block_end(b,
              (struct ir_form){ .op = IR_TABLE, .a = index, .b = first, .c = count });
    b->is_reached = false;
}

void builder_return(struct builder *b)
{
    if (b->body_depth != 0) {
        builder_branch(b, b->construct_count - 1 - b->body.construct);
        return;
    }
    u32 count = b->constructs[0].result_count;
    u32 list = builder_list(b, b->stack + b->stack_count - count, count);
    block_end(b, (struct ir_form){ .op = IR_RETURN, .list = list, .list_count = count });
    b->is_reached = false;
}

void builder_trap(struct builder *b, enum trap trap)
{
    block_end(b, (struct ir_form){ .op = IR_TRAP, .c = trap });
    b->is_reached = false;
}
