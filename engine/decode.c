#include "engine/decode.h"

#include "engine/code.h"
#include "engine/compiler.h"
#include "engine/limits.h"
#include "engine/types.h"

enum {
    MODULE_MAGIC = 0x6D736100, /* "\0asm" */
    MODULE_VERSION = 1,
    SECTION_CUSTOM = 0,
    SECTION_TAG = 13,
    SECTION_COUNT = 14,
};

/* In the order in which sections must come (WebAssembly 3.0, 5.5.16); custom ones come anywhere. */
static const struct section {
    u8 order;
    void (*decode)(struct decoder *decoder);
} sections[SECTION_COUNT] = {
    [1] = { 1, decode_type_section },       [2] = { 2, decode_import_section },
    [3] = { 3, decode_function_section },   [4] = { 4, decode_table_section },
    [5] = { 5, decode_memory_section },     [SECTION_TAG] = { 6, NULL },
    [6] = { 7, decode_global_section },     [7] = { 8, decode_export_section },
    [8] = { 9, decode_start_section },      [9] = { 10, decode_element_section },
    [12] = { 11, decode_data_count_section }, [10] = { 12, decode_code_section },
    [11] = { 13, decode_data_section },
};

void decode_fail(struct decoder *decoder, enum status status, const char *message)
{
    if (!reader_ok(&decoder->reader))
        return;
    decoder->status = status;
    reader_fail(&decoder->reader, message);
}

void decode_unsupported(struct decoder *decoder, enum feature feature)
{
    decode_fail(decoder, STATUS_UNSUPPORTED, feature_message(feature));
}

void *decode_take(struct decoder *decoder, usize count, usize item_size)
{
    void *items = arena_take(&decoder->module->arena, count, item_size);
    if (items == NULL)
        decode_fail(decoder, STATUS_NO_MEMORY, "out of memory");
    return items;
}

void *decode_extend(struct decoder *decoder, const void *items, const u32 counts[2],
                    usize item_size)
{
    void *more = decode_take(decoder, (usize)counts[0] + counts[1], item_size);
    if (more != NULL && counts[0] != 0)
        __builtin_memcpy(more, items, counts[0] * item_size);
    return more;
}

u32 decode_count(struct decoder *decoder, usize item_size_min, u32 max, const char *message)
{
    u32 count = reader_count(&decoder->reader, item_size_min, UINT32_MAX, message);
    if (count <= max)
        return count;
    decode_fail(decoder, STATUS_LIMIT, message);
    return 0;
}

u32 decode_index(struct decoder *decoder, u32 count, const char *message)
{
    usize offset = reader_offset(&decoder->reader);
    u32 index = reader_leb_u32(&decoder->reader);
    if (index < count)
        return index;
    reader_fail_at(&decoder->reader, message, offset);
    return 0;
}

struct bytes decode_name(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct reader ahead = *reader;
    u32 size = reader_leb_u32(&ahead);
    if (reader_ok(&ahead) && size > reader_left(&ahead))
        reader_fail(reader, "length out of bounds");
    return reader_name(reader);
}

static void decode_custom_section(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct bytes name = decode_name(decoder);
    struct bytes content = reader_bytes(reader, reader_left(reader));
    if (reader_ok(reader) && bytes_equal(name, BYTES_LITERAL("name")))
        decoder->names = content;
}

static void decode_section_content(struct decoder *decoder, u8 id)
{
    if (id == SECTION_CUSTOM)
        decode_custom_section(decoder);
    else if (id == SECTION_TAG)
        decode_unsupported(decoder, FEATURE_EXCEPTIONS);
    else
        sections[id].decode(decoder);
    if (reader_left(&decoder->reader) != 0)
        reader_fail(&decoder->reader, "section size mismatch");
}

/* The reader becomes one of the section's content, and then one of what follows it. */
static void decode_section(struct decoder *decoder, u8 *order)
{
    struct reader *reader = &decoder->reader;
    usize offset = reader_offset(reader);
    u8 id = reader_u8(reader);
    if (id >= SECTION_COUNT)
        reader_fail_at(reader, "malformed section id", offset);
    u32 size = reader_leb_u32(reader);
    if (size > reader_left(reader))
        reader_fail(reader, "length out of bounds");
    if (id != SECTION_CUSTOM && reader_ok(reader)) {
        if (sections[id].order <= *order)
            reader_fail_at(reader, "unexpected content after last section", offset);
        *order = sections[id].order;
    }
    if (!reader_ok(reader))
        return;
    const u8 *end = reader->end;
    reader->end = reader->at + size;
    decode_section_content(decoder, id);
    if (reader_ok(reader))
        reader->end = end;
}

