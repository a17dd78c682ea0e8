/* Instructions of x86-64 as bytes (Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2, chapter 2).
 *
 * Registers are numbers as encoded: 0 to 15 of integers, or of xmm. An instruction form is a number:
 * its opcode byte, and in the bits above what comes before it. */
#ifndef ENGINE_X86_64_ENCODE_H
#define ENGINE_X86_64_ENCODE_H

#include "base/base.h"

enum {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    NO_REGISTER = 16,
    RIP = 17, /* as a base: the displacement is from the start of the assembler's bytes */
};

enum {
    MAP_0F = 1 << 8,
    MAP_0F38 = 2 << 8,
    MAP_0F3A = 3 << 8,
    MAP_MASK = 3 << 8,
    PREFIX_66 = 1 << 10,
    PREFIX_F3 = 2 << 10,
    PREFIX_F2 = 3 << 10,
    PREFIX_MASK = 3 << 10,
    WIDE = 1 << 12,    /* 64 bits: REX.W */
    BYTE_REG = 1 << 13, /* the first register operand is a byte */
    BYTE_RM = 1 << 14,  /* the second is */
};

/* Where bytes go. When they do not fit, `full` stays set, and what was written means nothing. */
struct assembler {
    u8 *start;
    u8 *at;
    u8 *end;
    bool full;
};

enum { INSTRUCTION_BYTES_MAX = 16 };

struct x86_memory {
    u8 base;
    u8 index; /* NO_REGISTER: none */
    u8 scale; /* binary logarithm */
    i32 displacement;
};

static inline struct x86_memory x86_at(u8 base, i32 displacement)
{
    return (struct x86_memory){ base, NO_REGISTER, 0, displacement };
}

static inline u32 x86_position(const struct assembler *as)
{
    return (u32)(as->at - as->start);
}

/* Before an instruction: there is room for one then, if only in vain. */
static inline void x86_room(struct assembler *as)
{
    if (__builtin_expect(as->end - as->at < INSTRUCTION_BYTES_MAX, 0)) {
        as->full = true;
        as->at = as->start;
    }
}

static inline void x86_byte(struct assembler *as, u8 byte)
{
    *as->at++ = byte;
}

static inline void x86_u32(struct assembler *as, u32 value)
{
    __builtin_memcpy(as->at, &value, sizeof(value));
    as->at += sizeof(value);
}

static inline void x86_u64(struct assembler *as, u64 value)
{
    __builtin_memcpy(as->at, &value, sizeof(value));
    as->at += sizeof(value);
}

/* Two registers: `reg` in the ModRM byte's field of that name, `rm` in the other. */
void x86_registers(struct assembler *as, u32 form, u32 reg, u32 rm);
/* A register, or a digit of the opcode, and memory. `immediate_bytes` follow: for RIP. */
void x86_memory(struct assembler *as, u32 form, u32 reg, struct x86_memory memory,
                u32 immediate_bytes);
/* A three-operand form (VEX, 128 bits or none): `reg` = `vector` op `rm`. */
void x86_vex(struct assembler *as, u32 form, const u32 reg_vector[2], u32 rm);

/* ---- Forms with immediates and displacements ---- */

/* ALU operations by their number: 0 add, 1 or, 4 and, 5 sub, 6 xor, 7 cmp. */
enum { ALU_ADD = 0, ALU_OR = 1, ALU_AND = 4, ALU_SUB = 5, ALU_XOR = 6, ALU_CMP = 7 };
/* Shifts by theirs. */
enum { SHIFT_ROL = 0, SHIFT_ROR = 1, SHIFT_SHL = 4, SHIFT_SHR = 5, SHIFT_SAR = 7 };

void x86_alu_immediate(struct assembler *as, u32 wide_operation, u32 rm, i32 immediate);
void x86_alu_memory_immediate(struct assembler *as, u32 wide_operation, struct x86_memory memory,
                              i32 immediate);
void x86_shift_immediate(struct assembler *as, u32 wide_operation, u32 rm, u8 count);
/* The shortest that puts these bits there; `keep_flags`: not by xor. */
void x86_constant(struct assembler *as, u32 reg, u64 bits, bool keep_flags);

/* Conditions, as in jcc, setcc and cmovcc. */
enum condition {
    COND_O = 0, COND_NO, COND_B, COND_AE, COND_E, COND_NE, COND_BE, COND_A,
    COND_S, COND_NS, COND_P, COND_NP, COND_L, COND_GE, COND_LE, COND_G,
};

/* Jumps whose displacement is filled in later: gives where it is. */
u32 x86_jump(struct assembler *as);
u32 x86_jump_if(struct assembler *as, enum condition condition);
u32 x86_jump_short_if(struct assembler *as, enum condition condition);
u32 x86_jump_short(struct assembler *as);
/* The jump with its displacement there goes to `target`. */
void x86_link(struct assembler *as, u32 displacement_at, u32 target);
void x86_link_short(struct assembler *as, u32 displacement_at);

#endif
