/* A function's code as a whole. */
#include "engine/x86_64/emit.h"

#include "engine/stretch.h"

enum {
    /* Frames of so many bytes reach the guard below the stack without touching it: those above have
     * each stretch of that size touched when they are made. */
    PROBE_BYTES = 32 << 10,
    LOOP_ALIGNMENT = 16,
    POOL_ALIGNMENT = 16,
    POOL_USES_MIN = 64,
};

/* ---- Cold code ---- */

static struct cold *cold_new(struct emitter *e, void (*emit)(struct emitter *, const struct cold *))
{
    if (!emit_stretch(e, (void **)&e->colds, &e->cold_capacity, e->cold_count + 1,
                      sizeof(*e->colds)))
        return &e->no_cold;
    struct cold *cold = &e->colds[e->cold_count++];
    *cold = (struct cold){ .emit = emit, .instruction = e->instruction };
    return cold;
}

struct cold *cold_add(struct emitter *e, enum code_condition condition,
                      void (*emit)(struct emitter *e, const struct cold *cold))
{
    struct cold *cold = cold_new(e, emit);
    cold->jump = encode_jump(&e->as, condition);
    return cold;
}

struct cold *cold_add_address(struct emitter *e,
                              void (*emit)(struct emitter *e, const struct cold *cold))
{
    struct cold *cold = cold_new(e, emit);
    cold->address = e->address_count;
    return cold;
}

void cold_back(struct emitter *e, struct cold *cold)
{
    if (cold != NULL)
        cold->back = position(&e->as);
}

void trap_emit(struct emitter *e, enum trap trap)
{
    encode_constant(&e->as, RAX, trap);
    encode(&e->as, FORM_CALL, DIGIT_CALL,
           rm_at(EXECUTION, (i32)offsetof(struct execution, natives.trap)));
    e->trap_end = position(&e->as);
}

static void trap_cold(struct emitter *e, const struct cold *cold)
{
    trap_emit(e, (enum trap)cold->a);
}

void trap_if(struct emitter *e, enum code_condition condition, enum trap trap)
{
    cold_add(e, condition, trap_cold)->a = (u8)trap;
}

/* ---- One instruction ---- */

static emit_instruction *const emitters[IR_OP_END] = {
    [OPCODE_I32_LOAD ... OPCODE_I64_LOAD32_U] = emit_load,
    [OPCODE_I32_STORE ... OPCODE_I64_STORE32] = emit_store,
    [OPCODE_I32_EQZ ... OPCODE_F64_GE] = emit_compare,
    [OPCODE_I32_CLZ ... OPCODE_I32_POPCNT] = emit_count,
    [OPCODE_I32_ADD ... OPCODE_I32_SUB] = emit_binary,
    [OPCODE_I32_MUL] = emit_multiply,
    [OPCODE_I32_DIV_S ... OPCODE_I32_REM_U] = emit_division,
    [OPCODE_I32_AND ... OPCODE_I32_XOR] = emit_binary,
    [OPCODE_I32_SHL ... OPCODE_I32_ROTR] = emit_shift,
    [OPCODE_I64_CLZ ... OPCODE_I64_POPCNT] = emit_count,
    [OPCODE_I64_ADD ... OPCODE_I64_SUB] = emit_binary,
    [OPCODE_I64_MUL] = emit_multiply,
    [OPCODE_I64_DIV_S ... OPCODE_I64_REM_U] = emit_division,
    [OPCODE_I64_AND ... OPCODE_I64_XOR] = emit_binary,
    [OPCODE_I64_SHL ... OPCODE_I64_ROTR] = emit_shift,
    [OPCODE_F32_ABS ... OPCODE_F32_NEG] = emit_float_sign,
    [OPCODE_F32_CEIL ... OPCODE_F32_SQRT] = emit_float_unary,
    [OPCODE_F32_ADD ... OPCODE_F32_DIV] = emit_float_binary,
    [OPCODE_F32_MIN ... OPCODE_F32_MAX] = emit_float_extreme,
    [OPCODE_F32_COPYSIGN] = emit_float_sign,
    [OPCODE_F64_ABS ... OPCODE_F64_NEG] = emit_float_sign,
    [OPCODE_F64_CEIL ... OPCODE_F64_SQRT] = emit_float_unary,
    [OPCODE_F64_ADD ... OPCODE_F64_DIV] = emit_float_binary,
    [OPCODE_F64_MIN ... OPCODE_F64_MAX] = emit_float_extreme,
    [OPCODE_F64_COPYSIGN] = emit_float_sign,
    [OPCODE_I32_WRAP_I64] = emit_copy,
    [OPCODE_I32_TRUNC_F32_S ... OPCODE_I32_TRUNC_F64_U] = emit_truncate,
    [OPCODE_I64_EXTEND_I32_S] = emit_extend,
    [OPCODE_I64_EXTEND_I32_U] = emit_copy,
    [OPCODE_I64_TRUNC_F32_S ... OPCODE_I64_TRUNC_F64_U] = emit_truncate,
    [OPCODE_F32_CONVERT_I32_S ... OPCODE_F32_CONVERT_I64_U] = emit_convert_integer,
    [OPCODE_F32_DEMOTE_F64] = emit_convert_float,
    [OPCODE_F64_CONVERT_I32_S ... OPCODE_F64_CONVERT_I64_U] = emit_convert_integer,
    [OPCODE_F64_PROMOTE_F32] = emit_convert_float,
    [OPCODE_I32_REINTERPRET_F32 ... OPCODE_F64_REINTERPRET_I64] = emit_reinterpret,
    [OPCODE_I32_EXTEND8_S ... OPCODE_I64_EXTEND32_S] = emit_extend,
    [OPCODE_I32_TRUNC_SAT_F32_S ... OPCODE_I64_TRUNC_SAT_F64_U] = emit_truncate,
    [IR_GLOBAL_GET] = emit_global_get,
    [IR_GLOBAL_SET] = emit_global_set,
    [IR_SELECT] = emit_select,
    [IR_CALL ... IR_CALL_INDIRECT] = emit_call,
    [IR_RUNTIME] = emit_runtime,
    [IR_FUNCTION_REFERENCE] = emit_function_reference,
    [IR_MEMORY_SIZE] = emit_memory_size,
    [IR_TABLE_SIZE] = emit_table_size,
    [IR_JUMP] = emit_jump,
    [IR_BRANCH] = emit_branch,
    [IR_TABLE] = emit_table,
    [IR_RETURN] = emit_return,
    [IR_TRAP] = emit_trap,
    [IR_TAIL_CALL ... IR_TAIL_CALL_INDIRECT] = emit_tail_call,
};

