/* Many random programs through all tiers, for the tests: no libFuzzer, no sanitizers, TAP out.
 * Every second one is compiled as for the oldest CPU.
 *
 * usage: fuzz-engine [SEED [COUNT]]      COUNT modules at least; each input has the next SEED
 *        fuzz-engine FILE                one input, such as a fuzzer keeps */
#include "engine/x86_64/features.h"
#include "tests/fuzz/engine/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    COUNT_DEFAULT = 20000,
    INPUT_MAX = 6000,
};

static u64 current;
static struct x86_64_features features; /* of this CPU */

/* What went wrong has been told: this is how to see it again. */
static void on_end(int number)
{
    fprintf(stderr, "it was: fuzz-engine %lu 1\n", current);
    signal(number, SIG_DFL);
    raise(number);
}

static void input(u64 seed)
{
    static u8 bytes[INPUT_MAX];
    current = seed;
    *x86_64_features() = seed % 2 == 0 ? features : (struct x86_64_features){ 0 };
    fuzz_input(bytes, fuzz_random_bytes(seed, bytes, INPUT_MAX));
}

static int run_file(const char *path)
{
    static u8 bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    usize size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    fuzz_input(bytes, size);
    fuzz_statistics_print();
    return 0;
}

int main(int argument_count, char **arguments)
{
    char *end = NULL;
    u64 seed = argument_count < 2 ? 1 : strtoull(arguments[1], &end, 10);
    u64 count = argument_count < 3 ? COUNT_DEFAULT : strtoull(arguments[2], NULL, 10);
    const struct fuzz_statistics *all = &fuzz_statistics;
    if (end != NULL && *end != '\0')
        return run_file(arguments[1]);
    features = *x86_64_features();
    signal(SIGABRT, on_end);
    signal(SIGSEGV, on_end);
    for (u64 i = 0; all->modules < count; i++)
        input(seed + i);
    bool complete = count < COUNT_DEFAULT || fuzz_statistics_complete();
    fuzz_statistics_print();
    printf("ok 1 - %lu modules, %lu calls, %lu traps, the same on all tiers\n", all->modules,
           all->calls, all->calls - all->traps[TRAP_NONE]);
    printf("%sok 2 - every opcode of the engine's features is in some of them\n",
           complete ? "" : "not ");
    printf("1..2\n");
    return complete ? 0 : 1;
}
