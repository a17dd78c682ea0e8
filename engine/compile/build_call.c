/* Calls, and what the runtime does. */
#include "engine/compile/build.h"

/* A call may write memory and globals, and grow. */
static void effects_all(struct builder *b)
{
    b->memory_epoch = ++b->epochs;
    b->global_epoch = ++b->epochs;
}

static u8 first_result(const struct function_type *type)
{
    return type->result_count == 0 ? IR_NONE : ir_type_of(type->types[type->parameter_count]);
}

static void results_push(struct builder *b, u32 call, const struct function_type *type)
{
    if (!builder_room(b, type->result_count + 2))
        return;
    for (u32 i = 0; i < type->result_count && builder_ok(b); i++) {
        u8 result = ir_type_of(type->types[type->parameter_count + i]);
        builder_push(b, i == 0 ? call
                             : builder_add(b, (struct ir_form){
                                                .op = IR_RESULT, .type = result, .a = call, .c = i }));
    }
}

/* A call with its operands; `number` says of what, and `table` is behind them if it is indirect. */
static void call_add(struct builder *b, u32 op, const struct function_type *type, u32 number,
                     u32 table)
{
    bool is_tail = op >= IR_TAIL_CALL;
    bool has_index = op == IR_CALL_INDIRECT || op == IR_TAIL_CALL_INDIRECT;
    u32 count = type->parameter_count + has_index;
    u32 list = builder_list(b, b->stack + b->stack_count - count, count);
    if (has_index)
        (void)builder_list(b, &table, 1);
    b->stack_count -= count;
    u32 call = builder_add(b, (struct ir_form){
                                .op = (u16)op,
                                .type = is_tail ? (u8)IR_NONE : first_result(type),
                                .list = list,
                                .list_count = count,
                                .c = number,
                            });
    if (!builder_ok(b))
        return;
    if (is_tail) {
        builder_dead(b);
        return;
    }
    results_push(b, call, type);
    effects_all(b);
}

void builder_call(struct builder *b, u32 opcode)
{
    u32 function = builder_u32(b);
    const struct module *module = b->ir->module;
    bool is_import = function < module->imported_function_count;
    if (!is_import && opcode == OPCODE_CALL && builder_inline(b, function))
        return;
    u32 op = is_import ? IR_CALL_IMPORT : IR_CALL;
    if (opcode == OPCODE_RETURN_CALL)
        op = is_import ? IR_TAIL_CALL_IMPORT : IR_TAIL_CALL;
    call_add(b, op, module->functions[function].type, function, 0);
}

void builder_call_indirect(struct builder *b, u32 opcode)
{
    u32 type = builder_u32(b);
    u32 table = builder_u32(b);
    u32 op = opcode == OPCODE_CALL_INDIRECT ? IR_CALL_INDIRECT : IR_TAIL_CALL_INDIRECT;
    call_add(b, op, b->ir->module->types[type], type, table);
}

/* ---- The runtime ---- */

struct runtime_row {
    u8 runtime;
    u8 operand_count;
    u8 index_count;
    bool is_swapped; /* the second index is read first */
    u8 result;       /* enum ir_type */
};

static const struct runtime_row *runtime_row(u32 opcode)
{
    static const struct runtime_row rows[] = {
        [OPCODE_MEMORY_INIT - (int)PREFIX_FC] = { RUNTIME_MEMORY_INIT, 3, 2, true, IR_NONE },
        [OPCODE_DATA_DROP - (int)PREFIX_FC] = { RUNTIME_DATA_DROP, 0, 1, false, IR_NONE },
        [OPCODE_MEMORY_COPY - (int)PREFIX_FC] = { RUNTIME_MEMORY_COPY, 3, 2, false, IR_NONE },
        [OPCODE_MEMORY_FILL - (int)PREFIX_FC] = { RUNTIME_MEMORY_FILL, 3, 1, false, IR_NONE },
        [OPCODE_TABLE_INIT - (int)PREFIX_FC] = { RUNTIME_TABLE_INIT, 3, 2, true, IR_NONE },
        [OPCODE_ELEM_DROP - (int)PREFIX_FC] = { RUNTIME_ELEMENT_DROP, 0, 1, false, IR_NONE },
        [OPCODE_TABLE_COPY - (int)PREFIX_FC] = { RUNTIME_TABLE_COPY, 3, 2, false, IR_NONE },
        [OPCODE_TABLE_GROW - (int)PREFIX_FC] = { RUNTIME_TABLE_GROW, 2, 1, false, IR_I32 },
        [OPCODE_TABLE_FILL - (int)PREFIX_FC] = { RUNTIME_TABLE_FILL, 3, 1, false, IR_NONE },
    };
    static const struct runtime_row memory_grow = { RUNTIME_MEMORY_GROW, 1, 1, false, IR_I32 };
    static const struct runtime_row table_get = { RUNTIME_TABLE_GET, 1, 1, false, IR_I64 };
    static const struct runtime_row table_set = { RUNTIME_TABLE_SET, 2, 1, false, IR_NONE };
    switch (opcode) {
    case OPCODE_MEMORY_GROW:
        return &memory_grow;
    case OPCODE_TABLE_GET:
        return &table_get;
    case OPCODE_TABLE_SET:
        return &table_set;
    default:
        return &rows[opcode - (int)PREFIX_FC];
    }
}

static void size_push(struct builder *b, u32 op)
{
    builder_push(b, builder_add(b, (struct ir_form){
                                   .op = (u16)op, .type = IR_I32, .c = builder_u32(b) }));
}

void builder_runtime(struct builder *b, u32 opcode)
{
    if (opcode == OPCODE_MEMORY_SIZE || opcode == OPCODE_TABLE_SIZE) {
        size_push(b, opcode == OPCODE_MEMORY_SIZE ? IR_MEMORY_SIZE : IR_TABLE_SIZE);
        return;
    }
    const struct runtime_row *row = runtime_row(opcode);
    u32 indices[2] = { 0 };
    for (u32 i = 0; i < row->index_count; i++)
        indices[row->is_swapped ? 1 - i : i] = builder_u32(b);
    b->ir->has_runtime = true;
    b->stack_count -= row->operand_count;
    const u32 *operands = b->stack + b->stack_count;
    if (row->runtime == RUNTIME_MEMORY_COPY && builder_copy_inline(b, operands, indices[0], indices[1]))
        return;
    if (row->runtime == RUNTIME_MEMORY_FILL && builder_fill_inline(b, operands, indices[0]))
        return;
    u32 list = builder_list(b, operands, row->operand_count);
    (void)builder_list(b, indices, BASE_ARRAY_COUNT(indices));
    u32 value = builder_add(b, (struct ir_form){
                                 .op = IR_RUNTIME,
                                 .type = row->result,
                                 .list = list,
                                 .list_count = row->operand_count,
                                 .c = row->runtime,
                             });
    if (row->result != IR_NONE)
        builder_push(b, value);
    b->memory_epoch = ++b->epochs;
}
