/* Ten thousand random mutations of real interfaces: each that touches the wire, or what a call
 * means by name, changes the hash; none that is cosmetic does.
 *
 * A file is cut into tokens and mutated as such; then it is laid out at random, with comments and
 * blanks between any two tokens. */
#include "tests/tap.h"
#include "tests/wit/support/subject.h"

#include <string.h>

enum {
    TRIALS = 10000,
    TEXT_SIZE_MAX = 1 << 18,
};

static u64 state = 20240607; /* of the random numbers: each run is the same */

/* A random site of those that `wanted` says; NULL: none of a few tried. */
static const struct site *pick_site(const struct subject *subject,
                                    bool (*wanted)(const struct site *site))
{
    for (u32 tries = 0; tries < 100; tries++) {
        const struct site *site = &subject->sites[random_below(&state, subject->site_count)];
        if (wanted(site))
            return site;
    }
    return NULL;
}

static bool is_part(const struct site *site)
{
    return site->part != NULL;
}

static bool is_function(const struct site *site)
{
    return site->function != NULL && site->part == NULL;
}

static bool is_named_function(const struct site *site)
{
    return is_function(site) && site->function->form != WIT_CONSTRUCTOR;
}

static bool is_method(const struct site *site)
{
    return is_function(site) && site->function->form == WIT_METHOD;
}

static bool is_type(const struct site *site)
{
    return site->type != NULL && !site->is_alias;
}

static bool is_resource(const struct site *site)
{
    return is_type(site) && site->type->kind == WIT_RESOURCE;
}

static bool is_alias(const struct site *site)
{
    return site->is_alias;
}

static bool is_name(const struct site *site)
{
    return site->function == NULL || site->part != NULL || site->function->form != WIT_CONSTRUCTOR;
}

/* A random token that names a primitive type; 0: none found. */
static u32 pick_primitive(const struct subject *subject)
{
    static const char *const words[] = { "bool", "u8", "u16", "u32", "u64", "s32", "string" };
    for (u32 tries = 0; tries < 1000; tries++) {
        u32 at = random_below(&state, subject->count);
        for (u32 i = 0; i < BASE_ARRAY_COUNT(words); i++)
            if (subject_is(subject, at, words[i]) && !subject_is(subject, at + 1, ":"))
                return at;
    }
    return 0;
}

static void rename_everywhere(struct subject *subject, u32 at)
{
    char old[sizeof(struct word)];
    strcpy(old, subject->words[at].text);
    bool escaped = old[0] == '%';
    for (u32 i = 0; i < subject->count; i++) {
        const char *text = subject->words[i].text;
        if (strcmp(text + (text[0] == '%'), old + escaped) == 0 && !subject_is(subject, i + 1, ":"))
            subject_replace(subject, i, "renamed-type");
    }
}

/* ---- Mutations that count: each gives false if it found nothing to do ------------------------ */

static bool rename_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    subject_replace(subject, site->token, "renamed-part");
    return true;
}

static bool rename_function(struct subject *subject)
{
    subject_replace(subject, pick_site(subject, is_named_function)->token, "renamed-function");
    return true;
}

static bool rename_type(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_type);
    if (site != NULL)
        rename_everywhere(subject, site->token);
    return site != NULL;
}

static bool rename_interface(struct subject *subject)
{
    subject_replace(subject, subject->sites[0].token, "renamed-interface");
    return true;
}

static bool change_primitive(struct subject *subject)
{
    static const char *const others[] = { "s8", "s16", "s64", "f32", "f64", "char" };
    u32 at = pick_primitive(subject);
    if (at != 0)
        subject_replace(subject, at, others[random_below(&state, BASE_ARRAY_COUNT(others))]);
    return at != 0;
}

static bool wrap_type(struct subject *subject)
{
    static const char *const wraps[] = { "list", "option", "tuple", "result" };
    u32 at = pick_primitive(subject);
    if (at == 0)
        return false;
    subject_insert(subject, at + 1, ">");
    subject_insert(subject, at, "<");
    subject_insert(subject, at, wraps[random_below(&state, BASE_ARRAY_COUNT(wraps))]);
    return true;
}

static bool swap_parts(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    u32 first_end = subject_end_of_part(subject, site->token);
    if (site->part->next == NULL)
        return false;
    u32 second = first_end + 1;
    u32 second_end = subject_end_of_part(subject, second);
    subject_rotate(subject, site->token, second, second_end);
    /* Now `second first ,`: the comma goes between them. */
    u32 middle = site->token + (second_end - second);
    subject_remove(subject, second_end - 1, 1);
    subject_insert(subject, middle, ",");
    return true;
}

