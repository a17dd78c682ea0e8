/* Ends of blocks. */
#include "engine/x86_64/emit.h"

#include "engine/stretch.h"

/* ---- Edges ---- */

static void edge_moves(struct emitter *e, u32 edge)
{
    const struct ir_edge *way = &e->ir->edges[edge];
    const struct ir_block *to = &e->ir->blocks[way->to];
    emit_moves_begin(e);
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        if (emit_get(e, parameter)->uses != 0)
            emit_move_add(e, e->ir->lists[way->arguments + n], emit_place(e, parameter));
    }
}

/* Whether anything moves on the edge. */
static bool edge_is_busy(struct emitter *e, u32 edge)
{
    const struct ir_edge *way = &e->ir->edges[edge];
    const struct ir_block *to = &e->ir->blocks[way->to];
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        u32 argument = e->ir->lists[way->arguments + n];
        u16 place = emit_place(e, parameter);
        if (emit_get(e, parameter)->uses != 0 && place != PLACE_NONE &&
            (emit_get(e, argument)->op == IR_CONSTANT || emit_place(e, argument) != place))
            return true;
    }
    return false;
}

void emit_edge(struct emitter *e, u32 edge)
{
    edge_moves(e, edge);
    emit_moves_end(e);
    if (e->ir->edges[edge].to != e->next)
        emit_jump(e, e->ir->edges[edge].to);
}

/* ---- Branches ---- */

static void jump_test(struct emitter *e, struct test test, u32 block)
{
    if (test.kind == TEST_FLAG) {
        emit_jump_if(e, test.condition, block);
    } else if (test.kind == TEST_FLOAT_DIFFERENT) {
        emit_jump_if(e, COND_NE, block);
        emit_jump_if(e, COND_P, block);
    } else {
        u32 skip = x86_jump_short_if(&e->as, COND_P);
        emit_jump_if(e, COND_E, block);
        x86_link_short(&e->as, skip);
    }
}

/* Jumps over what follows unless the test holds; `places` are linked behind it. */
static void skip_unless(struct emitter *e, struct test test, u32 places[2])
{
    places[0] = places[1] = 0;
    if (test.kind == TEST_FLAG) {
        places[0] = x86_jump_if(&e->as, test.condition ^ 1);
    } else if (test.kind == TEST_FLOAT_EQUAL) {
        places[0] = x86_jump_if(&e->as, COND_NE);
        places[1] = x86_jump_if(&e->as, COND_P);
    } else {
        u32 parity = x86_jump_short_if(&e->as, COND_P);
        places[0] = x86_jump_if(&e->as, COND_E);
        x86_link_short(&e->as, parity);
    }
}

/* The taken edge with its moves in the line of the code, for loops go that way mostly; the other
 * falls through, or follows. */
static void branch_in_line(struct emitter *e, struct test test, u32 edge)
{
    u32 places[2];
    u32 next = e->next;
    skip_unless(e, test, places);
    e->next = UINT32_MAX;
    emit_edge(e, edge);
    e->next = next;
    x86_link(&e->as, places[0], x86_position(&e->as));
    if (places[1] != 0)
        x86_link(&e->as, places[1], x86_position(&e->as));
}

static void branch(struct emitter *e, const struct ir_instruction *i)
{
    const struct ir_edge *edges = e->ir->edges;
    u32 taken = i->b, otherwise = i->c;
    struct test test = emit_test(e, i->a);
    if (edges[taken].to == e->next && edges[otherwise].to != e->next) {
        taken = i->c;
        otherwise = i->b;
        test = emit_test_not(test);
    }
    if (edge_is_busy(e, taken) && !edge_is_busy(e, otherwise) &&
        edges[otherwise].to != e->next) {
        u32 swapped = taken;
        taken = otherwise;
        otherwise = swapped;
        test = emit_test_not(test);
    }
    if (!edge_is_busy(e, taken))
        jump_test(e, test, edges[taken].to);
    else
        branch_in_line(e, test, taken);
    emit_edge(e, otherwise);
}

/* ---- Tables ---- */

/* A word of the pool that is to be the address of an edge's block (or of the moves on the way there);
 * of the pool's word `word`, if `edge` is UINT32_MAX. */
