#include "tests/engine/support/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_SIZE_BYTES = 5 }; /* of a LEB128 that is patched later */

void build_start(struct build *build)
{
    *build = (struct build){ 0 };
    BUILD(build, 0, 'a', 's', 'm', 1, 0, 0, 0);
}

void build_free(struct build *build)
{
    free(build->data);
    *build = (struct build){ 0 };
}

static void section_close(struct build *build)
{
    if (build->section == 0)
        return;
    usize size = build->size - build->section;
    u8 *at = build->data + build->section - SECTION_SIZE_BYTES;
    for (usize i = 0; i < SECTION_SIZE_BYTES; i++, size >>= 7)
        at[i] = (u8)((size & 0x7F) | (i + 1 < SECTION_SIZE_BYTES ? 0x80 : 0));
    build->section = 0;
}

void build_section(struct build *build, enum section_id id)
{
    section_close(build);
    BUILD(build, (u8)id, 0, 0, 0, 0, 0);
    build->section = build->size;
}

struct bytes build_end(struct build *build)
{
    section_close(build);
    return (struct bytes){ build->data, build->size };
}

void build_bytes(struct build *build, const void *bytes, usize size)
{
    if (build->capacity - build->size < size) {
        build->capacity = 2 * build->capacity + size + 64;
        build->data = realloc(build->data, build->capacity);
        BASE_ASSERT(build->data != NULL);
    }
    if (size != 0)
        memcpy(build->data + build->size, bytes, size);
    build->size += size;
}

void build_byte(struct build *build, u8 byte)
{
    build_bytes(build, &byte, 1);
}

void build_leb(struct build *build, u64 value)
{
    u8 bytes[10];
    struct writer writer;
    writer_init(&writer, bytes, sizeof(bytes));
    writer_leb_u64(&writer, value);
    build_bytes(build, bytes, writer.size);
}

void build_name(struct build *build, const char *name)
{
    build_leb(build, strlen(name));
    build_bytes(build, name, strlen(name));
}

void build_export(struct build *build, const char *name, enum extern_kind kind, u32 index)
{
    build_name(build, name);
    build_byte(build, (u8)kind);
    build_leb(build, index);
}

void build_body(struct build *build, const void *code, usize size)
{
    build_leb(build, size + 2);
    build_byte(build, 0);
    build_bytes(build, code, size);
    build_byte(build, 0x0B);
}

bool loads(struct engine *engine, struct build *build, enum status status, const char *message)
{
    struct module *module;
    struct engine_error error;
    enum status got = module_load(engine, build_end(build), &module, &error);
    bool as_said = got == status;
    if (got == STATUS_OK)
        module_destroy(module);
    else if (as_said)
        as_said = strncmp(error.message, message, strlen(message)) == 0;
    if (!as_said)
        printf("# status %d: %s\n", got, got == STATUS_OK ? "" : error.message);
    build_free(build);
    return as_said;
}

struct module *load(struct engine *engine, struct bytes bytes)
{
    struct module *module;
    struct engine_error error;
    if (module_load(engine, bytes, &module, &error) != STATUS_OK) {
        printf("Bail out! the module does not load: %s at %zu\n", error.message, error.offset);
        exit(1);
    }
    return module;
}

struct instance *instantiate(struct engine *engine, const struct module *module,
                             const struct import_value *imports)
{
    struct instance *instance;
    struct engine_error error;
    struct instance_options options = { .imports = imports };
    if (instance_create(engine, module, &options, &instance, &error) != STATUS_OK) {
        printf("Bail out! no instance: %s\n", error.message);
        exit(1);
    }
    return instance;
}
