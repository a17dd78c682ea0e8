/* The plain evaluator of programs: a stack of values and the bytes of bodies, one instruction after
 * the other. Slow and clear; it shares with the engine only what a numeric operator computes. */
#ifndef TESTS_FUZZ_ENGINE_REFERENCE_H
#define TESTS_FUZZ_ENGINE_REFERENCE_H

#include "tests/fuzz/engine/program.h"

enum {
    REFERENCE_STACK = 1 << 18,  /* values: fuel bounds the calls, and code the values of each */
    REFERENCE_BLOCKS = 1 << 14, /* that are entered */
    REFERENCE_CALLS = 1 << 10,
};

struct reference_memory {
    u8 *data;
    u64 pages;
    u64 max;
};

struct reference_table {
    u64 elements[FUZZ_TABLE_ELEMENTS_MAX]; /* functions as numbers */
    u64 size;
    u64 max;
};

/* Imported memories, tables and globals are those of the first module. */
struct reference_instance {
    const struct fuzz_module *module;
    struct reference_memory own_memories[FUZZ_MEMORIES_MAX];
    struct reference_table own_tables[FUZZ_TABLES_MAX];
    u64 own_globals[FUZZ_GLOBALS_MAX];
    struct reference_memory *memories[FUZZ_MEMORIES_MAX];
    struct reference_table *tables[FUZZ_TABLES_MAX];
    u64 *globals[FUZZ_GLOBALS_MAX];
    bool dropped_elements[FUZZ_SEGMENTS_MAX];
    bool dropped_data[FUZZ_SEGMENTS_MAX];
    u32 *ends;  /* by offset of a block, loop or if in the code: offset of its end */
    u32 *elses; /* by offset of an if: of its else, or 0 */
    bool *seen; /* by offset of an instruction: whether it has run */
};

struct reference_block {
    u32 start;  /* offset of its opcode: where a loop begins again */
    u32 end;
    u32 height; /* of the stack, without parameters */
    u32 arity;  /* of a branch to it */
    bool is_loop;
};

struct reference {
    struct fuzz_world world;
    struct reference_instance instances[FUZZ_MODULES_MAX];
    struct fuzz_frame calls[REFERENCE_CALLS]; /* under way; offsets in the module's bytes */
    u32 call_count;
    struct fuzz_call_outcome record; /* of the last trap */
    bool has_record;
    u32 height; /* of the stack */
    u32 block_count;
    u64 stack[REFERENCE_STACK];
    struct reference_block blocks[REFERENCE_BLOCKS];
};

/* A function that runs. */
struct reference_frame {
    struct reference *reference;
    struct reference_instance *instance;
    const struct fuzz_function *function;
    u32 module;
    u32 locals; /* where they begin on the stack; operands follow */
    u32 blocks; /* its first */
    const u8 *at; /* next byte */
    enum trap trap;
    bool is_done; /* returned or trapped */
};

void reference_push(struct reference_frame *frame, u64 value);
u64 reference_pop(struct reference_frame *frame);
u32 reference_leb(struct reference_frame *frame);
void reference_trap(struct reference_frame *frame, enum trap trap);
/* The opcode at `*at`, which moves behind it. */
u32 reference_opcode(const u8 **at);

/* ---- reference_number.c ---- */

void reference_number(struct reference_frame *frame, u32 opcode);

/* ---- reference_state.c: memories, tables, globals ---- */

void reference_state_init(struct reference *reference);
void reference_state_free(struct reference *reference);
void reference_state_outcome(const struct reference *reference, struct fuzz_outcome *outcome);
/* Of a function of an instance: the definition's module << 16 | index, + 1. */
u64 reference_function_number(const struct reference_instance *instance, u32 module, u32 function);
u64 reference_memory_grow(struct reference *reference, struct reference_memory *memory, u64 pages);
void reference_load(struct reference_frame *frame, u32 opcode);
void reference_store(struct reference_frame *frame, u32 opcode);
/* memory.size and all that has a prefix but the conversions; table.get and table.set. */
void reference_bulk(struct reference_frame *frame, u32 opcode);

#endif
