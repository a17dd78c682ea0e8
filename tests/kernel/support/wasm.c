#include "tests/kernel/support/wasm.h"

#include <string.h>

enum { MODULE_MAX = 4096, SECTION_MAX = 2048 };

enum section {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_MEMORY = 5,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_CODE = 10,
};

static u8 module_bytes[MODULE_MAX];
static u8 section_bytes[SECTION_MAX];
static struct writer out;
static struct writer part;

static struct writer *section_begin(void)
{
    writer_init(&part, section_bytes, sizeof(section_bytes));
    return &part;
}

static void section_end(enum section section)
{
    BASE_ASSERT(writer_ok(&part));
    writer_u8(&out, (u8)section);
    writer_leb_u64(&out, part.size);
    writer_bytes(&out, (struct bytes){ part.data, part.size });
}

static void name(const char *text)
{
    writer_leb_u64(&part, strlen(text));
    writer_text(&part, text);
}

static u8 letter_type(char letter)
{
    static const char letters[] = "dfli"; /* 0x7C to 0x7F */
    return (u8)(0x7C + (strchr(letters, letter) - letters));
}

static void letters(const char *at, usize count)
{
    writer_leb_u64(&part, count);
    for (usize i = 0; i < count; i++)
        writer_u8(&part, letter_type(at[i]));
}

static void function_type(const char *written)
{
    const char *colon = strchr(written, ':');
    writer_u8(&part, 0x60);
    letters(written, (usize)(colon - written));
    letters(colon + 1, strlen(colon + 1));
}

static void imports(const struct wasm_module *module)
{
    if (module->import_module == NULL)
        return;
    section_begin();
    writer_leb_u64(&part, 1);
    name(module->import_module);
    name(module->import_name);
    writer_u8(&part, module->import_memory ? 2 : 0);
    writer_u8(&part, 0); /* type 0, or a memory without maximum */
    if (module->import_memory)
        writer_u8(&part, 1);
    section_end(SECTION_IMPORT);
}

static void memory(const struct wasm_module *module)
{
    if (module->memory_pages == 0)
        return;
    section_begin();
    writer_leb_u64(&part, 1);
    writer_u8(&part, 0);
    writer_leb_u64(&part, module->memory_pages);
    section_end(SECTION_MEMORY);
}

static void exports(const struct wasm_module *module, u32 function)
{
    section_begin();
    writer_leb_u64(&part, 1);
    name(module->export_name);
    writer_u8(&part, 0);
    writer_leb_u64(&part, function);
    section_end(SECTION_EXPORT);
}

static void code(struct bytes body)
{
    section_begin();
    writer_leb_u64(&part, 1);
    writer_leb_u64(&part, body.size + 2);
    writer_u8(&part, 0); /* locals */
    writer_bytes(&part, body);
    writer_u8(&part, 0x0B);
    section_end(SECTION_CODE);
}

static void filler(u32 size)
{
    section_begin();
    name("filler");
    for (u32 i = 0; i < size; i++)
        writer_u8(&part, (u8)i);
    section_end(SECTION_CUSTOM);
}

struct bytes wasm_make(const struct wasm_module *module)
{
    bool has_function_import = module->import_module != NULL && !module->import_memory;
    u32 function = has_function_import ? 1 : 0;
    writer_init(&out, module_bytes, sizeof(module_bytes));
    writer_bytes(&out, BYTES_LITERAL("\0asm\1\0\0\0"));
    section_begin();
    writer_leb_u64(&part, 2);
    function_type(module->import_type == NULL ? ":" : module->import_type);
    function_type(module->function_type == NULL ? ":" : module->function_type);
    section_end(SECTION_TYPE);
    imports(module);
    section_begin();
    writer_leb_u64(&part, 1);
    writer_leb_u64(&part, 1);
    section_end(SECTION_FUNCTION);
    memory(module);
    if (module->export_name != NULL)
        exports(module, function);
    if (module->starts) {
        section_begin();
        writer_leb_u64(&part, function);
        section_end(SECTION_START);
    }
    code(module->code);
    filler(module->filler);
    BASE_ASSERT(writer_ok(&out));
    return (struct bytes){ module_bytes, out.size };
}
