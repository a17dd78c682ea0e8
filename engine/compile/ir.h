/* The compiler's form of a function: static single assignment, in blocks.
 *
 * Instructions stand in one array in program order, and their number is the value that they give.
 * Blocks are stretches of that array, in an order in which every loop is a stretch too and all
 * branches but those back to a loop's first block go forwards. A block begins with IR_BLOCK and its
 * parameters (IR_PARAMETER), which take the place of phis: each edge to the block has one argument
 * for each of them. A block ends in one of the instructions from IR_JUMP on.
 *
 * Plain computations, loads and stores have the numbers of WebAssembly's opcodes (engine/opcode.h);
 * what WebAssembly has no opcode for, or what looks different here, is in enum ir_op.
 *
 * Written by build*.c; then mark.c says what is used, the target says what is folded, and the
 * allocator where each value is. Nothing here is of one architecture. */
#ifndef ENGINE_COMPILE_IR_H
#define ENGINE_COMPILE_IR_H

#include "base/base.h"
#include "engine/engine.h"
#include "engine/opcode.h"

/* References are IR_I64. A value of type IR_I32 that is in a 64-bit place has zero above. */
enum ir_type {
    IR_NONE, /* gives no value */
    IR_I32,
    IR_I64,
    IR_F32,
    IR_F64,
};

static inline u8 ir_type_of(value_type type)
{
    switch (type) {
    case TYPE_I32:
        return IR_I32;
    case TYPE_F32:
        return IR_F32;
    case TYPE_F64:
        return IR_F64;
    default:
        return IR_I64;
    }
}

enum ir_op {
    IR_NOTHING = OPCODE_COUNT, /* left behind by something that was taken away */
    IR_BLOCK,     /* c: block; begins it, and is the place where its parameters come to be */
    IR_PARAMETER, /* c: number in its block */
    IR_ARGUMENT,  /* c: number of the function's parameter; these follow the entry's IR_BLOCK */
    IR_CONSTANT,  /* ir_bits, zero above those of the type */
    IR_RESULT,    /* a: a call; c: which of its results, from 1 on: the call itself is the first */
    IR_GLOBAL_GET, /* c: index in module->globals */
    IR_GLOBAL_SET, /* c: the same; a: value */
    IR_SELECT,     /* a if c (an i32) is not zero, else b */
    IR_CALL,          /* c: function of the module, not an import; list: arguments */
    IR_CALL_IMPORT,   /* c: function, an import; list: arguments */
    IR_CALL_INDIRECT, /* c: type's index in module->types; list: arguments, then the index in the
                         table; behind the list: table */
    IR_RUNTIME,       /* what the runtime does: c: enum ir_runtime; list: operands; behind the list:
                         first index, second index */
    IR_FUNCTION_REFERENCE, /* c: function */
    IR_MEMORY_SIZE,   /* c: memory; in pages */
    IR_TABLE_SIZE,    /* c: table */
    IR_JUMP,          /* edge b */
    IR_BRANCH,        /* a: an i32; edge b if it is not zero, else edge c */
    IR_TABLE,         /* a: an i32; edges b to b + c - 1; the last for every index from c - 1 on */
    IR_RETURN,        /* list: results */
    IR_TRAP,          /* c: enum trap */
    IR_TAIL_CALL,     /* as IR_CALL, and then returns what it gives */
    IR_TAIL_CALL_IMPORT,
    IR_TAIL_CALL_INDIRECT,
    IR_OP_END,
};

enum ir_runtime {
    RUNTIME_MEMORY_GROW,
    RUNTIME_MEMORY_FILL,
    RUNTIME_MEMORY_COPY, /* first: to, second: from */
    RUNTIME_MEMORY_INIT, /* first: memory, second: segment */
    RUNTIME_DATA_DROP,
    RUNTIME_TABLE_GET,
    RUNTIME_TABLE_SET,
    RUNTIME_TABLE_GROW,
    RUNTIME_TABLE_FILL,
    RUNTIME_TABLE_COPY,
    RUNTIME_TABLE_INIT, /* first: table, second: segment */
    RUNTIME_ELEMENT_DROP,
    RUNTIME_COUNT,
};

/* The c of a division or remainder: its divisor is a constant with which it never traps. */
enum { IR_NEVER_TRAPS = 1 };

/* Instructions, edges, places in lists, and what there is one of for each of these at most, have numbers
 * of so many bits. */
enum { IR_COUNT_BITS = 21, IR_COUNT_MAX = (1 << IR_COUNT_BITS) - 1 };

enum { IR_NO_VALUE = 0, IR_OPERANDS_MAX = 3 }; /* number 0 is the entry's IR_BLOCK: never a value */

/* An instruction in the making. Loads: a address, c offset. Stores: a address, b value, c offset.
 * Instructions with a list: `list` is where it begins in ir->lists, `list_count` its length; they have
 * no other operands. Where it was in the module is not kept: whoever asks has it built again
 * (builder_offset). */
