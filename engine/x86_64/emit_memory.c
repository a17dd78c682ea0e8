/* Loads, stores, and what else an instance holds. */
#include "engine/x86_64/emit.h"

enum { LOAD = 0x8B, STORE = 0x89, LOAD_WIDE = 0x8B | WIDE };

/* ---- Addresses ---- */

static i32 offset_of(usize offset)
{
    return (i32)offset;
}

/* SCRATCH = a pointer of the running instance. */
static void instance_pointer(struct emitter *e, usize offset)
{
    x86_memory(&e->as, LOAD_WIDE, SCRATCH,
               x86_at(EXECUTION, offset_of(offsetof(struct execution, instance))), 0);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(SCRATCH, offset_of(offset)), 0);
}

/* SCRATCH = element `index` of an array of pointers that the instance has at `offset`. */
static void instance_element(struct emitter *e, usize offset, u32 index)
{
    instance_pointer(e, offset);
    x86_memory(&e->as, LOAD_WIDE, SCRATCH, x86_at(SCRATCH, (i32)(index * sizeof(void *))), 0);
}

/* SCRATCH += more than a displacement can hold. */
static void add_far(struct emitter *e, u64 offset)
{
    for (; offset > INT32_MAX; offset -= INT32_MAX)
        x86_alu_immediate(&e->as, ALU_ADD | WIDE, SCRATCH, INT32_MAX);
    if (offset != 0)
        x86_alu_immediate(&e->as, ALU_ADD | WIDE, SCRATCH, (i32)offset);
}

/* An address in SCRATCH, which holds the base of the memory. */
static struct x86_memory address_in_scratch(struct emitter *e, u32 address, u64 offset)
{
    u16 place = emit_place(e, address);
    u64 bits;
    if (emit_is_constant(e, address, &bits)) {
        add_far(e, bits + offset);
        return x86_at(SCRATCH, 0);
    }
    if (offset > INT32_MAX) {
        add_far(e, offset);
        offset = 0;
    }
    if (place < PLACE_SLOT)
        return (struct x86_memory){ SCRATCH, (u8)place, 0, (i32)offset };
    x86_memory(&e->as, 0x03 | WIDE, SCRATCH, emit_slot(e, place), 0);
    return x86_at(SCRATCH, (i32)offset);
}

struct x86_memory emit_address(struct emitter *e, const struct ir_instruction *access)
{
    u32 memory = (u32)(access->bits >> 32);
    u64 offset = (u32)access->bits;
    u64 bits;
    u16 place = emit_place(e, access->a);
    if (memory != 0) {
        instance_element(e, offsetof(struct instance, memories), memory);
        x86_memory(&e->as, LOAD_WIDE, SCRATCH,
                   x86_at(SCRATCH, offset_of(offsetof(struct memory, base))), 0);
        return address_in_scratch(e, access->a, offset);
    }
    bool is_constant = emit_is_constant(e, access->a, &bits);
    if (is_constant && bits + offset <= INT32_MAX)
        return x86_at(MEMORY, (i32)(bits + offset));
    if (is_constant || offset > INT32_MAX) {
        emit_copy(e, SCRATCH, MEMORY);
        return address_in_scratch(e, access->a, offset);
    }
    if (place < PLACE_SLOT)
        return (struct x86_memory){ MEMORY, (u8)place, 0, (i32)offset };
    x86_memory(&e->as, LOAD, SCRATCH, emit_slot(e, place), 0);
    return (struct x86_memory){ MEMORY, SCRATCH, 0, (i32)offset };
}

/* ---- Loads and stores ---- */

static u32 load_form(u32 op)
{
    switch (op) {
    case OPCODE_I64_LOAD:
        return LOAD_WIDE;
    case OPCODE_I32_LOAD8_S:
        return 0xBE | MAP_0F;
    case OPCODE_I32_LOAD16_S:
        return 0xBF | MAP_0F;
    case OPCODE_I64_LOAD8_S:
        return 0xBE | MAP_0F | WIDE;
    case OPCODE_I64_LOAD16_S:
        return 0xBF | MAP_0F | WIDE;
    case OPCODE_I64_LOAD32_S:
        return 0x63 | WIDE;
    case OPCODE_I32_LOAD8_U:
    case OPCODE_I64_LOAD8_U:
        return 0xB6 | MAP_0F;
    case OPCODE_I32_LOAD16_U:
    case OPCODE_I64_LOAD16_U:
        return 0xB7 | MAP_0F;
    default:
        return LOAD;
    }
}

