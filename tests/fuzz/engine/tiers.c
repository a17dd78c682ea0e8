/* One input through all tiers. */
#include "tests/fuzz/engine/program.h"
#include "tests/support/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status interpreter_create(struct place *place, struct engine **engine)
{
    place->engine.code_reserve = NULL;
    return engine_create(&place->engine, engine);
}

static enum status compiled_create_engine(struct place *place, struct engine **engine)
{
    return engine_create(&place->engine, engine);
}

/* So that most values are in memory. */
static enum status pressed_create_engine(struct place *place, struct engine **engine)
{
    place->engine.compile_flags = COMPILE_AT_LOAD | COMPILE_FEW_REGISTERS;
    return engine_create(&place->engine, engine);
}

/* All are compared with the first. */
static const struct fuzz_tier tiers[] = {
    { "interpreter", interpreter_create, NULL },
    { "compiler", compiled_create_engine, NULL },
    { "compiler with few registers", pressed_create_engine, NULL },
    { "reference", NULL, NULL },
};

static void keep(const char *path, const u8 *bytes, usize size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return;
    fwrite(bytes, 1, size, file);
    fclose(file);
    fprintf(stderr, "kept: %s\n", path);
}

static void differ(const struct fuzz_program *program, const struct fuzz_buffer *bytes,
                   const struct fuzz_tier *tier)
{
    static const char *const paths[] = { "fuzz-engine-0.wasm", "fuzz-engine-1.wasm" };
    fprintf(stderr, "the tiers %s and %s differ\n", tiers[0].name, tier->name);
    for (u32 i = 0; i < program->module_count; i++)
        keep(paths[i], bytes[i].data, bytes[i].size);
}

static void run(const struct fuzz_tier *tier, struct fuzz_program *program,
                const struct fuzz_buffer *bytes, struct fuzz_outcome *outcome)
{
    memset(outcome, 0, sizeof(*outcome));
    if (tier->create == NULL)
        fuzz_reference_run(program, outcome);
    else
        fuzz_run(tier, program, bytes, outcome);
}

void fuzz_input(const u8 *data, usize size)
{
    static struct fuzz_program program;
    static struct fuzz_buffer bytes[FUZZ_MODULES_MAX];
    static struct fuzz_outcome outcomes[2];
    fuzz_generate(&program, data, size);
    for (u32 i = 0; i < program.module_count; i++)
        fuzz_encode(&program.modules[i], &bytes[i]);
    run(&tiers[0], &program, bytes, &outcomes[0]);
    for (u32 i = 1; i < BASE_ARRAY_COUNT(tiers); i++) {
        run(&tiers[i], &program, bytes, &outcomes[1]);
        if (fuzz_outcome_same(&program, &outcomes[0], &outcomes[1]))
            continue;
        differ(&program, bytes, &tiers[i]);
        keep("fuzz-engine.input", data, size);
        abort();
    }
    fuzz_statistics_add(&program, &outcomes[0]);
}
