/* Instructions of x86-64 as bytes (Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2, chapter 2).
 *
 * Registers are numbers: integers 0 to 15 as encoded, floats 16 to 31. An instruction's form is a
 * number too: its opcode byte and, in the bits above, what comes before and behind it. Encodings
 * are the shortest that there are. */
#ifndef ENGINE_X86_64_ENCODE_H
#define ENGINE_X86_64_ENCODE_H

#include "base/base.h"

enum {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    XMM0, XMM15 = XMM0 + 15,
    /* Encoded as no index is; like the two below, not as one of the upper eight. */
    NO_REGISTER = 0xF4,
    /* Instead of a base: the displacement is a position in the code, */
    BASE_CODE = 0xF5,
    /* ... or one in the constants behind it, which are linked later. */
    BASE_POOL = 0xF6,
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
    WIDE = 1 << 12,     /* REX.W or VEX.W */
    BYTE_REG = 1 << 13, /* the operand `reg` is a byte */
    BYTE_RM = 1 << 14,  /* so is `rm`, if it is a register */
    IMMEDIATE_8 = 1 << 16,
    IMMEDIATE_16 = 2 << 16,
    IMMEDIATE_32 = 4 << 16,
    IMMEDIATE_SHIFT = 16,
};

/* A register or a place in memory. */
struct rm {
    u8 base;      /* with `is_memory`: NO_REGISTER, BASE_CODE and BASE_POOL are such too */
    u8 index;     /* not RSP; NO_REGISTER: none */
    u8 scale : 2; /* log2 */
    bool is_memory : 1;
    i32 displacement;
};

static inline struct rm rm_register(u32 number)
{
    return (struct rm){ .base = (u8)number, .index = NO_REGISTER };
}

static inline struct rm rm_at(u32 base, i32 displacement)
{
    return (struct rm){ (u8)base, NO_REGISTER, 0, true, displacement };
}

static inline bool rm_is_register(struct rm rm, u32 number)
{
    return !rm.is_memory && rm.base == number;
}

enum { ASSEMBLER_REST_BYTES = 64, INSTRUCTION_BYTES_MAX = 16 };

/* Where bytes go. Once something has not fit, `full` is set for good, and what has been written is no
 * code; where bytes themselves have not fit, the others go aside. */
struct assembler {
    u8 *start;
    u8 *at;
    u8 *end;
    bool full;
    u32 *pool_uses; /* positions of the displacements that await linking */
    u32 pool_use_count;
    u32 pool_use_capacity;
    u8 rest[ASSEMBLER_REST_BYTES]; /* what is written when it is full */
};

static inline u32 position(const struct assembler *as)
{
    return (u32)(as->at - as->start);
}

/* Sees to room for an instruction, or for that many bytes, INSTRUCTION_BYTES_MAX at most. */
void assembler_room(struct assembler *as);
/* Adds `bytes` of a little-endian number. */
void assembler_put(struct assembler *as, u64 value, u32 bytes);
/* Adds no-operations to a multiple of `alignment`, a power of two up to 16. */
void assembler_align(struct assembler *as, u32 alignment);
/* Makes all uses of constants, which begin at `pool`, what they should be. */
void assembler_link_pool(struct assembler *as, u32 pool);

/* ---- Forms ---- */

/* Of two operands: `reg` is a register or a digit of the opcode. */
void encode(struct assembler *as, u32 form, u32 reg, struct rm rm);
/* With the immediate that its form has. */
void encode_immediate(struct assembler *as, u32 form, u32 reg, struct rm rm, u64 immediate);
/* VEX, of three operands: `vector` is the one between; 16 if there is none. */
void encode_vex(struct assembler *as, u32 form, u32 reg, u32 vector, struct rm rm);
void encode_vex_immediate(struct assembler *as, u32 form, const u32 reg_vector[2], struct rm rm,
                          u64 immediate);
/* Of no operand: cdq, ret. */
void encode_plain(struct assembler *as, u32 form);

