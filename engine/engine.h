/* The door of engine/: WebAssembly bytes in, running instances out. It has never heard of processes.
 *
 * Life of a program:  module_load  ->  instance_create (imports resolved)  ->  execution_call.
 *
 * Who owns what. A module borrows its bytes from the caller for as long as it lives and is shared,
 * read-only, by any number of instances; the caller counts them and destroys it last. An instance
 * owns what its module defines (memories, tables, globals), which other instances may import: the
 * caller keeps an exporter alive as long as its importers. An execution is one thread of guest
 * code; it runs on the native stack of whoever calls `execution_call`, one call at a time (a host
 * function may call back into it).
 *
 * What blocks: nothing here, but host functions may. What is safe at once on several CPUs:
 * different executions; module_load and module_destroy; not two creations of one instance. Two
 * executions in one instance race as guest code on shared memory does, and harm only the guest. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/place.h"

struct engine;
struct module;
struct instance;
struct function; /* a function of one instance, or the host's: what a funcref points at */
struct execution;

/* ---- Values -------------------------------------------------------------------------------- */

/* A value type by its binary code (WebAssembly 3.0, 5.3); room above the low byte for heap types. */
typedef u32 value_type;
enum {
    TYPE_I32 = 0x7F,
    TYPE_I64 = 0x7E,
    TYPE_F32 = 0x7D,
    TYPE_F64 = 0x7C,
    TYPE_V128 = 0x7B,
    TYPE_FUNCREF = 0x70,
    TYPE_EXTERNREF = 0x6F,
};

/* Values cross this door as 64-bit slots: i32 and f32 in the low half (the high half is ignored
 * when read, zero when written), references as pointers with 0 for null (externref: any number the
 * host likes but 0), v128 as two slots. */

struct function_type {
    u32 parameter_count;
    u32 result_count;
    const value_type *types; /* parameters, then results */
    u32 id;     /* equal exactly when two types are equal, across modules of one engine */
    u32 number; /* in its module: index of the first type that is equal to it */
};

/* ---- The engine ---------------------------------------------------------------------------- */

/* One engine: the table of function types that its modules share. `place` is borrowed. */
enum status engine_create(const struct engine_place *place, struct engine **engine);
void engine_destroy(struct engine *engine);

/* ---- Errors and traps ---------------------------------------------------------------------- */

/* What is wrong with a module or its imports, and where. */
struct engine_error {
    const char *message;  /* a literal: what was expected, as the specification's tests word it */
    usize offset;         /* byte of the module; SIZE_MAX if no byte is to blame */
    u32 function;         /* index of the function it is in; UINT32_MAX if in none */
    struct bytes name[2]; /* of the import that is missing or does not fit (module, name); or empty */
};

enum trap {
    TRAP_NONE = 0,
    TRAP_UNREACHABLE,
    TRAP_MEMORY_OUT_OF_BOUNDS,
    TRAP_TABLE_OUT_OF_BOUNDS,
    TRAP_UNDEFINED_ELEMENT,    /* call_indirect beyond the table */
    TRAP_UNINITIALIZED_ELEMENT, /* call_indirect on null */
    TRAP_INDIRECT_CALL_TYPE,
    TRAP_INTEGER_DIVIDE_BY_ZERO,
    TRAP_INTEGER_OVERFLOW,
    TRAP_INVALID_CONVERSION,
    TRAP_CALL_STACK_EXHAUSTED,
    TRAP_NULL_REFERENCE,
    TRAP_HOST_FAULT, /* a host function was given something it cannot work with */
    TRAP_STOPPED,    /* a host function or the interrupt hook ended the execution, by intent */
    TRAP_NO_MEMORY,  /* for the interpreter's code of a function */
    TRAP_COUNT
};

/* As the specification's tests word it: "integer divide by zero". */
const char *trap_text(enum trap trap);

/* One line of a backtrace. */
struct trap_frame {
    const struct instance *instance;
    u32 function;      /* index in the module's function index space */
    usize offset;      /* of the instruction, in bytes from the module's start */
    struct bytes name; /* from the name section; empty without one */
};

enum { TRAP_FRAMES_MAX = 32 };

/* Where and why the last call of an execution stopped; innermost frame first. */
struct trap_record {
    enum trap trap;
    u32 frame_count;   /* of `frames` */
    u32 omitted_count; /* outer frames beyond TRAP_FRAMES_MAX */
    struct trap_frame frames[TRAP_FRAMES_MAX];
};

