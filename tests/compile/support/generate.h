/* Random functions in single assignment form, and a toy target to allocate them for. */
#ifndef TESTS_COMPILE_SUPPORT_GENERATE_H
#define TESTS_COMPILE_SUPPORT_GENERATE_H

#include "engine/compile/target.h"

/* How a function comes out. Chances are in 256. */
struct shape {
    u32 seed;
    u32 locals;       /* values that live at once, about: 4 to GENERATE_LOCALS_MAX */
    u32 instructions; /* about */
    u32 nesting;      /* constructs within constructs */
    u32 calls;        /* chance that a statement is a call */
    u32 constructs;   /* chance that it is a branch, a loop, a table */
};

enum { GENERATE_LOCALS_MAX = 128 };

/* Replaces what `ir` has; its arrays grow from `source`. Uses are counted. */
void generate_ir(struct ir *ir, const struct source *source, const struct shape *shape);
void generate_give(struct ir *ir, const struct source *source);

/* A target with so many registers of each class, 4 to 16, some of which survive calls. */
void toy_target(struct target *target, u32 registers);

#endif
