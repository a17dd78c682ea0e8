/* Loads, stores, globals, and what else is read from the instance. */
#include "engine/x86_64/emit.h"

/* ---- Addresses ---- */

/* An address without what is folded into it. */
struct address {
    u32 memory;
    u64 offset;
    u32 value; /* IR_NO_VALUE: it is constant */
    u8 scale;
};

static BASE_WITHIN struct address address_of(const struct emitter *e, const struct ir_instruction *access)
{
    struct address address = {
        .memory = access->memory, .offset = access->c, .value = access->a
    };
    const struct ir_instruction *i = ir_at(e, address.value);
    if (i->folded && i->op == OPCODE_I32_ADD) {
        address.offset += ir_bits(ir_at(e, i->b));
        address.value = i->a;
        i = ir_at(e, i->a);
    }
    if (i->folded && i->op == OPCODE_I32_SHL) {
        address.scale = (u8)ir_bits(ir_at(e, i->b));
        address.value = i->a;
    } else if (i->op == IR_CONSTANT) {
        address.offset += ir_bits(i);
        address.value = IR_NO_VALUE;
    }
    return address;
}

/* The register that it is added to, or NO_REGISTER. */
static inline u32 index_of(const struct emitter *e, const struct address *address)
{
    return address->value == IR_NO_VALUE ? (u32)NO_REGISTER : register_of(e, address->value);
}

static inline bool is_far(const struct address *address, u32 index)
{
    return address->memory != 0 || address->offset > INT32_MAX ||
           (address->value != IR_NO_VALUE && index == NO_REGISTER);
}

bool access_needs_scratch(const struct emitter *e, const struct ir_instruction *access)
{
    struct address address = address_of(e, access);
    return is_far(&address, index_of(e, &address));
}

void instance_field(struct emitter *e, usize offset, u32 reg)
{
    encode(&e->as, FORM_MOV | WIDE, reg,
           rm_at(EXECUTION, (i32)offsetof(struct execution, instance)));
    encode(&e->as, FORM_MOV | WIDE, reg, rm_at(reg, (i32)offset));
}

static void memory_field(struct emitter *e, u32 memory, usize offset, u32 reg)
{
    instance_field(e, offsetof(struct instance, memories), reg);
    encode(&e->as, FORM_MOV | WIDE, reg, rm_at(reg, (i32)(memory * sizeof(u64))));
    encode(&e->as, FORM_MOV | WIDE, reg, rm_at(reg, (i32)offset));
}

/* What is not in the displacement is added up in the scratch register. */
static BASE_APART struct rm far_access(struct emitter *e, const struct address *address)
{
    struct assembler *as = &e->as;
    bool is_other = address->memory != 0;
    bool is_long = address->offset > INT32_MAX;
    struct rm rm = { MEMORY, SCRATCH, 0, true, is_long ? 0 : (i32)address->offset };
    if (is_other) {
        memory_field(e, address->memory, offsetof(struct memory, base), SCRATCH);
        rm = rm_at(SCRATCH, rm.displacement);
        if (is_long)
            encode_alu(as, ALU_ADD, WIDE, SCRATCH, pool_item(e, address->offset));
    } else if (is_long) {
        encode_constant(as, SCRATCH, address->offset);
    } else {
        encode(as, FORM_MOV, SCRATCH, rm_of(e, address->value));
        rm.scale = address->scale & 3;
        return rm;
    }
    if (address->value != IR_NO_VALUE)
        encode_alu(as, ALU_ADD, WIDE, SCRATCH, rm_of(e, address->value));
    return rm;
}

struct rm rm_of_access(struct emitter *e, const struct ir_instruction *access)
{
    blame_set(e, access);
    struct address address = address_of(e, access);
    u32 index = index_of(e, &address);
    if (is_far(&address, index))
        return far_access(e, &address);
    return (struct rm){ MEMORY, (u8)index, address.scale & 3, true, (i32)address.offset };
}

/* ---- Loads ---- */

