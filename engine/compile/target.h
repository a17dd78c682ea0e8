/* The seam between the compiler's portable middle and an architecture: one structure, as the
 * middle asks for it, and what the middle tells it.
 *
 * Registers are numbers below 64, integer ones first, `float_first` and above for floats. Some are
 * never given to values: those that are pinned, and one of each class that the emitter needs for
 * itself. A set of registers is a u64. */
#ifndef ENGINE_COMPILE_TARGET_H
#define ENGINE_COMPILE_TARGET_H

#include "engine/compile/ir.h"

enum {
    REGISTER_COUNT = 64,
    /* Where a value is: a register's number, PLACE_SLOT + number of a spill slot of 8 bytes, or
     * PLACE_NONE: it has none, being folded, constant, or not needed. */
    PLACE_SLOT = REGISTER_COUNT,
    PLACE_NONE = UINT16_MAX,
};

typedef u64 register_set;

/* What an instruction asks of the allocator. */
struct constraint {
    register_set clobbers; /* changed by it: no value that lives across it is there, unless the
                              emitter saves it (calls: `saves`) */
    u8 late;     /* operands, bit by bit, whose registers must differ from the result's and from
                    `clobbers`: they are read after these have been written */
    u8 prefer;   /* whose register the result should take if it can, of an instruction without a list:
                    1: that of its first operand, 2: of its second; 0: nobody's */
    bool saves;  /* a call: values that live across it in clobbered registers are saved by the
                    emitter before it and loaded again after it, at a cost */
};

/* A value to be kept across a call. */
struct saved {
    u32 call;  /* instruction */
    u32 value;
    u16 slot;
};

/* Made by the allocator (allocate.c) of a marked and folded function. */
struct allocation {
    u16 *places;       /* of each value */
    u32 place_capacity;
    u32 slot_count;
    register_set used; /* all registers that values are in */
    struct saved *saved; /* in the order of calls */
    u32 saved_count;
    u32 saved_capacity;
};

struct emitter; /* the architecture's working memory */

/* A call within sites (ir.h): its return address stands for so many frames besides the function's
 * own. */
struct inlined_call {
    u32 at; /* in the code */
    u32 depth;
};

/* One function's machine code. */
struct emission {
    u8 *write;      /* it goes here, */
    const u8 *run;  /* will run there, */
    u32 capacity;   /* and may take so many bytes */
    const u8 *entries; /* where the code pointers of all functions of the module are, when it runs:
                          in the same code memory, one for each */
    u32 sought;        /* byte of the code of which to find the instruction; UINT32_MAX: none */
    u32 sought_instruction; /* the results: that, */
    bool sought_is_left; /* and whether the frame is not there any more before that byte */
    u32 size;          /* the results: bytes, */
    u32 frame_bytes;   /* from the stack pointer to the return address, but for the first */
    const struct inlined_call *inlined; /* in rising order; the emitter's, until its next run */
    u32 inlined_count;
    u32 probe_bytes;   /* bytes of the code, in which the stack pointer is at the return address */
    const u32 *addresses; /* bytes of the code at which absolute addresses within it stand, 8 bytes
                             each; the emitter's, until it runs again */
    u32 address_count;
};

struct target {
    register_set integers, floats; /* that may be given to values, */
    register_set callee_saved;     /* of which these survive calls, but have to be saved by us */
    register_set few;              /* what is left of all these with COMPILE_FEW_REGISTERS */
    u8 order[REGISTER_COUNT];      /* in which to try them; `order_count` of them */
    u32 order_count;

    /* Decides what is folded into its user: sets `folded`. `mark_run` has counted uses. */
    void (*fold)(struct ir *ir);
    /* Writes into `wishes` also, for values that the instruction reads or gives, the register that
     * they would best be in: only a wish; all are WISH_NONE before. Instruction 0, the beginning,
     * wishes for the function's arguments. `constraint` is all zero before. */
    void (*constrain)(const struct ir *ir, u32 instruction, struct constraint *constraint,
                      u8 *wishes);

    /* How many arguments go in registers, and how many results, of each class. */
    u32 integer_arguments, float_arguments;
    u32 integer_results, float_results;
    enum status (*emitter_create)(const struct source *source, struct emitter **emitter);
    void (*emitter_destroy)(struct emitter *emitter);
    /* STATUS_LIMIT: it does not fit, or there is no code for it. */
    enum status (*emit)(struct emitter *emitter, const struct ir *ir,
                        const struct allocation *allocation, struct emission *emission);
    /* Whether it may be that what ends at `code` is the end of a frame of that size: false is
     * certain, true need not be. The same function's code is before it. */
    bool (*may_have_left)(const u8 *code, u32 before, u32 frame_bytes);
    /* Writes code that goes to natives.lazy with the function's number; TARGET_LAZY_BYTES. */
    void (*emit_lazy)(u8 *code, u32 function);
    /* What the code that is made now may ask of a CPU: a name, and whether it does; NULL beyond the
     * last, which is one of TARGET_FEATURE_BYTES. */
    const char *(*feature)(u32 number, bool *has);
};

enum { TARGET_LAZY_BYTES = 16, TARGET_FEATURE_BYTES = 16, TARGET_CODE_ALIGNMENT = 16 };

/* The one that this configuration has (ARCHITECTURE/target.c). */
extern const struct target compile_target;

enum {
    WISH_NONE = UINT8_MAX,
    FOLD_DEPTH_MAX = 8, /* folded instructions in one another: more than targets ask for */
};

#endif
