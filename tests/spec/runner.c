/* Runs the WebAssembly suite: every command of every script, each of which passes, fails, or needs
 * a feature that the engine refuses by name; those are counted apart and never pass.
 *
 * usage: runner [-v] [--interpreted | --at-load | --few-registers | --baseline] FOLDER [SCRIPT...]
 *
 * --interpreted: nothing is compiled; --at-load: all functions are, at once; --few-registers: so that
 * most values are in memory; --baseline: as for the oldest CPU.
 *
 * Ends with the line `N passed, N failed`; exits with 1 if anything failed. */
#include "engine/x86_64/features.h"
#include "tests/spec/spec.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct totals {
    u32 passed;
    u32 failed;
    u32 outside;
    u32 words_differ;
    u32 scripts;
    u32 unsupported[FEATURE_COUNT];
};

static bool verbose;

static void count_outcome(struct totals *totals, const struct outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_PASSED:
        totals->passed++;
        totals->words_differ += outcome->words_differ;
        break;
    case OUTCOME_FAILED:
        totals->failed++;
        break;
    case OUTCOME_UNSUPPORTED:
        totals->unsupported[outcome->feature]++;
        break;
    case OUTCOME_OUTSIDE:
        totals->outside++;
        break;
    }
}

static void tell(const char *name, const json_t *command, const struct outcome *outcome)
{
    long long line = json_integer_value(json_object_get(command, "line"));
    const char *type = json_string_value(json_object_get(command, "type"));
    const char *text = json_string_value(json_object_get(command, "text"));
    const char *field =
        json_string_value(json_object_get(json_object_get(command, "action"), "field"));
    if (outcome->kind == OUTCOME_FAILED)
        printf("FAILED %s:%lld: %s %s: %s\n", name, line, type, field == NULL ? "" : field,
               outcome->got);
    else if (outcome->words_differ)
        printf("words  %s:%lld: expected \"%s\", got \"%s\"\n", name, line, text, outcome->got);
}

static bool run_commands(const char *folder, const char *name, const json_t *script,
                         struct totals *totals)
{
    struct store store;
    if (!store_open(&store)) {
        printf("FAILED %s: the host module does not load\n", name);
        return false;
    }
    usize index;
    json_t *command;
    json_array_foreach(json_object_get(script, "commands"), index, command) {
        struct outcome outcome = command_run(&store, folder, command);
        count_outcome(totals, &outcome);
        tell(name, command, &outcome);
    }
    store_close(&store);
    return true;
}

static u32 unsupported_count(const struct totals *totals)
{
    u32 count = 0;
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        count += totals->unsupported[i];
    return count;
}

static void run_script(const char *suite, const char *name, struct totals *totals)
{
    char folder[4096];
    char path[4200];
    json_error_t error;
    snprintf(folder, sizeof(folder), "%s/%s", suite, name);
    snprintf(path, sizeof(path), "%s/%s.json", folder, name);
    json_t *script = json_load_file(path, JSON_ALLOW_NUL, &error);
    struct totals before = *totals;
    if (script == NULL) {
        printf("FAILED %s:%d: %s\n", path, error.line, error.text);
        totals->failed++;
    } else if (!run_commands(folder, name, script, totals)) {
        totals->failed++;
    }
    json_decref(script);
    totals->scripts++;
    if (verbose)
        printf("%-40s %6u passed, %u failed, %u not supported\n", name,
               totals->passed - before.passed, totals->failed - before.failed,
               unsupported_count(totals) - unsupported_count(&before));
    fflush(stdout);
}

static int is_script(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "README.md") != 0;
}

static bool run_all(const char *suite, struct totals *totals)
{
    struct dirent **names;
    int count = scandir(suite, &names, is_script, alphasort);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        run_script(suite, names[i]->d_name, totals);
        free(names[i]);
    }
    free(names);
    return true;
}

static void sum_up(const struct totals *totals)
{
    static const char *const why[FEATURE_COUNT] = {
#define UNSUPPORTED(id, text) [FEATURE_##id] = text,
#include "tests/spec/unsupported.def"
#undef UNSUPPORTED
    };
    printf("\nnot supported (never counted as passed):\n");
    for (u32 i = 0; i < FEATURE_COUNT; i++) {
        const char *name = feature_message((enum feature)i) + strlen("unsupported feature: ");
        BASE_ASSERT(why[i] != NULL);
        printf("%8u  %-20s %s\n", totals->unsupported[i], name, why[i]);
    }
    printf("%8u  in all\n", unsupported_count(totals));
    printf("%8u  not about this engine (text format, rules that 3.0 lifted)\n", totals->outside);
    printf("%8u  rejected as expected, in other words\n", totals->words_differ);
    printf("%8u  scripts\n\n", totals->scripts);
    printf("%u passed, %u failed\n", totals->passed, totals->failed);
}

static bool option_take(const char *option)
{
    if (strcmp(option, "-v") == 0)
        verbose = true;
    else if (strcmp(option, "--interpreted") == 0)
        store_interprets = true;
    else if (strcmp(option, "--at-load") == 0)
        store_compile_flags |= COMPILE_AT_LOAD;
    else if (strcmp(option, "--few-registers") == 0)
        store_compile_flags |= COMPILE_FEW_REGISTERS;
    else if (strcmp(option, "--baseline") == 0)
        *x86_64_features() = (struct x86_64_features){ 0 };
    else
        return false;
    return true;
}

int main(int count, char **arguments)
{
    struct totals totals = { 0 };
    int first = 1;
    while (first < count && option_take(arguments[first]))
        first++;
    if (first >= count) {
        fprintf(stderr, "usage: runner [-v] [--interpreted | --at-load | --few-registers | "
                        "--baseline] FOLDER [SCRIPT...]\n");
        return 2;
    }
    const char *suite = arguments[first];
    struct stat status;
    if (stat(suite, &status) != 0 || !S_ISDIR(status.st_mode)) {
        printf("1..0 # SKIP the WebAssembly suite is not at %s\n", suite);
        return 0;
    }
    for (int i = first + 1; i < count; i++)
        run_script(suite, arguments[i], &totals);
    if (first + 1 == count && !run_all(suite, &totals))
        return 2;
    sum_up(&totals);
    return totals.failed != 0 || totals.passed == 0;
}
