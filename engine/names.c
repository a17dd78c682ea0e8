#include "engine/decode.h"

enum { NAMES_FUNCTIONS = 1 };

/* Pairs of index and name (WebAssembly 3.0, 7.4.1), until the first that is broken. */
static void names_decode_functions(struct module *module, struct reader *reader)
{
    u32 count = reader_count(reader, 2, UINT32_MAX, "too many names");
    for (u32 i = 0; i < count; i++) {
        u32 index = reader_leb_u32(reader);
        struct bytes name = reader_name(reader);
        if (!reader_ok(reader))
            return;
        if (index < module->function_count)
            module->function_names[index] = name;
    }
}

void names_decode(struct module *module, struct bytes section)
{
    struct reader reader;
    reader_init(&reader, section);
    while (reader_left(&reader) != 0) {
        u8 id = reader_u8(&reader);
        struct reader part = reader_part(&reader, reader_leb_u32(&reader));
        if (id != NAMES_FUNCTIONS || !reader_ok(&reader) || module->function_names != NULL)
            continue;
        module->function_names =
            arena_take(&module->arena, module->function_count, sizeof(struct bytes));
        if (module->function_names != NULL)
            names_decode_functions(module, &part);
    }
}
