/* The ends of blocks, and the edges that leave them. */
#include "engine/x86_64/emit.h"

void jump_to_block(struct emitter *e, enum code_condition condition, u32 block)
{
    if (e->starts[block] != UINT32_MAX) {
        encode_jump_back(&e->as, condition, e->starts[block]);
        return;
    }
    u32 jump = encode_jump(&e->as, condition);
    if (emit_stretch(e, (void **)&e->jumps, &e->jump_capacity, e->jump_count + 1,
                     sizeof(*e->jumps)))
        e->jumps[e->jump_count++] = (struct block_jump){ jump, block };
}

/* ---- Edges ---- */

static u32 edge_block(const struct emitter *e, u32 edge)
{
    return e->ir->edges[edge].to;
}

static bool edge_has_moves(const struct emitter *e, u32 edge)
{
    const struct ir *ir = e->ir;
    const struct ir_block *to = &ir->blocks[edge_block(e, edge)];
    const u32 *arguments = ir->lists + ir->edges[edge].arguments;
    const u16 *places = e->allocation->places;
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        if (ir->code[parameter].uses != 0 && places[parameter] != places[arguments[n]])
            return true;
    }
    return false;
}

static void edge_moves(struct emitter *e, u32 edge)
{
    const struct ir *ir = e->ir;
    const struct ir_block *to = &ir->blocks[edge_block(e, edge)];
    const u32 *arguments = ir->lists + ir->edges[edge].arguments;
    moves_begin(e);
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        if (ir->code[parameter].uses != 0)
            moves_add_value(e, arguments[n], e->allocation->places[parameter]);
    }
    moves_emit(e);
}

/* On an edge with moves, away from the others. */
static void edge_emit(struct emitter *e, const struct cold *cold)
{
    edge_moves(e, cold->number);
    jump_to_block(e, COND_ALWAYS, edge_block(e, cold->number));
}

static void edge_follow(struct emitter *e, u32 edge)
{
    edge_moves(e, edge);
    if (edge_block(e, edge) != e->next_block)
        jump_to_block(e, COND_ALWAYS, edge_block(e, edge));
}

static void edge_jump(struct emitter *e, enum code_condition condition, u32 edge)
{
    if (!edge_has_moves(e, edge))
        jump_to_block(e, condition, edge_block(e, edge));
    else
        cold_add(e, condition, edge_emit)->number = edge;
}

void emit_jump(struct emitter *e, const struct ir_instruction *i)
{
    edge_follow(e, i->b);
}

/* ---- Branches ---- */

static void edge_jump_if(struct emitter *e, struct condition condition, u32 edge)
{
    u32 skip = 0;
    if (condition.parity == PARITY_AND)
        skip = encode_jump_short(&e->as, COND_P);
    edge_jump(e, condition.code, edge);
    if (condition.parity == PARITY_OR)
        edge_jump(e, COND_P, edge);
    if (skip != 0)
        encode_link_short(&e->as, skip);
}

/* Moves are done in line on the edge that is not jumped to; if both edges are alike in that, it is
 * the one to the block that follows. */
static bool is_better_followed(const struct emitter *e, u32 edge, u32 other)
{
    bool has_moves = edge_has_moves(e, edge);
    bool other_has_moves = edge_has_moves(e, other);
    if (has_moves != other_has_moves) {
        bool is_cold = e->ir->blocks[edge_block(e, has_moves ? edge : other)].is_cold;
        return has_moves != is_cold;
    }
    return edge_block(e, edge) == e->next_block;
}

void emit_branch(struct emitter *e, const struct ir_instruction *i)
{
    struct condition condition = condition_emit(e, i->a);
    u32 taken = i->b;
    u32 followed = i->c;
    if (is_better_followed(e, taken, followed)) {
        condition = condition_not(condition);
        taken = i->c;
        followed = i->b;
    }
    edge_jump_if(e, condition, taken);
    edge_follow(e, followed);
}

/* ---- Tables ---- */

enum { TABLE_CHAIN_MAX = 4 }; /* edges, for which comparing one by one is as good */

static void table_by_chain(struct emitter *e, const struct ir_instruction *i)
{
    u32 reg = integer_in(e, 0, i->a, SCRATCH);
    for (u32 n = 0; n + 1 < i->c; n++) {
        if (n == 0)
            encode(&e->as, FORM_TEST, reg, rm_register(reg));
        else
            encode_alu_immediate(&e->as, ALU_CMP, 0, rm_register(reg), (i32)n);
        edge_jump(e, COND_E, i->b + n);
    }
    edge_follow(e, i->b + i->c - 1);
}

static bool is_same_edge(const struct emitter *e, u32 edge, u32 other)
{
    return e->ir->edges[edge].to == e->ir->edges[other].to &&
           e->ir->edges[edge].arguments == e->ir->edges[other].arguments;
}