void emit_load(struct emitter *e, const struct ir_instruction *i)
{
    struct x86_memory address = emit_address(e, i);
    if (ir_is_float(i->type)) {
        u32 result = emit_float_result(e);
        x86_memory(&e->as, 0x10 | MAP_0F | (i->type == IR_F64 ? PREFIX_F2 : PREFIX_F3), result,
                   address, 0);
        emit_float_result_done(e, result);
    } else {
        u32 result = emit_result(e);
        x86_memory(&e->as, load_form(i->op), result, address, 0);
        emit_result_done(e, result);
    }
}

static u32 store_bytes(u32 op)
{
    switch (op) {
    case OPCODE_I32_STORE8:
    case OPCODE_I64_STORE8:
        return 1;
    case OPCODE_I32_STORE16:
    case OPCODE_I64_STORE16:
        return 2;
    case OPCODE_I64_STORE:
    case OPCODE_F64_STORE:
        return 8;
    default:
        return 4;
    }
}

static void store_register(struct emitter *e, u32 bytes, u32 reg, struct x86_memory address)
{
    static const u32 forms[] = { [1] = 0x88 | BYTE_REG, [2] = STORE | PREFIX_66, [4] = STORE,
                                 [8] = STORE | WIDE };
    x86_memory(&e->as, forms[bytes], reg, address, 0);
}

static void store_constant(struct emitter *e, u32 bytes, u64 bits, struct x86_memory address)
{
    static const u32 forms[] = { [1] = 0xC6, [2] = 0xC7 | PREFIX_66, [4] = 0xC7, [8] = 0xC7 | WIDE };
    x86_memory(&e->as, forms[bytes], 0, address, bytes == 8 ? 4 : bytes);
    if (bytes == 1) {
        x86_byte(&e->as, (u8)bits);
    } else if (bytes == 2) {
        x86_byte(&e->as, (u8)bits);
        x86_byte(&e->as, (u8)(bits >> 8));
    } else {
        x86_u32(&e->as, (u32)bits);
    }
}

/* From the float scratch register, for values that come from slots or the pool. */
static void store_float(struct emitter *e, u32 bytes, u32 reg, struct x86_memory address)
{
    if (bytes >= 4) {
        x86_memory(&e->as, 0x11 | MAP_0F | (bytes == 8 ? PREFIX_F2 : PREFIX_F3), reg, address, 0);
        return;
    }
    x86_memory(&e->as, (bytes == 1 ? 0x14 : 0x15) | MAP_0F3A | PREFIX_66, reg, address, 1);
    x86_byte(&e->as, 0);
}

void emit_store(struct emitter *e, const struct ir_instruction *i)
{
    u32 bytes = store_bytes(i->op);
    u16 place = emit_place(e, i->b);
    u64 bits;
    bool is_constant = emit_is_constant(e, i->b, &bits);
    if (is_constant && (bytes != 8 || (i64)bits == (i32)bits)) {
        store_constant(e, bytes, bits, emit_address(e, i));
    } else if (!is_constant && place < XMM) {
        store_register(e, bytes, place, emit_address(e, i));
    } else if (!is_constant && place < PLACE_SLOT) {
        store_float(e, bytes, place - (u32)XMM, emit_address(e, i));
    } else {
        struct operand_place value = { .is_memory = true };
        value.memory = is_constant ? emit_pool(e, bits) : emit_slot(e, place);
        emit_with(e, 0x10 | MAP_0F | PREFIX_F2, SCRATCH_FLOAT, &value);
        store_float(e, bytes, SCRATCH_FLOAT, emit_address(e, i));
    }
}

/* ---- Globals, sizes, functions ---- */

