/* The handlers by number, and how a run begins and ends. */
#include "engine/interpret.h"

handler_function *const instruction_handlers[INSTRUCTION_COUNT] = {
#define STRAIGHT(name, words) [I_##name] = handle_##name,
#define BRANCH(name, words) [I_##name] = handle_##name,
#define BRANCH_BACK(name, words) [I_##name] = handle_##name,
#define BRANCH_NEAR(name, words) [I_##name] = handle_##name,
#define SPECIAL(name, words) [I_##name] = handle_##name,
#include "engine/instruction_list.def"
#undef STRAIGHT
#undef BRANCH
#undef BRANCH_BACK
#undef BRANCH_NEAR
#undef SPECIAL
};

const u8 instruction_words[INSTRUCTION_COUNT] = {
#define STRAIGHT(name, words) [I_##name] = words,
#define BRANCH(name, words) [I_##name] = words,
#define BRANCH_BACK(name, words) [I_##name] = words,
#define BRANCH_NEAR(name, words) [I_##name] = words,
#define SPECIAL(name, words) [I_##name] = words,
#include "engine/instruction_list.def"
};

/* The frame that the host called has returned. */
static void run_exit(HANDLER_PARAMETERS)
{
    (void)pc, (void)fp, (void)memory, (void)integer,(void)loop, (void)real, (void)single;
    execution->trap = TRAP_NONE;
}

const union word interpret_exit[1] = { { .handler = run_exit } };

void interpret_trap(HANDLER_PARAMETERS)
{
    (void)memory, (void)loop, (void)real, (void)single;
    execution->pc = pc;
    execution->fp = fp;
    execution->trap = (enum trap)integer;
}

void interpret_poll(HANDLER_PARAMETERS)
{
    REGISTERS;
    const union word *where = execution->pc;
    enum trap trap = execution_interrupted(execution, where, fp);
    if (trap != TRAP_NONE)
        TRAP(where + 1, trap);
    GO(pc);
}

void interpret_run(struct execution *execution, const union word *pc, u64 *fp)
{
    execution->fp = fp;
    execution->trap = TRAP_NONE;
    pc->handler(pc, fp, execution->instance->memory_base, execution, 0, 0, 0, 0);
}
