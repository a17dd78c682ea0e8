#include "engine/const_expression.h"
#include "engine/decode.h"
#include "engine/limits.h"
#include "engine/sort.h"

void decode_function_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 1, LIMIT_FUNCTIONS, "too many functions");
    u32 counts[2] = { module->function_count, count };
    module->functions =
        decode_extend(decoder, module->functions, counts, sizeof(*module->functions));
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++)
        module->functions[module->function_count++].type = decode_type_use(decoder);
}

enum {
    TABLE_WITH_INITIAL = 0x40, /* followed by a zero byte, the type and an expression (5.5.7) */
};

static struct module_table decode_table(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct module_table table = { 0 };
    bool initial = reader_left(reader) != 0 && *reader->at == TABLE_WITH_INITIAL;
    if (initial) {
        (void)reader_u8(reader);
        if (reader_u8(reader) != 0)
            reader_fail(reader, "malformed table");
    }
    table.type = decode_table_type(decoder);
    if (initial)
        table.initial = const_expression_decode(decoder, table.type.element);
    return table;
}

void decode_table_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 2, LIMIT_TABLES, "too many tables");
    u32 counts[2] = { module->table_count, count };
    module->tables = decode_extend(decoder, module->tables, counts, sizeof(*module->tables));
    if (counts[0] + count > LIMIT_TABLES)
        decode_fail(decoder, STATUS_LIMIT, "too many tables");
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++)
        module->tables[module->table_count++] = decode_table(decoder);
}

void decode_memory_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 1, LIMIT_MEMORIES, "too many memories");
    u32 counts[2] = { module->memory_count, count };
    module->memories = decode_extend(decoder, module->memories, counts, sizeof(*module->memories));
    if (counts[0] + count > LIMIT_MEMORIES)
        decode_fail(decoder, STATUS_LIMIT, "too many memories");
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++)
        module->memories[module->memory_count++] = decode_memory_type(decoder);
}

void decode_global_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 3, LIMIT_GLOBALS, "too many globals");
    u32 counts[2] = { module->global_count, count };
    module->globals = decode_extend(decoder, module->globals, counts, sizeof(*module->globals));
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++) {
        struct module_global *global = &module->globals[module->global_count];
        global->type = decode_global_type(decoder);
        global->initial = const_expression_decode(decoder, global->type.type);
        global->cell = module->global_cell_count;
        module->global_cell_count += global->type.type == TYPE_V128 ? 2 : 1;
        module->global_count++; /* from here on, others may read it */
    }
}

static u32 decode_export_index(struct decoder *decoder, u8 kind)
{
    struct module *module = decoder->module;
    u32 index;
    switch (kind) {
    case EXTERN_FUNCTION:
        index = decode_index(decoder, module->function_count, "unknown function");
        if (reader_ok(&decoder->reader))
            module->functions[index].referenced = true;
        return index;
    case EXTERN_TABLE:
        return decode_index(decoder, module->table_count, "unknown table");
    case EXTERN_MEMORY:
        return decode_index(decoder, module->memory_count, "unknown memory");
    case EXTERN_GLOBAL:
        return decode_index(decoder, module->global_count, "unknown global");
    case EXTERN_TAG:
        return decode_index(decoder, 0, "unknown tag"); /* no section defines one */
    default:
        reader_fail(&decoder->reader, "malformed export kind");
        return 0;
    }
}

static int export_order(const void *context, u32 a, u32 b)
{
    const struct module *module = context;
    return bytes_compare(module->exports[a].name, module->exports[b].name);
}

/* Sorts the exports by name, for lookups, and so finds names that come twice. */
static void decode_export_names(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 *order = decode_take(decoder, module->export_count, sizeof(*order));
    if (order == NULL)
        return;
    for (u32 i = 0; i < module->export_count; i++)
        order[i] = i;
    sort_indices(order, module->export_count, export_order, module);
    module->exports_by_name = order;
    for (u32 i = 1; i < module->export_count; i++) {
        struct bytes name = module->exports[order[i]].name;
        if (bytes_equal(name, module->exports[order[i - 1]].name))
            reader_fail_at(&decoder->reader, "duplicate export name",
                           (usize)(name.data - module->bytes.data));
    }
}

void decode_export_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 3, LIMIT_EXPORTS, "too many exports");
    module->exports = decode_take(decoder, count, sizeof(*module->exports));
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++) {
        struct export *export = &module->exports[module->export_count++];
        export->name = decode_name(decoder);
        u8 kind = reader_u8(&decoder->reader);
        export->kind = kind;
        export->index = decode_export_index(decoder, kind);
    }
    if (reader_ok(&decoder->reader))
        decode_export_names(decoder);
}

void decode_start_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    usize offset = reader_offset(&decoder->reader);
    u32 start = decode_index(decoder, module->function_count, "unknown function");
    if (!reader_ok(&decoder->reader))
        return;
    const struct function_type *type = module->functions[start].type;
    if (type->parameter_count != 0 || type->result_count != 0)
        reader_fail_at(&decoder->reader, "start function must have no parameters or results",
                       offset);
    module->start = start;
}

void decode_data_count_section(struct decoder *decoder)
{
    decoder->data_count = reader_leb_u32(&decoder->reader);
    if (decoder->data_count > LIMIT_DATA_SEGMENTS)
        decode_fail(decoder, STATUS_LIMIT, "too many data segments");
    decoder->module->has_data_count = true;
}

/* Bodies are only marked here: they are built when all that they may name is known. */
void decode_code_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    struct reader *reader = &decoder->reader;
    u32 own = module->function_count - module->imported_function_count;
    decoder->code_count = decode_count(decoder, 1, LIMIT_FUNCTIONS, "too many functions");
    for (u32 i = 0; i < decoder->code_count && reader_ok(reader); i++) {
        struct module_function body = { 0 };
        u32 size = reader_leb_u32(reader);
        if (size > LIMIT_FUNCTION_BYTES)
            decode_fail(decoder, STATUS_LIMIT, "function body too large");
        body.body_offset = reader_offset(reader);
        body.body = reader_bytes(reader, size);
        if (i >= own) /* a mistake, but what follows may be a worse one */
            continue;
        struct module_function *function = &module->functions[module->imported_function_count + i];
        function->body_offset = body.body_offset;
        function->body = body.body;
    }
}

static void decode_data_segment(struct decoder *decoder, struct data_segment *segment)
{
    enum { PASSIVE = 1, WITH_MEMORY = 2 };
    struct reader *reader = &decoder->reader;
    const struct module *module = decoder->module;
    u32 form = reader_leb_u32(reader);
    if (form > WITH_MEMORY)
        reader_fail(reader, "malformed data segment kind");
    segment->mode = form == PASSIVE ? SEGMENT_PASSIVE : SEGMENT_ACTIVE;
    if (segment->mode == SEGMENT_ACTIVE) {
        usize offset = reader_offset(reader);
        segment->memory = form == WITH_MEMORY ? reader_leb_u32(reader) : 0;
        if (segment->memory >= module->memory_count)
            reader_fail_at(reader, "unknown memory", offset);
        segment->offset = const_expression_decode(decoder, TYPE_I32);
    }
    segment->bytes = reader_bytes(reader, reader_leb_u32(reader));
}

void decode_data_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count = decode_count(decoder, 2, LIMIT_DATA_SEGMENTS, "too many data segments");
    module->data = decode_take(decoder, count, sizeof(*module->data));
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++)
        decode_data_segment(decoder, &module->data[module->data_count++]);
}
