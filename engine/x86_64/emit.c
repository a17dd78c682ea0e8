/* A function: its frame, its blocks, and what stands behind them. */
#include "engine/x86_64/emit.h"

#include "engine/stretch.h"
#include "engine/x86_64/features.h"

void emit_fail(struct emitter *e, enum status status)
{
    if (e->status == STATUS_OK)
        e->status = status;
}

/* ---- Jumps ---- */

static bool fixup_add(struct emitter *e, u32 at, u32 block)
{
    if (!stretch(e->source, (void **)&e->jumps, &e->jump_capacity, e->jump_count + (usize)1,
                 sizeof(*e->jumps))) {
        emit_fail(e, STATUS_NO_MEMORY);
        return false;
    }
    e->jumps[e->jump_count++] = (struct fixup){ at, block };
    return true;
}

void emit_jump(struct emitter *e, u32 block)
{
    (void)fixup_add(e, x86_jump(&e->as), block);
}

void emit_jump_if(struct emitter *e, enum condition condition, u32 block)
{
    (void)fixup_add(e, x86_jump_if(&e->as, condition), block);
}

struct cold *emit_cold(struct emitter *e, enum cold_kind kind, u32 jump, u32 detail)
{
    static struct cold nowhere;
    if (!stretch(e->source, (void **)&e->colds, &e->cold_capacity, e->cold_count + (usize)1,
                 sizeof(*e->colds))) {
        emit_fail(e, STATUS_NO_MEMORY);
        return &nowhere;
    }
    struct cold *cold = &e->colds[e->cold_count++];
    *cold = (struct cold){
        .kind = (u8)kind, .instruction = e->at, .jump = jump, .detail = detail
    };
    return cold;
}

void emit_trap_if(struct emitter *e, enum condition condition, enum trap trap)
{
    (void)emit_cold(e, COLD_TRAP, x86_jump_if(&e->as, condition), trap);
}

static void trap_here(struct emitter *e, u32 trap)
{
    x86_constant(&e->as, RAX, trap, false);
    x86_memory(&e->as, 0xFF, 2,
               x86_at(EXECUTION, (i32)offsetof(struct execution, natives.trap)), 0);
}

/* ---- One instruction ---- */

static void emit_one(struct emitter *e, const struct ir_instruction *i)
{
    u32 op = i->op;
    if (ir_is_end(i)) {
        if (op == IR_TRAP)
            trap_here(e, (u32)i->bits);
        else if (op >= IR_TAIL_CALL)
            emit_tail_call(e, i);
        else
            emit_branch(e, i);
    } else if (ir_is_call(i)) {
        if (op == IR_RUNTIME)
            emit_runtime(e, i);
        else
            emit_call(e, i);
    } else if (op == IR_SELECT) {
        emit_select(e, i);
    } else if (op >= OPCODE_COUNT) {
        emit_state(e, i);
    } else if (ir_is_load(i)) {
        emit_load(e, i);
    } else if (ir_is_store(i)) {
        emit_store(e, i);
    } else if (op >= OPCODE_I32_EQZ && op <= OPCODE_F64_GE) {
        emit_compare(e, i);
    } else if ((op >= OPCODE_I32_DIV_S && op <= OPCODE_I32_REM_U) ||
               (op >= OPCODE_I64_DIV_S && op <= OPCODE_I64_REM_U)) {
        emit_divide(e, i);
    } else if (op >= OPCODE_F32_ABS && op <= OPCODE_F64_COPYSIGN) {
        emit_float(e, i);
    } else if (op <= OPCODE_I64_ROTR || op == OPCODE_I32_WRAP_I64 ||
               op == OPCODE_I64_EXTEND_I32_S || op == OPCODE_I64_EXTEND_I32_U ||
               (op >= OPCODE_I32_EXTEND8_S && op <= OPCODE_I64_EXTEND32_S)) {
        emit_integer(e, i);
    } else {
        emit_convert(e, i);
    }
}

static bool is_emitted(const struct ir_instruction *i)
{
    switch (i->op) {
    case IR_NOTHING:
    case IR_BLOCK:
    case IR_PARAMETER:
    case IR_ARGUMENT:
    case IR_CONSTANT:
    case IR_RESULT:
        return false;
    default:
        return !i->folded && (i->uses != 0 || ir_acts(i));
    }
}

/* Whether the byte that is sought lies between there and here. */
static void seek(struct emitter *e, u32 start, u32 instruction)
{
    struct emission *emission = e->emission;
    if (emission->sought >= start && emission->sought < x86_position(&e->as))
        emission->sought_offset = emit_get(e, instruction)->offset;
}

