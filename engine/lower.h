/* Lowering: what validation calls, instruction by instruction, to have a body become register code.
 *
 * It keeps a stack of operands that mirrors the body's, of which most are not computed yet: a
 * `local.get` or a constant becomes an operand of the instruction that uses it and costs nothing.
 * One instruction is held back (`pending`), so that what follows can still choose where its result
 * goes or take it into itself. Nothing here is called for unreachable code, whose instructions
 * have no types; the two of a block that are, end and else, say whether they can be reached.
 *
 * Time and memory are linear in the body: a settled operand stays settled, and operands of one
 * local are threaded into a list. Allocation failures set `failed`, and the caller gives up. */
#ifndef ENGINE_LOWER_H
#define ENGINE_LOWER_H

#include "engine/instruction.h"
#include "engine/module.h"
#include "engine/opcode.h"

/* Which accumulator a value goes to. */
enum value_class {
    CLASS_INTEGER, /* references too */
    CLASS_REAL,
    CLASS_SINGLE,
    CLASS_COUNT,
};

enum { NO_SLOT = UINT32_MAX };

enum operand_kind {
    OPERAND_TEMPORARY, /* in its own slot, or only in the accumulator while `pending` gives it */
    OPERAND_LOCAL,
    OPERAND_CONSTANT,
};

struct operand {
    u8 kind;   /* enum operand_kind */
    u8 class;  /* enum value_class */
    u16 slot;  /* where it is; not of a constant */
    u32 older; /* of a local: the next older operand that is the same local, plus one; or 0 */
    u64 bits;  /* of a constant; of an i32 or f32 the high half is zero */
};

/* The instruction held back. `id` is I_NONE when there is none. */
struct pending {
    u16 id;
    u16 comparison; /* enum comparison, if its result is one */
    u8 form;
    u8 class;
    bool gives; /* has a result, in the accumulator of `class` */
    bool keep;  /* ... and writes it to `to` */
    u16 to;
    u16 home;   /* slots below are not read by it, but for locals */
    u32 before; /* slot that the accumulator mirrors if this instruction does not run after all */
    u32 offset; /* of the WebAssembly instruction, in the module */
    union word words[2];
};

/* An instruction that has been written. */
struct written {
    u32 word;
    u32 cost; /* see fusion.c */
    u16 id;
};

/* Types of a block, a function, or a callee. */
struct block_type {
    const value_type *parameters;
    const value_type *results;
    u32 parameter_count;
    u32 result_count;
};

enum label_kind {
    LABEL_BLOCK,
    LABEL_LOOP,
    LABEL_IF, /* until its else */
    LABEL_FUNCTION,
};

struct label {
    struct block_type type;
    u32 kind;       /* enum label_kind */
    u32 height;     /* operands below it */
    u32 loop;       /* first word of a loop */
    u32 fixups;     /* branches here: a list through their targets; 0 ends it */
    u32 otherwise;  /* the branch to the else part */
    u32 stub;       /* targets of the br_table at hand that go through a stub: a list as `fixups` */
    u32 next_stub;  /* label that has one, plus one; 0 ends the list */
};

struct lowering {
    const struct module *module;
    const struct source *source;
    bool failed; /* no memory */

    union word *words;
    u32 word_count;
    u32 word_capacity;
    struct written *written; /* the instructions in `words`, in order */
    u32 written_count;
    u32 written_capacity;

    struct operand *operands;
    u32 operand_count;
    u32 operand_capacity;
    u32 operand_peak;
    u32 local_operands; /* of kind OPERAND_LOCAL */
    u32 *local_newest;  /* newest operand of each local, plus one; 0: none */
    u32 local_capacity;

    struct label *labels;
    u32 label_count;
    u32 label_capacity;

    u32 mirrors[CLASS_COUNT]; /* the slot whose value each accumulator has, or NO_SLOT */
    struct pending pending;
    u32 near_loop; /* label of the loop that the register `loop` knows, plus one; 0: none */
    u32 local_count;
    u32 header;    /* slot */
    u32 temporary; /* slot of the operand at height 0 */
    u32 table_at;  /* word of the next target of the br_table at hand */
    u32 stubs;     /* first label with a stub, plus one */

    u32 offset;       /* of the instruction at hand, in the module */
    u32 sought;        /* a word: */
    u32 sought_offset; /* the offset of the last instruction that begins there or before */
};

/* To be destroyed in any case. */
enum status lower_create(struct lowering *lowering, const struct module *module);
void lower_destroy(struct lowering *lowering);

/* A new body. Parameters are the first of `local_count` locals. */
void lower_begin(struct lowering *l, const struct function_type *type, u32 local_count);
/* Slots of its frame, after its last end; and of one with so many locals and operands at once. */
u32 lower_frame_slots(const struct lowering *l);
u32 lower_frame_slots_of(const struct function_type *type, u32 local_count, u32 operand_peak);

enum {
    STEP_WORDS = 64, /* more than any instruction writes that does not ask for more itself */
    STEP_OPERANDS = 4,
};

bool lower_room_make(struct lowering *l);

/* Before each instruction: room for what it may write, push, or open. */
static inline bool lower_room(struct lowering *l)
{
    bool is_there = l->word_capacity - l->word_count >= STEP_WORDS &&
                    l->written_capacity - l->written_count >= STEP_WORDS &&
                    l->operand_capacity - l->operand_count >= STEP_OPERANDS &&
                    l->label_count < l->label_capacity && !l->failed;
    return is_there || lower_room_make(l);
}

void lower_constant(struct lowering *l, enum value_class class, u64 bits);
void lower_numeric(struct lowering *l, enum opcode opcode);
void lower_drop(struct lowering *l);
void lower_select(struct lowering *l, enum value_class class);

void lower_local_get(struct lowering *l, u32 local, enum value_class class);
void lower_local_set(struct lowering *l, u32 local);
void lower_local_tee(struct lowering *l, u32 local);
void lower_global_get(struct lowering *l, u32 global);
void lower_global_set(struct lowering *l, u32 global);

void lower_load(struct lowering *l, enum opcode opcode, u32 memory, u64 offset);
void lower_store(struct lowering *l, enum opcode opcode, u32 memory, u64 offset);
/* An instruction of the runtime: pops, pushes an integer if it gives one; `indices` as it needs. */
void lower_runtime(struct lowering *l, enum opcode opcode, const u32 indices[2]);

void lower_block(struct lowering *l, enum label_kind kind, const struct block_type *type);
void lower_else(struct lowering *l, bool reached);
void lower_end(struct lowering *l, bool reached);
void lower_unreachable(struct lowering *l);
void lower_branch(struct lowering *l, u32 depth);
void lower_branch_if(struct lowering *l, u32 depth);
/* br_table: its number of targets without the last and of operands they take; then each target. */
void lower_table(struct lowering *l, u32 count, u32 arity);
void lower_table_target(struct lowering *l, u32 depth);
void lower_table_end(struct lowering *l);
void lower_return(struct lowering *l);

void lower_call(struct lowering *l, u32 function);
void lower_call_indirect(struct lowering *l, const struct function_type *type, u32 table);
void lower_tail_call(struct lowering *l, u32 function);
void lower_tail_call_indirect(struct lowering *l, const struct function_type *type, u32 table);

static inline enum value_class value_class_of(value_type type)
{
    if (type == TYPE_F64)
        return CLASS_REAL;
    return type == TYPE_F32 ? CLASS_SINGLE : CLASS_INTEGER;
}

#endif
