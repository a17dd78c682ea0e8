#include "engine/decode.h"

#include "engine/limits.h"
#include "engine/sort.h"
#include "engine/types.h"

enum {
    TYPE_FORM_FUNCTION = 0x60,
    LIMITS_HAS_MAX = 1,
    LIMITS_SHARED = 2,
    LIMITS_64 = 4,
    LIMITS_FLAGS_MAX = 7,
    MEMORY_PAGES_MAX = 65536, /* of 64 KiB: all that 32-bit addresses reach */
};

/* Bytes of types that are known but not supported; FEATURE_COUNT for others. */
static enum feature type_feature(u8 code)
{
    switch (code) {
    case TYPE_V128:
        return FEATURE_SIMD;
    case 0x63: /* ref null */
    case 0x64: /* ref */
        return FEATURE_TYPED_REFERENCES;
    case 0x69: /* exn */
    case 0x74: /* noexn */
        return FEATURE_EXCEPTIONS;
    case 0x6A: /* array, struct, i31, eq, any, none, noextern, nofunc */
    case 0x6B:
    case 0x6C:
    case 0x6D:
    case 0x6E:
    case 0x71:
    case 0x72:
    case 0x73:
        return FEATURE_GC;
    default:
        return FEATURE_COUNT;
    }
}

static value_type decode_type_code(struct decoder *decoder, const char *message)
{
    usize offset = reader_offset(&decoder->reader);
    u8 code = reader_u8(&decoder->reader);
    enum feature feature = type_feature(code);
    if (feature != FEATURE_COUNT)
        decode_unsupported(decoder, feature);
    else if (code != TYPE_FUNCREF && code != TYPE_EXTERNREF && (code < TYPE_F64 || code > TYPE_I32))
        reader_fail_at(&decoder->reader, message, offset);
    return code;
}

value_type decode_value_type(struct decoder *decoder)
{
    return decode_type_code(decoder, "malformed value type");
}

value_type decode_reference_type(struct decoder *decoder)
{
    usize offset = reader_offset(&decoder->reader);
    value_type type = decode_type_code(decoder, "malformed reference type");
    if (type != TYPE_FUNCREF && type != TYPE_EXTERNREF)
        reader_fail_at(&decoder->reader, "malformed reference type", offset);
    return type;
}

value_type decode_heap_type(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    bool is_index = reader_left(reader) != 0 && (*reader->at < 0x40 || *reader->at > 0x7F);
    if (is_index)
        decode_unsupported(decoder, FEATURE_TYPED_REFERENCES);
    return decode_reference_type(decoder);
}

/* Bounds are 64-bit integers in the format, whatever the address type (5.3.14). */
static struct limits decode_limits(struct decoder *decoder, u64 bound, const char *beyond)
{
    struct reader *reader = &decoder->reader;
    usize offset = reader_offset(reader);
    u8 flags = reader_u8(reader);
    if (flags > LIMITS_FLAGS_MAX)
        reader_fail_at(reader, "malformed limits flags", offset);
    if ((flags & LIMITS_SHARED) != 0)
        decode_unsupported(decoder, FEATURE_THREADS);
    if ((flags & LIMITS_64) != 0)
        decode_unsupported(decoder, FEATURE_MEMORY64);
    struct limits limits = { .max = bound, .has_max = (flags & LIMITS_HAS_MAX) != 0 };
    offset = reader_offset(reader);
    limits.min = reader_leb_u64(reader);
    if (limits.has_max)
        limits.max = reader_leb_u64(reader);
    if (limits.has_max && limits.min > limits.max)
        reader_fail_at(reader, "size minimum must not be greater than maximum", offset);
    if (limits.min > bound || limits.max > bound)
        reader_fail_at(reader, beyond, offset);
    return limits;
}

struct table_type decode_table_type(struct decoder *decoder)
{
    struct table_type type = { .element = decode_reference_type(decoder) };
    type.limits = decode_limits(decoder, UINT32_MAX, "table size must be below 2^32");
    return type;
}

struct limits decode_memory_type(struct decoder *decoder)
{
    return decode_limits(decoder, MEMORY_PAGES_MAX,
                         "memory size must be at most 65536 pages (4GiB)");
}