static bool address_add(struct emitter *e, u32 edge, u64 word)
{
    if (!stretch(e->source, (void **)&e->pool, &e->pool_capacity, e->pool_count + (usize)1,
                 sizeof(*e->pool)) ||
        !stretch(e->source, (void **)&e->addresses, &e->address_capacity,
                 e->address_count + (usize)1, sizeof(*e->addresses))) {
        emit_fail(e, STATUS_NO_MEMORY);
        return false;
    }
    e->addresses[e->address_count++] = (struct fixup){ e->pool_count, edge };
    e->pool[e->pool_count++] = word;
    return true;
}

/* To one of the words, by the index, which has been found to be less than their number. */
static void table_jump(struct emitter *e, u32 index, u32 words)
{
    struct operand_place start = { .is_memory = true, .memory = x86_at(RIP, (i32)words) };
    if (index != SCRATCH) {
        emit_with(e, 0x8D | WIDE, SCRATCH, &start);
        x86_memory(&e->as, 0xFF, 4, (struct x86_memory){ SCRATCH, (u8)index, 3, 0 }, 0);
        return;
    }
    /* There is no other register for the address: a word of the pool has it. */
    u32 address = e->pool_count;
    if (!address_add(e, UINT32_MAX, words))
        return;
    start.memory = x86_at(RIP, (i32)address);
    x86_shift_immediate(&e->as, SHIFT_SHL | WIDE, SCRATCH, 3);
    emit_with(e, 0x03 | WIDE, SCRATCH, &start);
    x86_memory(&e->as, 0xFF, 4, x86_at(SCRATCH, 0), 0);
}

static void table(struct emitter *e, const struct ir_instruction *i)
{
    u32 count = i->c - 1;
    if (count == 0) {
        emit_edge(e, i->b);
        return;
    }
    u32 index = emit_in_register(e, i->a, SCRATCH);
    x86_alu_immediate(&e->as, ALU_CMP, index, (i32)count);
    if (edge_is_busy(e, i->b + count))
        (void)emit_cold(e, COLD_EDGE, x86_jump_if(&e->as, COND_AE), i->b + count);
    else
        emit_jump_if(e, COND_AE, e->ir->edges[i->b + count].to);
    u32 words = e->pool_count;
    for (u32 n = 0; n < count; n++)
        if (!address_add(e, i->b + n, 0))
            return;
    table_jump(e, index, words);
    e->pool_shared = e->pool_count;
}

/* ---- Returns ---- */

static void result_store(struct emitter *e, u32 value, u32 index)
{
    struct x86_memory to = x86_at(SCRATCH, (i32)(index * sizeof(u64)));
    u16 place = emit_place(e, value);
    u64 bits;
    x86_memory(&e->as, 0x8B | WIDE, SCRATCH,
               x86_at(EXECUTION, (i32)offsetof(struct execution, results)), 0);
    if (!emit_is_constant(e, value, &bits) && place < XMM) {
        x86_memory(&e->as, 0x89 | WIDE, place, to, 0);
        return;
    }
    struct operand_place from = emit_float_operand(e, value);
    u32 reg = from.reg;
    if (from.is_memory) {
        reg = SCRATCH_FLOAT;
        emit_with(e, 0x10 | MAP_0F | PREFIX_F2, reg, &from);
    }
    x86_memory(&e->as, 0x11 | MAP_0F | PREFIX_F2, reg, to, 0);
}

void emit_leave(struct emitter *e)
{
    emit_callee_saved(e, false);
    if (e->frame != 0)
        x86_alu_immediate(&e->as, ALU_ADD | WIDE, RSP, (i32)e->frame);
}

void emit_return(struct emitter *e, const struct ir_instruction *i)
{
    const u32 *values = e->ir->lists + i->list;
    struct convention convention = { 0 };
    emit_moves_begin(e);
    for (u32 n = 0; n < i->list_count; n++) {
        u16 place = convention_result(&convention, emit_get(e, values[n])->type);
        if (place == PLACE_NONE)
            result_store(e, values[n], n);
        else
            emit_move_add(e, values[n], place);
    }
    emit_moves_end(e);
    emit_leave(e);
    x86_room(&e->as);
    x86_byte(&e->as, 0xC3);
}

void emit_branch(struct emitter *e, const struct ir_instruction *i)
{
    switch (i->op) {
    case IR_JUMP:
        emit_edge(e, i->b);
        break;
    case IR_BRANCH:
        branch(e, i);
        break;
    case IR_TABLE:
        table(e, i);
        break;
    default:
        emit_return(e, i);
    }
}