void emit_load(struct emitter *e, const struct ir_instruction *i)
{
    static const u32 forms[] = {
        [OPCODE_I32_LOAD - OPCODE_I32_LOAD] = FORM_MOV,
        [OPCODE_I64_LOAD - OPCODE_I32_LOAD] = FORM_MOV | WIDE,
        [OPCODE_I32_LOAD8_S - OPCODE_I32_LOAD] = FORM_MOVSX_8,
        [OPCODE_I32_LOAD8_U - OPCODE_I32_LOAD] = FORM_MOVZX_8,
        [OPCODE_I32_LOAD16_S - OPCODE_I32_LOAD] = FORM_MOVSX_16,
        [OPCODE_I32_LOAD16_U - OPCODE_I32_LOAD] = FORM_MOVZX_16,
        [OPCODE_I64_LOAD8_S - OPCODE_I32_LOAD] = FORM_MOVSX_8 | WIDE,
        [OPCODE_I64_LOAD8_U - OPCODE_I32_LOAD] = FORM_MOVZX_8,
        [OPCODE_I64_LOAD16_S - OPCODE_I32_LOAD] = FORM_MOVSX_16 | WIDE,
        [OPCODE_I64_LOAD16_U - OPCODE_I32_LOAD] = FORM_MOVZX_16,
        [OPCODE_I64_LOAD32_S - OPCODE_I32_LOAD] = FORM_MOVSX_32,
        [OPCODE_I64_LOAD32_U - OPCODE_I32_LOAD] = FORM_MOV,
    };
    u32 reg = result_register(e);
    struct rm rm = rm_of_access(e, i);
    if (ir_is_float(i->type))
        float_load(e, i->type, reg, rm);
    else
        encode(&e->as, forms[i->op - OPCODE_I32_LOAD], reg, rm);
    result_done(e, reg);
}

/* ---- Stores ---- */

/* How an integer of 1, 2, 4 or 8 bytes is stored. */
struct store_forms {
    u32 from_register;
    u32 from_constant; /* /0 */
    u32 from_float;    /* the scratch one */
};

static const struct store_forms *store_forms_of(u32 op)
{
    static const struct store_forms byte = { FORM_MOV_STORE_8, FORM_MOV_IMMEDIATE_8, FORM_PEXTRB };
    static const struct store_forms two = { FORM_MOV_STORE_16, FORM_MOV_IMMEDIATE_16,
                                            FORM_PEXTRW };
    static const struct store_forms four = { FORM_MOV_STORE, FORM_MOV_IMMEDIATE, FORM_MOVD_STORE };
    static const struct store_forms eight = { FORM_MOV_STORE | WIDE, FORM_MOV_IMMEDIATE | WIDE,
                                              FORM_MOVD_STORE | WIDE };
    switch (op) {
    case OPCODE_I32_STORE8:
    case OPCODE_I64_STORE8:
        return &byte;
    case OPCODE_I32_STORE16:
    case OPCODE_I64_STORE16:
        return &two;
    case OPCODE_I64_STORE:
    case OPCODE_F64_STORE:
        return &eight;
    default:
        return &four;
    }
}

/* Before SSE4.1 a byte cannot be taken out of that register: another one is borrowed, and kept in it. */
static void store_part_from_memory(struct emitter *e, const struct store_forms *forms, struct rm rm,
                                   struct rm from)
{
    float_form(e, FORM_MOVD | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(RAX));
    encode(&e->as, FORM_MOV | WIDE, RAX, from);
    encode(&e->as, forms->from_register, RAX, rm);
    float_form(e, FORM_MOVD_STORE | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(RAX));
}

