/* The stacks of validation, the walk over a body, and instructions whose types are fixed. */
#include "engine/validate.h"

#include "engine/limits.h"
#include "engine/stretch.h"

enum {
    OPERATIONS_FREE = 1 << 16,
    OPERATIONS_PER_BYTE = 16,
};

/* ---- Mistakes ---- */

void validate_fail(struct validator *v, const char *mistake)
{
    reader_fail_at(&v->reader, mistake, v->lowering.offset);
}

static void fail_with(struct validator *v, enum status status, const char *message)
{
    if (!reader_ok(&v->reader))
        return;
    v->status = status;
    validate_fail(v, message);
}

void validate_limit(struct validator *v, const char *message)
{
    fail_with(v, STATUS_LIMIT, message);
}

void validate_unsupported(struct validator *v, enum feature feature)
{
    fail_with(v, STATUS_UNSUPPORTED, feature_message(feature));
}

static bool room(struct validator *v, void **items, u32 *capacity, usize need, usize item_size)
{
    if (need <= *capacity)
        return true;
    if (stretch(v->source, items, capacity, need, item_size))
        return true;
    fail_with(v, STATUS_NO_MEMORY, "out of memory");
    return false;
}

/* ---- Operands ---- */

bool validate_room(struct validator *v, u32 count)
{
    return room(v, (void **)&v->types, &v->type_capacity, (usize)v->type_count + count,
                sizeof(*v->types));
}

/* Types of a thousand operands may hang on one byte. What real code asks for is far below. */
static bool operations_spend(struct validator *v, u32 count)
{
    v->operations += count;
    if (v->operations > v->operations_max)
        validate_limit(v, "too many operands of calls and branches for the function's size");
    return reader_ok(&v->reader);
}

void validate_push_all(struct validator *v, const value_type *types, u32 count)
{
    if (!operations_spend(v, count) || !validate_room(v, count))
        return;
    for (u32 i = 0; i < count; i++)
        validate_push(v, types[i]);
}

void validate_pop_all(struct validator *v, const value_type *types, u32 count)
{
    if (!operations_spend(v, count))
        return;
    for (u32 i = count; i != 0; i--)
        validate_pop(v, types[i - 1]);
}

void validate_peek_all(struct validator *v, const value_type *types, u32 count)
{
    u32 own = v->type_count - v->base;
    if (own < count && !v->is_polymorphic)
        validate_fail(v, "type mismatch");
    if (!operations_spend(v, count))
        return;
    for (u32 i = 0; i < count && i < own; i++) {
        value_type found = v->types[v->type_count - 1 - i];
        if (found != types[count - 1 - i] && found != TYPE_UNKNOWN)
            validate_fail(v, "type mismatch");
    }
}

void validate_dead(struct validator *v)
{
    v->type_count = v->base;
    v->is_dead = true;
    v->is_polymorphic = true;
}

/* ---- Immediates ---- */

static enum feature type_feature(u8 code)
{
    switch (code) {
    case TYPE_V128:
        return FEATURE_SIMD;
    case 0x63:
    case 0x64:
        return FEATURE_TYPED_REFERENCES;
    case 0x69:
    case 0x74:
        return FEATURE_EXCEPTIONS;
    default:
        return (code >= 0x6A && code <= 0x6E) || (code >= 0x71 && code <= 0x73) ? FEATURE_GC
                                                                                : FEATURE_COUNT;
    }
}

value_type validate_value_type(struct validator *v)
{
    u8 code = reader_u8(&v->reader);
    enum feature feature = type_feature(code);
    if (feature != FEATURE_COUNT)
        validate_unsupported(v, feature);
    else if (code != TYPE_FUNCREF && code != TYPE_EXTERNREF && (code < TYPE_F64 || code > TYPE_I32))
        validate_fail(v, "malformed value type");
    return code;
}

value_type validate_heap_type(struct validator *v)
{
    bool is_index = reader_left(&v->reader) != 0 && (*v->reader.at < 0x40 || *v->reader.at > 0x7F);
    if (is_index)
        validate_unsupported(v, FEATURE_TYPED_REFERENCES);
    value_type type = validate_value_type(v);
    if (type != TYPE_FUNCREF && type != TYPE_EXTERNREF)
        validate_fail(v, "malformed reference type");
    return type;
}

