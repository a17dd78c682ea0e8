/* From instructions and places to machine code: one pass forwards, cold code and constants behind
 * the rest. Private to engine/x86_64. */
#ifndef ENGINE_X86_64_EMIT_H
#define ENGINE_X86_64_EMIT_H

#include "engine/compile/target.h"
#include "engine/compile/moves.h"
#include "engine/execution.h"
#include "engine/x86_64/features.h"
#include "engine/x86_64/registers.h"
#include "engine/x86_64/shape.h"

struct emitter;

/* Code that is written behind the rest, because it seldom runs. */
struct cold {
    void (*emit)(struct emitter *e, const struct cold *cold);
    u32 jump;        /* that leads to it; 0: none */
    u32 address;     /* the same, of `addresses`, counted from 1 on; 0: none */
    u32 back;        /* where it goes in the end; 0: nowhere */
    u32 instruction; /* that it is of */
    u32 number;      /* what it needs to know: an edge, */
    u8 a, b;         /* registers, a trap */
};

/* A jump to a block that is not there yet. */
struct block_jump {
    u32 jump;
    u32 block;
};

/* A constant that is an address in the code. */
struct pool_address {
    u32 item; /* of the pool, in 8 bytes */
    u32 target; /* position, once it is known; until then with ... */
    bool is_block; /* ... the number of a block, */
    bool is_pool;  /* ... or that of an item */
    bool like;     /* it is the same as the one before */
};

struct emitter {
    const struct source *source;
    struct assembler as;
    struct x86_64_features features;
    const struct ir *ir;
    const struct allocation *allocation;
    struct emission *emission;
    enum status status;

    u32 instruction; /* at hand */
    u32 blame;       /* what can fault in it: itself, or what is folded into it */

    /* The frame, from the stack pointer upwards: words for calls, saved registers, slots, and
     * behind the return address words that the caller has put there. */
    u32 frame_bytes;
    u32 outgoing_words;
    u32 incoming_words;
    u32 saved_bytes; /* where those are */
    u32 slot_bytes;

    u32 *starts;  /* of blocks; UINT32_MAX: not there yet */
    u32 start_capacity;
    u32 *layout; /* blocks in the order of their code */
    u32 layout_capacity;
    u32 flags_value; /* whose being zero the flags say, ... */
    u32 flags_at;    /* ... here */
    u32 trap_end;   /* behind the last trap, which comes never back */
    u32 next_block; /* the one that follows, or UINT32_MAX */
    struct block_jump *jumps;
    u32 jump_count;
    u32 jump_capacity;
    struct cold *colds;
    u32 cold_count;
    u32 cold_capacity;
    struct cold no_cold; /* there was no memory for another */
    u64 *pool;
    u32 pool_count;
    u32 pool_capacity;
    u32 pool_constants; /* from here on there are no addresses in it */
    struct pool_address *addresses;
    u32 address_count;
    u32 address_capacity;
    struct inlined_call *inlined;
    u32 inlined_count;
    u32 inlined_capacity;
    u32 *address_places; /* bytes of the code at which they stand, once they do */
    u32 address_place_capacity;
    struct move *moves;
    u32 move_count;
    u32 uses_margin; /* of constants, by one instruction, at most */
    u32 move_capacity;
    struct move *ordered;
    u32 ordered_capacity;
};

enum status emitter_create(const struct source *source, struct emitter **emitter);
void emitter_destroy(struct emitter *emitter);
enum status emit_function(struct emitter *emitter, const struct ir *ir,
                          const struct allocation *allocation, struct emission *emission);

/* Writes the code of the instruction that is at hand, and which is not folded. */
typedef void emit_instruction(struct emitter *e, const struct ir_instruction *i);

/* ---- Places and operands (emit_place.c) ---- */

static inline const struct ir_instruction *ir_at(const struct emitter *e, u32 value)
{
    return &e->ir->code[value];
}

static inline void blame_set(struct emitter *e, const struct ir_instruction *i)
{
    e->blame = (u32)(i - e->ir->code);
}

static inline u32 wide_of(u8 type)
{
    return type == IR_I64 ? WIDE : 0;
}

/* For `emit_stretch`, when there is not enough. */
BASE_RARE bool emit_stretch_more(struct emitter *e, void **items, u32 *capacity, u32 need,
                                 u32 item_size);

/* Makes room for so many; false, and no code comes of it, if there is no memory. */
static inline bool emit_stretch(struct emitter *e, void **items, u32 *capacity, u32 need,
                                u32 item_size)
{
    return !BASE_SELDOM(need > *capacity) ||
           emit_stretch_more(e, items, capacity, need, item_size);
}

struct rm rm_of_place(const struct emitter *e, u32 place);
/* Numbers of places that are no slots of the allocation's: words that are passed on the stack. */
u32 place_incoming(const struct emitter *e, u32 word);
u32 place_outgoing(const struct emitter *e, u32 word);
/* Where an operand can be read: register, slot, folded load or constant. The scratch register may
 * be needed for that until it has been. */
