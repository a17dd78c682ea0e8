/* From single assignment form with places to bytes. Private to engine/x86_64.
 *
 * Pinned: r15 execution, r14 base of memory 0, rsp. r11 and xmm15 are the emitter's own: no value is
 * ever in them. A frame, from the stack pointer on: arguments and operands that calls take on the
 * stack; registers saved for the caller; slots; the return address. */
#ifndef ENGINE_X86_64_EMIT_H
#define ENGINE_X86_64_EMIT_H

#include "engine/compile/moves.h"
#include "engine/compile/native.h"
#include "engine/compile/target.h"
#include "engine/x86_64/encode.h"

enum {
    XMM = 16, /* first register number of floats, in places */
    SCRATCH = R11,
    SCRATCH_FLOAT = 15,
    EXECUTION = R15,
    MEMORY = R14,
};

struct emitter;


enum cold_kind {
    COLD_TRAP,     /* detail: the trap */
    COLD_EDGE,     /* detail: the edge */
    COLD_INDIRECT, /* detail: type id; back */
    COLD_HOST,     /* a tail call of the host's */
    COLD_DIVIDE,   /* a divisor of -1; back */
    COLD_CONVERT,  /* a conversion out of range; detail: register of the operand; back */
};

struct cold {
    u8 kind;
    u8 result;       /* register, of the kinds that have one */
    u32 instruction; /* that it belongs to */
    u32 jump;        /* that leads to it */
    u32 detail;
    u32 back;        /* where it goes on */
};

struct fixup {
    u32 at;     /* a displacement */
    u32 target; /* block, or word of the pool */
};

struct emitter {
    const struct source *source;
    struct assembler as;
    const struct ir *ir;
    const struct allocation *allocation;
    struct emission *emission;
    enum status status;
    u32 at;     /* instruction being emitted */
    u32 next;   /* block that will be emitted next, or UINT32_MAX */
    u32 saved;  /* callee-saved registers begin here in the frame, */
    u32 slots;  /* slots here; */
    u32 frame;  /* and it ends here */
    bool has_lzcnt, has_bmi1, has_bmi2;

    u32 *labels; /* where each block begins */
    u32 label_capacity;
    struct fixup *jumps; /* to blocks */
    u32 jump_count, jump_capacity;
    struct fixup *loads; /* of the pool */
    u32 load_count, load_capacity;
    struct fixup *addresses; /* words of the pool that are to be addresses of blocks */
    u32 address_count, address_capacity;
    u64 *pool;
    u32 pool_count, pool_capacity;
    u32 pool_shared; /* words before it are addresses, or older than some */
    struct cold *colds;
    u32 cold_count, cold_capacity;
    struct move *moves; /* for one place */
    u32 move_count, move_capacity;
    struct move *ordered;
    u32 ordered_capacity;
};

/* ---- emit.c ---- */

/* As struct target says. */
enum status emitter_create(const struct source *source, struct emitter **emitter);
void emitter_destroy(struct emitter *emitter);
enum status emit_run(struct emitter *e, const struct ir *ir, const struct allocation *allocation,
                     struct emission *emission);

void emit_fail(struct emitter *e, enum status status);
/* A place behind the function that the jump leads to. */
struct cold *emit_cold(struct emitter *e, enum cold_kind kind, u32 jump, u32 detail);
void emit_trap_if(struct emitter *e, enum condition condition, enum trap trap);
/* Jumps to a block. */
void emit_jump(struct emitter *e, u32 block);
void emit_jump_if(struct emitter *e, enum condition condition, u32 block);

/* ---- emit_value.c: operands and results ---- */

static inline const struct ir_instruction *emit_get(const struct emitter *e, u32 value)
{
    return &e->ir->code[value];
}

static inline u16 emit_place(const struct emitter *e, u32 value)
{
    return e->allocation->places[value];
}

static inline bool emit_is_constant(const struct emitter *e, u32 value, u64 *bits)
{
    *bits = emit_get(e, value)->bits;
    return emit_get(e, value)->op == IR_CONSTANT;
}

struct x86_memory emit_slot(const struct emitter *e, u16 place);
/* A word of the pool behind the code; or two, so that 16 bytes can be read. */
struct x86_memory emit_pool(struct emitter *e, u64 bits);
struct x86_memory emit_pool_pair(struct emitter *e, u64 bits);