/* By way of the float scratch register, because the other one has the address. */
static void store_from_memory(struct emitter *e, const struct store_forms *forms, struct rm rm,
                              struct rm from)
{
    static const u32 both[2] = { FLOAT_SCRATCH, XMM0 };
    if ((forms->from_float & IMMEDIATE_8) != 0 && !e->features.has_avx && !e->features.has_sse41) {
        store_part_from_memory(e, forms, rm, from);
        return;
    }
    float_load(e, IR_F64, FLOAT_SCRATCH, from);
    if ((forms->from_float & IMMEDIATE_8) == 0)
        float_form(e, forms->from_float, FLOAT_SCRATCH, NO_REGISTER, rm);
    else if (e->features.has_avx)
        encode_vex_immediate(&e->as, forms->from_float, both, rm, 0);
    else
        encode_immediate(&e->as, forms->from_float, FLOAT_SCRATCH, rm, 0);
}

static void store_value(struct emitter *e, const struct ir_instruction *i, struct rm rm)
{
    const struct store_forms *forms = store_forms_of(i->op);
    u32 value = i->b;
    if (ir_at(e, value)->folded && (ir_is_float(ir_at(e, value)->type) ||
                                    ir_is_float(ir_at(e, ir_at(e, value)->a)->type)))
        value = ir_at(e, value)->a; /* a reinterpretation */
    u8 type = ir_at(e, value)->type;
    u32 reg = register_of(e, value);
    bool is_wide = forms->from_register == (FORM_MOV_STORE | WIDE);
    if (is_constant(e->ir, value) &&
        (!is_wide || (i64)ir_bits(ir_at(e, value)) == (i32)ir_bits(ir_at(e, value)))) {
        encode_immediate(&e->as, forms->from_constant, 0, rm, (u32)ir_bits(ir_at(e, value)));
    } else if (reg != NO_REGISTER && ir_is_float(type)) {
        float_store(e, type, rm, reg);
    } else if (reg != NO_REGISTER) {
        encode(&e->as, forms->from_register, reg, rm);
    } else if (rm.index == SCRATCH || rm.base == SCRATCH) {
        store_from_memory(e, forms, rm, rm_of(e, value));
    } else {
        integer_to(e, is_wide ? WIDE : 0, value, SCRATCH);
        encode(&e->as, forms->from_register, SCRATCH, rm);
    }
}

/* ---- Updates ---- */

static void update_by_register(struct emitter *e, const struct ir_instruction *i, struct rm rm,
                               u32 reg)
{
    enum alu alu = alu_of(ir_at(e, i->b)->op);
    if (i->op == OPCODE_I32_STORE8)
        encode(&e->as, (u32)alu << 3 | BYTE_REG, reg, rm);
    else if (i->op == OPCODE_I32_STORE16)
        encode_alu_store(&e->as, alu, PREFIX_66, rm, reg);
    else
        encode_alu_store(&e->as, alu, i->op == OPCODE_I64_STORE ? WIDE : 0, rm, reg);
}

static void update_by_constant(struct emitter *e, const struct ir_instruction *i, struct rm rm,
                               i32 constant)
{
    enum alu alu = alu_of(ir_at(e, i->b)->op);
    if (i->op == OPCODE_I32_STORE8)
        encode_alu_narrow(&e->as, alu, BYTE_RM, rm, (i8)constant);
    else if (i->op == OPCODE_I32_STORE16)
        encode_alu_narrow(&e->as, alu, PREFIX_66, rm, (i8)constant);
    else
        encode_alu_immediate(&e->as, alu, i->op == OPCODE_I64_STORE ? WIDE : 0, rm, constant);
}

/* With the address in the scratch register and the other operand in memory a register is borrowed,
 * and kept in the float scratch register. */
static void update_memory(struct emitter *e, const struct ir_instruction *i, u32 other)
{
    const struct ir_instruction *value = ir_at(e, i->b);
    struct rm rm = rm_of_access(e, i);
    e->blame = other == value->a ? value->b : value->a;
    u32 reg = register_of(e, other);
    if (is_constant(e->ir, other)) {
        update_by_constant(e, i, rm, (i32)ir_bits(ir_at(e, other)));
    } else if (reg != NO_REGISTER) {
        update_by_register(e, i, rm, reg);
    } else if (rm.index != SCRATCH && rm.base != SCRATCH) {
        integer_to(e, WIDE, other, SCRATCH);
        update_by_register(e, i, rm, SCRATCH);
    } else {
        float_form(e, FORM_MOVD | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(RAX));
        integer_to(e, WIDE, other, RAX);
        update_by_register(e, i, rm, RAX);
        float_form(e, FORM_MOVD_STORE | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(RAX));
    }
}