static bool remove_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    u32 end = subject_end_of_part(subject, site->token);
    u32 comma = subject_is(subject, end, ",");
    subject_remove(subject, site->token, end - site->token + comma);
    return true;
}

static bool add_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    subject_insert_all(subject, site->token,
                       site->owner->kind == WIT_RECORD ? "added : u8 ," : "added ,");
    return true;
}

static bool add_function(struct subject *subject)
{
    subject_insert_all(subject, pick_site(subject, is_function)->token, "added : func ( ) ;");
    return true;
}

static bool remove_function(struct subject *subject)
{
    u32 at = pick_site(subject, is_function)->token;
    subject_remove(subject, at, subject_end_of_function(subject, at) - at);
    return true;
}

static bool swap_functions(struct subject *subject)
{
    u32 at = pick_site(subject, is_function)->token;
    u32 second = subject_end_of_function(subject, at);
    for (u32 i = 0; i < subject->site_count; i++)
        if (subject->sites[i].token == second && is_function(&subject->sites[i])) {
            subject_rotate(subject, at, second, subject_end_of_function(subject, second));
            return true;
        }
    return false;
}

static bool change_result(struct subject *subject)
{
    u32 at = pick_site(subject, is_named_function)->token;
    u32 end = subject_end_of_function(subject, at) - 1;
    while (at != end && !subject_is(subject, at, "->"))
        at++;
    if (at == end)
        subject_insert_all(subject, end, "-> f32");
    else
        subject_remove(subject, at, end - at);
    return true;
}

static bool make_static(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_method);
    if (site != NULL)
        subject_insert(subject, site->token + 2, "static");
    return site != NULL;
}

static bool change_kind(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_type);
    if (site == NULL || (site->type->kind != WIT_ENUM && site->type->kind != WIT_FLAGS))
        return false;
    subject_replace(subject, site->token - 1, site->type->kind == WIT_ENUM ? "variant" : "enum");
    return true;
}

/* ---- Mutations that do not ------------------------------------------------------------------- */

static bool escape_name(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_name);
    struct word *word = &subject->words[site->token];
    if (word->text[0] != '%') {
        struct word escaped;
        snprintf(escaped.text, sizeof(escaped.text), "%%%.64s", word->text);
        *word = escaped;
    }
    return true;
}

static bool toggle_last_comma(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    const struct wit_part *part = site->part;
    u32 end = subject_end_of_part(subject, site->token);
    if (part->next != NULL)
        return false;
    if (subject_is(subject, end, ","))
        subject_remove(subject, end, 1);
    else
        subject_insert(subject, end, ",");
    return true;
}

static bool add_alias(struct subject *subject)
{
    char alias[sizeof(struct word) + 32];
    u32 at = pick_primitive(subject);
    if (at == 0)
        return false;
    snprintf(alias, sizeof(alias), "type added-alias = %s ;", subject->words[at].text);
    subject_replace(subject, at, "added-alias");
    subject_insert_all(subject, subject->sites[0].token + 2, alias);
    return true;
}

static bool rename_alias(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_alias);
    if (site != NULL)
        rename_everywhere(subject, site->token);
    return site != NULL;
}

static bool change_package(struct subject *subject)
{
    subject_replace(subject, 1, "other");
    if (subject_is(subject, 4, ";"))
        subject_insert(subject, 4, "@9.8.7-rc.1");
    else
        subject_remove(subject, 4, 1);
    return true;
}

/* `own<x>` is `x`. */
static bool unwrap_own(struct subject *subject)
{
    for (u32 tries = 0; tries < 1000; tries++) {
        u32 at = random_below(&state, subject->count);
        if (!subject_is(subject, at, "own") || !subject_is(subject, at + 1, "<"))
            continue;
        subject_remove(subject, at + 3, 1);
        subject_remove(subject, at, 2);
        return true;
    }
    return false;
}

static bool end_resource(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_resource);
    if (site == NULL)
        return false;
    u32 at = site->token + 1;
    if (subject_is(subject, at, ";")) {
        subject_replace(subject, at, "{");
        subject_insert(subject, at + 1, "}");
    } else if (subject_is(subject, at + 1, "}")) {
        subject_replace(subject, at, ";");
        subject_remove(subject, at + 1, 1);
    } else {
        return false;
    }
    return true;
}

/* ---- Trials ------------------------------------------------------------------------------------
 */

struct mutation {
    const char *name;
    bool (*apply)(struct subject *subject);
    u32 applied;
};