/* Makes room for the uses of constants that one instruction can have. */
static void instruction_begin(struct emitter *e, u32 n)
{
    e->instruction = n;
    e->blame = n;
    if (!emit_stretch(e, (void **)&e->as.pool_uses, &e->as.pool_use_capacity,
                      e->as.pool_use_count + e->uses_margin, sizeof(*e->as.pool_uses)))
        e->as.full = true;
}

void call_note(struct emitter *e)
{
    u32 depth = 0;
    u32 site = ir_site_of(e->ir, e->instruction);
    for (; site != IR_NO_SITE; site = e->ir->sites[site].outer)
        depth++;
    if (depth != 0 && emit_stretch(e, (void **)&e->inlined, &e->inlined_capacity,
                                   e->inlined_count + 1, sizeof(*e->inlined)))
        e->inlined[e->inlined_count++] = (struct inlined_call){ position(&e->as), depth };
}

/* What has been written since `from` is of the instruction at hand. */
static void instruction_end(struct emitter *e, u32 from)
{
    struct emission *emission = e->emission;
    if (emission->sought >= from && emission->sought < position(&e->as))
        emission->sought_instruction = e->blame;
}

static bool is_well(const struct emitter *e)
{
    return e->status == STATUS_OK && !e->as.full;
}

static void block_emit(struct emitter *e, u32 number)
{
    const struct ir *ir = e->ir;
    const struct ir_block *block = &ir->blocks[number];
    bool is_loop = block->loop != IR_NO_LOOP && ir->loops[block->loop].header == number;
    if (is_loop && !block->is_cold)
        assembler_align(&e->as, LOOP_ALIGNMENT);
    e->starts[number] = position(&e->as);
    e->flags_value = IR_NO_VALUE;
    for (u32 n = block->first; n < block->end && is_well(e); n++) {
        const struct ir_instruction *i = &ir->code[n];
        if (!ir_is_computed(i))
            continue;
        u32 from = position(&e->as);
        instruction_begin(e, n);
        if (emitters[i->op] == NULL)
            e->status = STATUS_LIMIT;
        else
            emitters[i->op](e, i);
        instruction_end(e, from);
    }
}

static void colds_emit(struct emitter *e)
{
    for (u32 n = 0; n < e->cold_count && is_well(e); n++) {
        struct cold cold = e->colds[n];
        u32 from = position(&e->as);
        instruction_begin(e, cold.instruction);
        if (cold.jump != 0)
            encode_link(&e->as, cold.jump, from);
        if (cold.address != 0)
            e->addresses[cold.address - 1].target = from;
        cold.emit(e, &cold);
        if (cold.back != 0 && e->trap_end != position(&e->as))
            encode_jump_back(&e->as, COND_ALWAYS, cold.back);
        instruction_end(e, from);
    }
}

