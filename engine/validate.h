/* Validation of function bodies (WebAssembly 3.0, 3.4 and appendix 7.3): one pass that checks types
 * and, if that is wanted, calls lowering for each instruction that can be reached. Private to
 * engine/: code.c begins. */
#ifndef ENGINE_VALIDATE_H
#define ENGINE_VALIDATE_H

#include "engine/lower.h"

/* The type of an operand that unreachable code may take for any type. */
enum { TYPE_UNKNOWN = 0 };

/* Locals of one type that were declared together. */
struct local_run {
    u32 end; /* index of the first local behind them */
    value_type type;
};

/* The type of a local, once somebody has asked in this body. */
struct local_type {
    u32 body; /* which body: others' are stale */
    value_type type;
};

struct control {
    struct block_type type;
    u8 kind;              /* enum label_kind; LABEL_BLOCK from an else on */
    bool was_dead;        /* of the validator, where the block begins */
    bool was_polymorphic;
    u32 height;           /* of the type stack */
};

struct validator {
    struct reader reader; /* of the body; offsets are the module's */
    enum status status;   /* of a mistake that is not a broken format */
    bool is_dead;         /* what is at hand cannot be reached: it is not lowered */
    bool is_polymorphic;  /* ... and in the innermost block: so operands of any type are there */
    bool lowers;          /* what it validates */
    struct lowering lowering;
    const struct module *module;
    const struct source *source;

    value_type *types; /* the operand stack */
    u32 type_count;
    u32 type_capacity;
    u32 base; /* height of the innermost control: operands below are not its own */
    u32 type_peak; /* most operands at once that were reached */

    struct control *controls;
    u32 control_count;
    u32 control_capacity;

    struct local_run *runs;
    u32 run_count;
    u32 run_capacity;
    struct local_type *locals;
    u32 local_count;
    u32 local_capacity;
    u32 body;       /* number of the body at hand, from 1 on */
    u64 operations; /* on operands of calls, blocks and branches, which one byte may ask a lot of */
    u64 operations_max;
};

/* For bodies of the module, which it lowers too or not. It is to be destroyed in any case. */
enum status validate_create(struct validator *v, const struct module *module, bool lowers);
void validate_destroy(struct validator *v);
/* Validates the body of an own function of the module; what comes of it by lowering is in
 * `lowering`. */
enum status validate_body(struct validator *v, u32 function, struct engine_error *error);

/* ---- Shared by the files of validation ---- */

/* An unsigned LEB128, which mostly is one byte. */
static inline u32 validate_u32(struct validator *v)
{
    struct reader *reader = &v->reader;
    if (__builtin_expect(reader->at != reader->end && *reader->at < 0x80, 1))
        return *reader->at++;
    return reader_leb_u32(reader);
}

/* A step takes the instruction whose code has been read. */
typedef void validate_step(struct validator *v, enum opcode opcode);

/* Opens the block that a whole body is. */
void validate_function(struct validator *v, const struct function_type *type);

validate_step validate_block, validate_else, validate_end, validate_branch, validate_branch_if,
    validate_table, validate_return, validate_unreachable;
validate_step validate_call, validate_call_indirect, validate_global, validate_access,
    validate_memory, validate_table_access, validate_reference;

void validate_fail(struct validator *v, const char *mistake);
void validate_limit(struct validator *v, const char *message);
void validate_unsupported(struct validator *v, enum feature feature);
/* Room for that many more operands; else the validator has failed. */
bool validate_room(struct validator *v, u32 count);

static inline void validate_push(struct validator *v, value_type type)
{
    v->types[v->type_count++] = type;
}

/* TYPE_UNKNOWN if unreachable code has none. */
static inline value_type validate_pop_any(struct validator *v)
{
    if (v->type_count > v->base)
        return v->types[--v->type_count];
    if (!v->is_polymorphic)
        validate_fail(v, "type mismatch");
    return TYPE_UNKNOWN;
}

static inline void validate_pop(struct validator *v, value_type type)
{
    value_type found = validate_pop_any(v);
    if (found != type && found != TYPE_UNKNOWN)
        validate_fail(v, "type mismatch");
}

void validate_push_all(struct validator *v, const value_type *types, u32 count);
void validate_pop_all(struct validator *v, const value_type *types, u32 count);
/* Looks for operands of these types at the top, as a branch does that may not be taken. */
void validate_peek_all(struct validator *v, const value_type *types, u32 count);
/* Whether the instruction at hand is to be lowered. */
static inline bool validate_is_live(const struct validator *v)
{
    return v->lowers && !v->is_dead && reader_ok(&v->reader);
}

/* There are operands on the stack, and so many more. */
static inline void validate_peak(struct validator *v, u32 more)
{
    if (v->type_count + more > v->type_peak && !v->is_dead)
        v->type_peak = v->type_count + more;
}

/* From here on nothing is reached until the block ends. */
void validate_dead(struct validator *v);

/* An index below `count`. */
static inline u32 validate_index(struct validator *v, u32 count, const char *mistake)
{
    u32 index = validate_u32(v);
    if (index < count)
        return index;
    validate_fail(v, mistake);
    return 0;
}

value_type validate_value_type(struct validator *v);
value_type validate_heap_type(struct validator *v);

#endif
