#include "tests/spec/spec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct outcome outcome_passed(void)
{
    return (struct outcome){ .kind = OUTCOME_PASSED };
}

struct outcome outcome_unsupported(enum feature feature)
{
    return (struct outcome){ .kind = OUTCOME_UNSUPPORTED, .feature = feature };
}

struct outcome outcome_failed(const char *format, ...)
{
    struct outcome outcome = { .kind = OUTCOME_FAILED };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome.got, sizeof(outcome.got), format, arguments);
    va_end(arguments);
    return outcome;
}

bool words_match(const char *expected, const char *got)
{
    return strncmp(expected, got, strlen(got)) == 0 ||
           strncmp(expected, got, strlen(expected)) == 0;
}

struct outcome outcome_words(const char *expected, const char *got)
{
    struct outcome outcome = { .kind = OUTCOME_PASSED };
    outcome.words_differ = !words_match(expected, got);
    snprintf(outcome.got, sizeof(outcome.got), "%s", got);
    return outcome;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool is_text(const json_t *object, const char *key, const char *text)
{
    const char *value = text_of(object, key);
    return value != NULL && strcmp(value, text) == 0;
}

static enum status load(struct store *store, struct entry *entry, const char *folder,
                        const json_t *command)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, text_of(command, "filename"));
    return store_load(store, entry, path);
}

/* The outcome of what should have worked. */
static struct outcome outcome_of(enum status status, const struct entry *entry)
{
    if (status == STATUS_OK)
        return outcome_passed();
    if (entry->feature != FEATURE_COUNT)
        return outcome_unsupported(entry->feature);
    return outcome_failed("%s (status %d, byte %zu, function %u)", entry->error.message, status,
                          entry->error.offset, entry->error.function);
}

static struct outcome instantiate(struct store *store, struct entry *entry)
{
    entry->feature = store_missing_feature(store, entry);
    if (entry->feature != FEATURE_COUNT)
        return outcome_unsupported(entry->feature);
    if (entry->module == NULL)
        return outcome_failed("its module is missing");
    return outcome_of(store_instantiate(store, entry), entry);
}

static struct outcome run_module(struct store *store, const char *folder, const json_t *command)
{
    struct entry *entry = store_add(store, text_of(command, "name"));
    store->current = entry;
    enum status status = load(store, entry, folder, command);
    return status == STATUS_OK ? instantiate(store, entry) : outcome_of(status, entry);
}

static struct outcome run_definition(struct store *store, const char *folder, const json_t *command)
{
    struct entry *entry = store_add(store, text_of(command, "name"));
    store->defined = entry;
    return outcome_of(load(store, entry, folder, command), entry);
}

/* Loads the definition's bytes anew: an entry owns its module. */
static struct outcome run_instance(struct store *store, const char *folder, const json_t *command)
{
    const char *of = text_of(command, "instance_of");
    const struct entry *definition = of == NULL ? store->defined : store_find(store, of);
    if (definition == NULL)
        return outcome_failed("no such definition");
    (void)folder;
    struct entry *entry = store_add(store, text_of(command, "name"));
    store->current = entry;
    entry->feature = definition->feature;
    if (entry->feature != FEATURE_COUNT)
        return outcome_unsupported(entry->feature);
    struct bytes bytes = module_bytes(definition->module);
    enum status status = module_load(store->engine, bytes, &entry->module, &entry->error);
    return status == STATUS_OK ? instantiate(store, entry) : outcome_of(status, entry);
}

static struct entry *entry_of(struct store *store, const json_t *object, const char *key)
{
    const char *name = text_of(object, key);
    return name == NULL ? store->current : store_find(store, name);
}

static struct outcome run_register(struct store *store, const char *folder, const json_t *command)
{
    (void)folder;
    struct entry *entry = entry_of(store, command, "name");
    if (entry == NULL)
        return outcome_failed("no such module");
    store_register(store, text_of(command, "as"), entry);
    if (entry->feature != FEATURE_COUNT)
        return outcome_unsupported(entry->feature);
    return entry->instance == NULL ? outcome_failed("no instance") : outcome_passed();
}

/* An action's results, or the trap that ended it. */
struct result {
    struct outcome outcome; /* passed: the action could be done, whatever came of it */
    enum trap trap;
    u32 count;
    const value_type *types;
    u64 slots[64];
};

