/* Validation of blocks, branches and returns. */
#include "engine/limits.h"
#include "engine/stretch.h"
#include "engine/validate.h"

enum { BLOCK_TYPE_EMPTY = 0x40 };

/* ---- Blocks ---- */

static struct block_type block_of(const struct function_type *type)
{
    return (struct block_type){
        .parameters = type->types,
        .results = type->types + type->parameter_count,
        .parameter_count = type->parameter_count,
        .result_count = type->result_count,
    };
}

/* A block without parameters and with one result. */
static struct block_type block_of_one(value_type type)
{
    static const value_type types[] = { TYPE_EXTERNREF, TYPE_FUNCREF, TYPE_F64,
                                        TYPE_F32,       TYPE_I64,     TYPE_I32 };
    u32 i = 0;
    while (i < BASE_ARRAY_COUNT(types) - 1 && types[i] != type)
        i++;
    return (struct block_type){ .results = &types[i], .result_count = 1 };
}

/* A type index, or in its place the byte of a value type or of none (5.4.1). */
static struct block_type block_type_read(struct validator *v)
{
    const struct reader *reader = &v->reader;
    bool is_byte = reader_left(reader) != 0 && *reader->at >= 0x40 && *reader->at <= 0x7F;
    if (is_byte && *reader->at == BLOCK_TYPE_EMPTY) {
        (void)reader_u8(&v->reader);
        return (struct block_type){ 0 };
    }
    if (is_byte)
        return block_of_one(validate_value_type(v));
    i64 index = reader_leb_i33(&v->reader);
    if (index >= 0 && index < v->module->type_count)
        return block_of(v->module->types[index]);
    validate_fail(v, "unknown type");
    return (struct block_type){ 0 };
}

static void control_push(struct validator *v, enum label_kind kind, const struct block_type *type)
{
    if (v->control_count == LIMIT_BLOCK_DEPTH)
        validate_limit(v, "more than 100000 blocks within blocks");
    bool is_room = v->control_count < v->control_capacity ||
                   stretch(v->source, (void **)&v->controls, &v->control_capacity,
                           v->control_count + 1u, sizeof(*v->controls));
    if (!is_room)
        v->lowering.failed = true;
    if (!is_room || !reader_ok(&v->reader))
        return;
    v->controls[v->control_count++] = (struct control){
        .type = *type,
        .kind = (u8)kind,
        .was_dead = v->is_dead,
        .was_polymorphic = v->is_polymorphic,
        .height = v->type_count,
    };
    v->base = v->type_count;
    v->is_polymorphic = false;
    validate_push_all(v, type->parameters, type->parameter_count);
}

void validate_function(struct validator *v, const struct function_type *type)
{
    struct block_type block = block_of(type);
    block.parameters = NULL; /* they are locals, not operands */
    block.parameter_count = 0;
    v->type_count = 0;
    v->control_count = 0;
    v->is_dead = false;
    v->is_polymorphic = false;
    control_push(v, LABEL_FUNCTION, &block);
}

void validate_block(struct validator *v, enum opcode opcode)
{
    struct block_type type = block_type_read(v);
    enum label_kind kind = opcode == OPCODE_LOOP ? LABEL_LOOP : LABEL_BLOCK;
    if (opcode == OPCODE_IF) {
        kind = LABEL_IF;
        validate_pop(v, TYPE_I32);
    }
    validate_pop_all(v, type.parameters, type.parameter_count);
    if (!reader_ok(&v->reader))
        return;
    if (v->lowers && !v->is_dead)
        lower_block(&v->lowering, kind, &type);
    control_push(v, kind, &type);
}

/* The results are there, and nothing else. */
static void results_take(struct validator *v, const struct control *control)
{
    validate_pop_all(v, control->type.results, control->type.result_count);
    if (v->type_count != v->base)
        validate_fail(v, "type mismatch");
}

void validate_else(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    struct control *control = &v->controls[v->control_count - 1];
    if (control->kind != LABEL_IF)
        validate_fail(v, "END opcode expected");
    results_take(v, control);
    if (!reader_ok(&v->reader))
        return;
    if (v->lowers && !control->was_dead)
        lower_else(&v->lowering, !v->is_dead);
    control->kind = LABEL_BLOCK;
    v->is_dead = control->was_dead;
    v->is_polymorphic = false;
    validate_push_all(v, control->type.parameters, control->type.parameter_count);
}

