/* Modules from hostile bytes: what loads is linked to functions that do nothing, and everything
 * that it exports runs for a short while. Nothing may crash, hang, leak or take memory out of
 * proportion. Bytes without the header of a module get one, so that mutations reach the sections; a
 * last byte from 0xF0 on says how soon the place has no more memory. */
#include "tests/support/place.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 8,
    POLLS_MAX = 200,       /* calls and back-edges of a run */
    PAGES_MAX = 64,        /* that an instance may have */
    EXPORTS_MAX = 20,      /* that are tried */
    SLOTS_MAX = 1024,      /* parameters or results of a function */
    BYTES_PER_BYTE = 1000, /* that a module may take for each byte of it, beyond */
    BYTES_MORE = 1 << 20,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct place place;
static struct engine *engine;
static u32 polls;
static u64 pages;

static enum trap stop_soon(struct execution *execution, void *context)
{
    (void)context;
    execution_interrupt(execution);
    return polls++ < POLLS_MAX ? TRAP_NONE : TRAP_STOPPED;
}

static bool grow(void *context, u64 pages_before, u64 pages_after)
{
    (void)context;
    if (pages_after > pages_before && pages + pages_after - pages_before > PAGES_MAX)
        return false;
    pages += pages_after - pages_before;
    return true;
}

static enum trap nothing(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    (void)context;
    (void)slots; /* arguments become results */
    return TRAP_NONE;
}

static void run(struct execution *execution, struct instance *instance, u32 function)
{
    static u64 slots[SLOTS_MAX];
    memset(slots, 0, sizeof(slots));
    polls = 0;
    execution_interrupt(execution);
    enum trap trap = execution_call(execution, instance_function(instance, function), slots);
    if (trap != TRAP_NONE)
        BASE_ASSERT(execution_trap(execution)->trap == trap);
}

static void run_exports(const struct module *module, struct instance *instance)
{
    struct execution *execution;
    struct execution_options options = { .stack_bytes = 64 << 10, .interrupt = stop_soon };
    if (execution_create(engine, &options, &execution) != STATUS_OK)
        return;
    place_watch(execution);
    if (instance_start_function(instance) != UINT32_MAX)
        run(execution, instance, instance_start_function(instance));
    for (u32 i = 0; i < module_export_count(module) && i < EXPORTS_MAX; i++) {
        struct export_description export = module_export(module, i);
        if (export.kind == EXTERN_FUNCTION)
            run(execution, instance, export.index);
    }
    place_watch(NULL);
    execution_destroy(execution);
}

/* What can be reached is at least where one starts, unless there is no memory to find out. */
static void reach_some(const struct module *module)
{
    bool *reached = calloc((size_t)module_function_count(module) + 1, sizeof(bool));
    for (u32 i = 0; i < module_export_count(module) && i < EXPORTS_MAX && reached != NULL; i++) {
        struct export_description export = module_export(module, i);
        if (export.kind == EXTERN_FUNCTION &&
            module_reach(module, export.index, reached) == STATUS_OK)
            BASE_ASSERT(reached[export.index]);
    }
    free(reached);
}

static void try_instance(const struct module *module)
{
    u32 count = module_import_count(module);
    struct import_value *imports = calloc((size_t)count + 1, sizeof(*imports));
    struct instance_options options = { .imports = imports, .grow = grow };
    struct instance *instance = NULL;
    struct engine_error error;
    for (u32 i = 0; i < count; i++)
        imports[i] = (struct import_value){ .kind = EXTERN_FUNCTION, .host = nothing };
    pages = 0;
    enum status status = instance_create(engine, module, &options, &instance, &error);
    if (status == STATUS_OK || status == STATUS_TRAP) {
        run_exports(module, instance);
        BASE_ASSERT(pages == instance_memory_pages(instance));
        instance_destroy(instance);
    } else {
        BASE_ASSERT(error.message != NULL && pages == 0);
    }
    free(imports);
}

static void try_module(struct bytes bytes)
{
    struct module *module;
    struct engine_error error;
    u64 before = place.taken_bytes;
    place.taken_bytes_peak = before;
    enum status status = module_load(engine, bytes, &module, &error);
    BASE_ASSERT(place.taken_bytes_peak - before <= BYTES_MORE + BYTES_PER_BYTE * bytes.size);
    if (status != STATUS_OK) {
        BASE_ASSERT(error.message != NULL);
        return;
    }
    reach_some(module);
    try_instance(module);
    module_destroy(module);
}

static u64 takes_of(const uint8_t *data, size_t size)
{
    bool is_short = size != 0 && data[size - 1] >= 0xF0;
    return is_short ? (data[size - 1] & 0x0F) * 2u : UINT64_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const u8 header[HEADER_BYTES] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };
    if (engine == NULL) {
        place_init(&place);
        if (engine_create(&place.engine, &engine) != STATUS_OK)
            abort();
    }
    bool whole = size >= HEADER_BYTES && memcmp(data, header, 4) == 0;
    u8 *copy = malloc(size + HEADER_BYTES);
    if (copy == NULL)
        return 0;
    memcpy(copy, header, HEADER_BYTES);
    if (size != 0)
        memcpy(copy + (whole ? 0 : HEADER_BYTES), data, size);
    place.allowed_takes = takes_of(data, size);
    try_module((struct bytes){ copy, size + (whole ? 0 : HEADER_BYTES) });
    place.allowed_takes = UINT64_MAX;
    free(copy);
    BASE_ASSERT(place.reserved_bytes == 0);
    return 0;
}