struct rm rm_of(struct emitter *e, u32 value);
/* Whether that needs it. */
bool rm_needs_scratch(const struct emitter *e, u32 value);
/* The register that it is in, or NO_REGISTER. */
u32 register_of(const struct emitter *e, u32 value);
/* In a register: its own, or `other`. */
u32 integer_in(struct emitter *e, u32 wide, u32 value, u32 other);
u32 float_in(struct emitter *e, u8 type, u32 value, u32 other);
/* In just that register. Flags stay. */
void integer_to(struct emitter *e, u32 wide, u32 value, u32 reg);
void float_to(struct emitter *e, u8 type, u32 value, u32 reg);
/* The register in which the instruction at hand computes its result: the scratch one, if that goes
 * to a slot. */
u32 result_register(const struct emitter *e);
/* Puts it there. */
void result_done(struct emitter *e, u32 reg);
void integer_store(struct emitter *e, struct rm rm, u32 reg);
void float_store(struct emitter *e, u8 type, struct rm rm, u32 reg);

struct rm pool_item(struct emitter *e, u64 bits);
/* Twice the same, for instructions that read 16 bytes. */
struct rm pool_pair(struct emitter *e, u64 bits);
/* An item of its own, which will be an address. */
u32 pool_address_item(struct emitter *e, u32 target, bool is_block);

/* Moves, all at once. */
void moves_begin(struct emitter *e);
void moves_add(struct emitter *e, u32 value, u32 from, u32 to, u8 type);
void moves_add_value(struct emitter *e, u32 value, u32 to);
void moves_emit(struct emitter *e);

/* Two, three operand forms of floats, VEX where there is AVX. `vector` is NO_REGISTER where there
 * is no such operand; without AVX it has to be `reg`. */
void float_form(struct emitter *e, u32 form, u32 reg, u32 vector, struct rm rm);
void float_move(struct emitter *e, u32 to, u32 from);
void float_load(struct emitter *e, u8 type, u32 reg, struct rm rm);

static inline u32 form_of_type(u32 form, u8 type)
{
    return type == IR_F64 ? form ^ DOUBLE : form;
}

/* ---- Conditions (emit_compare.c) ---- */

/* The zero flag is that of the result of the instruction at hand, which is in a register; it is
 * known as long as nothing else is written. */
static inline void flags_set(struct emitter *e)
{
    e->flags_value = e->instruction;
    e->flags_at = position(&e->as);
}

/* After a comparison. With PARITY_AND it holds if there is no parity besides, with PARITY_OR also
 * if there is. */
enum parity { PARITY_NONE, PARITY_AND, PARITY_OR };

struct condition {
    enum code_condition code;
    enum parity parity;
};

/* Sets the flags for a value that is used as a condition: the condition is that it is not zero. */
struct condition condition_emit(struct emitter *e, u32 value);
struct condition condition_not(struct condition condition);
emit_instruction emit_compare, emit_select;

/* ---- Memory (emit_memory.c) ---- */

struct rm rm_of_access(struct emitter *e, const struct ir_instruction *access);
bool access_needs_scratch(const struct emitter *e, const struct ir_instruction *access);
emit_instruction emit_load, emit_store, emit_global_get, emit_global_set, emit_memory_size,
    emit_table_size, emit_function_reference;
/* A field of the running instance, in the scratch register. */
void instance_field(struct emitter *e, usize offset, u32 reg);

/* ---- Arithmetic ---- */

enum alu alu_of(u32 op);
emit_instruction emit_binary, emit_multiply, emit_shift, emit_count, emit_extend, emit_copy;
emit_instruction emit_division;
emit_instruction emit_float_binary, emit_float_extreme, emit_float_sign, emit_float_unary;
emit_instruction emit_truncate, emit_convert_integer, emit_convert_float, emit_reinterpret;

/* ---- Control (emit_branch.c, emit_call.c) ---- */

emit_instruction emit_jump, emit_branch, emit_table, emit_return, emit_trap, emit_call,
    emit_runtime, emit_tail_call;
/* Of a block that is left to others. */
void jump_to_block(struct emitter *e, enum code_condition condition, u32 block);
void epilogue_emit(struct emitter *e);

/* The call of the instruction at hand has just been written. */
void call_note(struct emitter *e);

/* Of the stack, for what a call or the runtime is given there. */
u32 stack_words(const struct ir *ir, const struct ir_instruction *i);

/* ---- Cold code (emit.c) ---- */

/* Adds cold code for the instruction at hand, and a jump there. Gives it to be filled in, until the
 * next is added. */
struct cold *cold_add(struct emitter *e, enum code_condition condition,
                      void (*emit)(struct emitter *e, const struct cold *cold));
/* The same, for the last of `addresses` instead of a jump. */
struct cold *cold_add_address(struct emitter *e,
                              void (*emit)(struct emitter *e, const struct cold *cold));
/* It goes on here. */
void cold_back(struct emitter *e, struct cold *cold);
/* A trap, if the condition holds. */
void trap_if(struct emitter *e, enum code_condition condition, enum trap trap);
void trap_emit(struct emitter *e, enum trap trap);

#endif