/* An if without an else gives its parameters as its results. */
static bool is_passing(const struct block_type *type)
{
    bool same = type->parameter_count == type->result_count;
    for (u32 i = 0; same && i < type->result_count; i++)
        same = type->parameters[i] == type->results[i];
    return same;
}

void validate_end(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    struct control control = v->controls[v->control_count - 1];
    results_take(v, &control);
    if (control.kind == LABEL_IF && !is_passing(&control.type))
        validate_fail(v, "type mismatch");
    if (!reader_ok(&v->reader))
        return;
    if (v->lowers && !control.was_dead)
        lower_end(&v->lowering, !v->is_dead);
    v->is_dead = control.was_dead;
    v->is_polymorphic = control.was_polymorphic;
    v->control_count--;
    v->base = v->control_count == 0 ? 0 : v->controls[v->control_count - 1].height;
    validate_push_all(v, control.type.results, control.type.result_count);
}

/* ---- Branches ---- */

struct label_types {
    const value_type *types;
    u32 count;
};

/* What a branch to a label takes. */
static struct label_types label_types(const struct validator *v, u32 depth)
{
    const struct control *control = &v->controls[v->control_count - 1 - depth];
    if (control->kind == LABEL_LOOP)
        return (struct label_types){ control->type.parameters, control->type.parameter_count };
    return (struct label_types){ control->type.results, control->type.result_count };
}

void validate_branch(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    u32 depth = validate_index(v, v->control_count, "unknown label");
    struct label_types label = label_types(v, depth);
    validate_pop_all(v, label.types, label.count);
    if (validate_is_live(v))
        lower_branch(&v->lowering, depth);
    validate_dead(v);
}

void validate_branch_if(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    u32 depth = validate_index(v, v->control_count, "unknown label");
    struct label_types label = label_types(v, depth);
    validate_pop(v, TYPE_I32);
    validate_pop_all(v, label.types, label.count);
    if (validate_is_live(v))
        lower_branch_if(&v->lowering, depth);
    validate_push_all(v, label.types, label.count);
}

/* The targets, of which the last is for all larger indices. The first time over, they are checked;
 * `arity` is what each takes. */
static void targets_check(struct validator *v, u32 count, u32 arity)
{
    struct label_types checked = { 0 };
    for (u32 i = 0; i <= count && reader_ok(&v->reader); i++) {
        u32 depth = validate_index(v, v->control_count, "unknown label");
        struct label_types label = label_types(v, depth);
        if (label.count != arity)
            validate_fail(v, "type mismatch");
        else if (label.types != checked.types)
            validate_peek_all(v, label.types, label.count);
        checked = label;
    }
}

static void targets_lower(struct validator *v, struct reader reader, u32 count, u32 arity)
{
    lower_table(&v->lowering, count, arity);
    for (u32 i = 0; i <= count; i++)
        lower_table_target(&v->lowering, reader_leb_u32(&reader));
    lower_table_end(&v->lowering);
}

void validate_table(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    validate_pop(v, TYPE_I32);
    u32 count = reader_count(&v->reader, 1, UINT32_MAX, "unexpected end");
    struct reader targets = v->reader;
    u32 first = validate_u32(v);
    if (first >= v->control_count)
        validate_fail(v, "unknown label");
    if (!reader_ok(&v->reader))
        return;
    u32 arity = label_types(v, first).count;
    v->reader = targets;
    targets_check(v, count, arity);
    if (validate_is_live(v))
        targets_lower(v, targets, count, arity);
    validate_dead(v);
}

void validate_return(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    const struct block_type *type = &v->controls[0].type;
    validate_pop_all(v, type->results, type->result_count);
    if (validate_is_live(v))
        lower_return(&v->lowering);
    validate_dead(v);
}

void validate_unreachable(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    if (validate_is_live(v))
        lower_unreachable(&v->lowering);
    validate_dead(v);
}
