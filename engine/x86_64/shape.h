/* What the parts of this target have to agree on about instructions: which have the same form, and
 * what is done in a special way. Private to engine/x86_64. */
#ifndef ENGINE_X86_64_SHAPE_H
#define ENGINE_X86_64_SHAPE_H

#include "engine/compile/ir.h"

/* An opcode as that of 32 bits, and whether it is of 64. */
struct shape {
    u16 op;
    bool is_wide;
};

/* How far an opcode of 64 bits is from that of 32; 0: it is none. */
extern const u8 shape_distances[UINT8_MAX + 1];

static inline struct shape shape_of(u32 op)
{
    u32 distance = op <= UINT8_MAX ? shape_distances[op] : 0;
    return (struct shape){ (u16)(op - distance), distance != 0 };
}

static inline bool is_integer_compare(u32 op)
{
    return op >= OPCODE_I32_EQZ && op <= OPCODE_I64_GE_U;
}

static inline bool is_float_compare(u32 op)
{
    return op >= OPCODE_F32_EQ && op <= OPCODE_F64_GE;
}

static inline bool is_eqz(u32 op)
{
    return op == OPCODE_I32_EQZ || op == OPCODE_I64_EQZ;
}

static inline bool is_constant(const struct ir *ir, u32 value)
{
    return ir->code[value].op == IR_CONSTANT;
}

/* Whether a value is a constant that an instruction can have within it, sign-extended if it is of
 * 64 bits. */
static inline bool is_immediate(const struct ir *ir, u32 value)
{
    const struct ir_instruction *i = &ir->code[value];
    return i->op == IR_CONSTANT && (i->type == IR_I32 || (i64)ir_bits(i) == (i32)i->c);
}

/* A comparison for which the order of operands is turned around, so that the register is the second
 * one: there are no conditions of its own that are false for NaN. */
static inline bool is_turned_compare(u32 op)
{
    u32 narrow = shape_of(op).op;
    return narrow == OPCODE_F32_LT || narrow == OPCODE_F32_LE;
}

/* `a` shifted left by a constant from 1 to 3. */
static inline bool is_scaled(const struct ir *ir, const struct ir_instruction *i)
{
    return shape_of(i->op).op == OPCODE_I32_SHL && is_constant(ir, i->b) &&
           ir_bits(&ir->code[i->b]) >= 1 && ir_bits(&ir->code[i->b]) <= 3;
}

static inline bool is_folded_load(const struct ir *ir, u32 value)
{
    return ir->code[value].folded && ir_is_load(&ir->code[value]);
}

/* The value whose place holds what an operand reads: conversions that do nothing are left out. */
static inline u32 read_value(const struct ir *ir, u32 value)
{
    const struct ir_instruction *i = &ir->code[value];
    if (i->folded && (i->op == OPCODE_I32_WRAP_I64 || i->op == OPCODE_I64_EXTEND_I32_U))
        return i->a;
    return value;
}

/* memory.copy and memory.fill within memory 0, for which there are stubs that lose few registers. */
static inline bool is_bulk(const struct ir *ir, const struct ir_instruction *i)
{
    if (i->op != IR_RUNTIME || (i->c != RUNTIME_MEMORY_COPY && i->c != RUNTIME_MEMORY_FILL))
        return false;
    const u32 *memories = ir_behind(ir, i);
    return memories[0] == 0 && memories[1] == 0;
}

/* A value that is added up by one lea: an addition, what is folded into it. */
struct sum {
    u32 base;
    u32 index; /* IR_NO_VALUE: none */
    u8 scale;
    i32 displacement;
};

struct sum sum_of(const struct ir *ir, const struct ir_instruction *i);

/* How a multiplication by a constant is done. */
enum multiply {
    MULTIPLY_PLAIN,
    MULTIPLY_SHIFT, /* by 2^shift */
    MULTIPLY_LEA,   /* by (1 + 2^scale) * 2^shift */
};

struct multiplier {
    enum multiply kind;
    u8 scale;
    u8 shift;
};

struct multiplier multiplier_of(const struct ir *ir, const struct ir_instruction *i);

/* How a division or remainder is done. */
enum divide {
    DIVIDE_PLAIN,      /* by div or idiv */
    DIVIDE_ONE,        /* by 1 or -1 */
    DIVIDE_POWER,      /* by a power of two */
    DIVIDE_MULTIPLY,   /* 32 bits: by a 64-bit multiplication */
    DIVIDE_HIGH,       /* 64 bits: by the high half of one */
};

struct divisor {
    enum divide kind;
    bool is_signed;
    bool is_remainder;
    bool is_wide;
    bool is_negative;
    u64 size; /* without its sign */
};

struct divisor divisor_of(const struct ir *ir, const struct ir_instruction *i);

static inline bool is_division(u32 op)
{
    u32 narrow = shape_of(op).op;
    return narrow >= OPCODE_I32_DIV_S && narrow <= OPCODE_I32_REM_U;
}

/* A store of what is computed from what was there, in one instruction: gives the operand that is
 * not the load. */
bool is_update(const struct ir *ir, const struct ir_instruction *store, u32 *other);

#endif
