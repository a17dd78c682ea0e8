/* Where values are: registers, slots, constants, memory. */
#include "engine/x86_64/emit.h"

#include "engine/stretch.h"

bool emit_stretch_more(struct emitter *e, void **items, u32 *capacity, u32 need, u32 item_size)
{
    if (stretch_more(e->source, items, capacity, need, item_size))
        return true;
    e->status = STATUS_NO_MEMORY;
    return false;
}

/* ---- Constants ---- */

enum { POOL_LOOK_BACK = 64 }; /* items in which to look for the same constant */

static struct rm pool_rm(u32 item)
{
    return rm_at(BASE_POOL, (i32)(item * sizeof(u64)));
}

static u32 pool_add(struct emitter *e, u64 bits)
{
    if (!emit_stretch(e, (void **)&e->pool, &e->pool_capacity, e->pool_count + 1,
                      sizeof(*e->pool)))
        return 0;
    e->pool[e->pool_count] = bits;
    return e->pool_count++;
}

/* Where to look for a constant: not among addresses, which are yet to be known. */
static u32 pool_first(const struct emitter *e)
{
    u32 first = e->pool_count < POOL_LOOK_BACK ? 0 : e->pool_count - POOL_LOOK_BACK;
    return first > e->pool_constants ? first : e->pool_constants;
}

struct rm pool_item(struct emitter *e, u64 bits)
{
    for (u32 n = pool_first(e); n < e->pool_count; n++) {
        if (e->pool[n] == bits)
            return pool_rm(n);
    }
    return pool_rm(pool_add(e, bits));
}

struct rm pool_pair(struct emitter *e, u64 bits)
{
    for (u32 n = (pool_first(e) + 1) & ~1u; n + 1 < e->pool_count; n += 2) {
        if (e->pool[n] == bits && e->pool[n + 1] == bits)
            return pool_rm(n);
    }
    if (e->pool_count % 2 != 0)
        pool_add(e, bits);
    u32 item = pool_add(e, bits);
    pool_add(e, bits);
    return pool_rm(item);
}

u32 pool_address_item(struct emitter *e, u32 target, bool is_block)
{
    u32 item = pool_add(e, 0);
    if (!emit_stretch(e, (void **)&e->addresses, &e->address_capacity, e->address_count + 1,
                      sizeof(*e->addresses)))
        return 0;
    e->pool_constants = e->pool_count;
    e->addresses[e->address_count++] = (struct pool_address){
        .item = item, .target = target, .is_block = is_block
    };
    return item;
}

/* ---- Operands ---- */

u32 place_incoming(const struct emitter *e, u32 word)
{
    return PLACE_SLOT + e->allocation->slot_count + word;
}

u32 place_outgoing(const struct emitter *e, u32 word)
{
    return PLACE_SLOT + e->allocation->slot_count + e->incoming_words + word;
}

struct rm rm_of_place(const struct emitter *e, u32 place)
{
    if (place < PLACE_SLOT)
        return rm_register(place);
    u32 slot = place - PLACE_SLOT;
    u32 slots = e->allocation->slot_count;
    u32 bytes;
    if (slot < slots)
        bytes = e->slot_bytes + slot * 8;
    else if (slot < slots + e->incoming_words)
        bytes = e->frame_bytes + 8 + (slot - slots) * 8;
    else
        bytes = (slot - slots - e->incoming_words) * 8;
    return rm_at(RSP, (i32)bytes);
}

struct rm rm_of(struct emitter *e, u32 value)
{
    value = read_value(e->ir, value);
    const struct ir_instruction *i = ir_at(e, value);
    if (i->op == IR_CONSTANT)
        return pool_item(e, ir_bits(i));
    if (i->folded)
        return rm_of_access(e, i);
    return rm_of_place(e, e->allocation->places[value]);
}

bool rm_needs_scratch(const struct emitter *e, u32 value)
{
    return is_folded_load(e->ir, value) && access_needs_scratch(e, ir_at(e, value));
}

u32 register_of(const struct emitter *e, u32 value)
{
    value = read_value(e->ir, value);
    u32 place = e->allocation->places[value];
    return place < PLACE_SLOT ? place : (u32)NO_REGISTER;
}

void integer_to(struct emitter *e, u32 wide, u32 value, u32 reg)
{
    if (is_constant(e->ir, value)) {
        encode_constant(&e->as, reg, ir_bits(ir_at(e, value)));
        return;
    }
    struct rm rm = rm_of(e, value);
    if (!rm_is_register(rm, reg))
        encode(&e->as, FORM_MOV | wide, reg, rm);
}

u32 integer_in(struct emitter *e, u32 wide, u32 value, u32 other)
{
    u32 reg = register_of(e, value);
    if (reg != NO_REGISTER)
        return reg;
    integer_to(e, wide, value, other);
    return other;
}

void float_to(struct emitter *e, u8 type, u32 value, u32 reg)
{
    if (is_constant(e->ir, value) && ir_bits(ir_at(e, value)) == 0) {
        float_form(e, FORM_XORPS, reg, reg, rm_register(reg));
        return;
    }
    struct rm rm = rm_of(e, value);
    if (rm.is_memory)
        float_load(e, type, reg, rm);
    else
        float_move(e, reg, rm.base);
}

u32 float_in(struct emitter *e, u8 type, u32 value, u32 other)
{
    u32 reg = register_of(e, value);
    if (reg != NO_REGISTER)
        return reg;
    float_to(e, type, value, other);
    return other;
}

