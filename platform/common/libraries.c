#include "platform/common/libraries.h"

const struct bundled_library bundled_libraries[] = {
    { "wasi_snapshot_preview1", "library/wasi.wasm" },
    { "wasi_unstable", "library/wasi_unstable.wasm" },
    { "env", "library/wasm_os.wasm" },
};

const u32 bundled_library_count = BASE_ARRAY_COUNT(bundled_libraries);

const struct bundled_library *bundled_library_find(struct bytes import_namespace)
{
    for (u32 i = 0; i < bundled_library_count; i++)
        if (bytes_equal(bytes_from_text(bundled_libraries[i].import_namespace), import_namespace))
            return &bundled_libraries[i];
    return NULL;
}

bool namespace_is_own(struct bytes import_namespace)
{
    static const char *const own[] = { "weft", "weft:interface", "weft:caller" };
    for (usize i = 0; i < BASE_ARRAY_COUNT(own); i++)
        if (bytes_equal(bytes_from_text(own[i]), import_namespace))
            return true;
    return false;
}

static bool imports_namespace(const struct module *module, struct bytes import_namespace)
{
    for (u32 i = 0; i < module_import_count(module); i++)
        if (bytes_equal(module_import(module, i).module, import_namespace))
            return true;
    return false;
}

/* A program that may start others needs what those may import. */
static bool starts_others(const struct module *module)
{
    for (u32 i = 0; i < module_import_count(module); i++) {
        struct import_description import = module_import(module, i);
        if (bytes_equal(import.module, BYTES_LITERAL("weft:interface")) &&
            bytes_start_with(import.name, BYTES_LITERAL("system@")))
            return true;
    }
    return false;
}

bool library_is_needed(struct bytes import_namespace, struct program *const *programs,
                       u32 program_count)
{
    for (u32 i = 0; i < program_count; i++) {
        const struct module *module = program_module(programs[i]);
        if (imports_namespace(module, import_namespace) || starts_others(module))
            return true;
    }
    return false;
}
