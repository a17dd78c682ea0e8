/* Runs a WASI program that needs little: what is measured is the engine alone. Reads standard input,
 * writes standard output, has arguments and a clock, and no files.
 *
 *   guest FILE.wasm [ARGUMENTS]        runs it, compiled; its exit status is ours
 *   guest --interpreted FILE.wasm ...  runs it on the interpreter
 *   guest --load COUNT FILE            loads it COUNT times and prints MB of code section a second */
#include "tests/support/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ERROR_BAD_FILE = 8 };

static struct place place;
static int exit_status;
static int argument_count;
static char **arguments;

static u32 load_u32(const u8 *at)
{
    u32 value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static enum trap fd_write(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    const struct instance *instance = *(struct instance **)context;
    const u8 *vectors = instance_memory_at(instance, slots[1], slots[2] * 8);
    u8 *result = instance_memory_at(instance, slots[3], 4);
    u32 written = 0;
    if (vectors == NULL || result == NULL)
        return TRAP_HOST_FAULT;
    for (u64 i = 0; i < slots[2]; i++) {
        u32 size = load_u32(vectors + 8 * i + 4);
        const u8 *data = instance_memory_at(instance, load_u32(vectors + 8 * i), size);
        if (data == NULL)
            return TRAP_HOST_FAULT;
        if (fwrite(data, 1, size, stdout) != size)
            break;
        written += size;
    }
    memcpy(result, &written, sizeof(written));
    slots[0] = 0;
    return TRAP_NONE;
}

static enum trap clock_time_get(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    u64 time_ns = (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
    u8 *result = instance_memory_at(*(struct instance **)context, slots[2], sizeof(time_ns));
    if (result == NULL)
        return TRAP_HOST_FAULT;
    memcpy(result, &time_ns, sizeof(time_ns));
    slots[0] = 0;
    return TRAP_NONE;
}

static enum trap args_sizes_get(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    u32 sizes[2] = { (u32)argument_count, 0 };
    u8 *count = instance_memory_at(*(struct instance **)context, slots[0], sizeof(u32));
    u8 *size = instance_memory_at(*(struct instance **)context, slots[1], sizeof(u32));
    if (count == NULL || size == NULL)
        return TRAP_HOST_FAULT;
    for (int i = 0; i < argument_count; i++)
        sizes[1] += (u32)strlen(arguments[i]) + 1;
    memcpy(count, &sizes[0], sizeof(u32));
    memcpy(size, &sizes[1], sizeof(u32));
    slots[0] = 0;
    return TRAP_NONE;
}

static enum trap args_get(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    const struct instance *instance = *(struct instance **)context;
    u32 at = (u32)slots[1];
    for (u32 i = 0; i < (u32)argument_count; i++) {
        u32 size = (u32)strlen(arguments[i]) + 1;
        u8 *pointer = instance_memory_at(instance, slots[0] + 4 * i, sizeof(at));
        u8 *text = instance_memory_at(instance, at, size);
        if (pointer == NULL || text == NULL)
            return TRAP_HOST_FAULT;
        memcpy(pointer, &at, sizeof(at));
        memcpy(text, arguments[i], size);
        at += size;
    }
    slots[0] = 0;
    return TRAP_NONE;
}

/* Both sizes are zero. */
static enum trap environ_sizes_get(struct execution *execution, void *context, u64 *slots)
{
    int count = argument_count;
    argument_count = 0;
    enum trap trap = args_sizes_get(execution, context, slots);
    argument_count = count;
    return trap;
}

/* Of the first vector only: a short read. */
static enum trap fd_read(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    const struct instance *instance = *(struct instance **)context;
    const u8 *vector = instance_memory_at(instance, slots[1], 8);
    u8 *result = instance_memory_at(instance, slots[3], 4);
    if (vector == NULL || result == NULL)
        return TRAP_HOST_FAULT;
    u32 size = load_u32(vector + 4);
    u8 *data = instance_memory_at(instance, load_u32(vector), size);
    if (data == NULL)
        return TRAP_HOST_FAULT;
    ssize_t got = read(STDIN_FILENO, data, size);
    u32 count = got < 0 ? 0 : (u32)got;
    memcpy(result, &count, sizeof(count));
    slots[0] = 0;
    return TRAP_NONE;
}

/* A character device with every right. */
static enum trap fd_fdstat_get(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    u8 *result = instance_memory_at(*(struct instance **)context, slots[1], 24);
    if (result == NULL)
        return TRAP_HOST_FAULT;
    memset(result, 0, 24);
    memset(result + 8, 0xFF, 16);
    result[0] = 2;
    slots[0] = 0;
    return TRAP_NONE;
}

static enum trap succeed(struct execution *execution, void *context, u64 *slots)
{
    (void)execution, (void)context;
    slots[0] = 0;
    return TRAP_NONE;
}

static enum trap proc_exit(struct execution *execution, void *context, u64 *slots)
{
    (void)execution, (void)context;
    exit_status = (int)slots[0];
    return TRAP_STOPPED;
}

static enum trap unknown(struct execution *execution, void *context, u64 *slots)
{
    (void)execution, (void)context;
    slots[0] = ERROR_BAD_FILE;
    return TRAP_NONE;
}

static struct import_value import_of(struct bytes name, struct instance **instance)
{
    static const struct {
        const char *name;
        host_function *host;
    } functions[] = {
        { "fd_write", fd_write },
        { "clock_time_get", clock_time_get },
        { "args_sizes_get", args_sizes_get },
        { "args_get", args_get },
        { "environ_sizes_get", environ_sizes_get },
        { "environ_get", succeed },
        { "fd_read", fd_read },
        { "fd_fdstat_get", fd_fdstat_get },
        { "fd_close", succeed },
        { "random_get", succeed },
        { "proc_exit", proc_exit },
    };
    struct import_value value = { .kind = EXTERN_FUNCTION, .host = unknown, .host_context = instance };
    for (usize i = 0; i < BASE_ARRAY_COUNT(functions); i++)
        if (bytes_equal(name, bytes_from_text(functions[i].name)))
            value.host = functions[i].host;
    return value;
}

static struct bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    u8 *data = NULL;
    usize size = 0;
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    for (usize more = 1; more != 0; size += more) {
        data = realloc(data, size + (1 << 20));
        more = fread(data + size, 1, 1 << 20, file);
    }
    fclose(file);
    return (struct bytes){ data, size };
}

static struct module *load(struct engine *engine, struct bytes bytes)
{
    struct module *module;
    struct engine_error error;
    if (module_load(engine, bytes, &module, &error) != STATUS_OK) {
        fprintf(stderr, "%s at byte %zu\n", error.message, error.offset);
        exit(1);
    }
    return module;
}

static void print_trap(struct execution *execution, enum trap trap)
{
    const struct trap_record *record = execution_trap(execution);
    fprintf(stderr, "trap: %s\n", trap_text(trap));
    for (u32 i = 0; i < record->frame_count; i++) {
        const struct trap_frame *frame = &record->frames[i];
        fprintf(stderr, "  function %u %.*s at byte %zu\n", frame->function, (int)frame->name.size,
                (const char *)frame->name.data, frame->offset);
    }
}

static void run(struct engine *engine, struct module *module)
{
    static struct import_value imports[1000];
    static struct instance *instance;
    static u64 slots[16];
    struct engine_error error;
    struct execution *execution;
    struct execution_options options = { 0 };
    u32 start;
    for (u32 i = 0; i < module_import_count(module) && i < BASE_ARRAY_COUNT(imports); i++)
        imports[i] = import_of(module_import(module, i).name, &instance);
    if (instance_create(engine, module, &(struct instance_options){ .imports = imports }, &instance,
                        &error) != STATUS_OK ||
        execution_create(engine, &options, &execution) != STATUS_OK ||
        !instance_find_export(instance, BYTES_LITERAL("_start"), EXTERN_FUNCTION, &start)) {
        fprintf(stderr, "cannot start: %s\n", error.message);
        exit(1);
    }
    place_watch(execution);
    enum trap trap = execution_call(execution, instance_function(instance, start), slots);
    if (trap != TRAP_NONE && trap != TRAP_STOPPED) {
        print_trap(execution, trap);
        exit_status = 134;
    }
}

/* Bytes of the code section. */
static usize code_bytes(struct bytes bytes)
{
    struct reader reader;
    reader_init(&reader, bytes);
    (void)reader_u64(&reader);
    while (reader_ok(&reader) && reader_left(&reader) != 0) {
        u8 id = reader_u8(&reader);
        u32 size = reader_leb_u32(&reader);
        if (id == 10)
            return size;
        (void)reader_bytes(&reader, size);
    }
    return 0;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The best of some loads, in seconds. */
static double measure(struct engine *engine, struct bytes bytes, int count, usize *size)
{
    double best = 1e9;
    for (int i = 0; i < count; i++) {
        double start = now_s();
        struct module *module = load(engine, bytes);
        double taken = now_s() - start;
        best = taken < best ? taken : best;
        *size = module_size(module);
        module_destroy(module);
    }
    return best;
}

static void measure_load(struct engine *engine, struct bytes bytes, int count)
{
    usize size = 0;
    double best = measure(engine, bytes, count, &size);
    double code = (double)code_bytes(bytes);
    printf("%.2f MB of code, %.1f ms, %.1f MB/s, %.1f bytes of memory a byte of code\n", code / 1e6,
           best * 1e3, code / 1e6 / best, (double)size / code);
}

static int usage(void)
{
    fprintf(stderr, "usage: guest [--interpreted] FILE.wasm [ARGUMENTS]\n"
                    "       guest --load COUNT FILE.wasm\n");
    return 2;
}

int main(int count, char **words)
{
    struct engine *engine;
    bool interprets = count > 2 && strcmp(words[1], "--interpreted") == 0;
    bool is_load = count == 4 && strcmp(words[1], "--load") == 0;
    int file = is_load ? 3 : interprets ? 2 : 1;
    if (count <= file)
        return usage();
    argument_count = count - file;
    arguments = words + file;
    place_init(&place);
    if (interprets)
        place.engine.code_reserve = NULL;
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct bytes bytes = file_read(words[file]);
    if (is_load)
        measure_load(engine, bytes, atoi(words[2]));
    else
        run(engine, load(engine, bytes));
    return exit_status;
}
