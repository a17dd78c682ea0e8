/* What compiling all functions of a module takes, in words that bench/compile/run reads.
 *
 *   measure REPEATS FILE.wasm     a module
 *   measure REPEATS BYTES         a module of one function whose body has so many bytes */
#include "engine/compile/compile.h"
#include "engine/instance.h"
#include "tests/engine/support/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct place place;
static struct code_memory code; /* of the module at hand */
static bool (*plain_reserve)(void *context, usize size, struct code_memory *memory);

static bool reserve_and_note(void *context, usize size, struct code_memory *memory)
{
    bool done = plain_reserve(context, size, memory);
    if (done)
        code = *memory;
    return done;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- One compilation of all ---- */

/* The figures of the best of the repeats. */
struct figures {
    double seconds;
    double *each; /* by function */
    u32 interpreted;
    u64 machine_bytes;
    u64 peak_bytes; /* of working memory */
};

/* Up to the last byte that is not zero. */
static u64 machine_bytes(void)
{
    u64 size = code.size;
    while (size != 0 && code.run[size - 1] == 0)
        size--;
    return size;
}

/* What is known of the code, which is no working memory. */
static u64 output_bytes(const struct compiled *compiled)
{
    return compiled->piece_capacity * sizeof(*compiled->pieces) +
           compiled->inlined_capacity * sizeof(*compiled->inlined) +
           compiled->address_capacity * sizeof(*compiled->addresses);
}

/* Looks at the clock before and after each function: a call of the kernel, which counts. */
static void compile_each(const struct module *module, struct figures *figures)
{
    u64 taken = place.taken_bytes;
    double last = now_s();
    for (u32 i = module->imported_function_count; i < module->function_count; i++) {
        u64 output = output_bytes(module->compiled);
        place.taken_bytes_peak = place.taken_bytes;
        (void)compiled_entry(module, i);
        double now = now_s();
        figures->each[i] = now - last < figures->each[i] ? now - last : figures->each[i];
        last = now;
        u64 peak = place.taken_bytes_peak - taken - output;
        figures->peak_bytes = peak > figures->peak_bytes ? peak : figures->peak_bytes;
    }
}

static void compile_all(const struct module *module, struct figures *figures)
{
    u32 interpreted = 0;
    u64 empty = machine_bytes();
    double begin = now_s();
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        interpreted += compiled_entry(module, i) == NULL;
    double seconds = now_s() - begin;
    figures->seconds = seconds < figures->seconds ? seconds : figures->seconds;
    figures->interpreted = interpreted;
    figures->machine_bytes = machine_bytes() - empty;
}

static void measure_once(struct bytes bytes, struct figures *figures, bool is_each, bool is_last)
{
    struct engine *engine;
    BASE_ASSERT(engine_create(&place.engine, &engine) == STATUS_OK);
    struct module *module = load(engine, bytes);
    if (figures->each == NULL) {
        figures->each = malloc(module->function_count * sizeof(double));
        for (u32 i = 0; i < module->function_count; i++)
            figures->each[i] = 1e9;
    }
    if (is_each)
        compile_each(module, figures);
    else
        compile_all(module, figures);
    u32 largest = module->imported_function_count, slowest = largest;
    u64 code_bytes = 0;
    for (u32 i = largest; i < module->function_count; i++) {
        code_bytes += module->functions[i].body.size;
        if (module->functions[i].body.size > module->functions[largest].body.size)
            largest = i;
        if (figures->each[i] > figures->each[slowest])
            slowest = i;
    }
    if (is_last)
        printf("code=%lu seconds=%f machine=%lu interpreted=%u functions=%u peak=%lu largest=%zu "
               "largest_seconds=%f slowest=%zu slowest_seconds=%f\n",
               code_bytes, figures->seconds, figures->machine_bytes, figures->interpreted,
               module->function_count - module->imported_function_count, figures->peak_bytes,
               module->functions[largest].body.size, figures->each[largest],
               module->functions[slowest].body.size, figures->each[slowest]);
    module_destroy(module);
    engine_destroy(engine);
}

/* ---- Modules ---- */

/* Loads, stores, arithmetic and branches on two locals, again and again. */
static const u8 round[] = {
    0x20, 0, 0x28, 2, 4,          /* local 0 load */
    0x20, 1, 0x6A, 0x22, 1,       /* plus local 1, to it */
    0x41, 7, 0x71, 0x04, 0x40,    /* if it has one of these bits */
    0x20, 0, 0x20, 1, 0x36, 2, 8, /* store it, */
    0x20, 0, 0x41, 4, 0x6A, 0x21, 0, 0x0B, /* and on by a word */
};

static struct bytes one_function(struct build *build, usize size)
{
    usize rounds = size / sizeof(round) + 1;
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 2, TYPE_I32, TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 1, 0);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 1);
    build_section(build, SECTION_CODE);
    build_leb(build, 1);
    build_leb(build, rounds * sizeof(round) + 4);
    build_byte(build, 0);
    for (usize i = 0; i < rounds; i++)
        build_bytes(build, round, sizeof(round));
    BUILD(build, 0x20, 1, 0x0B);
    return build_end(build);
}

static struct bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    usize size = (usize)ftell(file);
    u8 *data = malloc(size);
    rewind(file);
    if (fread(data, 1, size, file) != size)
        exit(1);
    fclose(file);
    return (struct bytes){ data, size };
}

int main(int count, char **words)
{
    struct build build;
    struct figures figures = { .seconds = 1e9 };
    if (count != 3) {
        fprintf(stderr, "usage: measure REPEATS FILE.wasm | BYTES\n");
        return 2;
    }
    place_init(&place);
    plain_reserve = place.engine.code_reserve;
    place.engine.code_reserve = reserve_and_note;
    int repeats = atoi(words[1]);
    usize size = (usize)atol(words[2]);
    struct bytes bytes = size != 0 ? one_function(&build, size) : file_read(words[2]);
    for (int i = 0; i < repeats; i++) {
        measure_once(bytes, &figures, true, false);
        measure_once(bytes, &figures, false, i == repeats - 1);
    }
    return 0;
}
