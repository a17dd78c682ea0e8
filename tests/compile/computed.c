/* What is computed, of every op: what is looked up is what the plain words say. */
#include "engine/compile/ir.h"

#include "tests/tap.h"

/* Some opcodes never come into the compiler's form: constants and control have forms of their own. */
static bool is_of_ir(u32 op)
{
    return op >= IR_NOTHING || ir_properties[op] != 0;
}

static bool may_trap(u32 op)
{
    return (op >= OPCODE_I32_DIV_S && op <= OPCODE_I32_REM_U) ||
           (op >= OPCODE_I64_DIV_S && op <= OPCODE_I64_REM_U);
}

static bool acts_always(u32 op)
{
    return (op >= OPCODE_I32_LOAD && op <= OPCODE_I64_STORE32) ||
           (op >= OPCODE_I32_TRUNC_F32_S && op <= OPCODE_I32_TRUNC_F64_U) ||
           (op >= OPCODE_I64_TRUNC_F32_S && op <= OPCODE_I64_TRUNC_F64_U) || op == IR_GLOBAL_SET ||
           (op >= IR_CALL && op <= IR_RUNTIME) || op >= IR_JUMP;
}

static bool is_there(u32 op)
{
    return op >= IR_NOTHING && op <= IR_RESULT;
}

static bool is_right(struct ir_instruction i)
{
    bool never_traps = (i.c & IR_NEVER_TRAPS) != 0;
    bool acts = acts_always(i.op) || (may_trap(i.op) && !never_traps);
    return ir_acts(&i) == acts &&
           ir_is_computed(&i) == (!i.folded && !is_there(i.op) && (i.uses != 0 || acts));
}

static void test_computed(void)
{
    u32 wrong = 0, looked_at = 0;
    for (u32 op = 0; op < IR_OP_END; op++) {
        for (u32 n = 0; n < 12 && is_of_ir(op); n++) {
            struct ir_instruction i = { .op = op & ((1u << IR_OP_BITS) - 1), .uses = n % 3 & 3,
                                        .folded = n / 3 & 1, .c = n / 6 };
            wrong += !is_right(i);
            looked_at++;
        }
    }
    TAP_OK(wrong == 0, "what is computed is what is needed, done where it stands and not folded");
    TAP_OK(looked_at > 1800, "of all that there is");
}

static void test_uses(void)
{
    struct ir_instruction i = { .type = 7, .folded = 1, .memory = 31, .b = IR_COUNT_MAX };
    static const u32 expected[] = { 1, IR_USES_MANY, IR_USES_MANY, IR_USES_MANY };
    bool passed = true;
    for (u32 n = 0; n < BASE_ARRAY_COUNT(expected); n++) {
        ir_use(&i);
        passed = passed && i.uses == expected[n] && i.type == 7 && i.folded == 1 && i.memory == 31 &&
                 i.b == IR_COUNT_MAX;
    }
    TAP_OK(passed, "uses are counted to many, and nothing beside them changes");
}

int main(void)
{
    test_computed();
    test_uses();
    return tap_done();
}