/* ---- Results ---- */

u32 result_register(const struct emitter *e)
{
    u32 place = e->allocation->places[e->instruction];
    if (place < PLACE_SLOT)
        return place;
    return ir_is_float(ir_at(e, e->instruction)->type) ? FLOAT_SCRATCH : SCRATCH;
}

void integer_store(struct emitter *e, struct rm rm, u32 reg)
{
    encode(&e->as, FORM_MOV_STORE | WIDE, reg, rm);
}

void float_store(struct emitter *e, u8 type, struct rm rm, u32 reg)
{
    float_form(e, form_of_type(FORM_MOVS_STORE, type), reg, NO_REGISTER, rm);
}

void result_done(struct emitter *e, u32 reg)
{
    u32 place = e->allocation->places[e->instruction];
    u8 type = ir_at(e, e->instruction)->type;
    if (place == PLACE_NONE || place == reg)
        return;
    struct rm rm = rm_of_place(e, place);
    if (rm.is_memory && ir_is_float(type))
        float_store(e, type, rm, reg);
    else if (rm.is_memory)
        integer_store(e, rm, reg);
    else if (ir_is_float(type))
        float_move(e, place, reg);
    else
        encode_move(&e->as, wide_of(type), place, reg);
}

/* ---- Floats ---- */

void float_form(struct emitter *e, u32 form, u32 reg, u32 vector, struct rm rm)
{
    if (e->features.has_avx) {
        encode_vex(&e->as, form, reg, vector == NO_REGISTER ? (u32)XMM0 : vector, rm);
        return;
    }
    BASE_ASSERT(vector == NO_REGISTER || vector == reg);
    encode(&e->as, form, reg, rm);
}

void float_move(struct emitter *e, u32 to, u32 from)
{
    if (to != from)
        float_form(e, FORM_MOVAPS, to, NO_REGISTER, rm_register(from));
}

void float_load(struct emitter *e, u8 type, u32 reg, struct rm rm)
{
    float_form(e, form_of_type(FORM_MOVS, type), reg, NO_REGISTER, rm);
}

/* ---- Moves ---- */

void moves_begin(struct emitter *e)
{
    e->move_count = 0;
}

void moves_add(struct emitter *e, u32 value, u32 from, u32 to, u8 type)
{
    if (emit_stretch(e, (void **)&e->moves, &e->move_capacity, e->move_count + 1,
                     sizeof(*e->moves)))
        e->moves[e->move_count++] = (struct move){ value, (u16)from, (u16)to, type };
}

void moves_add_value(struct emitter *e, u32 value, u32 to)
{
    moves_add(e, value, e->allocation->places[value], to, ir_at(e, value)->type);
}

static void constant_move(struct emitter *e, const struct move *move)
{
    u64 bits = ir_bits(ir_at(e, move->value));
    struct rm to = rm_of_place(e, move->to);
    if (!to.is_memory && ir_is_float(move->type)) {
        float_to(e, move->type, move->value, move->to);
    } else if (!to.is_memory && bits == 0) {
        encode_alu(&e->as, ALU_XOR, 0, move->to, to);
    } else if (!to.is_memory) {
        encode_constant(&e->as, move->to, bits);
    } else if ((i64)bits == (i32)bits) {
        encode_immediate(&e->as, FORM_MOV_IMMEDIATE | WIDE, 0, to, (u32)bits);
    } else {
        encode_constant(&e->as, SCRATCH, bits);
        integer_store(e, to, SCRATCH);
    }
}

/* From slot to slot, through the scratch register of the other class: that of its own may be in use
 * for a cycle. */
static void slot_move(struct emitter *e, const struct move *move)
{
    struct rm from = rm_of_place(e, move->from);
    struct rm to = rm_of_place(e, move->to);
    u32 wide = move->type == IR_F64 ? WIDE : 0;
    if (ir_is_float(move->type)) {
        encode(&e->as, FORM_MOV | wide, SCRATCH, from);
        encode(&e->as, FORM_MOV_STORE | wide, SCRATCH, to);
    } else {
        float_load(e, IR_F64, FLOAT_SCRATCH, from);
        float_store(e, IR_F64, to, FLOAT_SCRATCH);
    }
}

static void value_move(struct emitter *e, const struct move *move)
{
    struct rm from = rm_of_place(e, move->from);
    struct rm to = rm_of_place(e, move->to);
    bool is_float = ir_is_float(move->type);
    if (to.is_memory && from.is_memory)
        slot_move(e, move);
    else if (to.is_memory && is_float)
        float_store(e, move->type, to, move->from);
    else if (to.is_memory)
        integer_store(e, to, move->from);
    else if (!is_float)
        encode(&e->as, FORM_MOV | wide_of(move->type), move->to, from);
    else if (from.is_memory)
        float_load(e, move->type, move->to, from);
    else
        float_move(e, move->to, move->from);
}

void moves_emit(struct emitter *e)
{
    static const u16 scratch[2] = { SCRATCH, FLOAT_SCRATCH };
    if (e->status != STATUS_OK ||
        !emit_stretch(e, (void **)&e->ordered, &e->ordered_capacity, 2 * e->move_count,
                      sizeof(*e->ordered)))
        return;
    u32 count = moves_order(e->moves, e->move_count, scratch, e->ordered);
    for (u32 n = 0; n < count; n++) {
        const struct move *move = &e->ordered[n];
        if (move->from == PLACE_NONE)
            constant_move(e, move);
        else
            value_move(e, move);
    }
}
