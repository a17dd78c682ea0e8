/* Calls: of the module, of imports, by tables, of the runtime. */
#include "engine/x86_64/emit.h"

/* ---- Values that live across calls ---- */

static u32 saved_first(const struct allocation *allocation, u32 call)
{
    u32 low = 0;
    u32 high = allocation->saved_count;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (allocation->saved[middle].call < call)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void saved_move(struct emitter *e, bool is_before)
{
    const struct allocation *allocation = e->allocation;
    u32 call = e->instruction;
    for (u32 n = saved_first(allocation, call);
         n < allocation->saved_count && allocation->saved[n].call == call; n++) {
        const struct saved *saved = &allocation->saved[n];
        struct rm slot = rm_of_place(e, PLACE_SLOT + (u32)saved->slot);
        u8 type = ir_at(e, saved->value)->type;
        u32 reg = allocation->places[saved->value];
        if (is_before && ir_is_float(type))
            float_store(e, type, slot, reg);
        else if (is_before)
            integer_store(e, slot, reg);
        else if (ir_is_float(type))
            float_load(e, type, reg, slot);
        else
            encode(&e->as, FORM_MOV | WIDE, reg, slot);
    }
}

/* ---- Arguments and results ---- */

/* To where the callee finds them: words on the stack begin at `stack`. The index of an indirect
 * call goes to rax. */
static void arguments_place(struct emitter *e, const struct ir_instruction *i, u32 stack)
{
    const u32 *values = e->ir->lists + i->list;
    bool has_index = i->op == IR_CALL_INDIRECT || i->op == IR_TAIL_CALL_INDIRECT;
    struct passing passing = { 0 };
    moves_begin(e);
    for (u32 n = 0; n + has_index < i->list_count; n++) {
        u16 place = passing_argument(&passing, ir_at(e, values[n])->type);
        moves_add_value(e, values[n], place != PLACE_NONE ? place : stack + passing.words - 1);
    }
    if (has_index)
        moves_add_value(e, values[i->list_count - 1], RAX);
    moves_emit(e);
}

static bool is_result(const struct emitter *e, u32 value)
{
    const struct ir_instruction *i = ir_at(e, value);
    return value == e->instruction ||
           (value < e->ir->count && i->op == IR_RESULT && i->a == e->instruction);
}

static void result_from_memory(struct emitter *e, u32 value, u32 index)
{
    u32 place = e->allocation->places[value];
    u8 type = ir_at(e, value)->type;
    struct rm from = rm_at(SCRATCH, (i32)(index * sizeof(u64)));
    if (place == PLACE_NONE)
        return;
    if (place >= PLACE_SLOT) {
        float_load(e, IR_F64, FLOAT_SCRATCH, from);
        float_store(e, IR_F64, rm_of_place(e, place), FLOAT_SCRATCH);
    } else if (ir_is_float(type)) {
        float_load(e, type, place, from);
    } else {
        encode(&e->as, FORM_MOV | wide_of(type), place, from);
    }
}

/* Those in registers first, so that these are free for the others. */
static void results_take(struct emitter *e)
{
    struct passing passing = { 0 };
    bool has_memory = false;
    moves_begin(e);
    if (ir_at(e, e->instruction)->type == IR_NONE)
        return;
    for (u32 value = e->instruction; is_result(e, value); value++) {
        u16 from = passing_result(&passing, ir_at(e, value)->type);
        has_memory |= from == PLACE_NONE;
        if (from != PLACE_NONE && e->allocation->places[value] != PLACE_NONE)
            moves_add(e, value, from, e->allocation->places[value], ir_at(e, value)->type);
    }
    moves_emit(e);
    if (!has_memory)
        return;
    encode(&e->as, FORM_MOV | WIDE, SCRATCH,
           rm_at(EXECUTION, (i32)offsetof(struct execution, results)));
    passing = (struct passing){ 0 };
    for (u32 value = e->instruction; is_result(e, value); value++) {
        if (passing_result(&passing, ir_at(e, value)->type) == PLACE_NONE)
            result_from_memory(e, value, value - e->instruction);
    }
}

/* ---- Who is called ---- */

/* Where the code pointer of a function of the module is. */
static struct rm entry_of(const struct emitter *e, u32 function)
{
    const u8 *entry = e->emission->entries + function * sizeof(u64);
    return rm_at(BASE_CODE, (i32)(entry - e->emission->run));
}

/* Into rax. */
static void import_load(struct emitter *e, u32 function)
{
    instance_field(e, offsetof(struct instance, functions), RAX);
    encode(&e->as, FORM_MOV | WIDE, RAX, rm_at(RAX, (i32)(function * sizeof(u64))));
}

/* From the index to the function in rax. An index beyond the table is made 0 by a conditional move, so
 * that nothing is speculated on what is behind it (decision 0034). */
static void element_load(struct emitter *e, u32 table)
{
    struct assembler *as = &e->as;
    if (table == 0) {
        encode(as, FORM_MOV | WIDE, SCRATCH,
               rm_at(EXECUTION, (i32)offsetof(struct execution, table0)));
    } else {
        instance_field(e, offsetof(struct instance, tables), SCRATCH);
        encode(as, FORM_MOV | WIDE, SCRATCH, rm_at(SCRATCH, (i32)(table * sizeof(u64))));
    }
    encode_alu(as, ALU_CMP, WIDE, RAX, rm_at(SCRATCH, (i32)offsetof(struct table, size)));
    trap_if(e, COND_AE, TRAP_UNDEFINED_ELEMENT);
    encode(as, FORM_MOV | WIDE, SCRATCH, rm_at(SCRATCH, (i32)offsetof(struct table, elements)));
    encode(as, (FORM_CMOV + COND_AE) | WIDE, RAX, pool_item(e, 0));
    encode(as, FORM_MOV | WIDE, RAX, (struct rm){ SCRATCH, RAX, 3, true, 0 });
    encode(as, FORM_TEST | WIDE, RAX, rm_register(RAX));
    trap_if(e, COND_E, TRAP_UNINITIALIZED_ELEMENT);
}

/* Whether the function has the type and is of this instance: the condition that it does not. Types
 * with large numbers have no tags, so these never do. */
static enum code_condition tag_compare(struct emitter *e, u32 number)
{
    if (number >= 1u << TAG_TYPE_BITS)
        return COND_ALWAYS;
    encode(&e->as, FORM_MOV | WIDE, SCRATCH,
           rm_at(EXECUTION, (i32)offsetof(struct execution, tag)));
    if (number != 0)
        encode_alu_immediate(&e->as, ALU_ADD, WIDE, rm_register(SCRATCH), (i32)number);
    encode_alu(&e->as, ALU_CMP, WIDE, SCRATCH, rm_at(RAX, (i32)offsetof(struct function, tag)));
    return COND_NE;
}

/* The module's own number of the type: code may be kept for runs in which ids are others. */
static u32 type_number(const struct emitter *e, const struct ir_instruction *i)
{
    return e->ir->module->types[i->c]->number;
}

static struct rm native_stub(usize offset)
{
    return rm_at(EXECUTION, (i32)offset);
}

/* A function of the host has no frame of its own in a record of its trap, so ours has to be there:
 * it is called, and we return. */
static void host_cold(struct emitter *e, const struct cold *cold)
{
    u32 words = stack_words(e->ir, ir_at(e, cold->instruction));
    for (u32 n = 0; n < words; n++) {
        encode(&e->as, FORM_MOV | WIDE, SCRATCH, rm_of_place(e, place_incoming(e, n)));
        integer_store(e, rm_of_place(e, place_outgoing(e, n)), SCRATCH);
    }
    encode(&e->as, FORM_CALL, DIGIT_CALL, rm_at(RAX, (i32)offsetof(struct function, far)));
    epilogue_emit(e);
    encode_plain(&e->as, FORM_RET);
}

/* To the function in rax, of whatever instance. */
static void tail_far(struct emitter *e)
{
    encode_alu_immediate(&e->as, ALU_CMP, WIDE, rm_at(RAX, (i32)offsetof(struct function, code)),
                         0);
    cold_add(e, COND_E, host_cold);
    epilogue_emit(e);
    encode(&e->as, FORM_JUMP, DIGIT_JUMP, rm_at(RAX, (i32)offsetof(struct function, far)));
}

/* Another type, or another instance: a stub does what is left, as if it were the call. */
static void indirect_cold(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = ir_at(e, cold->instruction);
    encode_constant(&e->as, SCRATCH, type_number(e, i));
    encode(&e->as, FORM_CALL, DIGIT_CALL,
           native_stub(offsetof(struct execution, natives.indirect)));
    call_note(e);
}

/* The same for a tail call: its trap has to come while the frame is there. */
static void tail_cold(struct emitter *e, const struct cold *cold)
{
    u32 number = type_number(e, ir_at(e, cold->instruction));
    instance_field(e, offsetof(struct instance, module), SCRATCH);
    encode(&e->as, FORM_MOV | WIDE, SCRATCH, rm_at(SCRATCH, (i32)offsetof(struct module, types)));
    encode(&e->as, FORM_MOV | WIDE, SCRATCH, rm_at(SCRATCH, (i32)(number * sizeof(u64))));
    encode(&e->as, FORM_MOV, SCRATCH, rm_at(SCRATCH, (i32)offsetof(struct function_type, id)));
    encode_alu(&e->as, ALU_CMP, 0, SCRATCH, rm_at(RAX, (i32)offsetof(struct function, type_id)));
    trap_if(e, COND_NE, TRAP_INDIRECT_CALL_TYPE);
    tail_far(e);
}

static void indirect_emit(struct emitter *e, const struct ir_instruction *i)
{
    bool is_tail = i->op == IR_TAIL_CALL_INDIRECT;
    element_load(e, *ir_behind(e->ir, i));
    enum code_condition differs = tag_compare(e, type_number(e, i));
    struct cold *cold = cold_add(e, differs, is_tail ? tail_cold : indirect_cold);
    if (is_tail)
        epilogue_emit(e);
    encode(&e->as, FORM_CALL, is_tail ? DIGIT_JUMP : DIGIT_CALL,
           rm_at(RAX, (i32)offsetof(struct function, native)));
    if (!is_tail)
        cold_back(e, cold);
}

/* ---- Calls ---- */

void emit_call(struct emitter *e, const struct ir_instruction *i)
{
    saved_move(e, true);
    arguments_place(e, i, place_outgoing(e, 0));
    if (i->op == IR_CALL_INDIRECT) {
        indirect_emit(e, i);
    } else if (i->op == IR_CALL_IMPORT) {
        import_load(e, i->c);
        encode(&e->as, FORM_CALL, DIGIT_CALL, rm_at(RAX, (i32)offsetof(struct function, far)));
    } else if (i->c == e->ir->function) {
        encode_link(&e->as, encode_call(&e->as), 0);
    } else {
        encode(&e->as, FORM_CALL, DIGIT_CALL, entry_of(e, i->c));
    }
    call_note(e);
    results_take(e);
    saved_move(e, false);
}

/* Words on the stack go where our own caller has put ours, so there must be as many. */
void emit_tail_call(struct emitter *e, const struct ir_instruction *i)
{
    if (stack_words(e->ir, i) > e->incoming_words) {
        e->status = STATUS_LIMIT;
        return;
    }
    arguments_place(e, i, place_incoming(e, 0));
    if (i->op == IR_TAIL_CALL_INDIRECT) {
        indirect_emit(e, i);
        return;
    }
    if (i->op == IR_TAIL_CALL_IMPORT) {
        import_load(e, i->c);
        tail_far(e);
        return;
    }
    epilogue_emit(e);
    if (i->c == e->ir->function)
        encode_jump_back(&e->as, COND_ALWAYS, 0);
    else
        encode(&e->as, FORM_JUMP, DIGIT_JUMP, entry_of(e, i->c));
}

/* By a stub that leaves most registers alone. */
static void bulk_emit(struct emitter *e, const struct ir_instruction *i)
{
    static const u8 places[] = { RDI, RSI, RDX };
    moves_begin(e);
    for (u32 n = 0; n < BASE_ARRAY_COUNT(places); n++)
        moves_add_value(e, e->ir->lists[i->list + n], places[n]);
    moves_emit(e);
    encode(&e->as, FORM_CALL, DIGIT_CALL,
           native_stub(i->c == RUNTIME_MEMORY_COPY ? offsetof(struct execution, natives.copy)
                                                      : offsetof(struct execution, natives.fill)));
}

/* What is asked for, as the stub is told. */
static u64 native_number(const u32 *indices, u32 what)
{
    return what | (u64)indices[0] << 8 | (u64)indices[1] << 36;
}

void emit_runtime(struct emitter *e, const struct ir_instruction *i)
{
    if (is_bulk(e->ir, i)) {
        bulk_emit(e, i);
        return;
    }
    saved_move(e, true);
    moves_begin(e);
    for (u32 n = 0; n < i->list_count; n++)
        moves_add_value(e, e->ir->lists[i->list + n], place_outgoing(e, n));
    moves_emit(e);
    encode_constant(&e->as, SCRATCH, native_number(ir_behind(e->ir, i), i->c));
    encode(&e->as, FORM_CALL, DIGIT_CALL,
           native_stub(offsetof(struct execution, natives.runtime)));
    results_take(e);
    saved_move(e, false);
}