/* ---- Locals ---- */

static value_type local_type(struct validator *v, u32 local)
{
    struct local_type *known = &v->locals[local];
    if (known->body == v->body)
        return known->type;
    u32 low = 0;
    for (u32 high = v->run_count - 1; low < high;) {
        u32 middle = (low + high) / 2;
        if (local < v->runs[middle].end)
            high = middle;
        else
            low = middle + 1;
    }
    *known = (struct local_type){ v->body, v->runs[low].type };
    return known->type;
}

static void run_add(struct validator *v, u32 count, value_type type)
{
    if (!room(v, (void **)&v->runs, &v->run_capacity, v->run_count + 1u, sizeof(*v->runs)))
        return;
    v->local_count += count;
    v->runs[v->run_count++] = (struct local_run){ v->local_count, type };
}

/* Parameters and declared locals; empty declarations leave nothing. */
static void locals_read(struct validator *v, const struct function_type *type)
{
    v->run_count = 0;
    v->local_count = 0;
    v->body++;
    for (u32 i = 0; i < type->parameter_count; i++)
        run_add(v, 1, type->types[i]);
    u32 groups = reader_count(&v->reader, 2, UINT32_MAX, "too many locals");
    u64 total = v->local_count;
    for (u32 i = 0; i < groups && reader_ok(&v->reader); i++) {
        v->lowering.offset = (u32)reader_offset(&v->reader);
        u32 count = reader_leb_u32(&v->reader);
        value_type local = validate_value_type(v);
        total += count;
        if (total > UINT32_MAX)
            validate_fail(v, "too many locals");
        else if (count != 0 && total <= LIMIT_LOCALS)
            run_add(v, count, local);
    }
    if (total > LIMIT_LOCALS)
        validate_limit(v, "more than 50000 locals in a function");
    (void)room(v, (void **)&v->locals, &v->local_capacity, v->local_count, sizeof(*v->locals));
}

static u32 local_index(struct validator *v)
{
    return validate_index(v, v->local_count, "unknown local");
}

static void step_local_get(struct validator *v)
{
    u32 local = local_index(v);
    if (v->local_count == 0)
        return;
    value_type type = local_type(v, local);
    validate_push(v, type);
    if (v->lowers && !v->is_dead)
        lower_local_get(&v->lowering, local, value_class_of(type));
}

static void step_local_set(struct validator *v, enum opcode opcode)
{
    u32 local = local_index(v);
    if (v->local_count == 0)
        return;
    value_type type = local_type(v, local);
    validate_pop(v, type);
    if (opcode == OPCODE_LOCAL_TEE)
        validate_push(v, type);
    if (!validate_is_live(v))
        return;
    if (opcode == OPCODE_LOCAL_TEE)
        lower_local_tee(&v->lowering, local);
    else
        lower_local_set(&v->lowering, local);
}

/* ---- Instructions whose types are fixed ---- */

static void push_constant(struct validator *v, value_type type, u64 bits)
{
    validate_push(v, type);
    if (v->lowers && !v->is_dead)
        lower_constant(&v->lowering, value_class_of(type), bits);
}

static u64 fixed_bits(struct validator *v, usize size)
{
    u64 bits = 0;
    struct bytes bytes = reader_bytes(&v->reader, size);
    if (bytes.size != 0)
        __builtin_memcpy(&bits, bytes.data, size);
    return bits;
}

/* A signed LEB128, which mostly is one byte. */
static i32 small_i32(struct validator *v)
{
    struct reader *reader = &v->reader;
    if (reader->at == reader->end || *reader->at >= 0x80)
        return reader_leb_i32(reader);
    i32 byte = *reader->at++;
    return byte - ((byte & 0x40) << 1);
}

