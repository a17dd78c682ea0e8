/* Random programs that hold the engine's tiers to each other: made from a string of bytes, run in
 * every tier, their outcomes compared.
 *
 * A program is one module, or two of which the second imports functions, tables, memories and
 * globals of the first; functions of the host; and a list of calls. Every module that is made is
 * valid. It ends: a global of each module is its fuel, set anew before each call of the list. Each
 * function takes FUZZ_FUEL_ENTRY of it and traps when there is none; loops count down, and go
 * round only while there is some. What a program computes does not depend on the bits of a NaN that
 * WebAssembly leaves open: they are made canonical wherever bits can be seen, but in the results,
 * globals and arguments that an outcome has, where all NaNs are one.
 *
 *   choices.c        bytes to decisions
 *   generate*.c      decisions to a struct fuzz_program
 *   encode.c         ... to the bytes of its modules
 *   host.c           functions of the host, for all tiers alike
 *   run.c            an engine runs a program
 *   reference*.c     so does a plain evaluator of the program's code
 *   outcome.c        what is compared, and how a difference is told
 *   tiers.c          the table of tiers, and one input through all of them
 *   statistics.c     whether programs are interesting
 *   main.c           many programs from a seed, without libFuzzer
 *
 * All choices are made from the input's bytes, 0 being the least, so that tests/fuzz/shrink makes a
 * program smaller by turning bytes to zero. */
#ifndef TESTS_FUZZ_ENGINE_PROGRAM_H
#define TESTS_FUZZ_ENGINE_PROGRAM_H

#include "engine/engine.h"
#include "engine/opcode.h"

enum {
    FUZZ_MODULES_MAX = 2,
    FUZZ_TYPES_MAX = 40,
    FUZZ_FUNCTIONS_MAX = 14,
    FUZZ_PARAMETERS_MAX = 12,
    FUZZ_RESULTS_MAX = 4,
    FUZZ_LOCALS_MAX = 224,
    FUZZ_MEMORIES_MAX = 3,
    FUZZ_TABLES_MAX = 4,
    FUZZ_GLOBALS_MAX = 16,
    FUZZ_SEGMENTS_MAX = 6,
    FUZZ_ENTRIES_MAX = 16, /* of an element segment */
    FUZZ_DATA_MAX = 64,    /* bytes of a data segment */
    FUZZ_CALLS_MAX = 16,
    FUZZ_TABLE_ELEMENTS_MAX = 40,
    FUZZ_PAGES_MAX = 8, /* of all memories of a program */
    FUZZ_PAGE = 64 << 10,
    FUZZ_FUEL = 4000,
    FUZZ_FUEL_ENTRY = 16,
    FUZZ_HOST_DEPTH_MAX = 3, /* functions of the host that call back within each other */
    FUZZ_INPUT_MIN = 200,
    FUZZ_NONE = UINT32_MAX,
};

/* ---- Bytes that grow (encode.c) ---- */

struct fuzz_buffer {
    u8 *data;
    u32 size;
    u32 capacity;
};

void fuzz_byte(struct fuzz_buffer *buffer, u8 byte);
void fuzz_leb(struct fuzz_buffer *buffer, u64 value);
void fuzz_signed_leb(struct fuzz_buffer *buffer, i64 value);
void fuzz_bytes(struct fuzz_buffer *buffer, const void *data, usize size);
void fuzz_buffer_free(struct fuzz_buffer *buffer);

/* ---- Decisions ---- */

struct fuzz_choices {
    const u8 *bytes;
    usize at;
    usize limit; /* up to here there are choices; beyond, all are 0, which ends things soon */
};

/* An input out of a seed, of FUZZ_INPUT_MIN bytes at least: each seed's is its own, so that one can
 * be made again alone. Gives its size. */
usize fuzz_random_bytes(u64 seed, u8 *bytes, usize capacity);

/* Below `count`, which is at most 256. */
u32 fuzz_choose(struct fuzz_choices *choices, u32 count);
/* One in `count`, and never when choices have run out. */
bool fuzz_seldom(struct fuzz_choices *choices, u32 count);
u64 fuzz_choose_bits(struct fuzz_choices *choices, u32 bytes);
/* The bits of a constant of a number type: often one at an edge. */
u64 fuzz_choose_constant(struct fuzz_choices *choices, value_type type);
value_type fuzz_choose_type(struct fuzz_choices *choices);

/* ---- Programs ---- */

