/* Bounds of function bodies, at each and one past it; and calls that go too deep, by the guest and
 * through the host. */
#include "engine/limits.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct place place;
static struct engine *engine;

/* A module of one function () -> () whose body, locals and `end` included, is `body`. */
static bool body_loads(const u8 *body, usize size, enum status status, const char *message)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x60, 0, 0);
    build_section(&build, SECTION_FUNCTION);
    BUILD(&build, 1, 0);
    build_section(&build, SECTION_CODE);
    build_leb(&build, 1);
    build_leb(&build, size);
    build_bytes(&build, body, size);
    return loads(engine, &build, status, message);
}

static bool locals_load(u32 count, enum status status, const char *message)
{
    u8 body[16];
    struct writer writer;
    writer_init(&writer, body, sizeof(body));
    writer_u8(&writer, 1);
    writer_leb_u64(&writer, count);
    writer_bytes(&writer, BYTES_LITERAL("\x7F\x0B"));
    return body_loads(body, writer.size, status, message);
}

/* Blocks within blocks; the function's own is one of them. */
static bool blocks_load(u32 depth, enum status status, const char *message)
{
    usize size = 1 + 3 * (usize)(depth - 1) + 1;
    u8 *body = malloc(size);
    if (body == NULL)
        exit(1);
    struct writer writer;
    writer_init(&writer, body, size);
    writer_u8(&writer, 0);
    for (u32 i = 1; i < depth; i++)
        writer_bytes(&writer, BYTES_LITERAL("\x02\x40"));
    for (u32 i = 0; i < depth; i++)
        writer_u8(&writer, 0x0B);
    bool good = body_loads(body, size, status, message);
    free(body);
    return good;
}

/* No locals, `nop` until the end. */
static bool bytes_load(usize size, enum status status, const char *message)
{
    u8 *body = malloc(size);
    if (body == NULL)
        exit(1);
    __builtin_memset(body, 0x01, size);
    body[0] = 0;
    body[size - 1] = 0x0B;
    bool good = body_loads(body, size, status, message);
    free(body);
    return good;
}

/* Operands that are all there at once, then dropped. */
static bool operands_load(u32 count, enum status status, const char *message)
{
    usize size = 1 + 3 * (usize)count + 1;
    u8 *body = malloc(size);
    if (body == NULL)
        exit(1);
    struct writer writer;
    writer_init(&writer, body, size);
    writer_u8(&writer, 0);
    for (u32 i = 0; i < count; i++)
        writer_bytes(&writer, BYTES_LITERAL("\x41\x00"));
    for (u32 i = 0; i < count; i++)
        writer_u8(&writer, 0x1A);
    writer_u8(&writer, 0x0B);
    bool good = body_loads(body, size, status, message);
    free(body);
    return good;
}

/* Calls the guest again; `context` counts. */
static enum trap call_back(struct execution *execution, void *context, u64 *slots)
{
    struct instance *instance = execution_owner(execution);
    ++*(u32 *)context;
    return execution_call(execution, instance_function(instance, 1), slots);
}

/* Import 0 is the host's; function 1 calls it, function 2 calls itself. */
static void test_depth(void)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x60, 0, 0);
    build_section(&build, SECTION_IMPORT);
    BUILD(&build, 1, 1, 'h', 1, 'c', EXTERN_FUNCTION, 0);
    build_section(&build, SECTION_FUNCTION);
    BUILD(&build, 2, 0, 0);
    build_section(&build, SECTION_EXPORT);
    build_leb(&build, 2);
    build_export(&build, "back", EXTERN_FUNCTION, 1);
    build_export(&build, "deep", EXTERN_FUNCTION, 2);
    build_section(&build, SECTION_CODE);
    build_leb(&build, 2);
    BODY(&build, 0x10, 0);
    BODY(&build, 0x10, 2);
    struct module *module = load(engine, build_end(&build));
    u32 count = 0;
    struct import_value host = { .host = call_back, .host_context = &count };
    struct instance *instance = instantiate(engine, module, &host);
    struct execution *execution;
    struct execution_options options = { .owner = instance };
    if (execution_create(engine, &options, &execution) != STATUS_OK)
        exit(1);
    place_watch(execution);
    u64 slots[1] = { 0 };
    TAP_OK(execution_call(execution, instance_function(instance, 2), slots) ==
               TRAP_CALL_STACK_EXHAUSTED,
           "a guest that calls itself for ever exhausts its stack");
    const struct trap_record *record = execution_trap(execution);
    TAP_OK(record->frame_count == TRAP_FRAMES_MAX && record->omitted_count > 1000 &&
               record->frames[0].function == 2,
           "and the record shows its innermost frames and counts the others");
    TAP_OK(execution_call(execution, instance_function(instance, 1), slots) ==
                   TRAP_CALL_STACK_EXHAUSTED &&
               count == LIMIT_HOST_DEPTH,
           "so does one that comes back through the host, at its bound");
    place_watch(NULL);
    execution_destroy(execution);
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    TAP_OK(locals_load(LIMIT_LOCALS, STATUS_OK, ""), "50000 locals");
    TAP_OK(locals_load(LIMIT_LOCALS + 1, STATUS_LIMIT, "more than 50000 locals"), "one more");
    TAP_OK(blocks_load(LIMIT_BLOCK_DEPTH, STATUS_OK, ""), "100000 blocks within blocks");
    TAP_OK(blocks_load(LIMIT_BLOCK_DEPTH + 1, STATUS_LIMIT, "more than 100000 blocks"), "one more");
    TAP_OK(bytes_load(LIMIT_FUNCTION_BYTES, STATUS_OK, ""), "a body of 7654321 bytes");
    TAP_OK(bytes_load((usize)LIMIT_FUNCTION_BYTES + 1, STATUS_LIMIT, "function body too large"),
           "one more");
    TAP_OK(operands_load(60000, STATUS_OK, ""), "60000 operands at once");
    TAP_OK(operands_load(LIMIT_FRAME_SLOTS + 1, STATUS_LIMIT, "more than 65000"), "65001");
    test_depth();
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all is given back");
    return tap_done();
}