/* A load that is part of another instruction is what may trap in it. */
static u32 who_traps(const struct emitter *e, u32 instruction)
{
    const struct ir_instruction *i = emit_get(e, instruction);
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    if (ir_is_load(i) || ir_is_store(i) || ir_is_call(i) || ir_is_end(i))
        if (i->op != IR_BRANCH)
            return instruction;
    const u32 *operands = ir_operands(e->ir, i, small, &count);
    for (u32 n = 0; n < count; n++) {
        const struct ir_instruction *operand = emit_get(e, operands[n]);
        if (!operand->folded)
            continue;
        if (ir_is_load(operand))
            return operands[n];
        u32 within = who_traps(e, operands[n]);
        if (within != operands[n])
            return within;
    }
    return instruction;
}

static void emit_block(struct emitter *e, u32 number)
{
    const struct ir_block *block = &e->ir->blocks[number];
    e->labels[number] = x86_position(&e->as);
    for (u32 n = block->first; n < block->end && e->status == STATUS_OK; n++) {
        const struct ir_instruction *i = emit_get(e, n);
        if (!is_emitted(i))
            continue;
        u32 start = x86_position(&e->as);
        e->at = n;
        emit_one(e, i);
        if (e->emission->sought != UINT32_MAX)
            seek(e, start, who_traps(e, n));
        if (e->as.full)
            emit_fail(e, STATUS_LIMIT);
    }
}

/* ---- The order of blocks: those that run seldom come last ---- */

static u32 next_block(const struct ir *ir, u32 number, bool cold)
{
    for (u32 n = number; n < ir->block_count; n++)
        if (ir->blocks[n].is_cold == cold)
            return n;
    return UINT32_MAX;
}

static void emit_blocks(struct emitter *e)
{
    const struct ir *ir = e->ir;
    u32 first_cold = next_block(ir, 1, true);
    u32 number = 0;
    while (number != UINT32_MAX && e->status == STATUS_OK) {
        bool cold = number != 0 && ir->blocks[number].is_cold;
        u32 next = next_block(ir, number + 1, cold);
        if (next == UINT32_MAX && !cold)
            next = first_cold;
        e->next = next;
        emit_block(e, number);
        number = next;
    }
}

/* ---- The frame ---- */

enum { PROBE_BYTES = 32 << 10 }; /* less than the guard below the stack */

static u32 set_size(register_set set)
{
    return (u32)__builtin_popcountll(set);
}

void emit_callee_saved(struct emitter *e, bool stores)
{
    register_set saved = e->allocation->used & x86_64_callee_saved;
    u32 offset = e->saved;
    for (u32 reg = 0; reg < REGISTER_COUNT; reg++) {
        if ((saved >> reg & 1) == 0)
            continue;
        if (reg < XMM)
            x86_memory(&e->as, (stores ? 0x89 : 0x8B) | WIDE, reg, x86_at(RSP, (i32)offset), 0);
        else
            x86_memory(&e->as, (stores ? 0x11 : 0x10) | MAP_0F | PREFIX_F2, reg - XMM,
                       x86_at(RSP, (i32)offset), 0);
        offset += 8;
    }
}

/* A large frame touches its pages before it is there, from the top on, so that it cannot step over
 * the guard. */
static void frame_make(struct emitter *e)
{
    u32 outgoing = emit_outgoing(e);
    register_set saved = e->allocation->used & x86_64_callee_saved;
    e->saved = outgoing;
    e->slots = outgoing + set_size(saved) * 8;
    e->frame = e->slots + e->allocation->slot_count * 8;
    for (u32 depth = PROBE_BYTES; depth <= e->frame; depth += PROBE_BYTES)
        x86_alu_memory_immediate(&e->as, ALU_OR, x86_at(RSP, -(i32)depth), 0);
    e->emission->probe_bytes = x86_position(&e->as);
    if (e->frame != 0)
        x86_alu_immediate(&e->as, ALU_SUB | WIDE, RSP, (i32)e->frame);
    emit_callee_saved(e, true);
}

/* ---- What stands behind the function ---- */

static void emit_one_cold(struct emitter *e, const struct cold *cold)
{
    switch (cold->kind) {
    case COLD_TRAP:
        trap_here(e, cold->detail);
        break;
    case COLD_EDGE:
        e->next = UINT32_MAX;
        emit_edge(e, cold->detail);
        break;
    case COLD_INDIRECT:
        emit_cold_indirect(e, cold);
        break;
    case COLD_HOST:
        emit_cold_host(e, cold);
        break;
    case COLD_DIVIDE:
        emit_cold_divide(e, cold);
        break;
    default:
        emit_cold_convert(e, cold);
    }
}

/* More may be added on the way. */
static void emit_colds(struct emitter *e)
{
    for (u32 n = 0; n < e->cold_count && e->status == STATUS_OK; n++) {
        struct cold cold = e->colds[n];
        u32 start = x86_position(&e->as);
        e->at = cold.instruction;
        x86_link(&e->as, cold.jump, start);
        emit_one_cold(e, &cold);
        if (e->emission->sought != UINT32_MAX)
            seek(e, start, cold.instruction);
        if (e->as.full)
            emit_fail(e, STATUS_LIMIT);
    }
}

