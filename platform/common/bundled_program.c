#include "platform/common/bundled_program.h"

bool bundled_program_find(struct bytes bundle, struct bytes name, struct tar_entry *entry)
{
    static const struct {
        const char *before, *after;
    } forms[] = { { "", "" }, { "", ".wasm" }, { "example/", ".wasm" } };
    u8 path[TAR_NAME_MAX];
    for (usize i = 0; i < BASE_ARRAY_COUNT(forms); i++) {
        struct writer text;
        writer_init(&text, path, sizeof(path));
        writer_text(&text, forms[i].before);
        writer_bytes(&text, name);
        writer_text(&text, forms[i].after);
        if (writer_ok(&text) && tar_find(bundle, (struct bytes){ path, text.size }, entry))
            return true;
    }
    return false;
}
