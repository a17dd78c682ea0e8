/* What the files of the generator share. Code is written forwards, well typed by construction:
 * whoever asks for a value of a type finds it on top of the operand stack. */
#ifndef TESTS_FUZZ_ENGINE_GENERATE_H
#define TESTS_FUZZ_ENGINE_GENERATE_H

#include "tests/fuzz/engine/program.h"

enum {
    GENERATE_LABELS_MAX = 30,
    GENERATE_DEPTH_FULL = 1000, /* nothing but leaves at that depth */
    GENERATE_COUNTERS = 5, /* the last locals but the spare ones: each counts one loop */
    GENERATE_FUEL_HIGH = 3000, /* below it, nothing is called again that waits for a call */
    GENERATE_FUEL_LOW = 1000, /* below it no loop goes round and no call but a plain one is made */
};

struct generate_label {
    const value_type *types; /* that a branch takes */
    u32 count;
    bool is_loop;
    u32 counter; /* local, of a loop */
};

struct generator {
    struct fuzz_choices *choices;
    struct fuzz_program *program;
    struct fuzz_module *module;
    struct fuzz_function *function;
    u32 index; /* of the function */
    struct generate_label labels[GENERATE_LABELS_MAX]; /* outermost first */
    u32 label_count;
    u32 depth;      /* of what is generated within each other */
    u32 loops;      /* that are open: so many counters are in use */
    u32 loop_exits; /* index + 1 of the loop to whose beginning branches may lead here; or 0 */
    u32 plain_locals; /* that may be set freely; then come counters, then a spare f32 and f64 */
};

/* ---- generate_value.c ---- */

void generate_op(struct generator *g, u32 opcode);
void generate_op_index(struct generator *g, u32 opcode, u32 index);
void generate_i32(struct generator *g, i32 value);
/* Whether there is no more room, in the function or within what is begun, for anything large. */
bool generate_is_full(const struct generator *g);
/* A value on the stack. Gives whether its bits are known, which matters for those of NaNs. */
bool generate_value(struct generator *g, value_type type);
/* The same, where bits are about to be seen. */
void generate_known(struct generator *g, value_type type);
bool generate_leaf(struct generator *g, value_type type);
bool generate_constant(struct generator *g, value_type type);
void generate_values(struct generator *g, const value_type *types, u32 count);
/* A value off the stack, to somewhere. */
void generate_consume(struct generator *g, value_type type);
void generate_consume_all(struct generator *g, const value_type *types, u32 count);

/* ---- generate_number.c ---- */

bool generate_computation(struct generator *g, value_type type);
/* Many values at once on the stack, then all combined. */
bool generate_wide(struct generator *g, value_type type);
/* The opcode that joins two values of a number type: addition, or exclusive or. */
u32 generate_joining(value_type type);

/* ---- generate_memory.c ---- */

bool generate_load(struct generator *g, value_type type);
bool generate_size(struct generator *g, value_type type); /* of memories and tables, and growth */
bool generate_table_get(struct generator *g, value_type type);
void generate_store(struct generator *g);
void generate_bulk(struct generator *g);
void generate_table_statement(struct generator *g);
/* A table of references to functions, or FUZZ_NONE, and an index that is mostly in it. */
u32 generate_function_table(struct generator *g);
void generate_table_index(struct generator *g, u32 table);

/* ---- generate_call.c ---- */

bool generate_call_value(struct generator *g, value_type type);
void generate_call_statement(struct generator *g);
/* A tail call of something with the function's own results; false: there is nothing. */
bool generate_tail_call(struct generator *g);

/* ---- generate_control.c ---- */

void generate_label_push(struct generator *g, const value_type *types, u32 count);
void generate_end(struct generator *g);
/* A block, loop or if whose type is results of that module type, or a single type. */
void generate_open(struct generator *g, u32 opcode, const value_type *results, u32 count);
void generate_open_type(struct generator *g, u32 opcode, u32 type_index);
/* An i32 on the stack: whether there is more fuel. */
void generate_fuel_above(struct generator *g, i32 fuel);
void generate_fuel_spend(struct generator *g, i32 fuel);
bool generate_block_value(struct generator *g, value_type type);
bool generate_if_value(struct generator *g, value_type type);
bool generate_branch_value(struct generator *g, value_type type);
bool generate_multiple_value(struct generator *g, value_type type);
void generate_block(struct generator *g);
void generate_if(struct generator *g);
void generate_loop(struct generator *g);

/* ---- generate_branch.c ---- */

void generate_branch_if(struct generator *g);
void generate_leave_if(struct generator *g);
void generate_switch(struct generator *g);
/* Takes one from the loop's counter; an i32 on the stack: whether the loop may go round. */
void generate_goes_round(struct generator *g, const struct generate_label *loop);
/* A label that a branch may lead to here: its index. */
u32 generate_target(struct generator *g);

/* ---- generate_body.c ---- */

void generate_statement(struct generator *g);
void generate_statements(struct generator *g);
void generate_body(struct generator *g, u32 index);

/* ---- generate_module.c ---- */

/* All but the bodies. */
void generate_module(struct fuzz_program *program, u32 index, struct fuzz_choices *choices);

#endif