struct fuzz_type {
    u32 parameter_count;
    u32 result_count;
    value_type parameters[FUZZ_PARAMETERS_MAX];
    value_type results[FUZZ_RESULTS_MAX];
};

enum fuzz_origin {
    FUZZ_OWN,
    FUZZ_HOST,  /* a function of the host */
    FUZZ_OTHER, /* of the first module */
};

/* What a function of the host does besides giving results that depend on its arguments. */
enum fuzz_act {
    FUZZ_ACT_NOTHING,
    FUZZ_ACT_CALL,   /* calls function `act_target`; a trap there is its own */
    FUZZ_ACT_CATCH,  /* the same, but goes on after a trap */
    FUZZ_ACT_GROW,   /* memory 0, by a page */
    FUZZ_ACT_WRITE,  /* a global or a byte of memory 0 */
    FUZZ_ACT_TRAP,   /* now and then */
    FUZZ_ACT_COUNT,
};

struct fuzz_function {
    struct fuzz_type type;
    u32 type_index;
    enum fuzz_origin origin;
    u32 origin_index; /* in the first module */
    enum fuzz_act act;
    u32 act_target;
    u32 local_count; /* parameters first */
    value_type locals[FUZZ_LOCALS_MAX];
    u32 body;   /* where its first instruction is in `code` */
    u32 size;   /* of its instructions */
    u32 offset; /* of its first instruction in the module's bytes */
    bool is_short; /* few bytes, no loops and no fuel */
};

struct fuzz_memory {
    enum fuzz_origin origin;
    u32 origin_index;
    u32 min, max; /* pages; max FUZZ_NONE: none given */
};

struct fuzz_table {
    enum fuzz_origin origin;
    u32 origin_index;
    u32 min, max;
    value_type type;
    u32 favourite; /* type index that most of its functions have */
};

struct fuzz_global {
    enum fuzz_origin origin;
    u32 origin_index;
    value_type type;
    bool is_mutable;
    u64 value; /* bits; of a funcref: function + 1, or 0 */
};

enum fuzz_mode { /* as WebAssembly numbers them */
    FUZZ_ACTIVE,
    FUZZ_PASSIVE,
    FUZZ_DECLARATIVE,
};

struct fuzz_elements {
    enum fuzz_mode mode;
    u32 table;
    u32 offset;
    u32 count;
    u32 functions[FUZZ_ENTRIES_MAX]; /* FUZZ_NONE: null */
};

struct fuzz_data {
    enum fuzz_mode mode;
    u32 memory;
    u32 offset;
    u32 size;
    u8 bytes[FUZZ_DATA_MAX];
};

/* In each list, what is imported comes first. */
struct fuzz_module {
    struct fuzz_type types[FUZZ_TYPES_MAX]; /* behind each, one without its parameters */
    struct fuzz_function functions[FUZZ_FUNCTIONS_MAX];
    struct fuzz_memory memories[FUZZ_MEMORIES_MAX];
    struct fuzz_table tables[FUZZ_TABLES_MAX];
    struct fuzz_global globals[FUZZ_GLOBALS_MAX];
    struct fuzz_elements elements[FUZZ_SEGMENTS_MAX];
    struct fuzz_data data[FUZZ_SEGMENTS_MAX];
    u32 type_count, function_count, memory_count, table_count, global_count;
    u32 elements_count, data_count;
    u32 own_functions; /* index of the first that is not imported */
    u32 fuel;          /* the global */
    struct fuzz_buffer code; /* all bodies, without locals */
};

struct fuzz_call {
    u32 module;
    u32 function;
    u64 arguments[FUZZ_PARAMETERS_MAX];
};

struct fuzz_program {
    struct fuzz_module modules[FUZZ_MODULES_MAX];
    u32 module_count;
    bool is_interrupted; /* as often as can be, to no effect */
    struct fuzz_call calls[FUZZ_CALLS_MAX];
    u32 call_count;
    u64 generated[OPCODE_COUNT]; /* how often each opcode is in it */
};

/* `program` is zero, or was used before. */
void fuzz_generate(struct fuzz_program *program, const u8 *bytes, usize count);
void fuzz_program_free(struct fuzz_program *program);
/* The module's bytes; sets the `offset` of each function. */
void fuzz_encode(struct fuzz_module *module, struct fuzz_buffer *bytes);
bool fuzz_type_equal(const struct fuzz_type *a, const struct fuzz_type *b);