static void decode_header(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    if (reader_u32(reader) != MODULE_MAGIC)
        reader_fail_at(reader, "magic header not detected", 0);
    if (reader_u32(reader) != MODULE_VERSION)
        reader_fail_at(reader, "unknown binary version", sizeof(u32));
}

/* What sections say about each other. */
static void decode_agreement(struct decoder *decoder)
{
    const struct module *module = decoder->module;
    if (decoder->code_count != module->function_count - module->imported_function_count)
        reader_fail(&decoder->reader, "function and code section have inconsistent lengths");
    if (module->has_data_count && decoder->data_count != module->data_count)
        reader_fail(&decoder->reader, "data count and data section have inconsistent lengths");
}

/* Which own functions something besides direct calls may point at. */
static void decode_objects(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 own = module->function_count - module->imported_function_count;
    u32 *functions = decode_take(decoder, own, sizeof(*functions));
    if (functions == NULL)
        return;
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        if (module->functions[i].referenced || i == module->start)
            functions[module->object_count++] = i;
    module->object_functions = functions;
}

static enum status decode_sections(struct module *module, struct engine_error *error)
{
    struct decoder decoder = { .module = module };
    reader_init(&decoder.reader, module->bytes);
    decode_header(&decoder);
    for (u8 order = 0; reader_left(&decoder.reader) != 0;)
        decode_section(&decoder, &order);
    if (reader_ok(&decoder.reader))
        decode_agreement(&decoder);
    if (reader_ok(&decoder.reader))
        decode_objects(&decoder);
    if (reader_ok(&decoder.reader)) {
        names_decode(module, decoder.names);
        return STATUS_OK;
    }
    error->message = decoder.reader.mistake;
    error->offset = decoder.reader.mistake_offset;
    return decoder.status == STATUS_OK ? STATUS_INVALID : decoder.status;
}

/* With an image, bodies have been validated before. */
static enum status make_code(struct module *module, struct bytes image,
                             struct engine_error *error)
{
    enum status status = code_create(module);
    if (status == STATUS_OK) {
        compiled_create(module);
        if (!compiled_image_take(module, image))
            status = code_validate(module, error);
    }
    if (status == STATUS_OK)
        compiled_at_load(module);
    else if (error->message == NULL)
        error->message = "out of memory";
    return status;
}

static enum status module_create(struct engine *engine, struct bytes bytes, struct module **module)
{
    struct arena arena;
    arena_init(&arena, &engine->place->source, 0);
    struct module *new = arena_take(&arena, 1, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    *new = (struct module){
        .engine = engine,
        .arena = arena,
        .bytes = bytes,
        .start = UINT32_MAX,
    };
    *module = new;
    return STATUS_OK;
}

enum status module_load_image(struct engine *engine, struct bytes bytes, struct bytes image,
                              struct module **module, struct engine_error *error)
{
    struct module *new;
    *error = (struct engine_error){ .offset = SIZE_MAX, .function = UINT32_MAX };
    if (bytes.size > LIMIT_MODULE_BYTES) {
        error->message = "module larger than 256 MiB";
        return STATUS_LIMIT;
    }
    enum status status = module_create(engine, bytes, &new);
    if (status != STATUS_OK) {
        error->message = "out of memory";
        return status;
    }
    status = decode_sections(new, error);
    if (status == STATUS_OK)
        status = make_code(new, image, error);
    if (status != STATUS_OK) {
        module_destroy(new);
        return status;
    }
    *module = new;
    return STATUS_OK;
}

enum status module_load(struct engine *engine, struct bytes bytes, struct module **module,
                        struct engine_error *error)
{
    return module_load_image(engine, bytes, (struct bytes){ 0 }, module, error);
}

void module_destroy(struct module *module)
{
    compiled_destroy(module);
    code_destroy(module);
    for (u32 i = 0; i < module->type_count; i++)
        types_release(module->engine, (struct type_holder *)(uintptr_t)module->types[i]);
    struct arena arena = module->arena; /* the module itself is in it */
    arena_deinit(&arena);
}
