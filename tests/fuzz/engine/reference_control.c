/* Control, calls and variables. */
#include "tests/fuzz/engine/reference_control.h"

#include <string.h>

/* ---- Stack and bytes ---- */

void reference_push(struct reference_frame *frame, u64 value)
{
    frame->reference->stack[frame->reference->height++] = value;
}

u64 reference_pop(struct reference_frame *frame)
{
    return frame->reference->stack[--frame->reference->height];
}

u32 reference_leb(struct reference_frame *frame)
{
    u32 value = 0;
    for (u32 shift = 0;; shift += 7) {
        u8 byte = *frame->at++;
        value |= (u32)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}

static u64 signed_leb(struct reference_frame *frame)
{
    u64 value = 0;
    for (u32 shift = 0;;) {
        u8 byte = *frame->at++;
        value |= (u64)(byte & 0x7F) << shift;
        shift += 7;
        if (byte >= 0x80)
            continue;
        return shift < 64 && (byte & 0x40) != 0 ? value | UINT64_MAX << shift : value;
    }
}

static u64 fixed(struct reference_frame *frame, u32 size)
{
    u64 bits = 0;
    memcpy(&bits, frame->at, size);
    frame->at += size;
    return bits;
}

static const u8 *code_of(const struct reference_frame *frame)
{
    return frame->instance->module->code.data;
}

/* ---- Traps ---- */

static void record_make(struct reference *reference, enum trap trap)
{
    struct fuzz_call_outcome *record = &reference->record;
    memset(record, 0, sizeof(*record));
    record->trap = trap;
    for (u32 i = reference->call_count; i-- != 0;)
        if (record->frame_count == TRAP_FRAMES_MAX)
            record->omitted_count++;
        else
            record->frames[record->frame_count++] = reference->calls[i];
    reference->has_record = true;
}

void reference_trap(struct reference_frame *frame, enum trap trap)
{
    record_make(frame->reference, trap);
    frame->trap = trap;
    frame->is_done = true;
}

/* ---- Blocks ---- */

static void block_enter(struct reference_frame *frame, u32 opcode, u32 start)
{
    const struct fuzz_module *module = frame->instance->module;
    struct reference *reference = frame->reference;
    u64 type = signed_leb(frame);
    bool is_listed = type < FUZZ_TYPES_MAX;
    bool is_empty = type == (u64)-64;
    u32 parameters = is_listed ? module->types[type].parameter_count : 0;
    u32 results = is_listed ? module->types[type].result_count : is_empty ? 0 : 1;
    BASE_ASSERT(reference->block_count < REFERENCE_BLOCKS);
    reference->blocks[reference->block_count++] = (struct reference_block){
        .start = start,
        .end = frame->instance->ends[start],
        .height = reference->height - parameters,
        .arity = opcode == OPCODE_LOOP ? parameters : results,
        .is_loop = opcode == OPCODE_LOOP,
    };
}

static void stack_move(struct reference *reference, u32 to, u32 count)
{
    memmove(reference->stack + to, reference->stack + reference->height - count,
            count * sizeof(u64));
    reference->height = to + count;
}

static void results_give(struct reference_frame *frame)
{
    stack_move(frame->reference, frame->locals, frame->function->type.result_count);
    frame->is_done = true;
}

static void branch(struct reference_frame *frame, u32 depth)
{
    struct reference *reference = frame->reference;
    if (depth == reference->block_count - frame->blocks) {
        results_give(frame);
        return;
    }
    reference->block_count -= depth;
    const struct reference_block *block = &reference->blocks[--reference->block_count];
    stack_move(reference, block->height, block->arity);
    frame->at = code_of(frame) + (block->is_loop ? block->start : block->end + 1);
}

static void step_if(struct reference_frame *frame, u32 offset)
{
    u64 condition = reference_pop(frame);
    block_enter(frame, OPCODE_IF, offset);
    if (condition != 0)
        return;
    u32 otherwise = frame->instance->elses[offset];
    frame->at = code_of(frame) +
                (otherwise != 0 ? otherwise + 1 : frame->instance->ends[offset]);
}

static void step_table(struct reference_frame *frame)
{
    u32 count = reference_leb(frame);
    u64 index = reference_pop(frame);
    u32 depth = 0;
    for (u32 i = 0; i <= count && i <= index; i++)
        depth = reference_leb(frame);
    branch(frame, depth);
}

/* ---- Calls ---- */

/* The frame becomes that of an own function of a module, with arguments on top of the stack. */
static void frame_begin(struct reference_frame *frame, u32 module, u32 index)
{
    struct reference *reference = frame->reference;
    frame->instance = &reference->instances[module];
    frame->module = module;
    frame->function = &frame->instance->module->functions[index];
    frame->at = code_of(frame) + frame->function->body;
    frame->locals = reference->height - frame->function->type.parameter_count;
    reference->block_count = frame->blocks;
    u32 top = frame->locals + frame->function->local_count;
    BASE_ASSERT(top + frame->function->size < REFERENCE_STACK);
    while (reference->height < top)
        reference->stack[reference->height++] = 0;
    reference->calls[reference->call_count - 1] =
        (struct fuzz_frame){ .module = module, .function = index };
}

static enum trap host_call(struct reference *reference, u32 module, u32 function)
{
    const struct fuzz_type *type =
        &reference->world.program->modules[module].functions[function].type;
    u64 slots[FUZZ_PARAMETERS_MAX] = { 0 };
    reference->height -= type->parameter_count;
    memcpy(slots, reference->stack + reference->height, type->parameter_count * sizeof(u64));
    reference->has_record = false;
    enum trap trap = fuzz_host(&reference->world, module, function, slots);
    if (trap != TRAP_NONE) {
        if (!reference->has_record || reference->record.trap != trap)
            record_make(reference, trap);
        return trap;
    }
    reference->has_record = false;
    for (u32 i = 0; i < type->result_count; i++) {
        bool is_narrow = type->results[i] == TYPE_I32 || type->results[i] == TYPE_F32;
        reference->stack[reference->height++] = is_narrow ? (u32)slots[i] : slots[i];
    }
    return TRAP_NONE;
}

static void step(struct reference_frame *frame);

static enum trap code_call(struct reference *reference, u32 module, u32 function)
{
    struct reference_frame frame = { .reference = reference, .blocks = reference->block_count };
    BASE_ASSERT(reference->call_count < REFERENCE_CALLS);
    reference->call_count++;
    frame_begin(&frame, module, function);
    while (!frame.is_done)
        step(&frame);
    reference->block_count = frame.blocks;
    reference->call_count--;
    return frame.trap;
}

enum trap reference_call(struct reference *reference, u32 module, u32 function)
{
    const struct fuzz_function *callee =
        &reference->world.program->modules[module].functions[function];
    if (callee->origin == FUZZ_HOST)
        return host_call(reference, module, function);
    if (callee->origin == FUZZ_OTHER)
        return code_call(reference, 0, callee->origin_index);
    return code_call(reference, module, function);
}

static void call_number(struct reference_frame *frame, u64 number)
{
    u32 module = (u32)(number - 1) >> 16;
    u32 function = (u32)(number - 1) & 0xFFFF;
    frame->trap = reference_call(frame->reference, module, function);
    frame->is_done = frame->trap != TRAP_NONE;
}

/* Only functions of the host return to the frame that is left. */
static void tail_call_number(struct reference_frame *frame, u64 number)
{
    u32 module = (u32)(number - 1) >> 16;
    u32 index = (u32)(number - 1) & 0xFFFF;
    const struct fuzz_function *callee =
        &frame->reference->world.program->modules[module].functions[index];
    if (callee->origin == FUZZ_HOST) {
        call_number(frame, number);
        if (!frame->is_done)
            results_give(frame);
        return;
    }
    stack_move(frame->reference, frame->locals, callee->type.parameter_count);
    frame_begin(frame, module, index);
}

/* The function that an indirect call means; 0 if it traps. */
static u64 indirect(struct reference_frame *frame)
{
    u32 type = reference_leb(frame);
    const struct reference_table *table = frame->instance->tables[reference_leb(frame)];
    u64 index = reference_pop(frame);
    u64 number = index < table->size ? table->elements[index] : 0;
    if (index >= table->size) {
        reference_trap(frame, TRAP_UNDEFINED_ELEMENT);
        return 0;
    }
    if (number == 0) {
        reference_trap(frame, TRAP_UNINITIALIZED_ELEMENT);
        return 0;
    }
    const struct fuzz_module *module =
        &frame->reference->world.program->modules[(number - 1) >> 16];
    if (fuzz_type_equal(&module->functions[(number - 1) & 0xFFFF].type,
                        &frame->instance->module->types[type]))
        return number;
    reference_trap(frame, TRAP_INDIRECT_CALL_TYPE);
    return 0;
}

static void step_call(struct reference_frame *frame, u32 opcode)
{
    bool is_direct = opcode == OPCODE_CALL || opcode == OPCODE_RETURN_CALL;
    u64 number = is_direct ? reference_function_number(frame->instance, frame->module,
                                                       reference_leb(frame))
                           : indirect(frame);
    if (number == 0)
        return;
    if (opcode == OPCODE_CALL || opcode == OPCODE_CALL_INDIRECT)
        call_number(frame, number);
    else
        tail_call_number(frame, number);
}

/* ---- Steps ---- */

static void step_end(struct reference_frame *frame)
{
    if (frame->reference->block_count == frame->blocks)
        results_give(frame);
    else
        frame->reference->block_count--;
}

static void step_control(struct reference_frame *frame, u32 opcode, u32 offset)
{
    if (opcode == OPCODE_UNREACHABLE)
        reference_trap(frame, TRAP_UNREACHABLE);
    else if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP)
        block_enter(frame, opcode, offset);
    else if (opcode == OPCODE_IF)
        step_if(frame, offset);
    else if (opcode == OPCODE_ELSE) /* the end of the part before it */
        frame->at = code_of(frame) +
                    frame->reference->blocks[frame->reference->block_count - 1].end;
    else if (opcode == OPCODE_END)
        step_end(frame);
    else if (opcode == OPCODE_BR)
        branch(frame, reference_leb(frame));
    else if (opcode == OPCODE_BR_TABLE)
        step_table(frame);
    else if (opcode == OPCODE_RETURN)
        results_give(frame);
    else if (opcode != OPCODE_NOP)
        step_call(frame, opcode);
}