static inline bool fuzz_is_reference(value_type type)
{
    return type == TYPE_FUNCREF || type == TYPE_EXTERNREF;
}

static inline bool fuzz_is_float(value_type type)
{
    return type == TYPE_F32 || type == TYPE_F64;
}

/* ---- Outcomes ---- */

struct fuzz_frame {
    u32 module;
    u32 function;
    u32 offset; /* in the module's bytes */
};

struct fuzz_call_outcome {
    enum trap trap;
    u32 frame_count;
    u32 omitted_count;
    struct fuzz_frame frames[TRAP_FRAMES_MAX];
    u64 results[FUZZ_RESULTS_MAX];
    u32 fuel_left[FUZZ_MODULES_MAX];
};

/* Zero where there is nothing, so that outcomes are compared as bytes. NaNs are canonical, and
 * functions are known by module << 16 | index, + 1. */
struct fuzz_outcome {
    struct fuzz_call_outcome calls[FUZZ_CALLS_MAX];
    u64 globals[FUZZ_MODULES_MAX][FUZZ_GLOBALS_MAX];
    u64 memory_sizes[FUZZ_MODULES_MAX][FUZZ_MEMORIES_MAX];
    u64 memories[FUZZ_MODULES_MAX][FUZZ_MEMORIES_MAX]; /* hashes */
    u64 table_sizes[FUZZ_MODULES_MAX][FUZZ_TABLES_MAX];
    u64 tables[FUZZ_MODULES_MAX][FUZZ_TABLES_MAX][FUZZ_TABLE_ELEMENTS_MAX];
    u64 trace;       /* hash of all that functions of the host were given */
    u64 host_calls;
};

u64 fuzz_canonical(u64 bits, value_type type);
u64 fuzz_hash(u64 hash, const void *data, usize size);
/* Gives false after it has told the first difference on stderr. */
bool fuzz_outcome_same(const struct fuzz_program *program, const struct fuzz_outcome *a,
                       const struct fuzz_outcome *b);

/* ---- Functions of the host ---- */

/* A program in a tier, as the host sees it. */
struct fuzz_world {
    const struct fuzz_program *program;
    u64 trace;
    u64 host_calls;
    u32 host_depth;
    u32 pages; /* of all memories, FUZZ_PAGES_MAX at most */
    enum trap (*call)(struct fuzz_world *world, u32 module, u32 function, u64 *slots);
    void (*grow)(struct fuzz_world *world, u32 module); /* memory 0 by a page */
    u8 *(*memory)(struct fuzz_world *world, u32 module, u64 *size); /* memory 0, or NULL */
    u64 *(*global)(struct fuzz_world *world, u32 module, u32 global);
    u64 (*number)(const struct fuzz_world *world, u64 funcref); /* as in an outcome */
};

enum trap fuzz_host(struct fuzz_world *world, u32 module, u32 function, u64 *slots);

/* ---- Tiers ---- */

struct place;

struct fuzz_tier {
    const char *name;
    /* Makes its engine in a place that it may change first; NULL: the reference, which has none. */
    enum status (*create)(struct place *place, struct engine **engine);
    interrupt_hook *interrupt; /* NULL: one that asks for itself again */
};

void fuzz_run(const struct fuzz_tier *tier, struct fuzz_program *program,
              const struct fuzz_buffer bytes[FUZZ_MODULES_MAX], struct fuzz_outcome *outcome);
void fuzz_reference_run(const struct fuzz_program *program, struct fuzz_outcome *outcome);
/* One program through all tiers. Stops the process at a difference, having written the modules
 * to the working folder. */
void fuzz_input(const u8 *data, usize size);

/* ---- Statistics ---- */

struct fuzz_statistics {
    u64 modules;
    u64 calls;
    u64 traps[TRAP_COUNT];
    u64 fuel;
    u64 host_calls;
    u32 frames_max; /* of a trap */
    u64 out_of_fuel; /* calls that ended so */
    u64 bytes;
    u64 instructions; /* that there are; that have run at least once; that have run in all */
    u64 instructions_seen;
    u64 instructions_run;
    u64 generated[OPCODE_COUNT];
};

extern struct fuzz_statistics fuzz_statistics;

void fuzz_statistics_add(const struct fuzz_program *program, const struct fuzz_outcome *outcome);
void fuzz_statistics_print(void);
/* Whether each opcode of the features that the engine has was generated. */
bool fuzz_statistics_complete(void);

#endif
