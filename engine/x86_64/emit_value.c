/* Operands and results, wherever they are. */
#include "engine/x86_64/emit.h"

#include "engine/stretch.h"

/* ---- Places ---- */

struct x86_memory emit_slot(const struct emitter *e, u16 place)
{
    return x86_at(RSP, (i32)(e->slots + (u32)(place - PLACE_SLOT) * 8));
}

static u32 pool_add(struct emitter *e, u64 bits)
{
    if (!stretch(e->source, (void **)&e->pool, &e->pool_capacity, e->pool_count + (usize)1,
                 sizeof(*e->pool))) {
        emit_fail(e, STATUS_NO_MEMORY);
        return 0;
    }
    e->pool[e->pool_count] = bits;
    return e->pool_count++;
}

/* The word's place in the code is known at the end: until then, the operand names the word. */
static struct x86_memory pool_memory(struct emitter *e, u32 word)
{
    (void)e;
    return x86_at(RIP, (i32)word);
}

static u32 pool_find(struct emitter *e, u64 bits)
{
    enum { LOOK_BACK = 16 };
    u32 first = e->pool_count > LOOK_BACK ? e->pool_count - LOOK_BACK : 0;
    if (first < e->pool_shared)
        first = e->pool_shared;
    for (u32 i = first; i < e->pool_count; i++)
        if (e->pool[i] == bits)
            return i;
    return pool_add(e, bits);
}

struct x86_memory emit_pool(struct emitter *e, u64 bits)
{
    return pool_memory(e, pool_find(e, bits));
}

struct x86_memory emit_pool_pair(struct emitter *e, u64 bits)
{
    for (u32 i = (e->pool_shared + 1) & ~1u; i + 1 < e->pool_count; i += 2)
        if (e->pool[i] == bits && e->pool[i + 1] == bits)
            return pool_memory(e, i);
    if (e->pool_count % 2 != 0)
        (void)pool_add(e, 0);
    u32 word = pool_add(e, bits);
    (void)pool_add(e, bits);
    return pool_memory(e, word);
}

void emit_with(struct emitter *e, u32 form, u32 reg, const struct operand_place *operand)
{
    if (!operand->is_memory) {
        x86_registers(&e->as, form, reg, operand->reg);
        return;
    }
    struct x86_memory memory = operand->memory;
    if (memory.base != RIP) {
        x86_memory(&e->as, form, reg, memory, 0);
        return;
    }
    u32 word = (u32)memory.displacement;
    x86_memory(&e->as, form, reg, memory, 0);
    if (!stretch(e->source, (void **)&e->loads, &e->load_capacity, e->load_count + (usize)1,
                 sizeof(*e->loads)))
        emit_fail(e, STATUS_NO_MEMORY);
    else
        e->loads[e->load_count++] = (struct fixup){ x86_position(&e->as) - 4, word };
}

/* ---- Integers ---- */

void emit_copy(struct emitter *e, u32 to, u32 from)
{
    if (to != from)
        x86_registers(&e->as, 0x8B | WIDE, to, from);
}

static bool is_wide(const struct emitter *e, u32 value)
{
    return emit_get(e, value)->type == IR_I64;
}

void emit_into(struct emitter *e, u32 reg, u32 value, bool keep_flags)
{
    u64 bits;
    u16 place = emit_place(e, value);
    if (emit_is_constant(e, value, &bits))
        x86_constant(&e->as, reg, bits, keep_flags);
    else if (place < PLACE_SLOT)
        emit_copy(e, reg, place);
    else
        x86_memory(&e->as, 0x8B | (is_wide(e, value) ? (u32)WIDE : 0), reg, emit_slot(e, place), 0);
}

u32 emit_in_register(struct emitter *e, u32 value, u32 scratch)
{
    u16 place = emit_place(e, value);
    if (place < PLACE_SLOT)
        return place;
    emit_into(e, scratch, value, true);
    return scratch;
}

u32 emit_result(const struct emitter *e)
{
    u16 place = emit_place(e, e->at);
    return place < PLACE_SLOT ? place : (u32)SCRATCH;
}

void emit_result_done(struct emitter *e, u32 reg)
{
    u16 place = emit_place(e, e->at);
    if (place == PLACE_NONE)
        return;
    if (place < PLACE_SLOT)
        emit_copy(e, place, reg);
    else
        x86_memory(&e->as, 0x89 | WIDE, reg, emit_slot(e, place), 0);
}

struct operand_place emit_operand(struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    u16 place = emit_place(e, value);
    if (i->folded && ir_is_load(i))
        return (struct operand_place){ .is_memory = true, .memory = emit_address(e, i) };
    if (i->op != IR_CONSTANT && place >= PLACE_SLOT)
        return (struct operand_place){ .is_memory = true, .memory = emit_slot(e, place) };
    return (struct operand_place){ .reg = emit_in_register(e, value, SCRATCH) };
}

/* ---- Floats ---- */

static u32 scalar(const struct emitter *e, u32 value)
{
    return emit_get(e, value)->type == IR_F32 ? PREFIX_F3 : PREFIX_F2;
}

void emit_float_copy(struct emitter *e, u32 to, u32 from)
{
    if (to != from)
        x86_registers(&e->as, 0x28 | MAP_0F, to, from);
}

struct operand_place emit_float_operand(struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    u16 place = emit_place(e, value);
    if (i->op == IR_CONSTANT)
        return (struct operand_place){ .is_memory = true, .memory = emit_pool(e, i->bits) };
    if (i->folded && ir_is_load(i))
        return (struct operand_place){ .is_memory = true, .memory = emit_address(e, i) };
    if (place >= PLACE_SLOT)
        return (struct operand_place){ .is_memory = true, .memory = emit_slot(e, place) };
    return (struct operand_place){ .reg = place - (u32)XMM };
}

