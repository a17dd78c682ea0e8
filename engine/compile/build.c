/* The walk over a body, and the instructions that only compute. */
#include "engine/compile/build.h"

#include "engine/compile/evaluate.h"
#include "engine/limits.h"
#include "engine/stretch.h"

_Static_assert((LIMIT_MEMORIES & (LIMIT_MEMORIES - 1)) == 0 && LIMIT_MEMORIES <= 1 << 5,
               "as ir_instruction has them, and the masks here and in build_bulk.c");

/* ---- Instructions and lists ---- */

void builder_fail(struct builder *b, enum status status)
{
    if (b->status == STATUS_OK)
        b->status = status;
}

static inline bool room(struct builder *b, void **items, u32 *capacity, usize need, usize item_size)
{
    if (stretch(b->source, items, capacity, need, item_size))
        return true;
    builder_fail(b, STATUS_NO_MEMORY);
    return false;
}

u32 builder_add_with_room(struct builder *b, struct ir_form instruction)
{
    struct ir *ir = b->ir;
    if (ir->count == b->instructions_max)
        builder_fail(b, STATUS_LIMIT);
    else if (room(b, (void **)&ir->code, &ir->capacity, ir->count + (usize)1, sizeof(*ir->code)))
        return builder_add(b, instruction);
    return IR_NO_VALUE;
}

u32 *builder_list_room(struct builder *b, u32 count)
{
    struct ir *ir = b->ir;
    if (ir->list_count + (u64)count > b->lists_max) {
        builder_fail(b, STATUS_LIMIT);
        return NULL;
    }
    if (!room(b, (void **)&ir->lists, &ir->list_capacity, ir->list_count + (usize)count + 1,
              sizeof(*ir->lists)))
        return NULL;
    return ir->lists + ir->list_count;
}

u32 builder_list(struct builder *b, const u32 *values, u32 count)
{
    u32 *list = builder_list_room(b, count);
    u32 start = b->ir->list_count;
    if (list == NULL)
        return 0;
    for (u32 i = 0; i < count; i++)
        list[i] = values[i];
    b->ir->list_count += count;
    if (count > b->ir->longest_list)
        b->ir->longest_list = count;
    return start;
}

bool builder_room(struct builder *b, u32 count)
{
    return room(b, (void **)&b->stack, &b->stack_capacity, b->stack_count + (usize)count,
                sizeof(*b->stack));
}

/* ---- Types of blocks ---- */

struct block_type builder_block_type(const struct function_type *type)
{
    return (struct block_type){
        .parameters = type->types,
        .results = type->types + type->parameter_count,
        .parameter_count = type->parameter_count,
        .result_count = type->result_count,
    };
}

static struct block_type block_type_read(struct builder *b)
{
    static const value_type types[] = { TYPE_EXTERNREF, TYPE_FUNCREF, TYPE_F64,
                                        TYPE_F32,       TYPE_I64,     TYPE_I32 };
    enum { EMPTY = 0x40 };
    u8 code = *b->body.at;
    if (code == EMPTY) {
        b->body.at++;
        return (struct block_type){ 0 };
    }
    for (u32 i = 0; i < BASE_ARRAY_COUNT(types); i++) {
        if (code != types[i])
            continue;
        b->body.at++;
        return (struct block_type){ .results = &types[i], .result_count = 1 };
    }
    return builder_block_type(b->ir->module->types[body_signed(&b->body.at)]);
}

/* ---- Instructions that compute, load and store ---- */

static void step_numeric(struct builder *b, u32 opcode)
{
    if (opcode_infos[opcode].signature >= SIGNATURE_first_binary) {
        u32 second = builder_pop(b);
        u32 first = builder_pop(b);
        builder_push(b, fold_binary(b, opcode, first, second));
    } else {
        builder_push(b, fold_unary(b, opcode, builder_pop(b)));
    }
}