/* ---- Modules ------------------------------------------------------------------------------- */

/* Decodes and validates; code is made later, of what is called. Time and memory, that of code
 * included, are linear in `bytes.size`. On failure `error`
 * says what and where, and there is no module. `bytes` must outlive the module unchanged. */
enum status module_load(struct engine *engine, struct bytes bytes, struct module **module,
                        struct engine_error *error);
void module_destroy(struct module *module);

enum extern_kind {
    EXTERN_FUNCTION = 0,
    EXTERN_TABLE = 1,
    EXTERN_MEMORY = 2,
    EXTERN_GLOBAL = 3,
    EXTERN_TAG = 4,
};

struct import_description {
    struct bytes module; /* namespace */
    struct bytes name;
    enum extern_kind kind;
    const struct function_type *function; /* of EXTERN_FUNCTION */
};

struct export_description {
    struct bytes name;
    enum extern_kind kind;
    u32 index; /* in its kind's index space */
};

u32 module_import_count(const struct module *module);
struct import_description module_import(const struct module *module, u32 index);
u32 module_export_count(const struct module *module);
struct export_description module_export(const struct module *module, u32 index);
/* The type of a function by its index; NULL beyond the last. */
const struct function_type *module_function_type(const struct module *module, u32 function);
u32 module_function_count(const struct module *module); /* imported ones included */
struct bytes module_function_name(const struct module *module, u32 function);
struct bytes module_bytes(const struct module *module);
/* Bytes of memory that the module takes besides its bytes. */
usize module_size(const struct module *module);
/* Limits in pages of 64 KiB of memory 0; false if there is none. `max` is 65536 if none is given. */
bool module_memory(const struct module *module, u32 *min_pages, u32 *max_pages);
/* Marks in `reached` (one bool a function) every function that `function` could ever call:
 * direct calls, and whatever an indirect call could meet. Linear in the module's size. */
enum status module_reach(const struct module *module, u32 function, bool *reached);

/* ---- Instances ----------------------------------------------------------------------------- */

/* A function of the host. `slots` holds the arguments and takes the results, from slot 0 on; the high
 * half of a narrow value may be anything, both ways.
 * Anything but TRAP_NONE stops the execution. It may block, and may call `execution_call`. */
typedef enum trap host_function(struct execution *execution, void *context, u64 *slots);

/* What a function (to, from, size) -> i32 of the host does with what is in bounds: copies it from one
 * memory 0 to another, and gives 0. Compiled code does that without it. Instances may be NULL yet. */
struct host_copy {
    struct instance *const *to, *const *from;
};

/* What an import is resolved to. */
struct import_value {
    enum extern_kind kind;
    const struct instance *instance; /* exporter; NULL: a function of the host, below */
    u32 index;                       /* in the exporter's index space of that kind */
    host_function *host;
    void *host_context;
    const struct function_type *host_type; /* NULL: whatever type the module imports it with */
    struct host_copy host_copy;            /* all NULL: the function is no such copy */
};

/* Told before a memory of the instance grows, or a table of more than 1024 elements, in pages of
 * 64 KiB: false refuses (memory.grow gives -1). A growth that it granted and that then fails is
 * taken back by a call with pages_after below pages_before, whose result is ignored. So the sum of
 * the differences is what `instance_memory_pages` says. It must not grow a memory itself. */
typedef bool memory_grow_hook(void *context, u64 pages_before, u64 pages_after);

struct instance_options {
    const struct import_value *imports; /* one for each import, in the module's order */
    memory_grow_hook *grow;             /* NULL: any growth within the module's own limits */
    void *grow_context;                 /* also asked for the first pages (before = 0) */
    void *owner;                        /* for host functions: instance_owner */
};

/* Links, allocates and initialises; runs no guest code: the caller calls `instance_start` next.
 * Element and data segments are written in order; one that does not fit leaves an instance whose
 * effects on imported tables and memories stay (WebAssembly 3.0, 4.7.2): status STATUS_TRAP, with
 * the trap in `error->message`, and the instance exists then (functions in shared tables may need
 * it). Other failures give no instance. */
enum status instance_create(struct engine *engine, const struct module *module,
                            const struct instance_options *options, struct instance **instance,
                            struct engine_error *error);