static struct mutation counting[] = {
    { "a part's name", rename_part, 0 },
    { "a function's name", rename_function, 0 },
    { "a type's name", rename_type, 0 },
    { "the interface's name", rename_interface, 0 },
    { "a primitive type", change_primitive, 0 },
    { "a type around a type", wrap_type, 0 },
    { "the order of parts", swap_parts, 0 },
    { "a part less", remove_part, 0 },
    { "a part more", add_part, 0 },
    { "a function more", add_function, 0 },
    { "a function less", remove_function, 0 },
    { "the order of functions", swap_functions, 0 },
    { "a result", change_result, 0 },
    { "static", make_static, 0 },
    { "the kind of a type", change_kind, 0 },
};

static struct mutation cosmetic[] = {
    { "a name escaped", escape_name, 0 },     { "a comma at the end", toggle_last_comma, 0 },
    { "an alias more", add_alias, 0 },        { "an alias's name", rename_alias, 0 },
    { "the package", change_package, 0 },     { "own written plainly", unwrap_own, 0 },
    { "an empty resource", end_resource, 0 },
};

/* Blanks and comments that may stand between two tokens. */
static const char *const gaps[] = {
    " ",
    "\n",
    "\t",
    "\r\n",
    "  \n\n\t ",
    " // a comment; with } signs {\n",
    "/* a /* nested */ one */",
    "\n    /// documentation: of what follows\n",
    "\n///\n//// not more\n",
    "/**/",
    "\n// \xC3\xA9\n",
};

static struct bytes lay_out(const struct subject *subject)
{
    static char text[TEXT_SIZE_MAX];
    usize size = 0;
    for (u32 i = 0; i < subject->count; i++) {
        const char *gap =
            random_below(&state, 4) != 0 ? " " : gaps[random_below(&state, BASE_ARRAY_COUNT(gaps))];
        size +=
            (usize)snprintf(text + size, sizeof(text) - size, "%s%s", gap, subject->words[i].text);
        BASE_ASSERT(size < sizeof(text));
    }
    return (struct bytes){ (const u8 *)text, size };
}

/* One mutation of one subject; false if it could not be applied or is no longer an interface. */
static bool try_once(struct subject *subject, struct mutation *mutation, bool counts, bool *right)
{
    struct parsed parsed;
    subject_reset(subject);
    if (!mutation->apply(subject))
        return false;
    struct bytes text = lay_out(subject);
    parsed_init(&parsed, text, 0);
    bool valid = parsed.status == STATUS_OK;
    if (valid)
        *right = counts != hash_equal(&parsed.interface->hash, &subject->parsed.interface->hash);
    if (!valid && !counts) {
        printf("# %s: %u:%u: %s\n", mutation->name, parsed.error.place.line,
               parsed.error.place.column, parsed.error.text);
        *right = false;
    }
    if ((valid || !counts) && !*right)
        printf("# %s:\n%.*s\n", mutation->name, (int)text.size, (const char *)text.data);
    parsed_deinit(&parsed);
    mutation->applied += valid;
    return valid || !counts;
}

static u32 run_trials(struct subject *subjects, u32 subject_count, struct mutation *mutations,
                      u32 mutation_count, bool counts)
{
    u32 wrong = 0;
    for (u32 done = 0; done < TRIALS / 2 && wrong < 3;) {
        bool right = false;
        if (!try_once(&subjects[random_below(&state, subject_count)],
                      &mutations[random_below(&state, mutation_count)], counts, &right))
            continue;
        done++;
        wrong += !right;
    }
    return wrong;
}

static void report(const struct mutation *mutations, u32 count)
{
    char name[100];
    for (u32 i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "%s was mutated, %u times", mutations[i].name,
                 mutations[i].applied);
        TAP_OK(mutations[i].applied >= 30, name);
    }
}

int main(void)
{
    static const char *const paths[] = {
        "abi/interface/files.wit", "abi/interface/log.wit", "abi/interface/system.wit",
        "abi/interface/tcp.wit",   "tests/wit/shapes.wit",
    };
    static struct subject subjects[BASE_ARRAY_COUNT(paths)];
    for (u32 i = 0; i < BASE_ARRAY_COUNT(paths); i++)
        subject_init(&subjects[i], paths[i]);
    TAP_OK(run_trials(subjects, BASE_ARRAY_COUNT(paths), counting, BASE_ARRAY_COUNT(counting),
                      true) == 0,
           "5000 mutations of what counts: each changes the hash");
    TAP_OK(run_trials(subjects, BASE_ARRAY_COUNT(paths), cosmetic, BASE_ARRAY_COUNT(cosmetic),
                      false) == 0,
           "5000 cosmetic mutations: none changes the hash");
    report(counting, BASE_ARRAY_COUNT(counting));
    report(cosmetic, BASE_ARRAY_COUNT(cosmetic));
    for (u32 i = 0; i < BASE_ARRAY_COUNT(paths); i++)
        subject_deinit(&subjects[i]);
    return tap_done();
}
