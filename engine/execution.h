/* An execution as its interpreter sees it; the first fields are hot. Written by the thread that
 * runs it, but for `interrupt` and `limit`, which anybody may write to stop it. */
#ifndef ENGINE_EXECUTION_H
#define ENGINE_EXECUTION_H

#include "engine/instance.h"
#include "engine/word.h"

enum { GUEST_STACK_GUARD_BYTES = 64 << 10 };

struct execution {
    struct execution_front front;
    const union word *pc; /* one word before the operands of what may trap, or has */
    u64 *fp;              /* of the innermost frame, at calls and returns */
    u64 *limit;           /* no frame reaches beyond; NULL: look at `interrupt` first */
    struct instance *instance;
    u64 *own_globals;     /* of `instance`, in its order, like the next two */
    u64 tag;
    struct table *table0; /* or NULL */
    /* What compiled code and its stubs look at (engine/compile). */
    u64 host_sp;          /* the native stack, below which C runs when compiled code asks for it */
    u64 guest_sp;         /* the guest stack, below which compiled code runs when C asks for it */
    u64 native_pc;        /* where compiled code has stopped, or called C; 0: the interpreter runs */
    u64 native_sp;        /* ... its stack pointer behind the return address */
    struct interrupted *stopped; /* compiled code that an interrupt has stopped */
    u32 interrupt;               /* somebody wants to: the hook is to be asked */
    u64 far; /* innermost native_far_stack_frame */
    u64 *results; /* LIMIT_RESULTS of them: those that do not fit in registers, by index */
    struct {
        const void *trap;     /* eax: enum trap; does not return */
        const void *runtime;  /* r11: bits of an IR_RUNTIME, operands at the stack pointer */
        const void *copy, *fill; /* within memory 0 */
        const void *indirect; /* rax: function, r11d: number of the type that it must have */
        const void *lazy;     /* r11d: function of the running instance: compiles it, goes there */
    } natives;
    u64 *refused; /* end of the frame for which there was no room */
    const struct function_code *refused_code; /* whose frame that is; NULL: it has none */
    const struct function *callee; /* on its way from a call to who makes its frame */
    enum trap trap;  /* why the run has ended; TRAP_NONE: it returned */
    bool in_host;    /* a host function runs: memory faults are not the guest's */
    bool has_record; /* `record` is of the trap that goes outwards just now */
    u32 depth;       /* of calls from the host that have not returned */
    u64 *top;        /* where the next call from the host puts its frame */
    struct entry *entry; /* of the innermost call from the host */
    u64 *stack;
    u64 *stack_limit; /* so far there is memory */
    u64 *stack_end;   /* and it may come so far */
    usize stack_bytes;
    usize stack_committed; /* of them */
    u8 *guest_stack; /* a reservation, its guard at the beginning; NULL: nothing is compiled */
    usize guest_stack_bytes;
    enum trap fault_trap; /* what the last fault of the guest was */
    u64 fault_pc, fault_sp; /* where the last fault of the guest was */
    struct engine *engine;
    interrupt_hook *interrupt_hook;
    void *interrupt_context;
    u32 raw_count; /* frames of `record` whose function and offset are yet to be found */
    u64 raw[TRAP_FRAMES_MAX]; /* where each stands */
    u32 raw_compiled;         /* bit by bit, whether that is in compiled code */
    struct trap_record record;
};

/* A call from the host, on the native stack. The header of its frame has HEADER_RETURN pointing at
 * `interpret_exit` and HEADER_CALLER at this. */
struct entry {
    struct entry *outer;
    /* The execution's state outside of the call. */
    const union word *pc;
    u64 *fp;
    struct instance *instance;
    u64 *top;
    u64 host_sp, guest_sp, native_pc, native_sp, far;
    bool in_host;
};

/* A frame between two instances, below the callee's. HEADER_RETURN of the callee's frame points at
 * `interpret_bridge` and HEADER_CALLER at the first of these slots. */
enum bridge_slot {
    BRIDGE_RETURN,
    BRIDGE_CALLER,
    BRIDGE_INSTANCE, /* the caller's */
    BRIDGE_RESULTS,  /* where the caller wants them */
    BRIDGE_RESULT_COUNT,
    BRIDGE_SLOTS,
};

extern const union word interpret_exit[1];
extern const union word interpret_bridge[1];

/* Calls a function of the host from guest code that is at `pc` in the frame `fp`. */
enum trap execution_call_host(struct execution *execution, const struct function *function,
                              const union word *pc, u64 *fp, u64 *slots);
/* Makes the record of a trap (record.c). */
void record_make(struct execution *execution, enum trap trap);
/* Sees to memory for the stack up to `end` at least, which is beyond its limit: it comes in steps, as
 * calls need it. False: the stack is full, or there is none. */
bool execution_stretch(struct execution *execution, const u64 *end);
/* Calls a function from C, on the interpreter whatever its module is. */
enum trap execution_interpret(struct execution *execution, const struct function *function,
                              u64 *slots);
/* Asks the interrupt hook of guest code that is at `pc` in the frame `fp`. */
enum trap execution_interrupted(struct execution *execution, const union word *pc, u64 *fp);

/* The same, if somebody wants to interrupt. */
static inline enum trap execution_poll(struct execution *execution, const union word *pc, u64 *fp)
{
    if (__builtin_expect(__atomic_load_n(&execution->interrupt, __ATOMIC_RELAXED) == 0, 1))
        return TRAP_NONE;
    return execution_interrupted(execution, pc, fp);
}

/* Makes `instance` the one that runs. */
static inline void execution_enter(struct execution *execution, struct instance *instance)
{
    execution->instance = instance;
    execution->own_globals = instance->own_globals;
    execution->tag = instance->tag;
    execution->table0 = instance->table0;
}

#endif