/* An address in the table. Where one follows another like it, both lead to the same code. */
static void table_entry(struct emitter *e, u32 edge, bool is_first)
{
    if (!edge_has_moves(e, edge)) {
        pool_address_item(e, edge_block(e, edge), true);
        return;
    }
    pool_address_item(e, 0, false);
    if (e->status != STATUS_OK)
        return;
    struct pool_address *address = &e->addresses[e->address_count - 1];
    if (!is_first && is_same_edge(e, edge, edge - 1)) {
        address->like = true;
        return;
    }
    cold_add_address(e, edge_emit)->number = edge;
}

/* The index is made the last one by a conditional move, if it is beyond: nothing is speculated on
 * that a jump would protect. */
static void table_by_jump(struct emitter *e, const struct ir_instruction *i)
{
    u32 pointer = pool_address_item(e, 0, false);
    if (e->status == STATUS_OK) {
        e->addresses[e->address_count - 1].is_pool = true;
        e->addresses[e->address_count - 1].target = e->pool_count;
    }
    encode_constant(&e->as, SCRATCH, i->c - 1);
    encode_alu_store(&e->as, ALU_CMP, 0, rm_of(e, i->a), SCRATCH);
    encode(&e->as, FORM_CMOV + COND_B, SCRATCH, rm_of(e, i->a));
    encode_shift_immediate(&e->as, SHIFT_SHL, 0, rm_register(SCRATCH), 3);
    encode_alu(&e->as, ALU_ADD, WIDE, SCRATCH,
               rm_at(BASE_POOL, (i32)(pointer * sizeof(u64))));
    encode(&e->as, FORM_JUMP, DIGIT_JUMP, rm_at(SCRATCH, 0));
    for (u32 n = 0; n < i->c && e->status == STATUS_OK; n++)
        table_entry(e, i->b + n, n == 0);
}

void emit_table(struct emitter *e, const struct ir_instruction *i)
{
    if (is_constant(e->ir, i->a))
        edge_follow(e, i->b + (u32)u64_min(ir_bits(ir_at(e, i->a)), i->c - 1));
    else if (i->c <= TABLE_CHAIN_MAX)
        table_by_chain(e, i);
    else
        table_by_jump(e, i);
}

/* ---- Returns ---- */

void epilogue_emit(struct emitter *e)
{
    register_set kept = e->allocation->used & registers_kept;
    u32 at = e->saved_bytes;
    for (u32 reg = 0; reg < REGISTER_COUNT; reg++) {
        if ((kept >> reg & 1) == 0)
            continue;
        if (reg < XMM0)
            encode(&e->as, FORM_MOV | WIDE, reg, rm_at(RSP, (i32)at));
        else
            float_load(e, IR_F64, reg, rm_at(RSP, (i32)at));
        at += 8;
    }
    if (e->frame_bytes != 0)
        encode_alu_immediate(&e->as, ALU_ADD, WIDE, rm_register(RSP), (i32)e->frame_bytes);
    e->emission->sought_is_left |= e->emission->sought == position(&e->as);
}

static void result_to_memory(struct emitter *e, u32 value, u32 index)
{
    struct rm rm = rm_at(SCRATCH, (i32)(index * sizeof(u64)));
    u32 reg = register_of(e, value);
    u8 type = ir_at(e, value)->type;
    if (reg == NO_REGISTER) {
        float_load(e, IR_F64, FLOAT_SCRATCH, rm_of(e, value));
        float_store(e, IR_F64, rm, FLOAT_SCRATCH);
    } else if (ir_is_float(type)) {
        float_store(e, type, rm, reg);
    } else {
        integer_store(e, rm, reg);
    }
}

void emit_return(struct emitter *e, const struct ir_instruction *i)
{
    const u32 *values = e->ir->lists + i->list;
    struct passing passing = { 0 };
    bool has_pointer = false;
    moves_begin(e);
    for (u32 n = 0; n < i->list_count; n++) {
        u16 place = passing_result(&passing, ir_at(e, values[n])->type);
        if (place != PLACE_NONE) {
            moves_add_value(e, values[n], place);
            continue;
        }
        if (!has_pointer)
            encode(&e->as, FORM_MOV | WIDE, SCRATCH,
                   rm_at(EXECUTION, (i32)offsetof(struct execution, results)));
        has_pointer = true;
        result_to_memory(e, values[n], n);
    }
    moves_emit(e);
    epilogue_emit(e);
    encode_plain(&e->as, FORM_RET);
}

void emit_trap(struct emitter *e, const struct ir_instruction *i)
{
    trap_emit(e, (enum trap)i->c);
}
