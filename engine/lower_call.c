/* Lowering of calls. Arguments are put where the callee's frame begins: in their own slots. */
#include "engine/lower_inside.h"

/* Arguments into their slots; gives the first of these. They are popped. */
static u32 arguments_settle(struct lowering *l, const struct function_type *type)
{
    u32 count = type->parameter_count;
    lower_settle_top(l, count);
    lower_truncate(l, l->operand_count - count);
    return operand_home(l, l->operand_count);
}

/* The callee leaves its results where its arguments were, and a single one in its accumulator. */
static void results_push(struct lowering *l, const struct function_type *type)
{
    const value_type *results = type->types + type->parameter_count;
    lower_forget_mirrors(l);
    l->near_loop = 0;

    lower_push_results(l, results, type->result_count);
    if (type->result_count == 1 && !l->failed)
        l->mirrors[operand_at(l, 0)->class] = operand_at(l, 0)->slot;
}

static bool is_imported(const struct lowering *l, u32 function)
{
    return function < l->module->imported_function_count;
}

void lower_call(struct lowering *l, u32 function)
{
    const struct function_type *type = l->module->functions[function].type;
    union word word = { .constant = { .a = (u16)arguments_settle(l, type) } };
    if (is_imported(l, function)) {
        word.constant.immediate = (i32)function;
        (void)lower_emit(l, I_call_import, word, (union word){ 0 });
    } else {
        (void)lower_emit(l, I_call, word, (union word){ .pointer = l->module->code[function] });
    }
    results_push(l, type);
}

/* The index of the callee is the top operand, which the accumulator may still have. */
void lower_call_indirect(struct lowering *l, const struct function_type *type, u32 table)
{
    lower_settle_below(l, type->parameter_count);
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand index = lower_pop(l);
    enum place place = lower_place(l, &index);
    union word word = { .slots = { .to = index.slot, .b = (u16)table } };
    word.slots.a = (u16)arguments_settle(l, type);
    (void)lower_emit(l, place == PLACE_ACCUMULATOR ? I_call_indirect_a : I_call_indirect_s, word,
                     (union word){ .indices = { .first = type->id } });
    results_push(l, type);
}

void lower_tail_call(struct lowering *l, u32 function)
{
    const struct function_type *type = l->module->functions[function].type;
    union word word = { .slots = { .to = (u16)l->header } };
    word.slots.a = (u16)arguments_settle(l, type);
    if (is_imported(l, function))
        (void)lower_emit(l, I_tail_call_import, word,
                         (union word){ .indices = { .first = function } });
    else
        (void)lower_emit(l, I_tail_call, word,
                         (union word){ .pointer = l->module->code[function] });
}

void lower_tail_call_indirect(struct lowering *l, const struct function_type *type, u32 table)
{
    lower_settle_below(l, type->parameter_count);
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand index = lower_pop(l);
    union word word = { .slots = { .to = (u16)l->header, .b = index.slot } };
    word.slots.a = (u16)arguments_settle(l, type);
    (void)lower_emit(l, I_tail_call_indirect, word,
                     (union word){ .indices = { .first = type->id, .second = table } });
}
