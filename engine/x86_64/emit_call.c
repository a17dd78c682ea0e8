/* Calls, and the other side of them. */
#include "engine/x86_64/emit.h"

enum { CALL = 2, JUMP = 4, LOAD_WIDE = 0x8B | WIDE };

static i32 execution_at(usize offset)
{
    return (i32)offset;
}

/* ---- Who is called ---- */

static const struct function_type *callee_type(const struct emitter *e,
                                               const struct ir_instruction *i)
{
    const struct module *module = e->ir->module;
    bool is_indirect = i->op == IR_CALL_INDIRECT || i->op == IR_TAIL_CALL_INDIRECT;
    return is_indirect ? module->types[(u32)i->bits] : module->functions[i->bits].type;
}

static u32 stack_words(const struct function_type *type)
{
    struct convention convention = { 0 };
    for (u32 n = 0; n < type->parameter_count; n++)
        (void)convention_argument(&convention, convention_type(type->types[n]));
    return convention.words;
}

/* rax = an imported function. */
static void import_load(struct emitter *e, u32 function)
{
    x86_memory(&e->as, LOAD_WIDE, RAX,
               x86_at(EXECUTION, execution_at(offsetof(struct execution, instance))), 0);
    x86_memory(&e->as, LOAD_WIDE, RAX, x86_at(RAX, (i32)offsetof(struct instance, functions)), 0);
    x86_memory(&e->as, LOAD_WIDE, RAX, x86_at(RAX, (i32)(function * sizeof(void *))), 0);
}

/* SCRATCH = a table of the running instance. */
static void table_load(struct emitter *e, u32 table)
{
    if (table == 0) {
        x86_memory(&e->as, LOAD_WIDE, SCRATCH,
                   x86_at(EXECUTION, execution_at(offsetof(struct execution, table0))), 0);
        return;
    }
    x86_memory(&e->as, LOAD_WIDE, SCRATCH,
               x86_at(EXECUTION, execution_at(offsetof(struct execution, instance))), 0);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(SCRATCH, (i32)offsetof(struct instance, tables)),
               0);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(SCRATCH, (i32)(table * sizeof(void *))), 0);
}

/* rax = the function in the table at the index in rax; gives the jump for one whose tag is not that
 * of the type and the running instance. */
static u32 element_load(struct emitter *e, const struct ir_instruction *i)
{
    u32 id = e->ir->module->types[(u32)i->bits]->id;
    table_load(e, (u32)(i->bits >> 32));
    x86_memory(&e->as, 0x3B | WIDE, RAX, x86_at(SCRATCH, (i32)offsetof(struct table, size)), 0);
    emit_trap_if(e, COND_AE, TRAP_UNDEFINED_ELEMENT);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(SCRATCH, (i32)offsetof(struct table, elements)),
               0);
    x86_memory(&e->as, LOAD_WIDE, RAX, (struct x86_memory){ SCRATCH, RAX, 3, 0 }, 0);
    x86_registers(&e->as, 0x85 | WIDE, RAX, RAX);
    emit_trap_if(e, COND_E, TRAP_UNINITIALIZED_ELEMENT);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH,
               x86_at(EXECUTION, execution_at(offsetof(struct execution, tag))), 0);
    if (id >= 1u << TAG_TYPE_BITS)
        emit_fail(e, STATUS_LIMIT);
    x86_alu_immediate(&e->as, ALU_ADD | WIDE, SCRATCH, (i32)id);
    x86_memory(&e->as, 0x3B | WIDE, SCRATCH, x86_at(RAX, (i32)offsetof(struct function, tag)), 0);
    return x86_jump_if(&e->as, COND_NE);
}

/* To itself, or through the code pointer of a function of the module. */
static void go_function(struct emitter *e, u32 digit, u32 function)
{
    if (function == e->ir->function && digit == CALL) {
        x86_room(&e->as);
        x86_byte(&e->as, 0xE8);
        x86_u32(&e->as, 0u - (x86_position(&e->as) + 4));
        return;
    }
    const u8 *pointer = e->emission->entries + function * sizeof(u64);
    i64 distance = pointer - e->emission->run;
    x86_memory(&e->as, 0xFF, digit, x86_at(RIP, (i32)distance), 0);
}

static void go_object(struct emitter *e, u32 digit, usize entry)
{
    x86_memory(&e->as, 0xFF, digit, x86_at(RAX, (i32)entry), 0);
}

static void go_native(struct emitter *e, usize native)
{
    x86_memory(&e->as, 0xFF, CALL, x86_at(EXECUTION, execution_at(native)), 0);
}

/* ---- Arguments ---- */

