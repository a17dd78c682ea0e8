/* From the bytes of a validated body to single assignment form. Private to engine/compile.
 *
 * One pass over the bytes, with the operand stack and the locals as names of values. Where paths
 * join, parameters are made only for what differs; where a loop begins, for the locals that are
 * assigned in it, which scan.c has found out before. Nothing is made for code that cannot be
 * reached. Equal computations are found on the way (number.c) and constants folded (fold.c). */
#ifndef ENGINE_COMPILE_BUILD_H
#define ENGINE_COMPILE_BUILD_H

#include "engine/compile/body.h"
#include "engine/compile/ir.h"
#include "engine/compile/scan.h"
#include "engine/lower.h"

enum construct_kind {
    CONSTRUCT_BLOCK,
    CONSTRUCT_LOOP,
    CONSTRUCT_IF, /* until its else */
    CONSTRUCT_ELSE,
    CONSTRUCT_FUNCTION,
};

struct construct {
    u32 kind : 3;               /* enum construct_kind */
    u32 height : IR_COUNT_BITS; /* operands below its parameters */
    u16 parameter_count;
    u16 result_count;
    u32 scan;           /* its number in the scan */
    u32 edges;          /* a list: those that leave it by its end */
    union {
        u32 header;     /* of a loop: its block */
        u32 otherwise;  /* of an if: edge */
    };
    u32 saved;          /* of an if: where its locals and parameters begin in builder.saved */
    u32 scope;          /* of number.c, where it begins */
    u32 memory_epoch, global_epoch; /* where it begins */
};

/* A computation that a later, equal one can take the value of. */
struct numbered {
    struct ir_form form; /* neither used nor folded yet */
    u32 value;
    u32 epoch;  /* of memory or globals, for what depends on them */
    u32 older;  /* in the same bucket, plus one; 0: none */
    u16 bucket;
};

enum { NUMBER_BUCKET_BITS = 10, NUMBER_BUCKETS = 1 << NUMBER_BUCKET_BITS, CONSTANT_BITS = 9 };

/* Bodies within each other: that of the function, and of small ones that it calls. */
enum { BODIES_MAX = 4 };

/* A body that is being built. */
struct body {
    const u8 *at;    /* its next byte */
    struct scan *scan;
    u32 next_scan;   /* number of the next construct that begins */
    u32 first_local; /* of all */
    u32 construct;   /* its outermost */
    u32 site;        /* where it is called, or IR_NO_SITE */
};

struct builder {
    const struct source *source;
    enum status status; /* the first mistake: no memory, or a limit */
    struct ir *ir;
    struct scan scans[BODIES_MAX];

    struct body body; /* at hand */
    u32 body_depth;   /* bodies around it */
    u32 instructions_max, lists_max; /* more there may not be */
    u32 noted_max; /* at a time */
    u32 inline_bytes; /* of other bodies that may still be built in this function */
    u32 offset;     /* of the instruction at hand, in the module */
    u32 sought;     /* of this instruction of the function the offset is to be noted, */
    u32 sought_offset; /* here */
    bool is_reached;
    u32 block;      /* that is being filled */
    u32 loop;       /* the innermost loop here */
    u32 memory_epoch, global_epoch; /* what memory and globals hold: others, other contents */
    u32 epochs;     /* given so far */

    u32 *locals;    /* the value of each of the body at hand */
    u32 local_count;
    u32 *all_locals; /* ... and of those around it, before it */
    u8 *local_types; /* enum ir_type, likewise */
    u32 all_local_count;
    u32 local_capacity, local_type_capacity;
    u32 *stack;     /* operands: values */
    u32 stack_count;
    u32 stack_capacity;
    u32 *saved;
    u32 saved_count;
    u32 saved_capacity;
    struct construct *constructs;
    u32 construct_count;
    u32 construct_capacity;

    struct numbered *numbered;
    u32 numbered_count;
    u32 numbered_capacity;
    u32 buckets[NUMBER_BUCKETS]; /* newest in each, plus one */
    u32 constants[1 << CONSTANT_BITS]; /* the newest of each hash */
};

void builder_init(struct builder *b, const struct source *source);
void builder_destroy(struct builder *b);
/* Builds `function` of ir->module into `ir`. STATUS_LIMIT: it asks for more than it may. */
enum status builder_run(struct builder *b, struct ir *ir, u32 function);
/* Where in the module's bytes an instruction of `ir` comes from: the function is built once more, to
 * the same `ir` but for what is counted and folded. STATUS_NO_MEMORY at worst. */
