/* The handlers of all instructions that go straight on: a part and the jump to the next. */
#include "engine/interpret.h"
#include "engine/part_memory.h"
#include "engine/part_numeric.h"
#include "engine/part_slow.h"

#define STRAIGHT(name, words)                                                                     \
    HANDLER(name)                                                                                 \
    {                                                                                             \
        REGISTERS;                                                                                \
        RUN(name, pc + 1);                                                                        \
        GO(pc + 1 + (words));                                                                     \
    }
#define BRANCH(name, words)
#define BRANCH_BACK(name, words)
#define SPECIAL(name, words)
#include "engine/instruction_list.def"