/* SCRATCH holds a pointer afterwards; the global is at the result. */
static struct x86_memory global_address(struct emitter *e, u32 global)
{
    const struct module *module = e->ir->module;
    if (global < module->imported_global_count) {
        instance_element(e, offsetof(struct instance, globals), global);
        return x86_at(SCRATCH, 0);
    }
    x86_memory(&e->as, LOAD_WIDE, SCRATCH,
               x86_at(EXECUTION, offset_of(offsetof(struct execution, own_globals))), 0);
    return x86_at(SCRATCH, (i32)(module->globals[global].cell * sizeof(u64)));
}

static void global_get(struct emitter *e, const struct ir_instruction *i)
{
    struct x86_memory cell = global_address(e, (u32)i->bits);
    if (ir_is_float(i->type)) {
        u32 result = emit_float_result(e);
        x86_memory(&e->as, 0x10 | MAP_0F | (i->type == IR_F64 ? PREFIX_F2 : PREFIX_F3), result,
                   cell, 0);
        emit_float_result_done(e, result);
    } else {
        u32 result = emit_result(e);
        x86_memory(&e->as, i->type == IR_I64 ? LOAD_WIDE : LOAD, result, cell, 0);
        emit_result_done(e, result);
    }
}

/* All eight bytes: what is narrow has zero above. */
static void global_set(struct emitter *e, const struct ir_instruction *i)
{
    u16 place = emit_place(e, i->a);
    u64 bits;
    if (emit_is_constant(e, i->a, &bits) && (i64)bits == (i32)bits) {
        store_constant(e, 8, bits, global_address(e, (u32)i->bits));
        return;
    }
    if (place < XMM) {
        store_register(e, 8, place, global_address(e, (u32)i->bits));
        return;
    }
    if (place < PLACE_SLOT && emit_get(e, i->a)->type == IR_F64) {
        store_float(e, 8, place - (u32)XMM, global_address(e, (u32)i->bits));
        return;
    }
    /* A load of exactly its width has zeros above. */
    bool is_wide = emit_get(e, i->a)->type == IR_I64 || emit_get(e, i->a)->type == IR_F64;
    if (place < PLACE_SLOT) {
        x86_registers(&e->as, 0x57 | MAP_0F, SCRATCH_FLOAT, SCRATCH_FLOAT);
        x86_registers(&e->as, 0x10 | MAP_0F | PREFIX_F3, SCRATCH_FLOAT, place - (u32)XMM);
    } else {
        struct operand_place value = { .is_memory = true };
        value.memory = place == PLACE_NONE ? emit_pool(e, bits) : emit_slot(e, place);
        emit_with(e, 0x10 | MAP_0F | (is_wide ? PREFIX_F2 : PREFIX_F3), SCRATCH_FLOAT, &value);
    }
    store_float(e, 8, SCRATCH_FLOAT, global_address(e, (u32)i->bits));
}

static void size_get(struct emitter *e, usize array, u32 index, usize member)
{
    enum { PAGE_BITS = 16 };
    u32 result = emit_result(e);
    instance_element(e, array, index);
    x86_memory(&e->as, LOAD_WIDE, result, x86_at(SCRATCH, offset_of(member)), 0);
    if (array == offsetof(struct instance, memories))
        x86_shift_immediate(&e->as, SHIFT_SHR | WIDE, result, PAGE_BITS);
    emit_result_done(e, result);
}

void emit_state(struct emitter *e, const struct ir_instruction *i)
{
    u32 index = (u32)i->bits;
    switch (i->op) {
    case IR_GLOBAL_GET:
        global_get(e, i);
        break;
    case IR_GLOBAL_SET:
        global_set(e, i);
        break;
    case IR_MEMORY_SIZE:
        size_get(e, offsetof(struct instance, memories), index,
                 offsetof(struct memory, size_bytes));
        break;
    case IR_TABLE_SIZE:
        size_get(e, offsetof(struct instance, tables), index, offsetof(struct table, size));
        break;
    default:
        instance_element(e, offsetof(struct instance, functions), index);
        emit_result_done(e, SCRATCH);
    }
}