static void action_get(const struct entry *entry, struct bytes field, struct result *result)
{
    static const value_type any = 0;
    u32 index;
    if (!instance_find_export(entry->instance, field, EXTERN_GLOBAL, &index)) {
        result->outcome = outcome_failed("no such global");
        return;
    }
    result->slots[0] = *instance_global(entry->instance, index);
    result->count = 1;
    result->types = &any;
}

static void action_invoke(struct store *store, const struct entry *entry, const json_t *action,
                          struct result *result)
{
    u32 index;
    const json_t *arguments = json_object_get(action, "args");
    struct bytes field = { (const u8 *)text_of(action, "field"),
                           json_string_length(json_object_get(action, "field")) };
    if (!instance_find_export(entry->instance, field, EXTERN_FUNCTION, &index)) {
        result->outcome = outcome_failed("no such function");
        return;
    }
    const struct function_type *type = module_function_type(entry->module, index);
    usize count = json_array_size(arguments);
    bool fits = count == type->parameter_count && count <= BASE_ARRAY_COUNT(result->slots) &&
                type->result_count <= BASE_ARRAY_COUNT(result->slots);
    for (usize i = 0; fits && i < count; i++)
        fits = value_read(json_array_get(arguments, i), &result->slots[i]);
    if (!fits) {
        result->outcome = outcome_failed("arguments do not fit");
        return;
    }
    result->count = type->result_count;
    result->types = type->types + type->parameter_count;
    result->trap = execution_call(store->execution, instance_function(entry->instance, index),
                                  result->slots);
}

static struct result act(struct store *store, const json_t *command)
{
    struct result result = { .outcome = outcome_passed() };
    const json_t *action = json_object_get(command, "action");
    const struct entry *entry = entry_of(store, action, "module");
    if (entry == NULL || (entry->instance == NULL && entry->feature == FEATURE_COUNT)) {
        result.outcome = outcome_failed("no instance");
    } else if (entry->feature != FEATURE_COUNT) {
        result.outcome = outcome_unsupported(entry->feature);
    } else if (is_text(action, "type", "get")) {
        struct bytes field = { (const u8 *)text_of(action, "field"),
                               json_string_length(json_object_get(action, "field")) };
        action_get(entry, field, &result);
    } else {
        action_invoke(store, entry, action, &result);
    }
    return result;
}

static struct outcome run_action(struct store *store, const char *folder, const json_t *command)
{
    (void)folder;
    struct result result = act(store, command);
    if (result.outcome.kind == OUTCOME_PASSED && result.trap != TRAP_NONE)
        return outcome_failed("trap: %s", trap_text(result.trap));
    return result.outcome;
}

/* A global's type is not known here: the expected value's own type says how to compare. */
static value_type type_named(const json_t *value)
{
    const char *name = text_of(value, "type");
    if (strcmp(name, "i32") == 0)
        return TYPE_I32;
    if (strcmp(name, "i64") == 0)
        return TYPE_I64;
    if (strcmp(name, "f32") == 0)
        return TYPE_F32;
    if (strcmp(name, "f64") == 0)
        return TYPE_F64;
    return strcmp(name, "externref") == 0 ? TYPE_EXTERNREF : TYPE_FUNCREF;
}

static struct outcome run_assert_return(struct store *store, const char *folder,
                                        const json_t *command)
{
    const json_t *expected = json_object_get(command, "expected");
    struct outcome outcome = { 0 };
    (void)folder;
    struct result result = act(store, command);
    if (result.outcome.kind != OUTCOME_PASSED)
        return result.outcome;
    if (result.trap != TRAP_NONE)
        return outcome_failed("trap: %s", trap_text(result.trap));
    if (result.count != json_array_size(expected))
        return outcome_failed("%u results", result.count);
    for (u32 i = 0; i < result.count; i++) {
        const json_t *value = json_array_get(expected, i);
        value_type type = result.types[i] == 0 ? type_named(value) : result.types[i];
        if (!value_matches(value, type, result.slots[i]))
            return outcome_failed("result %u is %llu (0x%llx)", i,
                                  (unsigned long long)result.slots[i],
                                  (unsigned long long)result.slots[i]);
    }
    return outcome;
}

static struct outcome run_assert_trap(struct store *store, const char *folder,
                                      const json_t *command)
{
    (void)folder;
    struct result result = act(store, command);
    if (result.outcome.kind != OUTCOME_PASSED)
        return result.outcome;
    if (result.trap == TRAP_NONE)
        return outcome_failed("no trap");
    const char *got = trap_text(result.trap);
    return words_match(text_of(command, "text"), got) ? outcome_passed()
                                                      : outcome_failed("trap: %s", got);
}