struct ir_form {
    u16 op;    /* enum opcode or enum ir_op */
    u8 type;   /* enum ir_type of its value */
    u8 memory; /* of loads and stores */
    union {
        u32 a;
        u32 list;
    };
    union {
        u32 b;
        u32 list_count;
    };
    u32 c;
};

enum { IR_OP_BITS = 32 - IR_COUNT_BITS };

/* The same as it is kept. */
struct ir_instruction {
    union {
        struct {
            u32 op : IR_OP_BITS;
            u32 a : IR_COUNT_BITS;
        };
        struct {
            u32 : IR_OP_BITS;
            u32 list : IR_COUNT_BITS;
        };
    };
    union {
        struct {
            u32 type : 3;
            u32 uses : 2; /* how often it is an operand of what is needed, IR_USES_MANY standing for
                             all from there on; 0: not needed, unless it acts */
            u32 folded : 1; /* the target computes it where its only user is (mark.c, the target) */
            u32 memory : 5;
            u32 b : IR_COUNT_BITS;
        };
        struct {
            u32 : 32 - IR_COUNT_BITS;
            u32 list_count : IR_COUNT_BITS;
        };
        u32 second; /* all of these */
    };
    u32 c;
};

_Static_assert(sizeof(struct ir_instruction) == 12, "there are many");
_Static_assert((int)IR_OP_END <= 1 << IR_OP_BITS, "as op has it");

static inline u32 ir_number(u32 number)
{
    return number & ((1u << IR_COUNT_BITS) - 1);
}

static inline struct ir_instruction ir_keep(const struct ir_form *form)
{
    return (struct ir_instruction){
        .op = form->op & ((1u << IR_OP_BITS) - 1),
        .a = ir_number(form->a),
        .type = form->type & 7,
        .memory = form->memory & 31,
        .b = ir_number(form->b),
        .c = form->c,
    };
}

/* The bits of a constant are in c, then b, then a. */
static inline struct ir_form ir_constant(u8 type, u64 bits)
{
    u32 above = (u32)(bits >> 32);
    return (struct ir_form){ .op = IR_CONSTANT,
                             .type = type,
                             .a = above >> IR_COUNT_BITS,
                             .b = ir_number(above),
                             .c = (u32)bits };
}

static inline u64 ir_bits(const struct ir_instruction *i)
{
    return ((u64)i->a << IR_COUNT_BITS | i->b) << 32 | i->c;
}

enum { IR_USES_MANY = 2, IR_USES_SHIFT = 3 /* of `second`; `folded` is the bit above them */ };

/* Adds one to `uses`, unless its upper bit says that there are many. */
static inline void ir_use(struct ir_instruction *i)
{
    i->second += ~i->second >> 1 & 1 << IR_USES_SHIFT;
}

/* One way from the end of one block to the beginning of another. */
struct ir_edge {
    u32 to;        /* block */
    u32 arguments; /* where they begin in ir->lists: one for each parameter of `to` */
};

struct ir_block {
    u32 first; /* its IR_BLOCK */
    u32 end;   /* behind its last instruction */
    u32 parameter_count; /* they follow `first`; those behind the last that is needed do not count
                            once uses do */
    u32 loop : IR_COUNT_BITS; /* the innermost loop that it is in; IR_NO_LOOP: in none */
    u32 depth : 8;            /* loops that it is in; no more than a byte can say */
    u32 is_cold : 1;          /* runs seldom or once: ends in a trap, say */
    u32 is_entered : 1;       /* an edge leads there from a block that is not cold */
};

_Static_assert(sizeof(struct ir_block) == 16, "there are many");

struct ir_loop {
    u32 outer; /* or IR_NO_LOOP */
    u32 header; /* its first block */
    u32 end;    /* behind its last block */
    u8 depth;   /* loops that it is in, and itself; no more than a byte can say */
};

/* A call whose callee has been built in its place: a stretch of instructions, in which there may be
 * others. In the order in which they begin. */
struct ir_site {
    u32 first;
    u32 end;      /* behind its last instruction */
    u32 outer;    /* the site that it is in, or IR_NO_SITE */
    u32 function; /* that is called */
    u32 offset;   /* in the module's bytes, of the call */
};

enum { IR_NO_EDGE = UINT32_MAX, IR_NO_LOOP = IR_COUNT_MAX, IR_NO_SITE = UINT32_MAX };

/* One function. All arrays belong to the compiler and are used again for the next. */
struct ir {
    const struct module *module;
    const struct function_type *type;
    u32 function;
    bool is_large; /* arrays had better be just as long as they have to be, and be given back as soon
                      as they can be */