/* ---- The frame ---- */

u32 stack_words(const struct ir *ir, const struct ir_instruction *i)
{
    struct passing passing = { 0 };
    bool has_index = i->op == IR_CALL_INDIRECT || i->op == IR_TAIL_CALL_INDIRECT;
    if (i->op == IR_RUNTIME)
        return is_bulk(ir, i) ? 0 : i->list_count;
    for (u32 n = 0; n + has_index < i->list_count; n++)
        (void)passing_argument(&passing, ir->code[ir->lists[i->list + n]].type);
    return passing.words;
}

/* What the whole function needs. */
static void needs_find(struct emitter *e)
{
    const struct ir *ir = e->ir;
    u32 longest = ir->longest_list;
    bool may_pass_words = ir->has_runtime || longest > INTEGER_ARGUMENTS;
    e->outgoing_words = 0;
    for (u32 n = 0; n < ir->count && may_pass_words; n++) {
        const struct ir_instruction *i = &ir->code[n];
        if (!ir_has_list(i))
            continue;
        u32 words = i->op != IR_RETURN ? stack_words(ir, i) : 0;
        e->outgoing_words = words > e->outgoing_words ? words : e->outgoing_words;
    }
    for (u32 n = 0; n < ir->block_count; n++) {
        u32 count = ir->blocks[n].parameter_count;
        longest = count > longest ? count : longest;
    }
    e->uses_margin = longest + POOL_USES_MIN;
    struct passing passing = { 0 };
    for (u32 n = 0; n < ir->type->parameter_count; n++)
        (void)passing_argument(&passing, ir_type_of(ir->type->types[n]));
    e->incoming_words = passing.words;
}

static void frame_layout(struct emitter *e)
{
    u32 kept = (u32)__builtin_popcountll(e->allocation->used & registers_kept);
    e->saved_bytes = e->outgoing_words * 8;
    e->slot_bytes = e->saved_bytes + kept * 8;
    e->frame_bytes = e->slot_bytes + e->allocation->slot_count * 8;
    if (e->allocation->slot_count + e->incoming_words + e->outgoing_words >=
        PLACE_NONE - PLACE_SLOT)
        e->status = STATUS_LIMIT;
}

static void kept_store(struct emitter *e)
{
    register_set kept = e->allocation->used & registers_kept;
    u32 at = e->saved_bytes;
    for (u32 reg = 0; reg < REGISTER_COUNT; reg++) {
        if ((kept >> reg & 1) == 0)
            continue;
        if (reg < XMM0)
            integer_store(e, rm_at(RSP, (i32)at), reg);
        else
            float_store(e, IR_F64, rm_at(RSP, (i32)at), reg);
        at += 8;
    }
}

static void arguments_take(struct emitter *e)
{
    struct passing passing = { 0 };
    moves_begin(e);
    for (u32 n = 1; n < e->ir->count && ir_at(e, n)->op == IR_ARGUMENT; n++) {
        u8 type = ir_at(e, n)->type;
        u32 from = passing_argument(&passing, type);
        u32 to = e->allocation->places[n];
        if (from == PLACE_NONE)
            from = place_incoming(e, passing.words - 1);
        if (to != PLACE_NONE)
            moves_add(e, n, from, to, type);
    }
    moves_emit(e);
}

static void prologue_emit(struct emitter *e)
{
    struct assembler *as = &e->as;
    instruction_begin(e, 0);
    for (u32 bytes = PROBE_BYTES; bytes < e->frame_bytes; bytes += PROBE_BYTES)
        encode(as, FORM_TEST, RAX, rm_at(RSP, -(i32)bytes));
    e->emission->probe_bytes = position(as);
    e->emission->frame_bytes = e->frame_bytes;
    if (e->frame_bytes != 0)
        encode_alu_immediate(as, ALU_SUB, WIDE, rm_register(RSP), (i32)e->frame_bytes);
    kept_store(e);
    arguments_take(e);
}

/* ---- The whole ---- */

/* Blocks as they come, the cold ones last. */
static void blocks_order(struct emitter *e)
{
    const struct ir *ir = e->ir;
    u32 count = 0;
    for (u32 is_cold = 0; is_cold < 2; is_cold++) {
        for (u32 n = 0; n < ir->block_count; n++) {
            if (ir->blocks[n].is_cold == is_cold)
                e->layout[count++] = n;
        }
    }
}