static struct outcome run_assert_exception(struct store *store, const char *folder,
                                           const json_t *command)
{
    (void)folder;
    struct result result = act(store, command);
    return result.outcome.kind == OUTCOME_PASSED ? outcome_failed("no exception") : result.outcome;
}

static struct outcome run_assert_rejected(struct store *store, const char *folder,
                                          const json_t *command)
{
    const char *text = text_of(command, "text");
    struct entry *entry = store_add(store, NULL);
    enum status status = load(store, entry, folder, command);
    if (status == STATUS_UNSUPPORTED && entry->feature != FEATURE_COUNT)
        return outcome_unsupported(entry->feature);
    if (status == STATUS_OK)
        return outcome_failed("accepted, not rejected: %s", text);
    bool rejected = status == STATUS_INVALID ||
                    (status == STATUS_LIMIT && words_match(text, entry->error.message));
    return rejected ? outcome_words(text, entry->error.message) : outcome_of(status, entry);
}

/* The module named by the command, or the newest definition. */
static struct entry *subject(struct store *store, const char *folder, const json_t *command,
                             enum status *status)
{
    if (text_of(command, "filename") == NULL) {
        *status = store->defined == NULL || store->defined->module == NULL ? STATUS_NOT_FOUND
                                                                           : STATUS_OK;
        return store->defined;
    }
    struct entry *entry = store_add(store, NULL);
    *status = load(store, entry, folder, command);
    return entry;
}

static struct outcome run_assert_unlinkable(struct store *store, const char *folder,
                                            const json_t *command)
{
    enum status status;
    struct entry *entry = subject(store, folder, command, &status);
    enum feature feature = store_missing_feature(store, entry);
    if (feature != FEATURE_COUNT)
        return outcome_unsupported(feature);
    if (status != STATUS_OK)
        return outcome_of(status, entry);
    status = store_instantiate(store, entry);
    if (status != STATUS_NOT_FOUND && status != STATUS_INVALID)
        return outcome_failed("linked (status %d)", status);
    return outcome_words(text_of(command, "text"), entry->error.message);
}

static struct outcome run_assert_uninstantiable(struct store *store, const char *folder,
                                                const json_t *command)
{
    enum status status;
    const char *text = text_of(command, "text");
    struct entry *entry = subject(store, folder, command, &status);
    enum feature feature = store_missing_feature(store, entry);
    if (feature != FEATURE_COUNT)
        return outcome_unsupported(feature);
    if (status != STATUS_OK)
        return outcome_of(status, entry);
    status = store_instantiate(store, entry);
    if (status == STATUS_TRAP && words_match(text, entry->error.message))
        return outcome_passed();
    return outcome_failed("status %d: %s", status, entry->error.message);
}

/* What does not say anything about this engine. */
static bool is_outside(const json_t *command)
{
    bool is_source_text = is_text(command, "module_type", "text");
    bool lifted = is_text(command, "type", "assert_invalid") &&
                  (is_text(command, "text", "multiple memories") ||
                   is_text(command, "text", "multiple tables"));
    return is_source_text || lifted;
}

struct outcome command_run(struct store *store, const char *folder, const json_t *command)
{
    static const struct {
        const char *type;
        struct outcome (*run)(struct store *store, const char *folder, const json_t *command);
    } kinds[] = {
        { "module", run_module },
        { "module_definition", run_definition },
        { "module_instance", run_instance },
        { "register", run_register },
        { "action", run_action },
        { "assert_return", run_assert_return },
        { "assert_trap", run_assert_trap },
        { "assert_exhaustion", run_assert_trap },
        { "assert_exception", run_assert_exception },
        { "assert_invalid", run_assert_rejected },
        { "assert_malformed", run_assert_rejected },
        { "assert_unlinkable", run_assert_unlinkable },
        { "assert_uninstantiable", run_assert_uninstantiable },
    };
    if (is_outside(command))
        return (struct outcome){ .kind = OUTCOME_OUTSIDE };
    for (usize i = 0; i < BASE_ARRAY_COUNT(kinds); i++)
        if (is_text(command, "type", kinds[i].type))
            return kinds[i].run(store, folder, command);
    return outcome_failed("unknown command");
}
