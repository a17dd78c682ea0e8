/* Programs that are stopped before each of their instructions end as they would undisturbed.
 *
 * usage: step-engine [SEED [COUNT]]      COUNT random programs; each has the next SEED */
#include "tests/fuzz/engine/program.h"
#include "tests/step/programs.h"
#include "tests/step/step.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    COUNT_DEFAULT = 300,
    INPUT_MAX = 1500,
    RECORD_EACH = 29,
    STOPS_EACH = 1500,
};

static u64 current;

static void on_end(int number)
{
    fprintf(stderr, "it was: step-engine %lu 1\n", current);
    signal(number, SIG_DFL);
    raise(number);
}

/* ---- Random programs ---- */

static enum status plain_create(struct place *place, struct engine **engine)
{
    return engine_create(&place->engine, engine);
}

static enum status stepped_create(struct place *place, struct engine **engine)
{
    step_take(place);
    return engine_create(&place->engine, engine);
}

/* So that nearly each instruction has something on the stack. */
static enum status pressed_create(struct place *place, struct engine **engine)
{
    place->engine.compile_flags = COMPILE_AT_LOAD | COMPILE_FEW_REGISTERS;
    return stepped_create(place, engine);
}

static bool random_is_same(u64 seed)
{
    static const struct fuzz_tier plain = { "undisturbed", plain_create, NULL };
    static const struct fuzz_tier stepped[] = {
        { "stepped", stepped_create, step_hook },
        { "stepped, few registers", pressed_create, step_hook },
    };
    static struct fuzz_program program;
    static struct fuzz_buffer bytes[FUZZ_MODULES_MAX];
    static struct fuzz_outcome outcomes[2];
    static u8 input[INPUT_MAX];
    current = seed;
    fuzz_generate(&program, input, fuzz_random_bytes(seed, input, sizeof(input)));
    for (u32 i = 0; i < program.module_count; i++)
        fuzz_encode(&program.modules[i], &bytes[i]);
    memset(outcomes, 0, sizeof(outcomes));
    fuzz_run(&plain, &program, bytes, &outcomes[0]);
    fuzz_run(&stepped[seed % BASE_ARRAY_COUNT(stepped)], &program, bytes, &outcomes[1]);
    if (fuzz_outcome_same(&program, &outcomes[0], &outcomes[1]))
        return true;
    printf("# it was: step-engine %lu 1\n", seed);
    return false;
}

static void test_random(u64 seed, u64 count)
{
    bool is_same = true;
    step = (struct step){ .stops_each = STOPS_EACH, .record_each = RECORD_EACH };
    for (u64 i = 0; i < count; i++)
        is_same &= random_is_same(seed + i);
    printf("# %lu stops, %lu of them stopped again; %lu calls of C; %lu backtraces\n", step.stops,
           step.restarts, step.requests, step.records);
    TAP_OK(is_same && step.stops > 1000 * count, "random programs end as undisturbed ones");
    TAP_OK(step.wrong == 0 && step.records != 0, "backtraces in them have the calls that were seen");
}

static const char *folder_of_guests(void)
{
    static char path[4096];
    const char *build = getenv("BUILD");
    snprintf(path, sizeof(path), "%s/tests/step", build == NULL ? "build" : build);
    return path;
}

int main(int argument_count, char **arguments)
{
    signal(SIGABRT, on_end);
    signal(SIGSEGV, on_end);
    u64 seed = argument_count < 2 ? 1 : strtoull(arguments[1], NULL, 10);
    u64 count = argument_count < 3 ? COUNT_DEFAULT : strtoull(arguments[2], NULL, 10);
    if (argument_count < 2)
        test_programs(folder_of_guests());
    test_random(seed, count);
    return tap_done();
}