static void step_branch_if(struct reference_frame *frame)
{
    u32 depth = reference_leb(frame);
    if (reference_pop(frame) != 0)
        branch(frame, depth);
}

static void step_select(struct reference_frame *frame)
{
    u64 condition = reference_pop(frame);
    u64 second = reference_pop(frame);
    if (condition == 0)
        frame->reference->stack[frame->reference->height - 1] = second;
}

static void step_variable(struct reference_frame *frame, u32 opcode)
{
    u32 index = reference_leb(frame);
    u64 *local = &frame->reference->stack[frame->locals + index];
    if (opcode == OPCODE_GLOBAL_GET)
        reference_push(frame, *frame->instance->globals[index]);
    else if (opcode == OPCODE_GLOBAL_SET)
        *frame->instance->globals[index] = reference_pop(frame);
    else if (opcode == OPCODE_LOCAL_GET)
        reference_push(frame, *local);
    else
        *local = reference_pop(frame);
    if (opcode == OPCODE_LOCAL_TEE)
        reference_push(frame, *local);
}

static void step_constant(struct reference_frame *frame, u32 opcode)
{
    if (opcode == OPCODE_I32_CONST)
        reference_push(frame, (u32)signed_leb(frame));
    else if (opcode == OPCODE_I64_CONST)
        reference_push(frame, signed_leb(frame));
    else
        reference_push(frame, fixed(frame, opcode == OPCODE_F32_CONST ? sizeof(f32) : sizeof(f64)));
}