/* An instruction with the memory and the offset that stand at hand. */
static struct ir_form access_read(struct builder *b, u32 opcode)
{
    enum { FLAG_MEMORY = 0x40 };
    struct ir_form access = { .op = (u16)opcode };
    if ((builder_u32(b) & FLAG_MEMORY) != 0)
        access.memory = builder_u32(b) & (LIMIT_MEMORIES - 1);
    access.c = builder_u32(b);
    return access;
}

static void step_load(struct builder *b, u32 opcode)
{
    struct ir_form load = access_read(b, opcode);
    load.type = (u8)evaluate_type(opcode);
    load.a = builder_pop(b);
    builder_push(b, number_value(b, load, b->memory_epoch));
}

/* The load that would give back what a store of the full width wrote, or 0. */
static u32 load_of_store(u32 opcode)
{
    switch (opcode) {
    case OPCODE_I32_STORE:
        return OPCODE_I32_LOAD;
    case OPCODE_I64_STORE:
        return OPCODE_I64_LOAD;
    case OPCODE_F32_STORE:
        return OPCODE_F32_LOAD;
    case OPCODE_F64_STORE:
        return OPCODE_F64_LOAD;
    default:
        return 0;
    }
}

static void step_store(struct builder *b, u32 opcode)
{
    struct ir_form store = access_read(b, opcode);
    store.b = builder_pop(b);
    store.a = builder_pop(b);
    builder_add(b, store);
    b->memory_epoch = ++b->epochs;
    u32 load = load_of_store(opcode);
    if (load != 0)
        number_note(b,
                    (struct ir_form){ .op = (u16)load,
                                             .type = (u8)evaluate_type(load),
                                             .memory = store.memory,
                                             .a = store.a,
                                             .c = store.c },
                    b->memory_epoch, store.b);
}

static void step_global(struct builder *b, u32 opcode)
{
    u32 global = builder_u32(b);
    struct ir_form get = {
        .op = IR_GLOBAL_GET,
        .type = ir_type_of(b->ir->module->globals[global].type.type),
        .c = global,
    };
    if (opcode == OPCODE_GLOBAL_GET) {
        builder_push(b, number_value(b, get, b->global_epoch));
        return;
    }
    u32 value = builder_pop(b);
    builder_add(b, (struct ir_form){ .op = IR_GLOBAL_SET, .a = value, .c = global });
    b->global_epoch = ++b->epochs;
    number_note(b, get, b->global_epoch, value);
}

static void step_select(struct builder *b, u32 opcode)
{
    if (opcode == OPCODE_SELECT_TYPED)
        b->body.at = body_skip(b->body.at, opcode);
    u32 condition = builder_pop(b);
    u32 second = builder_pop(b);
    u32 first = builder_pop(b);
    builder_push(b, fold_select(b, first, second, condition));
}

static u64 float_bits(struct builder *b, u32 size)
{
    u64 bits = 0;
    __builtin_memcpy(&bits, b->body.at, size);
    b->body.at += size;
    return bits;
}

static void step_constant(struct builder *b, u32 opcode)
{
    switch (opcode) {
    case OPCODE_I32_CONST:
        builder_push(b, builder_constant(b, IR_I32, (u32)body_signed(&b->body.at)));
        break;
    case OPCODE_I64_CONST:
        builder_push(b, builder_constant(b, IR_I64, (u64)body_signed(&b->body.at)));
        break;
    case OPCODE_F32_CONST:
        builder_push(b, builder_constant(b, IR_F32, float_bits(b, sizeof(u32))));
        break;
    default:
        builder_push(b, builder_constant(b, IR_F64, float_bits(b, sizeof(u64))));
    }
}

static void step_assign(struct builder *b, u32 opcode)
{
    b->locals[builder_u32(b)] = b->stack[b->stack_count - 1];
    if (opcode == OPCODE_LOCAL_SET)
        b->stack_count--;
}

/* ---- The walk ---- */

static void step_reference(struct builder *b, u32 opcode)
{
    if (opcode == OPCODE_REF_NULL) {
        b->body.at++;
        builder_push(b, builder_constant(b, IR_I64, 0));
    } else if (opcode == OPCODE_REF_IS_NULL) {
        builder_push(b, fold_unary(b, OPCODE_I64_EQZ, builder_pop(b)));
    } else {
        builder_push(b, builder_add(b, (struct ir_form){ .op = IR_FUNCTION_REFERENCE,
                                                             .type = IR_I64,
                                                             .c = builder_u32(b) }));
    }
}