    struct ir_instruction *code;
    u32 count;
    u32 capacity;
    struct ir_block *blocks;
    u32 block_count;
    u32 block_capacity;
    u32 *entries; /* of each block: a list of the edges that lead there, which is not there any more
                     when a large function has been marked */
    u32 entry_capacity;
    struct ir_edge *edges;
    u32 edge_count;
    u32 edge_capacity;
    u32 *others; /* of each edge: another one to the same block, or IR_NO_EDGE; like `entries` */
    u32 other_capacity;
    struct ir_loop *loops;
    u32 loop_count;
    u32 loop_capacity;
    struct ir_site *sites;
    u32 site_count;
    u32 site_capacity;
    bool has_runtime;  /* IR_RUNTIME is somewhere */
    u32 longest_list;  /* of an instruction */
    u32 *lists;
    u32 list_count;
    u32 list_capacity;
};

/* Of each op: how many of a, b and c it reads, and what it is. */
enum {
    IR_ACTS = 1,         /* does more than give a value */
    IR_IS_DONE = 2,      /* is done where it stands, and not before or nowhere */
    IR_MAY_TRAP = 16,    /* acts, unless its c says IR_NEVER_TRAPS */
    IR_LISTS = 32,       /* has a list */
    IR_OPERANDS_SHIFT = 6,
};
extern const u8 ir_properties[IR_OP_END];

static inline u32 ir_operand_count(const struct ir_instruction *i)
{
    return ir_properties[i->op] >> IR_OPERANDS_SHIFT;
}

static inline bool ir_has_list(const struct ir_instruction *i)
{
    return (ir_properties[i->op] & IR_LISTS) != 0;
}

/* The properties of its op, with IR_ACTS also if it may trap. */
static inline u32 ir_properties_of(const struct ir_instruction *i)
{
    u32 properties = ir_properties[i->op];
    if (BASE_SELDOM(properties & IR_MAY_TRAP))
        properties |= IR_ACTS * (~i->c & IR_NEVER_TRAPS);
    return properties;
}

/* Whether it stays where it is, needed or not. */
static inline bool ir_acts(const struct ir_instruction *i)
{
    return (ir_properties_of(i) & IR_ACTS) != 0;
}

/* Whether it is needed, and done where it stands: not folded, and it acts, or is used and not there by
 * itself. Which of these it is would be guessed wrong, so it is looked up: for each number that `uses`
 * and `folded` make together, the properties of which one does. */
static inline bool ir_is_computed(const struct ir_instruction *i)
{
    enum { USED = IR_ACTS | IR_IS_DONE, WHICH = IR_ACTS | USED << 4 | USED << 8 | USED << 12 };
    u32 number = i->second >> IR_USES_SHIFT & 7;
    return ((u32)WHICH >> 4 * number & ir_properties_of(i) & USED) != 0;
}

/* What is behind the list of an instruction (enum ir_op), and how much that is. */
static inline const u32 *ir_behind(const struct ir *ir, const struct ir_instruction *i)
{
    return ir->lists + i->list + i->list_count;
}

static inline u32 ir_behind_count(const struct ir_instruction *i)
{
    bool has_table = i->op == IR_CALL_INDIRECT || i->op == IR_TAIL_CALL_INDIRECT;
    return i->op == IR_RUNTIME ? 2 : has_table;
}

static inline bool ir_is_load(const struct ir_instruction *i)
{
    return i->op >= OPCODE_I32_LOAD && i->op <= OPCODE_I64_LOAD32_U;
}

static inline bool ir_is_store(const struct ir_instruction *i)
{
    return i->op >= OPCODE_I32_STORE && i->op <= OPCODE_I64_STORE32;
}

static inline bool ir_is_end(const struct ir_instruction *i)
{
    return i->op >= IR_JUMP;
}

/* The edges that an instruction leaves its block by. */
static inline u32 ir_edge_count(const struct ir_instruction *i)
{
    return i->op == IR_TABLE ? i->c : i->op == IR_BRANCH ? 2 : i->op == IR_JUMP;
}

static inline u32 ir_edge_number(const struct ir_instruction *i, u32 n)
{
    return i->op == IR_BRANCH && n != 0 ? i->c : i->b + n;
}

static inline bool ir_is_call(const struct ir_instruction *i)
{
    return i->op >= IR_CALL && i->op <= IR_RUNTIME;
}

static inline bool ir_is_float(u8 type)
{
    return type >= IR_F32;
}

/* The innermost site that an instruction is in, or IR_NO_SITE. */
u32 ir_site_of(const struct ir *ir, u32 instruction);

bool ir_is_large(const struct module *module, u32 function);
/* Of a function of which uses are known: what nobody asks any more is given back, and most arrays become
 * no longer than they have to be. */
void ir_trim(const struct source *source, struct ir *ir);
/* Gives the arrays back. */
void ir_destroy(const struct source *source, struct ir *ir);

/* The values that an instruction reads, its edges' arguments not among them. `small` is room for
 * IR_OPERANDS_MAX. */
static inline const u32 *ir_operands(const struct ir *ir, const struct ir_instruction *i, u32 *small,
                                     u32 *count)
{
    if (ir_has_list(i)) {
        *count = i->list_count;
        return ir->lists + i->list;
    }
    *count = ir_operand_count(i);
    small[0] = i->a;
    small[1] = i->b;
    small[2] = i->c;
    return small;
}

#endif
