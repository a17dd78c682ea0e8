/* Compiles all functions of a program ahead, for a boot bundle: what the kernel's compiler makes of
 * it on a CPU that has all that compiled code can use. The code is not run here, so this machine's
 * CPU may be an older one.
 *
 *   code PROGRAM.wasm IMAGE */
#include "engine/engine.h"
#include "engine/image.h"
#include "engine/x86_64/features.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* ---- The place: memory from the system ---- */

static void *take(void *context, usize size)
{
    (void)context;
    return calloc(1, size);
}

static void give(void *context, void *block, usize size)
{
    (void)context;
    (void)size;
    free(block);
}

static void *reserve(void *context, usize size)
{
    (void)context;
    void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

static bool commit(void *context, void *start, usize size)
{
    (void)context;
    return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

static void release(void *context, void *start, usize size)
{
    (void)context;
    munmap(start, size);
}

/* Nothing is run that could fault. */
static bool guarded_call(void *context, void (*function)(void *), void *argument)
{
    (void)context;
    function(argument);
    return true;
}

static bool code_reserve(void *context, usize size, struct code_memory *memory)
{
    u8 *start = reserve(context, size);
    if (start == NULL || !commit(context, start, size))
        return false;
    *memory = (struct code_memory){ .write = start, .run = start, .size = size };
    return true;
}

static void code_release(void *context, struct code_memory *memory)
{
    release(context, memory->write, memory->size);
}

static const struct engine_place place = {
    .source = { .take = take, .give = give },
    .reserve = reserve,
    .commit = commit,
    .commit_lazily = commit,
    .release = release,
    .guarded_call = guarded_call,
    .code_reserve = code_reserve,
    .code_release = code_release,
    .compile_flags = COMPILE_AT_LOAD,
};

/* ---- Files ---- */

_Noreturn static void fail(const char *path, const char *what)
{
    fprintf(stderr, "code: %s: %s\n", path, what);
    exit(1);
}

static struct bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail(path, "it cannot be read");
    long size = ftell(file);
    u8 *data = size < 0 ? NULL : malloc((usize)size + 1);
    rewind(file);
    if (data == NULL || fread(data, 1, (usize)size, file) != (usize)size)
        fail(path, "it cannot be read");
    fclose(file);
    return (struct bytes){ data, (usize)size };
}

static void write_file(const char *path, const void *data, usize size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        fail(path, "it cannot be written");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: code PROGRAM.wasm IMAGE\n");
        return 2;
    }
    struct engine *engine;
    struct module *module;
    struct engine_error error = { 0 };
    *x86_64_features() = x86_64_features_all;
    if (engine_create(&place, &engine) != STATUS_OK)
        fail(argv[1], "there is not enough memory");
    if (module_load(engine, read_file(argv[1]), &module, &error) != STATUS_OK)
        fail(argv[1], error.message != NULL ? error.message : "it cannot be loaded");
    usize size = module_image_size(module);
    void *image = malloc(size);
    if (image == NULL || !module_image_write(module, image, size))
        fail(argv[1], "there is no code to keep");
    write_file(argv[2], image, size);
    return 0;
}
