/* Validation of calls, and of instructions that reach globals, memories, tables and references. */
#include "engine/validate.h"

/* ---- Calls ---- */

static const value_type *results_of(const struct function_type *type)
{
    return type->types + type->parameter_count;
}

/* A tail call gives its callee's results as the caller's own. */
static void tail_results_check(struct validator *v, const struct function_type *type)
{
    const struct block_type *own = &v->controls[0].type;
    bool same = own->result_count == type->result_count;
    for (u32 i = 0; same && i < type->result_count; i++)
        same = own->results[i] == results_of(type)[i];
    if (!same)
        validate_fail(v, "type mismatch");
}

void validate_call(struct validator *v, enum opcode opcode)
{
    u32 function = validate_index(v, v->module->function_count, "unknown function");
    if (!reader_ok(&v->reader))
        return;
    const struct function_type *type = v->module->functions[function].type;
    validate_pop_all(v, type->types, type->parameter_count);
    if (opcode == OPCODE_RETURN_CALL) {
        tail_results_check(v, type);
        if (validate_is_live(v))
            lower_tail_call(&v->lowering, function);
        validate_dead(v);
        return;
    }
    if (validate_is_live(v))
        lower_call(&v->lowering, function);
    validate_push_all(v, results_of(type), type->result_count);
}

void validate_call_indirect(struct validator *v, enum opcode opcode)
{
    const struct module *module = v->module;
    u32 index = validate_index(v, module->type_count, "unknown type");
    u32 table = validate_index(v, module->table_count, "unknown table");
    if (!reader_ok(&v->reader))
        return;
    if (module->tables[table].type.element != TYPE_FUNCREF)
        validate_fail(v, "type mismatch");
    const struct function_type *type = module->types[index];
    validate_pop(v, TYPE_I32);
    validate_pop_all(v, type->types, type->parameter_count);
    if (opcode == OPCODE_RETURN_CALL_INDIRECT) {
        tail_results_check(v, type);
        if (validate_is_live(v))
            lower_tail_call_indirect(&v->lowering, type, table);
        validate_dead(v);
        return;
    }
    if (validate_is_live(v))
        lower_call_indirect(&v->lowering, type, table);
    validate_push_all(v, results_of(type), type->result_count);
}

/* ---- Globals ---- */

void validate_global(struct validator *v, enum opcode opcode)
{
    u32 global = validate_index(v, v->module->global_count, "unknown global");
    if (!reader_ok(&v->reader))
        return;
    struct global_type type = v->module->globals[global].type;
    if (opcode == OPCODE_GLOBAL_GET) {
        validate_push(v, type.type);
        if (validate_is_live(v))
            lower_global_get(&v->lowering, global);
        return;
    }
    if (!type.mutable)
        validate_fail(v, "immutable global");
    validate_pop(v, type.type);
    if (validate_is_live(v))
        lower_global_set(&v->lowering, global);
}

/* ---- Memory ---- */

static u32 memory_index(struct validator *v)
{
    return validate_index(v, v->module->memory_count, "unknown memory");
}

/* Alignment, memory and offset of a load or store (5.4.7). */
static void access_read(struct validator *v, enum opcode opcode, u32 *memory, u64 *offset)
{
    enum { FLAG_MEMORY = 0x40, FLAGS_END = 0x80 };
    /* Binary logarithm of the bytes that each load and store moves. */
    static const u8 natural[] = { 2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1,
                                  2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2 };
    u32 flags = validate_u32(v);
    if (flags >= FLAGS_END)
        validate_fail(v, "malformed memop flags");
    if ((flags & FLAG_MEMORY) != 0)
        *memory = memory_index(v);
    else if (v->module->memory_count == 0)
        validate_fail(v, "unknown memory");
    *offset = reader_leb_u64(&v->reader);
    if (*offset > UINT32_MAX)
        validate_fail(v, "offset out of range");
    if ((flags & ~(u32)FLAG_MEMORY) > natural[opcode - OPCODE_I32_LOAD])
        validate_fail(v, "alignment must not be larger than natural");
}

static value_type access_type(enum opcode opcode)
{
    switch (opcode_infos[opcode].signature) {
    case SIGNATURE_i_l:
    case SIGNATURE_il_n:
        return TYPE_I64;
    case SIGNATURE_i_f:
    case SIGNATURE_if_n:
        return TYPE_F32;
    case SIGNATURE_i_d:
    case SIGNATURE_id_n:
        return TYPE_F64;
    default:
        return TYPE_I32;
    }
}

void validate_access(struct validator *v, enum opcode opcode)
{
    u32 memory = 0;
    u64 offset = 0;
    access_read(v, opcode, &memory, &offset);
    bool is_store = opcode >= OPCODE_I32_STORE;
    if (is_store)
        validate_pop(v, access_type(opcode));
    validate_pop(v, TYPE_I32);
    if (!is_store)
        validate_push(v, access_type(opcode));
    if (!validate_is_live(v))
        return;
    if (is_store)
        lower_store(&v->lowering, opcode, memory, offset);
    else
        lower_load(&v->lowering, opcode, memory, offset);
}

/* ---- Instructions of the runtime ---- */

/* Pops `operands` of type i32, pushes `result` if there is one, and lowers. */
static void runtime_step(struct validator *v, enum opcode opcode, const u32 indices[2],
                         u32 operands, value_type result)
{
    for (u32 i = 0; i < operands; i++)
        validate_pop(v, TYPE_I32);
    if (result != TYPE_UNKNOWN)
        validate_push(v, result);
    if (validate_is_live(v))
        lower_runtime(&v->lowering, opcode, indices);
}