struct global_type decode_global_type(struct decoder *decoder)
{
    struct global_type type = { .type = decode_value_type(decoder) };
    usize offset = reader_offset(&decoder->reader);
    u8 mutable = reader_u8(&decoder->reader);
    if (mutable > 1)
        reader_fail_at(&decoder->reader, "malformed mutability", offset);
    type.mutable = mutable != 0;
    return type;
}

/* The count of a vector of value types, with the reader on its first. Their bytes are passed over
 * for now, so that parameters and results can be kept together. */
static u32 decode_types_count(struct decoder *decoder, u32 max, const char *message)
{
    u32 count = decode_count(decoder, 1, max, message);
    for (u32 i = 0; i < count; i++)
        decode_value_type(decoder);
    return reader_ok(&decoder->reader) ? count : 0;
}

static struct type_holder *decode_function_type(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct reader again = *reader;
    u32 parameters = decode_types_count(decoder, LIMIT_PARAMETERS, "too many parameters");
    u32 results = decode_types_count(decoder, LIMIT_RESULTS, "too many results");
    if (!reader_ok(reader))
        return NULL;
    struct type_holder *holder = type_holder_create(&decoder->module->arena, parameters, results);
    if (holder == NULL) {
        decode_fail(decoder, STATUS_NO_MEMORY, "out of memory");
        return NULL;
    }
    value_type *types = type_holder_types(holder);
    (void)reader_leb_u32(&again);
    for (u32 i = 0; i < parameters; i++)
        *types++ = reader_u8(&again);
    (void)reader_leb_u32(&again);
    for (u32 i = 0; i < results; i++)
        *types++ = reader_u8(&again);
    return holder;
}

static void decode_type_form(struct decoder *decoder)
{
    usize offset = reader_offset(&decoder->reader);
    u8 form = reader_u8(&decoder->reader);
    bool is_gc = form == 0x50 || (form >= 0x4E && form <= 0x4F) || (form >= 0x5E && form <= 0x5F);
    if ((form & 0x80) != 0)
        reader_fail_at(&decoder->reader, "integer representation too long", offset);
    else if (is_gc) /* sub, sub final, rec, array, struct */
        decode_unsupported(decoder, FEATURE_GC);
    else if (form != TYPE_FORM_FUNCTION)
        reader_fail_at(&decoder->reader, "malformed type form", offset);
}

/* Equal types together, in their order. */
static int type_order(const void *context, u32 a, u32 b)
{
    const struct module *module = context;
    u32 id_a = module->types[a]->id;
    u32 id_b = module->types[b]->id;
    return id_a == id_b ? (a > b) - (a < b) : (id_a > id_b) - (id_a < id_b);
}

/* Under the id, which all modules of the engine share, another that is the same in each run. */
static void types_number(struct decoder *decoder)
{
    const struct module *module = decoder->module;
    u32 *order = decode_take(decoder, module->type_count, sizeof(*order));
    if (order == NULL)
        return;
    for (u32 i = 0; i < module->type_count; i++)
        order[i] = i;
    sort_indices(order, module->type_count, type_order, module);
    for (u32 i = 0; i < module->type_count; i++) {
        const struct function_type *type = module->types[order[i]];
        const struct function_type *before = i == 0 ? NULL : module->types[order[i - 1]];
        bool is_equal = before != NULL && before->id == type->id;
        ((struct type_holder *)(uintptr_t)type)->type.number =
            is_equal ? before->number : order[i];
    }
}

void decode_type_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 2, LIMIT_TYPES, "too many types");
    module->types = decode_take(decoder, count, sizeof(*module->types));
    for (u32 i = 0; i < count; i++) {
        decode_type_form(decoder);
        struct type_holder *holder = decode_function_type(decoder);
        if (!reader_ok(&decoder->reader))
            return;
        if (types_hold(module->engine, holder) != STATUS_OK) {
            decode_fail(decoder, STATUS_NO_MEMORY, "out of memory");
            return;
        }
        module->types[module->type_count++] = &holder->type;
    }
    types_number(decoder);
}