static void step_reference(struct reference_frame *frame, u32 opcode)
{
    if (opcode == OPCODE_REF_IS_NULL) {
        reference_push(frame, reference_pop(frame) == 0);
        return;
    }
    u32 index = reference_leb(frame);
    u64 number = 0;
    if (opcode == OPCODE_REF_FUNC)
        number = reference_function_number(frame->instance, frame->module, index);
    reference_push(frame, number);
}

/* The rest, by ranges of opcodes. */
static void step_plain(struct reference_frame *frame, u32 opcode)
{
    bool is_bulk = opcode >= PREFIX_FC + 8 || opcode == OPCODE_MEMORY_SIZE ||
                   opcode == OPCODE_MEMORY_GROW || opcode == OPCODE_TABLE_GET ||
                   opcode == OPCODE_TABLE_SET;
    if (is_bulk)
        reference_bulk(frame, opcode);
    else if (opcode >= OPCODE_LOCAL_GET && opcode <= OPCODE_GLOBAL_SET)
        step_variable(frame, opcode);
    else if (opcode >= OPCODE_I32_CONST && opcode <= OPCODE_F64_CONST)
        step_constant(frame, opcode);
    else if (opcode >= OPCODE_REF_NULL && opcode <= OPCODE_REF_FUNC)
        step_reference(frame, opcode);
    else if (opcode >= OPCODE_I32_LOAD && opcode < OPCODE_I32_STORE)
        reference_load(frame, opcode);
    else if (opcode >= OPCODE_I32_STORE && opcode <= OPCODE_I64_STORE32)
        reference_store(frame, opcode);
    else
        reference_number(frame, opcode);
}

static void step(struct reference_frame *frame)
{
    struct reference *reference = frame->reference;
    u32 offset = (u32)(frame->at - code_of(frame));
    u32 opcode = reference_opcode(&frame->at);
    fuzz_statistics.instructions_seen += !frame->instance->seen[offset];
    fuzz_statistics.instructions_run++;
    frame->instance->seen[offset] = true;
    reference->calls[reference->call_count - 1].offset =
        frame->function->offset + offset - frame->function->body;
    if (opcode == OPCODE_BR_IF)
        step_branch_if(frame);
    else if (opcode <= OPCODE_RETURN_CALL_INDIRECT)
        step_control(frame, opcode, offset);
    else if (opcode == OPCODE_DROP)
        (void)reference_pop(frame);
    else if (opcode == OPCODE_SELECT)
        step_select(frame);
    else if (opcode == OPCODE_SELECT_TYPED) {
        frame->at += 2;
        step_select(frame);
    } else
        step_plain(frame, opcode);
}