/* A value into eight bytes at [rsp + offset]. */
static void stack_store(struct emitter *e, u32 value, u32 offset)
{
    struct x86_memory to = x86_at(RSP, (i32)offset);
    u16 place = emit_place(e, value);
    u64 bits;
    if (emit_is_constant(e, value, &bits) && (i64)bits == (i32)bits) {
        x86_memory(&e->as, 0xC7 | WIDE, 0, to, 4);
        x86_u32(&e->as, (u32)bits);
        return;
    }
    if (place < XMM) {
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

/* All where the callee expects them, those on the stack from [rsp + stack] on. The index of an
 * indirect call, which is behind them, goes to rax. */
static void arguments_place(struct emitter *e, const struct ir_instruction *i, u32 stack)
{
    const u32 *values = e->ir->lists + i->list;
    u32 count = callee_type(e, i)->parameter_count;
    struct convention convention = { 0 };
    emit_moves_begin(e);
    for (u32 n = 0; n < count; n++) {
        u32 words = convention.words;
        u16 place = convention_argument(&convention, emit_get(e, values[n])->type);
        if (place == PLACE_NONE)
            stack_store(e, values[n], stack + words * 8);
        else
            emit_move_add(e, values[n], place);
    }
    if (count != i->list_count)
        emit_move_add(e, values[count], RAX);
    emit_moves_end(e);
    /* The index is an i32; what is above it in a register is zero already. */
}

void emit_arguments(struct emitter *e)
{
    const struct function_type *type = e->ir->type;
    struct convention convention = { 0 };
    emit_moves_begin(e);
    for (u32 n = 0; n < type->parameter_count; n++) {
        u8 of = convention_type(type->types[n]);
        u16 from = convention_argument(&convention, of);
        if (from != PLACE_NONE && emit_get(e, 1 + n)->uses != 0)
            emit_move_raw(e, from, emit_place(e, 1 + n), of);
    }
    emit_moves_end(e);
    convention = (struct convention){ 0 };
    for (u32 n = 0; n < type->parameter_count; n++) {
        u32 word = convention.words;
        u16 to = emit_place(e, 1 + n);
        if (convention_argument(&convention, convention_type(type->types[n])) != PLACE_NONE ||
            to == PLACE_NONE)
            continue;
        struct x86_memory from = x86_at(RSP, (i32)(e->frame + 8 + word * 8));
        if (to < XMM) {
            x86_memory(&e->as, LOAD_WIDE, to, from, 0);
            continue;
        }
        u32 reg = to < PLACE_SLOT ? to - (u32)XMM : (u32)SCRATCH_FLOAT;
        x86_memory(&e->as, 0x10 | MAP_0F | PREFIX_F2, reg, from, 0);
        if (to >= PLACE_SLOT)
            x86_memory(&e->as, 0x11 | MAP_0F | PREFIX_F2, reg, emit_slot(e, to), 0);
    }
}

/* ---- What lives across a call in a register that it changes ---- */

static u32 saved_first(const struct emitter *e)
{
    const struct saved *saved = e->allocation->saved;
    u32 low = 0;
    for (u32 high = e->allocation->saved_count; low < high;) {
        u32 middle = low + (high - low) / 2;
        if (saved[middle].call < e->at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void saved_move(struct emitter *e, bool stores)
{
    for (u32 n = saved_first(e); n < e->allocation->saved_count; n++) {
        const struct saved *saved = &e->allocation->saved[n];
        if (saved->call != e->at)
            return;
        u16 place = emit_place(e, saved->value);
        struct x86_memory slot = x86_at(RSP, (i32)(e->slots + saved->slot * 8u));
        if (place < XMM)
            x86_memory(&e->as, (stores ? 0x89 : 0x8B) | WIDE, place, slot, 0);
        else
            x86_memory(&e->as, (stores ? 0x11 : 0x10) | MAP_0F | PREFIX_F2, place - (u32)XMM, slot,
                       0);
    }
}

/* ---- Results ---- */

/* The value that the n-th result is: the call itself, or what follows it. */
static u32 result_value(const struct emitter *e, u32 n)
{
    return e->at + n;
}

static void result_load(struct emitter *e, u32 value, u32 index)
{
    u16 to = emit_place(e, value);
    if (to == PLACE_NONE)
        return;
    x86_memory(&e->as, LOAD_WIDE, SCRATCH,
               x86_at(EXECUTION, execution_at(offsetof(struct execution, results))), 0);
    struct x86_memory from = x86_at(SCRATCH, (i32)(index * sizeof(u64)));
    if (to < XMM) {
        u32 wide = emit_get(e, value)->type == IR_I64 ? WIDE : 0;
        x86_memory(&e->as, 0x8B | wide, to, from, 0);
        return;
    }
    u32 reg = to < PLACE_SLOT ? to - (u32)XMM : (u32)SCRATCH_FLOAT;
    x86_memory(&e->as, 0x10 | MAP_0F | PREFIX_F2, reg, from, 0);
    if (to >= PLACE_SLOT)
        x86_memory(&e->as, 0x11 | MAP_0F | PREFIX_F2, reg, emit_slot(e, to), 0);
}

static void results_take(struct emitter *e, const struct function_type *type)
{
    const value_type *types = type->types + type->parameter_count;
    struct convention convention = { 0 };
    emit_moves_begin(e);
    for (u32 n = 0; n < type->result_count; n++) {
        u8 of = convention_type(types[n]);
        u16 from = convention_result(&convention, of);
        u32 value = result_value(e, n);
        if (from != PLACE_NONE && emit_get(e, value)->uses != 0)
            emit_move_raw(e, from, emit_place(e, value), of);
    }
    emit_moves_end(e);
    convention = (struct convention){ 0 };
    for (u32 n = 0; n < type->result_count; n++)
        if (convention_result(&convention, convention_type(types[n])) == PLACE_NONE &&
            emit_get(e, result_value(e, n))->uses != 0)
            result_load(e, result_value(e, n), n);
}

/* ---- Calls ---- */

static void call_indirect(struct emitter *e, const struct ir_instruction *i)
{
    u32 id = e->ir->module->types[(u32)i->bits]->id;
    struct cold *cold = emit_cold(e, COLD_INDIRECT, element_load(e, i), id);
    go_object(e, CALL, offsetof(struct function, native));
    cold->back = x86_position(&e->as);
}

/* A function in rax of the host, or of any instance, in place of this one. What the host does is
 * called, so that this function is there if it traps. */
static void go_far(struct emitter *e)
{
    x86_alu_memory_immediate(&e->as, ALU_CMP | WIDE,
                             x86_at(RAX, (i32)offsetof(struct function, instance)), 0);
    (void)emit_cold(e, COLD_HOST, x86_jump_if(&e->as, COND_E), 0);
    emit_leave(e);
    go_object(e, JUMP, offsetof(struct function, far));
}

void emit_cold_host(struct emitter *e, const struct cold *cold)
{
    u32 words = stack_words(callee_type(e, emit_get(e, cold->instruction)));
    for (u32 n = 0; n < words; n++) {
        x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(RSP, (i32)(e->frame + 8 + n * 8)), 0);
        x86_memory(&e->as, 0x89 | WIDE, SCRATCH, x86_at(RSP, (i32)(n * 8)), 0);
    }
    go_object(e, CALL, offsetof(struct function, far));
    emit_leave(e);
    x86_room(&e->as);
    x86_byte(&e->as, 0xC3);
}

/* Another type, or another instance. */
void emit_cold_indirect(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = emit_get(e, cold->instruction);
    if (i->op == IR_CALL_INDIRECT) {
        x86_constant(&e->as, SCRATCH, cold->detail, false);
        go_native(e, offsetof(struct execution, natives.indirect));
        x86_link(&e->as, x86_jump(&e->as), cold->back);
        return;
    }
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(RAX, (i32)offsetof(struct function, type)), 0);
    x86_alu_memory_immediate(&e->as, ALU_CMP,
                             x86_at(SCRATCH, (i32)offsetof(struct function_type, id)),
                             (i32)cold->detail);
    emit_trap_if(e, COND_NE, TRAP_INDIRECT_CALL_TYPE);
    go_far(e);
}

void emit_call(struct emitter *e, const struct ir_instruction *i)
{
    saved_move(e, true);
    arguments_place(e, i, 0);
    if (i->op == IR_CALL) {
        go_function(e, CALL, (u32)i->bits);
    } else if (i->op == IR_CALL_IMPORT) {
        import_load(e, (u32)i->bits);
        go_object(e, CALL, offsetof(struct function, far));
    } else {
        call_indirect(e, i);
    }
    results_take(e, callee_type(e, i));
    saved_move(e, false);
}

void emit_runtime(struct emitter *e, const struct ir_instruction *i)
{
    const u32 *values = e->ir->lists + i->list;
    saved_move(e, true);
    for (u32 n = 0; n < i->list_count; n++)
        stack_store(e, values[n], n * 8);
    x86_constant(&e->as, SCRATCH, i->bits, false);
    go_native(e, offsetof(struct execution, natives.runtime));
    if (emit_place(e, e->at) != PLACE_NONE)
        emit_result_done(e, RAX);
    saved_move(e, false);
}

void emit_tail_call(struct emitter *e, const struct ir_instruction *i)
{
    if (stack_words(callee_type(e, i)) > stack_words(e->ir->type))
        emit_fail(e, STATUS_LIMIT); /* the callee's arguments have no room where ours were */
    arguments_place(e, i, e->frame + 8);
    if (i->op == IR_TAIL_CALL) {
        emit_leave(e);
        go_function(e, JUMP, (u32)i->bits);
    } else if (i->op == IR_TAIL_CALL_IMPORT) {
        import_load(e, (u32)i->bits);
        go_far(e);
    } else {
        u32 id = e->ir->module->types[(u32)i->bits]->id;
        (void)emit_cold(e, COLD_INDIRECT, element_load(e, i), id);
        emit_leave(e);
        go_object(e, JUMP, offsetof(struct function, native));
    }
}

u32 emit_outgoing(const struct emitter *e)
{
    u32 words = 0;
    for (u32 n = 0; n < e->ir->count; n++) {
        const struct ir_instruction *i = &e->ir->code[n];
        u32 own = 0;
        if (i->op == IR_RUNTIME)
            own = i->list_count;
        else if ((i->op >= IR_CALL && i->op <= IR_CALL_INDIRECT) || i->op >= IR_TAIL_CALL)
            own = stack_words(callee_type(e, i));
        if (own > words)
            words = own;
    }
    return words * 8;
}
