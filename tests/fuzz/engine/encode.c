/* The bytes of a module around the bodies of its functions (WebAssembly 3.0, 5.5). */
#include "tests/fuzz/engine/program.h"

#include <stdlib.h>
#include <string.h>

/* ---- Buffers ---- */

void fuzz_bytes(struct fuzz_buffer *buffer, const void *data, usize size)
{
    if (buffer->capacity - buffer->size < size) {
        buffer->capacity = 2 * buffer->capacity + (u32)size + 4096;
        buffer->data = realloc(buffer->data, buffer->capacity);
        BASE_ASSERT(buffer->data != NULL);
    }
    if (size != 0)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += (u32)size;
}

void fuzz_byte(struct fuzz_buffer *buffer, u8 byte)
{
    fuzz_bytes(buffer, &byte, 1);
}

void fuzz_leb(struct fuzz_buffer *buffer, u64 value)
{
    for (; value >= 0x80; value >>= 7)
        fuzz_byte(buffer, (u8)(value | 0x80));
    fuzz_byte(buffer, (u8)value);
}

void fuzz_signed_leb(struct fuzz_buffer *buffer, i64 value)
{
    for (; value < -64 || value > 63; value >>= 7)
        fuzz_byte(buffer, (u8)(value | 0x80));
    fuzz_byte(buffer, (u8)(value & 0x7F));
}

void fuzz_buffer_free(struct fuzz_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct fuzz_buffer){ 0 };
}

/* ---- Parts ---- */

enum section {
    SECTION_TYPE = 1,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_ELEMENT = 9,
    SECTION_CODE,
    SECTION_DATA,
    SECTION_DATA_COUNT,
};

static void section(struct fuzz_buffer *module, enum section id, struct fuzz_buffer *content)
{
    fuzz_byte(module, (u8)id);
    fuzz_leb(module, content->size);
    fuzz_bytes(module, content->data, content->size);
    content->size = 0;
}

static void types(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    enum { FUNCTION = 0x60 };
    fuzz_leb(content, module->type_count);
    for (u32 i = 0; i < module->type_count; i++) {
        const struct fuzz_type *type = &module->types[i];
        fuzz_byte(content, FUNCTION);
        fuzz_leb(content, type->parameter_count);
        for (u32 k = 0; k < type->parameter_count; k++)
            fuzz_byte(content, (u8)type->parameters[k]);
        fuzz_leb(content, type->result_count);
        for (u32 k = 0; k < type->result_count; k++)
            fuzz_byte(content, (u8)type->results[k]);
    }
}

static void limits(struct fuzz_buffer *content, u32 min, u32 max)
{
    fuzz_byte(content, max != FUZZ_NONE);
    fuzz_leb(content, min);
    if (max != FUZZ_NONE)
        fuzz_leb(content, max);
}

static void table(struct fuzz_buffer *content, const struct fuzz_table *table)
{
    fuzz_byte(content, (u8)table->type);
    limits(content, table->min, table->max);
}

static void global_type(struct fuzz_buffer *content, const struct fuzz_global *global)
{
    fuzz_byte(content, (u8)global->type);
    fuzz_byte(content, global->is_mutable);
}

/* An import or export by a letter and its number. */
static void name(struct fuzz_buffer *content, char letter, u32 number)
{
    const u8 text[] = { 3, (u8)letter, (u8)('0' + number / 10), (u8)('0' + number % 10) };
    fuzz_bytes(content, text, sizeof(text));
}

static void import(struct fuzz_buffer *content, enum fuzz_origin origin, char letter, u32 number,
                   enum extern_kind kind)
{
    fuzz_byte(content, 1);
    fuzz_byte(content, origin == FUZZ_HOST ? 'h' : 'o');
    name(content, letter, number);
    fuzz_byte(content, (u8)kind);
}

static u32 imports_count(const struct fuzz_module *module)
{
    u32 count = module->own_functions + module->fuel;
    for (u32 i = 0; i < module->table_count; i++)
        count += module->tables[i].origin != FUZZ_OWN;
    for (u32 i = 0; i < module->memory_count; i++)
        count += module->memories[i].origin != FUZZ_OWN;
    return count;
}