/* An import and its type, of which one field is used. */
struct import_item {
    struct import import;
    const struct function_type *function;
    struct table_type table;
    struct limits memory;
    struct global_type global;
};

const struct function_type *decode_type_use(struct decoder *decoder)
{
    const struct module *module = decoder->module;
    u32 index = decode_index(decoder, module->type_count, "unknown type");
    return reader_ok(&decoder->reader) ? module->types[index] : NULL;
}

static void decode_import_type(struct decoder *decoder, struct import_item *item)
{
    usize offset = reader_offset(&decoder->reader);
    u8 kind = reader_u8(&decoder->reader);
    item->import.kind = kind;
    switch (kind) {
    case EXTERN_FUNCTION:
        item->function = decode_type_use(decoder);
        break;
    case EXTERN_TABLE:
        item->table = decode_table_type(decoder);
        break;
    case EXTERN_MEMORY:
        item->memory = decode_memory_type(decoder);
        break;
    case EXTERN_GLOBAL:
        item->global = decode_global_type(decoder);
        break;
    case EXTERN_TAG:
        decode_unsupported(decoder, FEATURE_EXCEPTIONS);
        break;
    default:
        reader_fail_at(&decoder->reader, "malformed import kind", offset);
    }
}

static struct import_item decode_import(struct decoder *decoder)
{
    struct import_item item = { 0 };
    item.import.module = decode_name(decoder);
    item.import.name = decode_name(decoder);
    decode_import_type(decoder, &item);
    return item;
}

static void import_add(struct module *module, const struct import_item *item)
{
    struct import *import = &module->imports[module->import_count++];
    *import = item->import;
    switch (import->kind) {
    case EXTERN_FUNCTION:
        import->index = module->function_count++;
        module->functions[import->index] = (struct module_function){ .type = item->function };
        break;
    case EXTERN_TABLE:
        import->index = module->table_count++;
        module->tables[import->index] = (struct module_table){ .type = item->table };
        break;
    case EXTERN_MEMORY:
        import->index = module->memory_count++;
        module->memories[import->index] = item->memory;
        break;
    default:
        import->index = module->global_count++;
        module->globals[import->index] = (struct module_global){ .type = item->global };
    }
}

static bool imports_take(struct decoder *decoder, u32 count, const u32 counts[EXTERN_TAG])
{
    struct module *module = decoder->module;
    module->imports = decode_take(decoder, count, sizeof(*module->imports));
    module->functions =
        decode_take(decoder, counts[EXTERN_FUNCTION], sizeof(*module->functions));
    module->tables = decode_take(decoder, counts[EXTERN_TABLE], sizeof(*module->tables));
    module->memories = decode_take(decoder, counts[EXTERN_MEMORY], sizeof(*module->memories));
    module->globals = decode_take(decoder, counts[EXTERN_GLOBAL], sizeof(*module->globals));
    return reader_ok(&decoder->reader);
}

/* Two passes: the first finds mistakes and how many of each kind there are. */
void decode_import_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 counts[EXTERN_TAG] = { 0 };
    u32 count = decode_count(decoder, 3, LIMIT_IMPORTS, "too many imports");
    struct reader again = decoder->reader;
    for (u32 i = 0; i < count; i++) {
        struct import_item item = decode_import(decoder);
        if (!reader_ok(&decoder->reader))
            return;
        counts[item.import.kind]++;
    }
    if (counts[EXTERN_TABLE] > LIMIT_TABLES)
        decode_fail(decoder, STATUS_LIMIT, "too many tables");
    if (counts[EXTERN_MEMORY] > LIMIT_MEMORIES)
        decode_fail(decoder, STATUS_LIMIT, "too many memories");
    if (!imports_take(decoder, count, counts))
        return;
    decoder->reader = again;
    for (u32 i = 0; i < count; i++) {
        struct import_item item = decode_import(decoder);
        import_add(module, &item);
    }
    module->imported_function_count = module->function_count;
    module->imported_table_count = module->table_count;
    module->imported_memory_count = module->memory_count;
    module->imported_global_count = module->global_count;
}