/* A register that holds the value: its own, or `scratch` after loading it. */
u32 emit_in_register(struct emitter *e, u32 value, u32 scratch);
/* Puts the value into that integer register. */
void emit_into(struct emitter *e, u32 reg, u32 value, bool keep_flags);
u32 emit_float_in_register(struct emitter *e, u32 value, u32 scratch);
void emit_float_into(struct emitter *e, u32 reg, u32 value);
/* Where the result at hand is computed: its register, or the scratch one of its class. */
u32 emit_result(const struct emitter *e);
u32 emit_float_result(const struct emitter *e);
/* ... and into its slot, if that is where it belongs. */
void emit_result_done(struct emitter *e, u32 reg);
void emit_float_result_done(struct emitter *e, u32 reg);

/* An operand that may be memory: a slot or a folded load, a constant of the pool. */
struct operand_place {
    bool is_memory;
    u32 reg;
    struct x86_memory memory;
};

struct operand_place emit_operand(struct emitter *e, u32 value);
struct operand_place emit_float_operand(struct emitter *e, u32 value);
void emit_with(struct emitter *e, u32 form, u32 reg, const struct operand_place *operand);
/* The effective address of a load or store. */
struct x86_memory emit_address(struct emitter *e, const struct ir_instruction *access);

void emit_copy(struct emitter *e, u32 to, u32 from);
void emit_float_copy(struct emitter *e, u32 to, u32 from);

void emit_moves_begin(struct emitter *e);
void emit_move_add(struct emitter *e, u32 value, u16 to);
void emit_move_raw(struct emitter *e, u16 from, u16 to, u8 type);
void emit_moves_end(struct emitter *e);

/* ---- By theme ---- */

void emit_integer(struct emitter *e, const struct ir_instruction *i);
void emit_divide(struct emitter *e, const struct ir_instruction *i);
void emit_float(struct emitter *e, const struct ir_instruction *i);
void emit_convert(struct emitter *e, const struct ir_instruction *i);
void emit_load(struct emitter *e, const struct ir_instruction *i);
void emit_store(struct emitter *e, const struct ir_instruction *i);
void emit_state(struct emitter *e, const struct ir_instruction *i); /* globals, sizes, functions */

/* What a branch or selection depends on, after the flags have been set for it. */
enum test_kind {
    TEST_FLAG,
    TEST_FLOAT_EQUAL,     /* ZF and not PF */
    TEST_FLOAT_DIFFERENT, /* not ZF or PF */
};

struct test {
    u8 kind;
    u8 condition;
};

/* Compares for a value of type i32: a folded comparison, or any. */
struct test emit_test(struct emitter *e, u32 value);
struct test emit_test_not(struct test test);
void emit_compare(struct emitter *e, const struct ir_instruction *i); /* as a value */
void emit_select(struct emitter *e, const struct ir_instruction *i);

void emit_branch(struct emitter *e, const struct ir_instruction *i);
void emit_edge(struct emitter *e, u32 edge); /* its moves, and on to the block */
void emit_return(struct emitter *e, const struct ir_instruction *i);
/* The caller's registers that values are in, to the frame or back from it. */
void emit_callee_saved(struct emitter *e, bool stores);
void emit_leave(struct emitter *e); /* all but the last jump */

void emit_call(struct emitter *e, const struct ir_instruction *i);
void emit_tail_call(struct emitter *e, const struct ir_instruction *i);
void emit_runtime(struct emitter *e, const struct ir_instruction *i);
void emit_arguments(struct emitter *e); /* where the function begins */
/* Bytes that the calls of the function take on the stack. */
u32 emit_outgoing(const struct emitter *e);

void emit_cold_divide(struct emitter *e, const struct cold *cold);
void emit_cold_convert(struct emitter *e, const struct cold *cold);
void emit_cold_indirect(struct emitter *e, const struct cold *cold);
void emit_cold_host(struct emitter *e, const struct cold *cold);

/* ---- The convention (target.c) ---- */

enum { INTEGER_ARGUMENTS = 6, FLOAT_ARGUMENTS = 8, INTEGER_RESULTS = 2, FLOAT_RESULTS = 2 };
extern const u8 x86_64_argument_registers[INTEGER_ARGUMENTS];

/* Where values of a list of types travel, one after another. */
struct convention {
    u32 integers, floats, words;
};

/* The place of the next argument: a register, or PLACE_NONE and `words` counts it. */
u16 convention_argument(struct convention *convention, u8 type);
u16 convention_result(struct convention *convention, u8 type);
u8 convention_type(value_type type);

extern const register_set x86_64_callee_saved;

#endif
