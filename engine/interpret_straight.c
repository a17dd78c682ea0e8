/* The handlers of all instructions that go straight on, or branch: a step and the jump to the
 * next. */
#include "engine/interpret.h"
#include "engine/part_memory.h"
#include "engine/part_numeric.h"
#include "engine/part_slow.h"

#define HANDLE(kind, name, words)                                                                 \
    HANDLER(name)                                                                                 \
    {                                                                                             \
        REGISTERS;                                                                                \
        STEP_##kind(name, pc + 1);                                                                \
        GO(pc + 1 + (words));                                                                     \
    }
#define STRAIGHT(name, words) HANDLE(S, name, words)
#define BRANCH(name, words) HANDLE(B, name, words)
#define BRANCH_BACK(name, words) HANDLE(K, name, words)
#define BRANCH_NEAR(name, words) HANDLE(N, name, words)
#define SPECIAL(name, words)
#include "engine/instruction_list.def"