void emit_float_into(struct emitter *e, u32 reg, u32 value)
{
    u64 bits;
    if (emit_is_constant(e, value, &bits) && bits == 0) {
        x86_registers(&e->as, 0x57 | MAP_0F, reg, reg);
        return;
    }
    struct operand_place operand = emit_float_operand(e, value);
    if (operand.is_memory)
        emit_with(e, 0x10 | MAP_0F | scalar(e, value), reg, &operand);
    else
        emit_float_copy(e, reg, operand.reg);
}

u32 emit_float_in_register(struct emitter *e, u32 value, u32 scratch)
{
    struct operand_place operand = emit_float_operand(e, value);
    if (!operand.is_memory)
        return operand.reg;
    emit_with(e, 0x10 | MAP_0F | scalar(e, value), scratch, &operand);
    return scratch;
}

u32 emit_float_result(const struct emitter *e)
{
    u16 place = emit_place(e, e->at);
    return place < PLACE_SLOT ? place - (u32)XMM : (u32)SCRATCH_FLOAT;
}

void emit_float_result_done(struct emitter *e, u32 reg)
{
    u16 place = emit_place(e, e->at);
    if (place == PLACE_NONE)
        return;
    if (place < PLACE_SLOT)
        emit_float_copy(e, place - (u32)XMM, reg);
    else
        x86_memory(&e->as, 0x11 | MAP_0F | scalar(e, e->at), reg, emit_slot(e, place), 0);
}

/* ---- Moves that happen at once ---- */

void emit_moves_begin(struct emitter *e)
{
    e->move_count = 0;
}

static void move_put(struct emitter *e, struct move move)
{
    if (!stretch(e->source, (void **)&e->moves, &e->move_capacity, e->move_count + (usize)1,
                 sizeof(*e->moves)))
        emit_fail(e, STATUS_NO_MEMORY);
    else
        e->moves[e->move_count++] = move;
}

void emit_move_add(struct emitter *e, u32 value, u16 to)
{
    const struct ir_instruction *i = emit_get(e, value);
    u16 from = i->op == IR_CONSTANT ? (u16)PLACE_NONE : emit_place(e, value);
    if (to != PLACE_NONE)
        move_put(e, (struct move){ .value = value, .from = from, .to = to, .type = i->type });
}

void emit_move_raw(struct emitter *e, u16 from, u16 to, u8 type)
{
    if (to != PLACE_NONE)
        move_put(e, (struct move){ .from = from, .to = to, .type = type });
}

static void constant_move(struct emitter *e, const struct move *move)
{
    u64 bits = emit_get(e, move->value)->bits;
    if (move->to < XMM) {
        x86_constant(&e->as, move->to, bits, false);
    } else if (move->to < PLACE_SLOT) {
        emit_float_into(e, move->to - (u32)XMM, move->value);
    } else if ((i64)bits == (i32)bits) {
        x86_memory(&e->as, 0xC7 | WIDE, 0, emit_slot(e, move->to), 4);
        x86_u32(&e->as, (u32)bits);
    } else {
        x86_constant(&e->as, SCRATCH, bits, false);
        x86_memory(&e->as, 0x89 | WIDE, SCRATCH, emit_slot(e, move->to), 0);
    }
}

/* Through the scratch register of the other class, as that of its own may hold a part of a cycle. */
static void slot_move(struct emitter *e, const struct move *move)
{
    if (ir_is_float(move->type)) {
        x86_memory(&e->as, 0x8B | WIDE, SCRATCH, emit_slot(e, move->from), 0);
        x86_memory(&e->as, 0x89 | WIDE, SCRATCH, emit_slot(e, move->to), 0);
    } else {
        x86_memory(&e->as, 0x10 | MAP_0F | PREFIX_F2, SCRATCH_FLOAT, emit_slot(e, move->from), 0);
        x86_memory(&e->as, 0x11 | MAP_0F | PREFIX_F2, SCRATCH_FLOAT, emit_slot(e, move->to), 0);
    }
}

static void one_move(struct emitter *e, const struct move *move)
{
    bool is_float = ir_is_float(move->type);
    u32 form = is_float ? MAP_0F | PREFIX_F2 : WIDE;
    if (move->from == PLACE_NONE)
        constant_move(e, move);
    else if (move->from >= PLACE_SLOT && move->to >= PLACE_SLOT)
        slot_move(e, move);
    else if (move->from >= PLACE_SLOT)
        x86_memory(&e->as, form | (is_float ? 0x10 : 0x8B), move->to & 15, emit_slot(e, move->from),
                   0);
    else if (move->to >= PLACE_SLOT)
        x86_memory(&e->as, form | (is_float ? 0x11 : 0x89), move->from & 15,
                   emit_slot(e, move->to), 0);
    else if (is_float)
        emit_float_copy(e, move->to & 15, move->from & 15);
    else
        emit_copy(e, move->to, move->from);
}

void emit_moves_end(struct emitter *e)
{
    static const u16 scratch[2] = { SCRATCH, XMM + SCRATCH_FLOAT };
    if (e->move_count == 0)
        return;
    if (!stretch(e->source, (void **)&e->ordered, &e->ordered_capacity, 2 * (usize)e->move_count,
                 sizeof(*e->ordered))) {
        emit_fail(e, STATUS_NO_MEMORY);
        return;
    }
    u32 count = moves_order(e->moves, e->move_count, scratch, e->ordered);
    for (u32 i = 0; i < count; i++)
        one_move(e, &e->ordered[i]);
}