static void imports(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    fuzz_leb(content, imports_count(module));
    for (u32 i = 0; i < module->own_functions; i++) {
        import(content, module->functions[i].origin, 'f', i, EXTERN_FUNCTION);
        fuzz_leb(content, module->functions[i].type_index);
    }
    for (u32 i = 0; i < module->table_count; i++)
        if (module->tables[i].origin != FUZZ_OWN) {
            import(content, FUZZ_OTHER, 't', i, EXTERN_TABLE);
            table(content, &module->tables[i]);
        }
    for (u32 i = 0; i < module->memory_count; i++)
        if (module->memories[i].origin != FUZZ_OWN) {
            import(content, FUZZ_OTHER, 'm', i, EXTERN_MEMORY);
            limits(content, module->memories[i].min, module->memories[i].max);
        }
    for (u32 i = 0; i < module->fuel; i++) {
        import(content, FUZZ_OTHER, 'g', i, EXTERN_GLOBAL);
        global_type(content, &module->globals[i]);
    }
}

static void functions(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    fuzz_leb(content, module->function_count - module->own_functions);
    for (u32 i = module->own_functions; i < module->function_count; i++)
        fuzz_leb(content, module->functions[i].type_index);
}

static void tables(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    u32 count = 0;
    for (u32 i = 0; i < module->table_count; i++)
        count += module->tables[i].origin == FUZZ_OWN;
    fuzz_leb(content, count);
    for (u32 i = module->table_count - count; i < module->table_count; i++)
        table(content, &module->tables[i]);
}

static void memories(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    u32 count = 0;
    for (u32 i = 0; i < module->memory_count; i++)
        count += module->memories[i].origin == FUZZ_OWN;
    fuzz_leb(content, count);
    for (u32 i = module->memory_count - count; i < module->memory_count; i++)
        limits(content, module->memories[i].min, module->memories[i].max);
}

/* ---- Constant expressions ---- */

static void reference(struct fuzz_buffer *content, value_type type, u32 function)
{
    fuzz_byte(content, function == FUZZ_NONE ? OPCODE_REF_NULL : OPCODE_REF_FUNC);
    if (function == FUZZ_NONE)
        fuzz_byte(content, (u8)type);
    else
        fuzz_leb(content, function);
    fuzz_byte(content, OPCODE_END);
}

static void constant(struct fuzz_buffer *content, value_type type, u64 bits)
{
    if (type == TYPE_I32) {
        fuzz_byte(content, OPCODE_I32_CONST);
        fuzz_signed_leb(content, (i32)bits);
    } else if (type == TYPE_I64) {
        fuzz_byte(content, OPCODE_I64_CONST);
        fuzz_signed_leb(content, (i64)bits);
    } else {
        fuzz_byte(content, type == TYPE_F32 ? OPCODE_F32_CONST : OPCODE_F64_CONST);
        fuzz_bytes(content, &bits, type == TYPE_F32 ? sizeof(f32) : sizeof(f64));
    }
    fuzz_byte(content, OPCODE_END);
}

static void globals(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    fuzz_leb(content, module->global_count - module->fuel);
    for (u32 i = module->fuel; i < module->global_count; i++) {
        const struct fuzz_global *global = &module->globals[i];
        global_type(content, global);
        if (fuzz_is_reference(global->type))
            reference(content, global->type, (u32)global->value - 1); /* 0: FUZZ_NONE */
        else
            constant(content, global->type, global->value);
    }
}

/* ---- The rest ---- */

static void exports(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    static const char letters[] = { 'f', 't', 'm', 'g' };
    const u32 counts[] = { module->function_count, module->table_count, module->memory_count,
                           module->global_count };
    fuzz_leb(content, counts[0] + counts[1] + counts[2] + counts[3]);
    for (u32 kind = 0; kind < BASE_ARRAY_COUNT(counts); kind++)
        for (u32 i = 0; i < counts[kind]; i++) {
            name(content, letters[kind], i);
            fuzz_byte(content, (u8)kind);
            fuzz_leb(content, i);
        }
}

