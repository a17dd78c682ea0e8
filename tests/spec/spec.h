/* The runner of the WebAssembly suite: what its files share.
 *
 * runner.c finds the scripts and sums up; script.c runs the commands of one; store.c holds its
 * modules and instances; spectest.c is the host module; value.c reads and compares values. */
#ifndef TESTS_SPEC_SPEC_H
#define TESTS_SPEC_SPEC_H

#include "engine/engine.h"
#include "engine/feature.h"
#include "tests/support/place.h"

#include <jansson.h>

/* What became of a command. */
enum outcome_kind {
    OUTCOME_PASSED,
    OUTCOME_FAILED,
    OUTCOME_UNSUPPORTED, /* its module needs a feature that is not there */
    OUTCOME_OUTSIDE,     /* not about this engine: the text format, or rules that 3.0 lifted */
};

struct outcome {
    enum outcome_kind kind;
    enum feature feature; /* of OUTCOME_UNSUPPORTED */
    bool words_differ;    /* passed, but `got` is not what the suite calls it */
    char got[200];        /* what happened instead */
};

struct outcome outcome_passed(void);
struct outcome outcome_unsupported(enum feature feature);
__attribute__((format(printf, 1, 2))) struct outcome outcome_failed(const char *format, ...);
/* Passed; the words are compared: equal, or one the start of the other. */
struct outcome outcome_words(const char *expected, const char *got);
bool words_match(const char *expected, const char *got);

/* ---- store.c ---- */

/* A module of the script; `module` and `instance` may be missing: then `feature` or `error` says
 * why. */
struct entry {
    struct entry *older;
    const char *name; /* as the script calls it, or NULL */
    u8 *data;
    struct module *module;
    struct instance *instance;
    enum feature feature; /* FEATURE_COUNT: not for want of a feature */
    struct engine_error error;
};

struct registration {
    struct registration *older;
    const char *name;
    struct entry *entry;
};

struct store {
    struct place place;
    struct engine *engine;
    struct execution *execution;
    struct entry *entries; /* newest first */
    struct entry *current; /* newest with an instance, or that should have one */
    struct entry *defined; /* newest definition */
    struct registration *registrations;
    struct entry *spectest;
};

extern bool store_interprets;   /* nothing is compiled */
extern u32 store_compile_flags; /* else how */

bool store_open(struct store *store);
void store_close(struct store *store);
struct entry *store_add(struct store *store, const char *name);
/* The entry of that name; NULL: none. */
struct entry *store_find(const struct store *store, const char *name);
bool store_register(struct store *store, const char *name, struct entry *entry);
/* Loads a file into the entry; the entry keeps the error and the feature that is missing. */
enum status store_load(struct store *store, struct entry *entry, const char *path);
/* Resolves the imports, creates the instance and calls its start function. */
enum status store_instantiate(struct store *store, struct entry *entry);
/* The exporter of an import is of a feature that is not there; FEATURE_COUNT: none is. */
enum feature store_missing_feature(const struct store *store, const struct entry *entry);

/* ---- spectest.c ---- */

struct bytes spectest_module(void);
/* A function of spectest; false if it has none of that name. */
bool spectest_function(struct bytes name, struct import_value *value);

/* ---- value.c ---- */

/* An argument to its slot; false: not of a kind that slots can hold. */
bool value_read(const json_t *value, u64 *slot);
bool value_matches(const json_t *expected, value_type type, u64 slot);

/* ---- script.c ---- */

struct outcome command_run(struct store *store, const char *folder, const json_t *command);

#endif