static void step_constant(struct validator *v, enum opcode opcode)
{
    switch (opcode) {
    case OPCODE_I32_CONST:
        push_constant(v, TYPE_I32, (u32)small_i32(v));
        break;
    case OPCODE_I64_CONST:
        push_constant(v, TYPE_I64, (u64)reader_leb_i64(&v->reader));
        break;
    case OPCODE_F32_CONST:
        push_constant(v, TYPE_F32, fixed_bits(v, sizeof(f32)));
        break;
    default:
        push_constant(v, TYPE_F64, fixed_bits(v, sizeof(f64)));
    }
}

/* Operands and result of a signature. */
struct fixed {
    u8 first, second, result; /* types; 0: none */
};

#define FIXED(a, b, r) { TYPE_##a, TYPE_##b, TYPE_##r }
enum { TYPE_i = TYPE_I32, TYPE_l = TYPE_I64, TYPE_f = TYPE_F32, TYPE_d = TYPE_F64, TYPE_n = 0 };
static const struct fixed fixed_signatures[SIGNATURE_first_refused] = {
    [SIGNATURE_i_i] = FIXED(i, n, i),  [SIGNATURE_i_l] = FIXED(i, n, l),
    [SIGNATURE_i_f] = FIXED(i, n, f),  [SIGNATURE_i_d] = FIXED(i, n, d),
    [SIGNATURE_l_i] = FIXED(l, n, i),  [SIGNATURE_l_l] = FIXED(l, n, l),
    [SIGNATURE_l_f] = FIXED(l, n, f),  [SIGNATURE_l_d] = FIXED(l, n, d),
    [SIGNATURE_f_i] = FIXED(f, n, i),  [SIGNATURE_f_l] = FIXED(f, n, l),
    [SIGNATURE_f_f] = FIXED(f, n, f),  [SIGNATURE_f_d] = FIXED(f, n, d),
    [SIGNATURE_d_i] = FIXED(d, n, i),  [SIGNATURE_d_l] = FIXED(d, n, l),
    [SIGNATURE_d_f] = FIXED(d, n, f),  [SIGNATURE_d_d] = FIXED(d, n, d),
    [SIGNATURE_ii_i] = FIXED(i, i, i), [SIGNATURE_ll_i] = FIXED(l, l, i),
    [SIGNATURE_ll_l] = FIXED(l, l, l), [SIGNATURE_ff_i] = FIXED(f, f, i),
    [SIGNATURE_ff_f] = FIXED(f, f, f), [SIGNATURE_dd_i] = FIXED(d, d, i),
    [SIGNATURE_dd_d] = FIXED(d, d, d), [SIGNATURE_ii_n] = FIXED(i, i, n),
    [SIGNATURE_il_n] = FIXED(i, l, n), [SIGNATURE_if_n] = FIXED(i, f, n),
    [SIGNATURE_id_n] = FIXED(i, d, n),
};
#undef FIXED

/* Pops and pushes as the signature says. */
static void signature_apply(struct validator *v, u32 signature)
{
    const struct fixed *fixed = &fixed_signatures[signature];
    if (fixed->second != 0)
        validate_pop(v, fixed->second);
    validate_pop(v, fixed->first);
    if (fixed->result != 0)
        validate_push(v, fixed->result);
}

static void step_fixed(struct validator *v, enum opcode opcode)
{
    const struct opcode_info *info = &opcode_infos[opcode];
    if (info->immediate == IMMEDIATE_ACCESS) {
        validate_access(v, opcode);
        return;
    }
    signature_apply(v, info->signature);
    if (opcode == OPCODE_I32_EQZ || opcode == OPCODE_I64_EQZ)
        validate_peak(v, 1); /* the zero */
    if (validate_is_live(v))
        lower_numeric(&v->lowering, opcode);
}

static void step_drop(struct validator *v, enum opcode opcode)
{
    (void)opcode;
    (void)validate_pop_any(v);
    if (validate_is_live(v))
        lower_drop(&v->lowering);
}

