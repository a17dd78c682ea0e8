/* Between compiled code and C: the layouts that the stubs of an architecture know. Private to
 * engine/compile and the architectures. */
#ifndef ENGINE_COMPILE_NATIVE_H
#define ENGINE_COMPILE_NATIVE_H

#include "engine/compiler.h"

enum { NATIVE_REGISTERS = 8 }; /* for arguments, of each class, at most */

/* What a stub leaves on the guest stack when compiled code calls C, lowest address first.
 *
 *   offset size
 *     0    64  integer registers of arguments, in their order; C leaves results in the first two
 *    64    64  the same for floats
 *   128     8  the function object, where the call has one
 *   136     8  a number: what the stub was given besides
 *   144    64  whatever the stub keeps
 *   208     8  return address
 *   216        arguments on the stack */
struct native_frame {
    u64 integers[NATIVE_REGISTERS];
    u64 floats[NATIVE_REGISTERS];
    u64 function;
    u64 number;
    u64 kept[8];
    u64 return_address;
    u64 stack[];
};

_Static_assert(offsetof(struct native_frame, stack) == 216, "as the stubs have it");

/* A call from C; arguments on the stack are there already, from execution.guest_sp on.
 *
 *   offset size
 *     0   128  registers, as above; results come back in them
 *   128     8  entry
 *   136     8  base of memory 0 */
struct native_call {
    u64 integers[NATIVE_REGISTERS];
    u64 floats[NATIVE_REGISTERS];
    const void *entry;
    u8 *memory;
};

_Static_assert(sizeof(struct native_call) == 144, "as the stubs have it");

/* The stubs (ARCHITECTURE/stubs.S). `native_enter` calls compiled code and gives the trap that
 * ended it, or TRAP_NONE. The others are called by compiled code, as execution.natives says. */
u32 native_enter(struct execution *execution, struct native_call *call);
void native_enter_return(void); /* where its calls return to */
void native_trap(void);
void native_runtime(void);
void native_indirect(void);
void native_lazy(void);          /* r11d: function of the running instance */
void native_lazy_function(void); /* rax: function object; the first value of function.native */
void native_far(void);           /* rax: function object of another instance */
void native_far_return(void);    /* where its calls return to */
void native_far_stack(void);     /* the same, if arguments are on the stack */
void native_far_stack_return(void);
/* memory.copy and memory.fill within memory 0: their operands, and what they lose, are the target's
 * own affair. */
void native_copy(void);
void native_fill(void);
void native_host(void);          /* rax: function object of the host */
void native_host_plain(void);    /* the same, of a type with integers in registers only */
void native_host_narrow(void);   /* the same, if its result is an i32 */
void native_host_copy(void);     /* the same, if it has a host_copy */
/* Where an interrupt handler sends what it has stopped, and what it may stop of the stubs. */
void native_preempt(void);
void native_preempt_end(void);
void native_stubs_begin(void);
void native_stubs_end(void);
void native_bulk_begin(void);
void native_bulk_end(void);

static inline bool native_is_between(u64 pc, void (*begin)(void), void (*end)(void))
{
    return pc >= (u64)(uintptr_t)begin && pc < (u64)(uintptr_t)end;
}

/* Where the return address of a stub is, from an instruction on, up to the next row: so many words
 * above the stack pointer, or ... */
struct native_stub_row {
    u32 from; /* bytes behind native_stubs_begin */
    u32 back;
};

enum native_stub_back {
    NATIVE_BACK_NOWHERE = 0x100, /* there is none: no code of this call from C runs */
    NATIVE_BACK_KEPT,            /* execution.native_pc and native_sp have it */
    NATIVE_BACK_FAR,             /* behind the native_far_frame at the stack pointer */
    NATIVE_BACK_FAR_STACK,       /* behind that at execution.far */
    NATIVE_BACK_RCX,             /* in rcx */
};

extern const struct native_stub_row native_stub_rows[], native_stub_rows_end[];

/* What a far call leaves on the stack. */
struct native_far_frame {
    u64 instance; /* of the caller */
    u64 kept;
    u64 return_address;
};

/* The same with copies of arguments below: who was called may have gone on by a tail call to another
 * that takes fewer, so a walk could not tell how many there are. These frames are chained. */
struct native_far_stack_frame {
    u64 outer; /* the next one outwards */
    u64 kept;
    struct native_far_frame common;
};

/* ---- What the stubs call (native.c) ---- */

/* Each gives the trap that ends the run, or TRAP_NONE. */
u32 native_call_host(struct execution *execution, struct native_frame *frame);
u32 native_call_runtime(struct execution *execution, struct native_frame *frame);
/* Compiles the function by `frame->number`, or that of `frame->function`; its entry comes into
 * `frame->number`. If it cannot be compiled, interprets it, and the number is 0. */
u32 native_call_lazy(struct execution *execution, struct native_frame *frame);
u32 native_call_lazy_function(struct execution *execution, struct native_frame *frame);
u32 native_call_interrupted(struct execution *execution); /* at a call */
u32 native_call_preempted(struct execution *execution);   /* anywhere */

/* Sets native_pc and native_sp to where a walk over the frames of execution.stopped begins. */
void native_stopped_locate(struct execution *execution);

#endif