enum status builder_offset(struct builder *b, struct ir *ir, u32 instruction, u32 *offset);

/* ---- Shared by the files of building ---- */

static inline bool builder_ok(const struct builder *b)
{
    return b->status == STATUS_OK;
}

BASE_RARE void builder_fail(struct builder *b, enum status status);

BASE_RARE u32 builder_add_with_room(struct builder *b, struct ir_form instruction);

/* A new instruction at the end of the block at hand; its number, or IR_NO_VALUE after a mistake. */
static inline u32 builder_add(struct builder *b, struct ir_form instruction)
{
    struct ir *ir = b->ir;
    u32 number = ir->count;
    if (__builtin_expect(number == b->instructions_max || number == ir->capacity, 0))
        return builder_add_with_room(b, instruction);
    if (__builtin_expect(number == b->sought, 0))
        b->sought_offset = b->offset;
    ir->code[number] = ir_keep(&instruction);
    ir->count = number + 1;
    return number;
}

/* Room for so many values at the end of ir->lists, or NULL after a mistake. */
u32 *builder_list_room(struct builder *b, u32 count);
/* Values into ir->lists; where they begin. */
u32 builder_list(struct builder *b, const u32 *values, u32 count);
/* Room for more operands. */
bool builder_room(struct builder *b, u32 count);

static inline u32 builder_u32(struct builder *b)
{
    return (u32)body_unsigned(&b->body.at);
}

static inline void builder_push(struct builder *b, u32 value)
{
    b->stack[b->stack_count++] = value;
}

static inline u32 builder_pop(struct builder *b)
{
    return b->stack[--b->stack_count];
}

static inline struct ir_instruction *builder_value(const struct builder *b, u32 value)
{
    return &b->ir->code[value];
}

/* Builds instructions until the body at hand has ended. */
void builder_walk(struct builder *b);
/* Builds the body of a function of the module where it is called, if it is small: its arguments are
 * the last operands, and its results take their place. False: it is not for that. */
bool builder_inline(struct builder *b, u32 function);
struct block_type builder_block_type(const struct function_type *type);

/* The value of a computation without effects: an equal one that is there, or a new one. */
u32 number_value(struct builder *b, struct ir_form instruction, u32 epoch);
/* From now on `value` is that of this computation. */
void number_note(struct builder *b, struct ir_form form, u32 epoch, u32 value);
/* Forgets what has been noted since there were `count`. */
void number_forget(struct builder *b, u32 count);
u32 builder_constant(struct builder *b, enum ir_type type, u64 bits);

/* A numeric opcode on values: folded, known already, or new. */
u32 fold_unary(struct builder *b, u32 opcode, u32 a);
u32 fold_binary(struct builder *b, u32 opcode, u32 a, u32 b_value);
u32 fold_select(struct builder *b, u32 a, u32 b_value, u32 condition);
/* Whether the value is a constant, and its bits. */
static inline bool fold_constant(const struct builder *b, u32 value, u64 *bits)
{
    *bits = ir_bits(builder_value(b, value));
    return builder_value(b, value)->op == IR_CONSTANT;
}

/* build_control.c */
/* The outermost construct of a body, in the block at hand. */
void builder_body_begin(struct builder *b, enum construct_kind kind, const struct function_type *type);
void builder_block_begin(struct builder *b);
void builder_construct(struct builder *b, u32 opcode, const struct block_type *type);
void builder_else(struct builder *b);
void builder_end(struct builder *b);
void builder_branch(struct builder *b, u32 depth);
void builder_branch_if(struct builder *b, u32 depth);
void builder_table(struct builder *b);
void builder_return(struct builder *b);
void builder_trap(struct builder *b, enum trap trap);
/* What follows is not reached; the block at hand has ended. */
void builder_dead(struct builder *b);

/* build_bulk.c: false if there are too many bytes, or nobody knows how many. Memories by index. */
bool builder_copy_inline(struct builder *b, const u32 *operands, u32 to, u32 from);
bool builder_fill_inline(struct builder *b, const u32 *operands, u32 memory);

/* build_call.c */
void builder_call(struct builder *b, u32 opcode);
void builder_call_indirect(struct builder *b, u32 opcode);
void builder_runtime(struct builder *b, u32 opcode);

#endif
