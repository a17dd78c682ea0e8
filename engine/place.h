/* What the engine asks of the place that it runs in. Part of the door engine.h. */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include "base/base.h"

enum compile_flag {
    COMPILE_AT_LOAD = 1,       /* all functions, not each when it is called first */
    COMPILE_FEW_REGISTERS = 2, /* values get as few registers as there can be */
};

/* What the engine asks of its place. Address ranges are multiples of 64 KiB. */
struct engine_place {
    struct source source; /* memory for records, code and tables */
    /* Reserves address space without access; NULL when there is none. */
    void *(*reserve)(void *context, usize size);
    /* Makes part of a reservation readable and writable; it reads as zero. False: no memory. */
    bool (*commit)(void *context, void *start, usize size);
    /* The same for a stack, most of which may never be needed: there may be no memory when a part of
     * it is touched first, and that is then a memory fault. */
    bool (*commit_lazily)(void *context, void *start, usize size);
    /* Gives a whole reservation back. */
    void (*release)(void *context, void *start, usize size);
    /* Calls function(argument) and gives true when it returns; false when a memory fault stopped
     * it, for which the place had asked `execution_fault`, or when there is no memory for its stack.
     * Nests. */
    bool (*guarded_call)(void *context, void (*function)(void *), void *argument);
    /* While a module is loaded, every some microseconds: others may run meanwhile, and the calling
     * thread may go on on another CPU. NULL: nobody else wants to. */
    void (*pause)(void *context);
    /* Memory for machine code, taken on demand; false: none to be had. Both NULL: nothing is
     * compiled. */
    bool (*code_reserve)(void *context, usize size, struct code_memory *memory);
    void (*code_release)(void *context, struct code_memory *memory);
    u32 compile_flags; /* enum compile_flag, for tests */
    void *context;
};

#endif