static void pool_emit(struct emitter *e)
{
    assembler_align(&e->as, POOL_ALIGNMENT);
    u32 start = position(&e->as);
    assembler_link_pool(&e->as, start);
    if (!emit_stretch(e, (void **)&e->address_places, &e->address_place_capacity,
                      e->address_count, sizeof(*e->address_places)))
        return;
    e->emission->addresses = e->address_places;
    e->emission->address_count = e->address_count;
    for (u32 n = 0; n < e->address_count && is_well(e); n++) {
        struct pool_address *address = &e->addresses[n];
        if (address->like)
            address->target = address[-1].target;
        else if (address->is_block)
            address->target = e->starts[address->target];
        else if (address->is_pool)
            address->target = start + address->target * (u32)sizeof(u64);
        e->pool[address->item] = (u64)(uintptr_t)(e->emission->run + address->target);
        e->address_places[n] = start + address->item * (u32)sizeof(u64);
    }
    for (u32 n = 0; n < e->pool_count && is_well(e); n++)
        assembler_put(&e->as, e->pool[n], sizeof(u64));
}

static bool begin(struct emitter *e)
{
    u32 blocks = e->ir->block_count;
    e->jump_count = 0;
    e->cold_count = 0;
    e->pool_count = 0;
    e->pool_constants = 0;
    e->address_count = 0;
    e->as.pool_use_count = 0;
    e->trap_end = UINT32_MAX;
    e->status = STATUS_OK;
    if (!emit_stretch(e, (void **)&e->starts, &e->start_capacity, blocks, sizeof(*e->starts)) ||
        !emit_stretch(e, (void **)&e->layout, &e->layout_capacity, blocks, sizeof(*e->layout)))
        return false;
    __builtin_memset(e->starts, 0xFF, blocks * sizeof(*e->starts));
    blocks_order(e);
    needs_find(e);
    frame_layout(e);
    return e->status == STATUS_OK;
}

static void code_emit(struct emitter *e)
{
    u32 blocks = e->ir->block_count;
    prologue_emit(e);
    for (u32 n = 0; n < blocks && is_well(e); n++) {
        e->next_block = n + 1 < blocks ? e->layout[n + 1] : UINT32_MAX;
        block_emit(e, e->layout[n]);
    }
    e->next_block = UINT32_MAX;
    colds_emit(e);
    for (u32 n = 0; n < e->jump_count && is_well(e); n++)
        encode_link(&e->as, e->jumps[n].jump, e->starts[e->jumps[n].block]);
    pool_emit(e);
}

enum status emit_function(struct emitter *e, const struct ir *ir,
                          const struct allocation *allocation, struct emission *emission)
{
    e->ir = ir;
    e->allocation = allocation;
    e->emission = emission;
    e->as.start = emission->write;
    e->as.at = emission->write;
    e->as.end = emission->write + emission->capacity;
    e->as.full = false;
    emission->sought_instruction = 0;
    emission->sought_is_left = false;
    e->inlined_count = 0;
    if (!begin(e))
        return e->status;
    code_emit(e);
    if (e->status != STATUS_OK)
        return e->status;
    emission->size = position(&e->as);
    emission->inlined = e->inlined;
    emission->inlined_count = e->inlined_count;
    return e->as.full ? STATUS_LIMIT : STATUS_OK;
}

/* ---- The emitter's life ---- */

enum status emitter_create(const struct source *source, struct emitter **emitter)
{
    struct emitter *e = source->take(source->context, sizeof(*e));
    if (e == NULL)
        return STATUS_NO_MEMORY;
    e->source = source;
    e->features = *x86_64_features();
    *emitter = e;
    return STATUS_OK;
}

void emitter_destroy(struct emitter *e)
{
    const struct source *source = e->source;
    stretch_give(source, e->starts, e->start_capacity, sizeof(*e->starts));
    stretch_give(source, e->layout, e->layout_capacity, sizeof(*e->layout));
    stretch_give(source, e->jumps, e->jump_capacity, sizeof(*e->jumps));
    stretch_give(source, e->colds, e->cold_capacity, sizeof(*e->colds));
    stretch_give(source, e->pool, e->pool_capacity, sizeof(*e->pool));
    stretch_give(source, e->addresses, e->address_capacity, sizeof(*e->addresses));
    stretch_give(source, e->inlined, e->inlined_capacity, sizeof(*e->inlined));
    stretch_give(source, e->address_places, e->address_place_capacity,
                 sizeof(*e->address_places));
    stretch_give(source, e->moves, e->move_capacity, sizeof(*e->moves));
    stretch_give(source, e->ordered, e->ordered_capacity, sizeof(*e->ordered));
    stretch_give(source, e->as.pool_uses, e->as.pool_use_capacity, sizeof(*e->as.pool_uses));
    source->give(source->context, e, sizeof(*e));
}