/* Without a type: of two operands of one type that is no reference. */
static void step_select(struct validator *v, enum opcode opcode)
{
    value_type type = TYPE_UNKNOWN;
    if (opcode == OPCODE_SELECT_TYPED) {
        if (reader_leb_u32(&v->reader) != 1)
            validate_fail(v, "invalid result arity");
        type = validate_value_type(v);
    }
    validate_pop(v, TYPE_I32);
    value_type second = validate_pop_any(v);
    value_type first = validate_pop_any(v);
    bool is_reference = first == TYPE_FUNCREF || first == TYPE_EXTERNREF ||
                        second == TYPE_FUNCREF || second == TYPE_EXTERNREF;
    if (opcode == OPCODE_SELECT)
        type = first == TYPE_UNKNOWN ? second : first;
    bool is_first_good = first == type || first == TYPE_UNKNOWN;
    bool is_second_good = second == type || second == TYPE_UNKNOWN;
    if (!is_first_good || !is_second_good || (is_reference && opcode == OPCODE_SELECT))
        validate_fail(v, "type mismatch");
    validate_push(v, type);
    if (validate_is_live(v))
        lower_select(&v->lowering, value_class_of(type));
}

/* ---- The walk ---- */

static validate_step *const steps[OPCODE_COUNT] = {
    [OPCODE_BLOCK] = validate_block,
    [OPCODE_LOOP] = validate_block,
    [OPCODE_IF] = validate_block,
    [OPCODE_ELSE] = validate_else,
    [OPCODE_END] = validate_end,
    [OPCODE_BR] = validate_branch,
    [OPCODE_BR_IF] = validate_branch_if,
    [OPCODE_BR_TABLE] = validate_table,
    [OPCODE_RETURN] = validate_return,
    [OPCODE_UNREACHABLE] = validate_unreachable,
    [OPCODE_CALL] = validate_call,
    [OPCODE_RETURN_CALL] = validate_call,
    [OPCODE_CALL_INDIRECT] = validate_call_indirect,
    [OPCODE_RETURN_CALL_INDIRECT] = validate_call_indirect,
    [OPCODE_DROP] = step_drop,
    [OPCODE_SELECT] = step_select,
    [OPCODE_SELECT_TYPED] = step_select,
    [OPCODE_LOCAL_SET] = step_local_set,
    [OPCODE_LOCAL_TEE] = step_local_set,
    [OPCODE_GLOBAL_GET] = validate_global,
    [OPCODE_GLOBAL_SET] = validate_global,
    [OPCODE_I32_CONST] = step_constant,
    [OPCODE_I64_CONST] = step_constant,
    [OPCODE_F32_CONST] = step_constant,
    [OPCODE_F64_CONST] = step_constant,
    [OPCODE_REF_NULL] = validate_reference,
    [OPCODE_REF_IS_NULL] = validate_reference,
    [OPCODE_REF_FUNC] = validate_reference,
    [OPCODE_MEMORY_SIZE] = validate_memory,
    [OPCODE_MEMORY_GROW] = validate_memory,
    [OPCODE_MEMORY_FILL] = validate_memory,
    [OPCODE_MEMORY_COPY] = validate_memory,
    [OPCODE_MEMORY_INIT] = validate_memory,
    [OPCODE_DATA_DROP] = validate_memory,
    [OPCODE_TABLE_GET] = validate_table_access,
    [OPCODE_TABLE_SET] = validate_table_access,
    [OPCODE_TABLE_SIZE] = validate_table_access,
    [OPCODE_TABLE_GROW] = validate_table_access,
    [OPCODE_TABLE_FILL] = validate_table_access,
    [OPCODE_TABLE_COPY] = validate_table_access,
    [OPCODE_TABLE_INIT] = validate_table_access,
    [OPCODE_ELEM_DROP] = validate_table_access,
};

/* The rest of an opcode whose first byte is a prefix. */
static u32 read_prefixed(struct validator *v, u32 code)
{
    static const u16 bases[] = { PREFIX_FB, PREFIX_FC, PREFIX_FD, PREFIX_FE };
    static const u16 ends[] = { PREFIX_FC, PREFIX_FE, OPCODE_COUNT, PREFIX_FD };
    u32 base = bases[code - 0xFB];
    u32 rest = reader_leb_u32(&v->reader);
    return rest < ends[code - 0xFB] - base ? base + rest : OPCODE_COUNT;
}