/* A second instance for another thread: its own globals, all else shared with `parent`. */
enum status instance_create_thread(const struct instance *parent, struct instance **instance);
void instance_destroy(struct instance *instance);

const struct module *instance_module(const struct instance *instance);
void *instance_owner(const struct instance *instance);
/* The start function's index, or UINT32_MAX. */
u32 instance_start_function(const struct instance *instance);
/* Finds an export of that kind; false if there is none. */
bool instance_find_export(const struct instance *instance, struct bytes name, enum extern_kind kind,
                          u32 *index);

/* Memory 0 as it is now: base never changes, size only grows. NULL and 0 without a memory. */
u8 *instance_memory(const struct instance *instance, u64 *size);
/* The same for as long as the instance lives: where its size is read. */
struct memory_window {
    u8 *base;
    const u64 *size_bytes; /* of an instance that is there never NULL */
};

struct memory_window instance_memory_window(const struct instance *instance);

static inline u64 memory_window_size(const struct memory_window *window)
{
    return __atomic_load_n(window->size_bytes, __ATOMIC_ACQUIRE);
}

/* The bytes at `offset` if all of them are inside memory 0 now, else NULL (also for size 0 beyond
 * the end). */
u8 *instance_memory_at(const struct instance *instance, u64 offset, u64 size);
/* memory.grow on memory 0: old size in pages, or -1. */
i64 instance_memory_grow(struct instance *instance, u64 pages);
/* Pages of all its own memories and large tables now: what a limit counts. */
u64 instance_memory_pages(const struct instance *instance);

/* A global's value slot (two for v128). NULL beyond the last. */
u64 *instance_global(const struct instance *instance, u32 global);
struct function *instance_function(const struct instance *instance, u32 function);
/* The function in slot `index` of table 0; NULL if there is none or it is null. */
struct function *instance_table_function(const struct instance *instance, u32 index);
const struct function_type *function_type_of(const struct function *function);

/* What compiled code uses where the CPU has it: its name, and whether it has; NULL beyond the last. */
const char *engine_cpu_feature(u32 number, bool *has);

/* ---- Execution ----------------------------------------------------------------------------- */

/* Asked soon after `execution_interrupt`: by the interpreter at calls and back-edges, of compiled code
 * where it stands or at calls of the host. TRAP_NONE goes on. It may block. */
typedef enum trap interrupt_hook(struct execution *execution, void *context);

struct execution_options {
    usize stack_bytes; /* of the value stack: the bound on call depth; 0: EXECUTION_STACK_DEFAULT */
    interrupt_hook *interrupt;
    void *interrupt_context;
    void *owner; /* for host functions: execution_owner */
};

enum { EXECUTION_STACK_DEFAULT = 4 << 20 };

enum status execution_create(struct engine *engine, const struct execution_options *options,
                             struct execution **execution);
void execution_destroy(struct execution *execution);

/* What an execution begins with: all that is seen of it. */
struct execution_front {
    void *owner;
    bool resumed; /* the CPU was elsewhere since compiled code called the host */
};

static inline void *execution_owner(const struct execution *execution)
{
    return ((const struct execution_front *)(const void *)execution)->owner;
}

/* Calls `function` with arguments from `slots` and writes its results there: room for the larger
 * of the two. On a trap the record says where, `slots` are unchanged, and the execution can be
 * used again. Nested calls, through host functions, share one stack and its bound. */
enum trap execution_call(struct execution *execution, struct function *function, u64 *slots);
const struct trap_record *execution_trap(const struct execution *execution);

/* Makes the running guest code call the interrupt hook soon. From any CPU, or a signal handler. */
void execution_interrupt(struct execution *execution);

/* The CPU comes back to it from elsewhere: only a hint, so that returns are predicted. */
static inline void execution_resumed(struct execution *execution)
{
    ((struct execution_front *)(void *)execution)->resumed = true;
}

/* For the place's interrupt handler: makes code that was compiled and is stopped there go on in the
 * interrupt hook; false: it is elsewhere, the request of execution_interrupt is seen soon. */
bool execution_preempt(struct execution *execution, struct interrupted *interrupted);

/* For the place's fault handler: whether a fault at `address`, of the instruction at `pc` with the
 * stack pointer `sp`, is a guest access of this execution beyond its memory; if so the place makes
 * the innermost guarded_call return false. The guest's stack pointer need not be in the native
 * stack. */
bool execution_fault(struct execution *execution, const void *address, u64 pc, u64 sp);

#endif