static void step_control(struct builder *b, u32 opcode)
{
    struct block_type type;
    switch (opcode) {
    case OPCODE_BLOCK:
    case OPCODE_LOOP:
    case OPCODE_IF:
        type = block_type_read(b);
        builder_construct(b, opcode, &type);
        break;
    case OPCODE_ELSE:
        builder_else(b);
        break;
    case OPCODE_END:
        builder_end(b);
        break;
    case OPCODE_BR:
        builder_branch(b, builder_u32(b));
        break;
    case OPCODE_BR_IF:
        builder_branch_if(b, builder_u32(b));
        break;
    case OPCODE_BR_TABLE:
        builder_table(b);
        break;
    case OPCODE_RETURN:
        builder_return(b);
        break;
    case OPCODE_UNREACHABLE:
        builder_trap(b, TRAP_UNREACHABLE);
        break;
    default:
        break; /* nop */
    }
}

/* The most frequent first. */
static void step(struct builder *b, u32 opcode)
{
    if (opcode >= OPCODE_I32_CONST && opcode <= OPCODE_F64_CONST)
        step_constant(b, opcode);
    else if (opcode >= OPCODE_I32_EQZ && opcode <= OPCODE_I64_EXTEND32_S)
        step_numeric(b, opcode);
    else if (opcode <= OPCODE_RETURN)
        step_control(b, opcode);
    else if (opcode <= OPCODE_RETURN_CALL_INDIRECT && (opcode & 1) == 0)
        builder_call(b, opcode);
    else if (opcode <= OPCODE_RETURN_CALL_INDIRECT)
        builder_call_indirect(b, opcode);
    else if (opcode == OPCODE_DROP)
        b->stack_count--;
    else if (opcode == OPCODE_SELECT || opcode == OPCODE_SELECT_TYPED)
        step_select(b, opcode);
    else if (opcode == OPCODE_LOCAL_SET || opcode == OPCODE_LOCAL_TEE)
        step_assign(b, opcode);
    else if (opcode == OPCODE_GLOBAL_GET || opcode == OPCODE_GLOBAL_SET)
        step_global(b, opcode);
    else if (opcode >= OPCODE_I32_LOAD && opcode <= OPCODE_I64_LOAD32_U)
        step_load(b, opcode);
    else if (opcode >= OPCODE_I32_STORE && opcode <= OPCODE_I64_STORE32)
        step_store(b, opcode);
    else if (opcode >= OPCODE_REF_NULL && opcode <= OPCODE_REF_FUNC)
        step_reference(b, opcode);
    else if (opcode_infos[opcode].signature >= SIGNATURE_first_simple)
        step_numeric(b, opcode);
    else
        builder_runtime(b, opcode);
}

/* Code that is not reached leaves nothing; only where it ends matters. */
static void skip(struct builder *b)
{
    u32 inner = 0;
    for (;;) {
        const u8 *at = b->body.at;
        u32 opcode = body_opcode(&at);
        if (inner == 0 && (opcode == OPCODE_END || opcode == OPCODE_ELSE))
            return;
        if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF) {
            inner++;
            b->body.next_scan++;
        } else if (opcode == OPCODE_END) {
            inner--;
        }
        b->body.at = body_skip(at, opcode);
    }
}

void builder_walk(struct builder *b)
{
    const u8 *module = b->ir->module->bytes.data;
    u32 outermost = b->body.construct;
    while (b->construct_count > outermost && builder_ok(b) && builder_room(b, 2)) {
        if (!b->is_reached)
            skip(b);
        if (*b->body.at == OPCODE_LOCAL_GET) { /* one in three, and nothing can go wrong */
            b->body.at++;
            builder_push(b, b->locals[builder_u32(b)]);
            continue;
        }
        b->offset = (u32)(b->body.at - module);
        step(b, body_opcode(&b->body.at));
    }
}