enum {
    FORM_MOV = 0x8B,
    FORM_MOV_STORE = 0x89,
    FORM_MOV_STORE_8 = 0x88 | BYTE_REG | BYTE_RM,
    FORM_MOV_STORE_16 = 0x89 | PREFIX_66,
    FORM_MOV_IMMEDIATE = 0xC7 | IMMEDIATE_32, /* /0 */
    FORM_MOV_IMMEDIATE_8 = 0xC6 | BYTE_RM | IMMEDIATE_8,
    FORM_MOV_IMMEDIATE_16 = 0xC7 | PREFIX_66 | IMMEDIATE_16,
    FORM_MOVZX_8 = 0xB6 | MAP_0F | BYTE_RM,
    FORM_MOVZX_16 = 0xB7 | MAP_0F,
    FORM_MOVSX_8 = 0xBE | MAP_0F | BYTE_RM,
    FORM_MOVSX_16 = 0xBF | MAP_0F,
    FORM_MOVSX_32 = 0x63 | WIDE,
    FORM_LEA = 0x8D,
    FORM_TEST = 0x85,
    FORM_TEST_IMMEDIATE = 0xF7 | IMMEDIATE_32,            /* /0 */
    FORM_TEST_IMMEDIATE_8 = 0xF6 | BYTE_RM | IMMEDIATE_8, /* /0 */
    FORM_IMUL = 0xAF | MAP_0F,
    FORM_IMUL_IMMEDIATE = 0x69 | IMMEDIATE_32,
    FORM_IMUL_IMMEDIATE_8 = 0x6B | IMMEDIATE_8,
    FORM_GROUP_F7 = 0xF7, /* /2 not, /3 neg, /4 mul, /5 imul, /6 div, /7 idiv */
    FORM_CMOV = 0x40 | MAP_0F,              /* + condition */
    FORM_SET = 0x90 | MAP_0F | BYTE_RM,     /* + condition */
    FORM_CALL = 0xFF,                       /* /2 */
    FORM_JUMP = 0xFF,                       /* /4 */
    FORM_BSF = 0xBC | MAP_0F,
    FORM_BSR = 0xBD | MAP_0F,
    FORM_TZCNT = 0xBC | MAP_0F | PREFIX_F3,
    FORM_LZCNT = 0xBD | MAP_0F | PREFIX_F3,
    FORM_POPCNT = 0xB8 | MAP_0F | PREFIX_F3,
    FORM_BIT_IMMEDIATE = 0xBA | MAP_0F | IMMEDIATE_8, /* /7 btc */
    FORM_CDQ = 0x99,
    FORM_RET = 0xC3,
    FORM_UD2 = 0x0B | MAP_0F,
    /* VEX */
    FORM_SHLX = 0xF7 | MAP_0F38 | PREFIX_66, /* reg = rm op vector */
    FORM_SARX = 0xF7 | MAP_0F38 | PREFIX_F3,
    FORM_SHRX = 0xF7 | MAP_0F38 | PREFIX_F2,
    FORM_RORX = 0xF0 | MAP_0F3A | PREFIX_F2 | IMMEDIATE_8,
    FORM_ANDN = 0xF2 | MAP_0F38, /* reg = ~vector & rm */
};

enum { DIGIT_NOT = 2, DIGIT_NEG, DIGIT_MUL, DIGIT_IMUL, DIGIT_DIV, DIGIT_IDIV };
enum { DIGIT_CALL = 2, DIGIT_JUMP = 4, DIGIT_BTC = 7 };