/* Where a word of a br_table leads: to the block, or to the moves on the way there. */
static void table_targets(struct emitter *e)
{
    u32 made = UINT32_MAX, made_at = 0;
    for (u32 n = 0; n < e->address_count && e->status == STATUS_OK; n++) {
        struct fixup *address = &e->addresses[n];
        if (address->target == UINT32_MAX)
            continue;
        const struct ir_edge *edge = &e->ir->edges[address->target];
        const struct ir_edge *before = made == UINT32_MAX ? NULL : &e->ir->edges[made];
        if (before == NULL || before->to != edge->to || before->arguments != edge->arguments) {
            made = address->target;
            made_at = x86_position(&e->as);
            e->next = UINT32_MAX;
            emit_edge(e, made);
        }
        e->pool[address->at] = made_at;
        if (e->as.full)
            emit_fail(e, STATUS_LIMIT);
    }
}

static void pool_put(struct emitter *e)
{
    u64 run = (u64)(uintptr_t)e->emission->run;
    while ((run + x86_position(&e->as)) % 16 != 0 && !e->as.full) {
        x86_room(&e->as);
        x86_byte(&e->as, 0xCC);
    }
    u32 start = x86_position(&e->as);
    for (u32 n = 0; n < e->address_count; n++) {
        const struct fixup *address = &e->addresses[n];
        u64 *word = &e->pool[address->at];
        *word = run + (address->target == UINT32_MAX ? start + *word * sizeof(u64) : *word);
    }
    for (u32 n = 0; n < e->pool_count && !e->as.full; n++) {
        x86_room(&e->as);
        x86_u64(&e->as, e->pool[n]);
    }
    for (u32 n = 0; n < e->load_count; n++)
        x86_link(&e->as, e->loads[n].at, start + e->loads[n].target * (u32)sizeof(u64));
}

/* ---- One function ---- */

static bool begin(struct emitter *e, const struct ir *ir, const struct allocation *allocation,
                  struct emission *emission)
{
    e->ir = ir;
    e->allocation = allocation;
    e->emission = emission;
    e->status = STATUS_OK;
    e->as = (struct assembler){
        .start = emission->write,
        .at = emission->write,
        .end = emission->write + emission->capacity,
    };
    e->jump_count = e->load_count = e->address_count = e->pool_count = e->cold_count = 0;
    e->pool_shared = 0;
    if (emission->capacity < INSTRUCTION_BYTES_MAX) {
        emit_fail(e, STATUS_LIMIT);
        return false;
    }
    if (!stretch(e->source, (void **)&e->labels, &e->label_capacity, ir->block_count,
                 sizeof(*e->labels)))
        emit_fail(e, STATUS_NO_MEMORY);
    return e->status == STATUS_OK;
}

enum status emit_run(struct emitter *e, const struct ir *ir, const struct allocation *allocation,
                     struct emission *emission)
{
    if (!begin(e, ir, allocation, emission))
        return e->status;
    e->at = 0;
    frame_make(e);
    emit_arguments(e);
    emit_blocks(e);
    emit_colds(e);
    table_targets(e);
    if (e->status == STATUS_OK)
        pool_put(e);
    if (e->as.full)
        emit_fail(e, STATUS_LIMIT);
    if (e->status != STATUS_OK)
        return e->status;
    for (u32 n = 0; n < e->jump_count; n++)
        x86_link(&e->as, e->jumps[n].at, e->labels[e->jumps[n].target]);
    emission->size = x86_position(&e->as);
    emission->frame_bytes = e->frame;
    return STATUS_OK;
}

enum status emitter_create(const struct source *source, struct emitter **emitter)
{
    struct emitter *new = source->take(source->context, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    const struct x86_64_features *features = x86_64_features();
    *new = (struct emitter){
        .source = source,
        .has_lzcnt = features->has_lzcnt,
        .has_bmi1 = features->has_bmi1,
        .has_bmi2 = features->has_bmi2,
    };
    *emitter = new;
    return STATUS_OK;
}

void emitter_destroy(struct emitter *e)
{
    const struct source *source = e->source;
    stretch_give(source, e->labels, e->label_capacity, sizeof(*e->labels));
    stretch_give(source, e->jumps, e->jump_capacity, sizeof(*e->jumps));
    stretch_give(source, e->loads, e->load_capacity, sizeof(*e->loads));
    stretch_give(source, e->addresses, e->address_capacity, sizeof(*e->addresses));
    stretch_give(source, e->pool, e->pool_capacity, sizeof(*e->pool));
    stretch_give(source, e->colds, e->cold_capacity, sizeof(*e->colds));
    stretch_give(source, e->moves, e->move_capacity, sizeof(*e->moves));
    stretch_give(source, e->ordered, e->ordered_capacity, sizeof(*e->ordered));
    source->give(source->context, e, sizeof(*e));
}