void emit_store(struct emitter *e, const struct ir_instruction *i)
{
    u32 other;
    if (is_update(e->ir, i, &other)) {
        update_memory(e, i, other);
        return;
    }
    struct rm rm = rm_of_access(e, i);
    store_value(e, i, rm);
}

/* ---- Globals, sizes, functions ---- */

/* The cell of a global, by way of the scratch register. */
static struct rm global_cell(struct emitter *e, u32 global)
{
    const struct module *module = e->ir->module;
    if (global >= module->imported_global_count) {
        encode(&e->as, FORM_MOV | WIDE, SCRATCH,
               rm_at(EXECUTION, (i32)offsetof(struct execution, own_globals)));
        return rm_at(SCRATCH, (i32)(module->globals[global].cell * sizeof(u64)));
    }
    instance_field(e, offsetof(struct instance, globals), SCRATCH);
    encode(&e->as, FORM_MOV | WIDE, SCRATCH, rm_at(SCRATCH, (i32)(global * sizeof(u64))));
    return rm_at(SCRATCH, 0);
}

void emit_global_get(struct emitter *e, const struct ir_instruction *i)
{
    u32 reg = result_register(e);
    struct rm cell = global_cell(e, i->c);
    if (ir_is_float(i->type))
        float_load(e, i->type, reg, cell);
    else
        encode(&e->as, FORM_MOV | wide_of(i->type), reg, cell);
    result_done(e, reg);
}

/* Those bits above an i32 and an f32 are zero, and stay so. */
void emit_global_set(struct emitter *e, const struct ir_instruction *i)
{
    struct rm cell = global_cell(e, i->c);
    u32 reg = register_of(e, i->a);
    u8 type = ir_at(e, i->a)->type;
    if (is_constant(e->ir, i->a) && (i64)ir_bits(ir_at(e, i->a)) == (i32)ir_bits(ir_at(e, i->a))) {
        encode_immediate(&e->as, FORM_MOV_IMMEDIATE | WIDE, 0, cell, (u32)ir_bits(ir_at(e, i->a)));
    } else if (reg == NO_REGISTER) {
        u8 size = type == IR_F32 ? IR_F32 : IR_F64;
        float_load(e, size, FLOAT_SCRATCH, rm_of(e, i->a));
        float_store(e, size, cell, FLOAT_SCRATCH);
    } else if (ir_is_float(type)) {
        float_store(e, type, cell, reg);
    } else {
        integer_store(e, cell, reg);
    }
}

void emit_memory_size(struct emitter *e, const struct ir_instruction *i)
{
    enum { PAGE_BYTES_LOG = 16 };
    u32 reg = result_register(e);
    memory_field(e, i->c, offsetof(struct memory, size_bytes), reg);
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(reg), PAGE_BYTES_LOG);
    result_done(e, reg);
}

void emit_table_size(struct emitter *e, const struct ir_instruction *i)
{
    u32 reg = result_register(e);
    instance_field(e, offsetof(struct instance, tables), reg);
    encode(&e->as, FORM_MOV | WIDE, reg, rm_at(reg, (i32)(i->c * sizeof(u64))));
    encode(&e->as, FORM_MOV, reg, rm_at(reg, (i32)offsetof(struct table, size)));
    result_done(e, reg);
}

void emit_function_reference(struct emitter *e, const struct ir_instruction *i)
{
    u32 reg = result_register(e);
    instance_field(e, offsetof(struct instance, functions), reg);
    encode(&e->as, FORM_MOV | WIDE, reg, rm_at(reg, (i32)(i->c * sizeof(u64))));
    result_done(e, reg);
}