static void step_other(struct validator *v, u32 opcode)
{
    if (opcode >= 0xFB && opcode <= 0xFE)
        opcode = read_prefixed(v, opcode);
    const struct opcode_info *info = opcode < OPCODE_COUNT ? &opcode_infos[opcode] : NULL;
    if (info == NULL || info->signature == 0)
        validate_fail(v, "illegal opcode");
    else if (info->feature != FEATURE_CORE)
        validate_unsupported(v, info->feature);
    else if (steps[opcode] != NULL)
        steps[opcode](v, opcode);
    else if (info->signature >= SIGNATURE_first_simple)
        step_fixed(v, opcode);
}

/* Most instructions are one of these. */
static void step(struct validator *v, u8 code)
{
    if (code == OPCODE_LOCAL_GET)
        step_local_get(v);
    else if (steps[code] != NULL)
        steps[code](v, code);
    else
        step_other(v, code);
}

/* A step pushes at most two operands without asking for more room. */
static void walk(struct validator *v)
{
    struct reader *reader = &v->reader;
    while (v->control_count != 0 && reader_ok(reader)) {
        if (!validate_room(v, 2))
            return;
        if (v->lowers && !lower_room(&v->lowering)) {
            fail_with(v, STATUS_NO_MEMORY, "out of memory");
            return;
        }
        v->lowering.offset = (u32)reader_offset(reader);
        if (reader->at == reader->end)
            reader_fail(reader, "unexpected end");
        else
            step(v, *reader->at++);
        validate_peak(v, 0);
    }
    if (v->lowering.failed)
        fail_with(v, STATUS_NO_MEMORY, "out of memory");
    else if (reader_left(reader) != 0)
        reader_fail(reader, "END opcode expected");
}

/* ---- Bodies ---- */

enum status validate_create(struct validator *v, const struct module *module, bool lowers)
{
    *v = (struct validator){
        .module = module,
        .source = module->arena.source,
        .lowers = lowers,
        .lowering = { .source = module->arena.source },
    };
    return lowers ? lower_create(&v->lowering, module) : STATUS_OK;
}

void validate_destroy(struct validator *v)
{
    lower_destroy(&v->lowering);
    stretch_give(v->source, v->types, v->type_capacity, sizeof(*v->types));
    stretch_give(v->source, v->controls, v->control_capacity, sizeof(*v->controls));
    stretch_give(v->source, v->runs, v->run_capacity, sizeof(*v->runs));
    stretch_give(v->source, v->locals, v->local_capacity, sizeof(*v->locals));
}

static void reader_begin(struct validator *v, const struct module_function *function)
{
    struct bytes body = function->body;
    v->reader = (struct reader){
        .start = v->module->bytes.data,
        .at = body.data,
        .end = body.data + body.size,
    };
    v->status = STATUS_OK;
    v->operations = 0;
    v->type_peak = 0;
    v->operations_max = OPERATIONS_FREE + OPERATIONS_PER_BYTE * (u64)body.size;
    v->lowering.offset = (u32)function->body_offset;
}

/* The frame's slots have 16-bit numbers. */
static void frame_check(struct validator *v, const struct function_type *type)
{
    u32 slots = lower_frame_slots_of(type, v->local_count, v->type_peak);
    BASE_ASSERT(!v->lowers || !reader_ok(&v->reader) || slots == lower_frame_slots(&v->lowering));
    if (reader_ok(&v->reader) && slots > LIMIT_FRAME_SLOTS)
        validate_limit(v, "more than 65000 locals and operands in a function");
}

enum status validate_body(struct validator *v, u32 function, struct engine_error *error)
{
    const struct module_function *body = &v->module->functions[function];
    reader_begin(v, body);
    if (body->body.size > LIMIT_FUNCTION_BYTES)
        validate_limit(v, "function larger than 7654321 bytes");
    locals_read(v, body->type);
    if (reader_ok(&v->reader)) {
        if (v->lowers)
            lower_begin(&v->lowering, body->type, v->local_count);
        validate_function(v, body->type);
        walk(v);
        frame_check(v, body->type);
    }
    if (reader_ok(&v->reader))
        return STATUS_OK;
    error->message = v->reader.mistake;
    error->offset = v->reader.mistake_offset;
    error->function = function;
    return v->status == STATUS_OK ? STATUS_INVALID : v->status;
}