/* Scalar floats. DOUBLE turns a form of f32 into that of f64. */
enum {
    FORM_MOVAPS = 0x28 | MAP_0F,
    FORM_MOVS = 0x10 | MAP_0F | PREFIX_F3, /* movss */
    FORM_MOVS_STORE = 0x11 | MAP_0F | PREFIX_F3,
    FORM_SQRT = 0x51 | MAP_0F | PREFIX_F3,
    FORM_ADD = 0x58 | MAP_0F | PREFIX_F3,
    FORM_MUL = 0x59 | MAP_0F | PREFIX_F3,
    FORM_SUB = 0x5C | MAP_0F | PREFIX_F3,
    FORM_MIN = 0x5D | MAP_0F | PREFIX_F3,
    FORM_DIV = 0x5E | MAP_0F | PREFIX_F3,
    FORM_MAX = 0x5F | MAP_0F | PREFIX_F3,
    FORM_CONVERT_FLOAT = 0x5A | MAP_0F | PREFIX_F3,   /* cvtss2sd */
    FORM_CONVERT_INTEGER = 0x2A | MAP_0F | PREFIX_F3, /* cvtsi2ss */
    FORM_TRUNCATE = 0x2C | MAP_0F | PREFIX_F3,        /* cvttss2si */
    FORM_TO_NEAREST = 0x2D | MAP_0F | PREFIX_F3,      /* cvtss2si */
    DOUBLE = PREFIX_F3 ^ PREFIX_F2, /* by exclusive or */
    FORM_COMPARE = 0x2E | MAP_0F,   /* ucomiss */
    FORM_COMPARE_DOUBLE = 0x2E | MAP_0F | PREFIX_66,
    FORM_ANDPS = 0x54 | MAP_0F,
    FORM_ANDNPS = 0x55 | MAP_0F,
    FORM_ORPS = 0x56 | MAP_0F,
    FORM_XORPS = 0x57 | MAP_0F,
    FORM_ROUND = 0x0A | MAP_0F3A | PREFIX_66 | IMMEDIATE_8,
    FORM_ROUND_DOUBLE = 0x0B | MAP_0F3A | PREFIX_66 | IMMEDIATE_8,
    FORM_MOVD = 0x6E | MAP_0F | PREFIX_66,       /* to float; WIDE: movq */
    FORM_MOVD_STORE = 0x7E | MAP_0F | PREFIX_66, /* from float */
    FORM_PEXTRB = 0x14 | MAP_0F3A | PREFIX_66 | IMMEDIATE_8,
    FORM_PEXTRW = 0x15 | MAP_0F3A | PREFIX_66 | IMMEDIATE_8,
};

/* ---- Families with short forms of their own ---- */

enum alu { ALU_ADD = 0, ALU_OR = 1, ALU_AND = 4, ALU_SUB = 5, ALU_XOR = 6, ALU_CMP = 7 };
enum shift { SHIFT_ROL = 0, SHIFT_ROR = 1, SHIFT_SHL = 4, SHIFT_SHR = 5, SHIFT_SAR = 7 };

/* `wide` is 0 or WIDE. */
static inline void encode_alu(struct assembler *as, enum alu alu, u32 wide, u32 reg, struct rm rm)
{
    encode(as, ((u32)alu << 3 | 3) | wide, reg, rm);
}

/* rm = rm op reg */
static inline void encode_alu_store(struct assembler *as, enum alu alu, u32 wide, struct rm rm,
                                    u32 reg)
{
    encode(as, ((u32)alu << 3 | 1) | wide, reg, rm);
}

void encode_alu_immediate(struct assembler *as, enum alu alu, u32 wide, struct rm rm,
                          i32 immediate);
/* On a byte (BYTE_RM) or two (PREFIX_66) in memory. */
void encode_alu_narrow(struct assembler *as, enum alu alu, u32 size, struct rm rm, i8 immediate);
void encode_shift_immediate(struct assembler *as, enum shift shift, u32 wide, struct rm rm,
                            u32 count);
void encode_test_immediate(struct assembler *as, u32 wide, struct rm rm, i32 immediate);
void encode_imul_immediate(struct assembler *as, u32 wide, u32 reg, struct rm rm, i32 immediate);
enum { SHIFT_BY_CL = 0xD3 };
/* The shortest mov; it leaves the flags alone. */
void encode_constant(struct assembler *as, u32 reg, u64 bits);
/* A 32-bit register to another, or 64-bit with WIDE. */
static inline void encode_move(struct assembler *as, u32 wide, u32 to, u32 from)
{
    encode(as, FORM_MOV | wide, to, rm_register(from));
}

/* ---- Jumps ---- */

/* Conditions, as in jcc, setcc and cmovcc; the lowest bit inverts one. */
enum code_condition {
    COND_O, COND_NO, COND_B, COND_AE, COND_E, COND_NE, COND_BE, COND_A,
    COND_S, COND_NS, COND_P, COND_NP, COND_L, COND_GE, COND_LE, COND_G,
    COND_ALWAYS,
};

/* To where something is already. */
void encode_jump_back(struct assembler *as, enum code_condition condition, u32 target);
/* To where something will be: gives the position to link. */
u32 encode_jump(struct assembler *as, enum code_condition condition);
u32 encode_jump_short(struct assembler *as, enum code_condition condition);
u32 encode_call(struct assembler *as);
/* The jump or call goes to `target`. */
void encode_link(struct assembler *as, u32 jump, u32 target);
/* The short one goes to here. */
void encode_link_short(struct assembler *as, u32 jump);

#endif
