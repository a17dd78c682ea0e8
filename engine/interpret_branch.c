/* The handlers of branches. */
#include "engine/interpret.h"
#include "engine/part_numeric.h"

#define STRAIGHT(name, words)
#define SPECIAL(name, words)
#define BRANCH(name, words)                                                                       \
    HANDLER(name)                                                                                 \
    {                                                                                             \
        REGISTERS;                                                                                \
        if (test_##name(pc + 1, r))                                                               \
            TAKE(pc + 1);                                                                         \
        GO(pc + 1 + (words));                                                                     \
    }
#define BRANCH_BACK(name, words)                                                                  \
    HANDLER(name##_back)                                                                          \
    {                                                                                             \
        REGISTERS;                                                                                \
        if (test_##name(pc + 1, r))                                                               \
            TAKE_BACK(pc + 1);                                                                    \
        GO(pc + 1 + (words));                                                                     \
    }
#include "engine/instruction_list.def"

HANDLER(br)
{
    REGISTERS;
    TAKE(pc + 1);
}

HANDLER(br_back)
{
    REGISTERS;
    TAKE_BACK(pc + 1);
}

/* One word with a target for each index, and a last one for all that are larger. */
PART const union word *table_target(const union word *w, u32 index)
{
    u32 count = w->access.offset;
    const union word *target = w + 1 + (index < count ? index : count);
    return target + target->jump.target;
}

HANDLER(br_table_s)
{
    REGISTERS;
    GO(table_target(pc + 1, slot_u32(r, pc[1].access.a)));
}

HANDLER(br_table_a)
{
    REGISTERS;
    GO(table_target(pc + 1, accumulator_u32(r)));
}

HANDLER(unreachable)
{
    REGISTERS;
    TRAP(pc + 1, TRAP_UNREACHABLE);
}