static void elements(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    static const u8 flags[] = { [FUZZ_ACTIVE] = 6, [FUZZ_PASSIVE] = 5, [FUZZ_DECLARATIVE] = 7 };
    fuzz_leb(content, module->elements_count);
    for (u32 i = 0; i < module->elements_count; i++) {
        const struct fuzz_elements *segment = &module->elements[i];
        fuzz_byte(content, flags[segment->mode]);
        if (segment->mode == FUZZ_ACTIVE) {
            fuzz_leb(content, segment->table);
            constant(content, TYPE_I32, segment->offset);
        }
        fuzz_byte(content, TYPE_FUNCREF);
        fuzz_leb(content, segment->count);
        for (u32 k = 0; k < segment->count; k++)
            reference(content, TYPE_FUNCREF, segment->functions[k]);
    }
}

static void data(struct fuzz_buffer *content, const struct fuzz_module *module)
{
    fuzz_leb(content, module->data_count);
    for (u32 i = 0; i < module->data_count; i++) {
        const struct fuzz_data *segment = &module->data[i];
        fuzz_byte(content, segment->mode == FUZZ_PASSIVE);
        if (segment->mode == FUZZ_ACTIVE)
            constant(content, TYPE_I32, segment->offset);
        fuzz_leb(content, segment->size);
        fuzz_bytes(content, segment->bytes, segment->size);
    }
}

/* `offset` of each function is left at its place in `content`. */
static void code(struct fuzz_buffer *content, struct fuzz_module *module)
{
    struct fuzz_buffer locals = { 0 };
    fuzz_leb(content, module->function_count - module->own_functions);
    for (u32 i = module->own_functions; i < module->function_count; i++) {
        struct fuzz_function *function = &module->functions[i];
        u32 count = function->local_count - function->type.parameter_count;
        locals.size = 0;
        fuzz_leb(&locals, count);
        for (u32 k = 0; k < count; k++) {
            fuzz_leb(&locals, 1);
            fuzz_byte(&locals, (u8)function->locals[function->type.parameter_count + k]);
        }
        fuzz_leb(content, locals.size + function->size);
        fuzz_bytes(content, locals.data, locals.size);
        function->offset = content->size;
        fuzz_bytes(content, module->code.data + function->body, function->size);
    }
    fuzz_buffer_free(&locals);
}

typedef void part(struct fuzz_buffer *content, const struct fuzz_module *module);

static void code_section(struct fuzz_buffer *bytes, struct fuzz_module *module,
                         struct fuzz_buffer *content)
{
    code(content, module);
    u32 size = content->size;
    section(bytes, SECTION_CODE, content);
    for (u32 i = module->own_functions; i < module->function_count; i++)
        module->functions[i].offset += bytes->size - size;
}

void fuzz_encode(struct fuzz_module *module, struct fuzz_buffer *bytes)
{
    static const u8 header[] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };
    static part *const parts[] = {
        [SECTION_TYPE] = types,         [SECTION_IMPORT] = imports, [SECTION_FUNCTION] = functions,
        [SECTION_TABLE] = tables,       [SECTION_MEMORY] = memories, [SECTION_GLOBAL] = globals,
        [SECTION_EXPORT] = exports,     [SECTION_ELEMENT] = elements,
    };
    struct fuzz_buffer content = { 0 };
    bytes->size = 0;
    fuzz_bytes(bytes, header, sizeof(header));
    for (u32 id = SECTION_TYPE; id <= SECTION_ELEMENT; id++)
        if (parts[id] != NULL) {
            parts[id](&content, module);
            section(bytes, (enum section)id, &content);
        }
    fuzz_leb(&content, module->data_count);
    section(bytes, SECTION_DATA_COUNT, &content);
    code_section(bytes, module, &content);
    data(&content, module);
    section(bytes, SECTION_DATA, &content);
    fuzz_buffer_free(&content);
}
