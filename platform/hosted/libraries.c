#include "platform/hosted/libraries.h"

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