static u32 data_index(struct validator *v)
{
    u32 index = validate_u32(v);
    if (!v->module->has_data_count)
        validate_fail(v, "data count section required");
    else if (index >= v->module->data_count)
        validate_fail(v, "unknown data segment");
    return index;
}

void validate_memory(struct validator *v, enum opcode opcode)
{
    u32 indices[2] = { 0 };
    switch (opcode) {
    case OPCODE_MEMORY_SIZE:
    case OPCODE_MEMORY_GROW:
        indices[0] = memory_index(v);
        runtime_step(v, opcode, indices, opcode == OPCODE_MEMORY_GROW, TYPE_I32);
        break;
    case OPCODE_MEMORY_FILL:
        indices[0] = memory_index(v);
        runtime_step(v, opcode, indices, 3, TYPE_UNKNOWN);
        break;
    case OPCODE_MEMORY_COPY:
        indices[0] = memory_index(v);
        indices[1] = memory_index(v);
        runtime_step(v, opcode, indices, 3, TYPE_UNKNOWN);
        break;
    case OPCODE_MEMORY_INIT:
        indices[1] = data_index(v);
        indices[0] = memory_index(v);
        runtime_step(v, opcode, indices, 3, TYPE_UNKNOWN);
        break;
    default:
        indices[0] = data_index(v);
        runtime_step(v, opcode, indices, 0, TYPE_UNKNOWN);
    }
}

static u32 table_index(struct validator *v)
{
    return validate_index(v, v->module->table_count, "unknown table");
}

/* Pops, below `above` operands of type i32, one of type `element`, and below it `below` more. */
static void pop_around(struct validator *v, u32 above, value_type element, u32 below)
{
    for (u32 i = 0; i < above; i++)
        validate_pop(v, TYPE_I32);
    validate_pop(v, element);
    for (u32 i = 0; i < below; i++)
        validate_pop(v, TYPE_I32);
}

/* Instructions on two tables or a table and a segment, which have elements of one type. */
static void table_pair(struct validator *v, enum opcode opcode)
{
    const struct module *module = v->module;
    u32 indices[2];
    value_type from;
    if (opcode == OPCODE_TABLE_COPY) {
        indices[0] = table_index(v);
        indices[1] = table_index(v);
    } else {
        u32 element = validate_u32(v);
        indices[0] = table_index(v);
        indices[1] = element;
        if (element >= module->element_count)
            validate_fail(v, "unknown elem segment");
    }
    if (!reader_ok(&v->reader))
        return;
    from = opcode == OPCODE_TABLE_COPY ? module->tables[indices[1]].type.element
                                       : module->elements[indices[1]].type;
    if (module->tables[indices[0]].type.element != from)
        validate_fail(v, "type mismatch");
    runtime_step(v, opcode, indices, 3, TYPE_UNKNOWN);
}

void validate_table_access(struct validator *v, enum opcode opcode)
{
    u32 indices[2] = { 0 };
    if (opcode == OPCODE_TABLE_COPY || opcode == OPCODE_TABLE_INIT) {
        table_pair(v, opcode);
        return;
    }
    if (opcode == OPCODE_ELEM_DROP) {
        indices[0] = validate_index(v, v->module->element_count, "unknown elem segment");
        runtime_step(v, opcode, indices, 0, TYPE_UNKNOWN);
        return;
    }
    indices[0] = table_index(v);
    if (!reader_ok(&v->reader))
        return;
    value_type element = v->module->tables[indices[0]].type.element;
    if (opcode == OPCODE_TABLE_GET) {
        runtime_step(v, opcode, indices, 1, element);
    } else if (opcode == OPCODE_TABLE_SIZE) {
        runtime_step(v, opcode, indices, 0, TYPE_I32);
    } else if (opcode == OPCODE_TABLE_SET) {
        pop_around(v, 0, element, 1);
        runtime_step(v, opcode, indices, 0, TYPE_UNKNOWN);
    } else if (opcode == OPCODE_TABLE_GROW) {
        pop_around(v, 1, element, 0);
        runtime_step(v, opcode, indices, 0, TYPE_I32);
    } else {
        pop_around(v, 1, element, 1);
        runtime_step(v, opcode, indices, 0, TYPE_UNKNOWN);
    }
}

/* ---- References ---- */

static void reference_function(struct validator *v)
{
    const struct module *module = v->module;
    u32 indices[2] = { validate_index(v, module->function_count, "unknown function"), 0 };
    if (!reader_ok(&v->reader))
        return;
    if (!module->functions[indices[0]].referenced)
        validate_fail(v, "undeclared function reference");
    runtime_step(v, OPCODE_REF_FUNC, indices, 0, TYPE_FUNCREF);
}

void validate_reference(struct validator *v, enum opcode opcode)
{
    if (opcode == OPCODE_REF_FUNC) {
        reference_function(v);
    } else if (opcode == OPCODE_REF_NULL) {
        validate_push(v, validate_heap_type(v));
        if (validate_is_live(v))
            lower_constant(&v->lowering, CLASS_INTEGER, 0);
    } else {
        value_type type = validate_pop_any(v);
        if (type != TYPE_FUNCREF && type != TYPE_EXTERNREF && type != TYPE_UNKNOWN)
            validate_fail(v, "type mismatch");
        validate_push(v, TYPE_I32);
        validate_peak(v, 1); /* the zero that it is compared with */
        if (validate_is_live(v))
            lower_numeric(&v->lowering, OPCODE_I64_EQZ);
    }
}
