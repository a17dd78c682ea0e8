/* Builds the bytes of modules for tests: sections of bytes, numbers and names, in order. */
#ifndef TESTS_ENGINE_SUPPORT_BUILD_H
#define TESTS_ENGINE_SUPPORT_BUILD_H

#include "engine/engine.h"
#include "tests/support/place.h"

struct build {
    u8 *data;
    usize size;
    usize capacity;
    usize section; /* where the content of the open section starts; 0: none is open */
};

enum section_id {
    SECTION_CUSTOM,
    SECTION_TYPE,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_START,
    SECTION_ELEMENT,
    SECTION_CODE,
    SECTION_DATA,
    SECTION_DATA_COUNT,
};

/* With the header of a module. */
void build_start(struct build *build);
void build_free(struct build *build);
/* Ends the open section, if any, and opens another. */
void build_section(struct build *build, enum section_id id);
/* Ends the open section and gives the whole module. */
struct bytes build_end(struct build *build);

void build_byte(struct build *build, u8 byte);
void build_bytes(struct build *build, const void *bytes, usize size);
void build_leb(struct build *build, u64 value);
void build_name(struct build *build, const char *name);

/* BUILD(&build, 0x60, 0, 0): these bytes. */
#define BUILD(build, ...) \
    build_bytes((build), (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

/* An export of one kind and index. */
void build_export(struct build *build, const char *name, enum extern_kind kind, u32 index);
/* A function body without locals: its size, the code, `end`. */
void build_body(struct build *build, const void *code, usize size);
#define BODY(build, ...) \
    build_body((build), (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

/* Whether the module loads with `status` and, if that is not OK, with a message that starts with
 * `message`. Takes the module's bytes with it. */
bool loads(struct engine *engine, struct build *build, enum status status, const char *message);
/* Loads what must load, and stops the test program if it does not. */
struct module *load(struct engine *engine, struct bytes bytes);
/* An instance without imports, or with these. Stops the test program if there is none. */
struct instance *instantiate(struct engine *engine, const struct module *module,
                             const struct import_value *imports);

#endif
