/* The handlers of the rows of fusion.def: the steps of their instructions, one after the other. */
#include "engine/interpret_end.h"
#include "engine/part_memory.h"
#include "engine/part_numeric.h"
#include "engine/part_slow.h"

#define FUSE2(ka, a, kb, b) handler_function handle_##a##__##b;
#define FUSE3(ka, a, kb, b, kc, c) handler_function handle_##a##__##b##__##c;
#define FUSE4(ka, a, kb, b, kc, c, kd, d) handler_function handle_##a##__##b##__##c##__##d;
#include "engine/fusion.def"
#undef FUSE2
#undef FUSE3
#undef FUSE4

/* A step with its operands at `w`, which moves on to the operands of the next. */
#define STEP(kind, name)                                                                          \
    STEP_##kind(name, w);                                                                         \
    w += WORDS_##name + 1

#define FUSE2(ka, a, kb, b)                                                                       \
    HANDLER(a##__##b)                                                                             \
    {                                                                                             \
        REGISTERS;                                                                                \
        const union word *w = pc + 1;                                                             \
        STEP(ka, a);                                                                              \
        STEP(kb, b);                                                                              \
        GO(w - 1);                                                                                \
    }
#define FUSE3(ka, a, kb, b, kc, c)                                                                \
    HANDLER(a##__##b##__##c)                                                                      \
    {                                                                                             \
        REGISTERS;                                                                                \
        const union word *w = pc + 1;                                                             \
        STEP(ka, a);                                                                              \
        STEP(kb, b);                                                                              \
        STEP(kc, c);                                                                              \
        GO(w - 1);                                                                                \
    }
#define FUSE4(ka, a, kb, b, kc, c, kd, d)                                                         \
    HANDLER(a##__##b##__##c##__##d)                                                               \
    {                                                                                             \
        REGISTERS;                                                                                \
        const union word *w = pc + 1;                                                             \
        STEP(ka, a);                                                                              \
        STEP(kb, b);                                                                              \
        STEP(kc, c);                                                                              \
        STEP(kd, d);                                                                              \
        GO(w - 1);                                                                                \
    }

#include "engine/fusion.def"
