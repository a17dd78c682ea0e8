/* Ten thousand random mutations of real interfaces: each that touches the wire, or what a call
 * means by name, changes the hash; none that is cosmetic does.
 *
 * A file is cut into tokens and mutated as such; the parsed original tells at which tokens names of
 * items and parts stand. Every mutated file is then laid out at random: comments and blanks between
 * any two tokens. */
#include "tests/tap.h"
#include "tests/wit/support/parsed.h"
#include "tools/wit/lex.h"

#include <stdlib.h>
#include <string.h>

enum {
    TRIALS = 10000,
    TOKENS_MAX = 4096,
    SITES_MAX = 1024,
    TEXT_SIZE_MAX = 1 << 18,
};

struct word {
    char text[WIT_NAME_SIZE_MAX + 2];
};

/* A name that stands at a token. */
struct site {
    u32 token;
    bool is_alias;
    const struct wit_type *type;         /* the item whose name it is, */
    const struct wit_part *part;         /* or the part, */
    const struct wit_type *owner;        /* of this type, */
    const struct wit_function *function; /* or the function, or the function of the parameter */
};

/* An original, and its mutation in the making. */
struct subject {
    struct bytes text;
    struct parsed parsed;
    struct word original[TOKENS_MAX];
    u32 original_count;
    struct site sites[SITES_MAX];
    u32 site_count;
    struct word words[TOKENS_MAX];
    u32 count;
};

static u64 state = 20240607; /* of the random numbers: each run is the same */

static bool is(const struct subject *subject, u32 at, const char *text)
{
    return at < subject->count && strcmp(subject->words[at].text, text) == 0;
}

/* ---- Originals ----------------------------------------------------------------------------- */

/* The tokens, and where each stands, so that places of the parsed file lead to tokens. */
static void cut(struct subject *subject, struct wit_place places[TOKENS_MAX])
{
    struct lexer lexer;
    struct wit_error error;
    lexer_init(&lexer, subject->text, &error);
    for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END;
         token = lexer_next(&lexer)) {
        BASE_ASSERT(subject->original_count < TOKENS_MAX);
        places[subject->original_count] = token.place;
        snprintf(subject->original[subject->original_count++].text, sizeof(struct word), "%s%.*s",
                 token.escaped ? "%" : "", (int)token.text.size, (const char *)token.text.data);
    }
}

static void add_site(struct subject *subject, const struct wit_place *places,
                     struct wit_place place, struct site site)
{
    BASE_ASSERT(subject->site_count < SITES_MAX);
    while (site.token < subject->original_count &&
           (places[site.token].line != place.line || places[site.token].column != place.column))
        site.token++;
    BASE_ASSERT(site.token < subject->original_count);
    subject->sites[subject->site_count++] = site;
}

static void add_parts(struct subject *subject, const struct wit_place *places,
                      const struct wit_type *owner, const struct wit_function *function)
{
    if (owner->kind == WIT_ALIAS)
        return;
    for (const struct wit_part *part = owner->parts; part != NULL; part = part->next)
        add_site(subject, places, part->place,
                 (struct site){ .part = part, .owner = owner, .function = function });
}

static void subject_init(struct subject *subject, const char *path)
{
    static struct wit_place places[TOKENS_MAX];
    subject->text = parsed_read(path);
    parsed_init(&subject->parsed, subject->text, 0);
    BASE_ASSERT(subject->parsed.status == STATUS_OK);
    cut(subject, places);
    const struct wit_interface *interface = subject->parsed.interface;
    add_site(subject, places, interface->place, (struct site){ 0 });
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        const struct wit_type *type = item->type;
        const struct wit_function *function = item->function;
        if (type != NULL) {
            struct site site = { .type = type, .is_alias = type->kind == WIT_ALIAS };
            add_site(subject, places, type->place, site);
            add_parts(subject, places, type, NULL);
        } else {
            add_site(subject, places, function->place, (struct site){ .function = function });
            add_parts(subject, places, function->parameters, function);
        }
    }
}

/* ---- Editing ------------------------------------------------------------------------------- */

static void insert(struct subject *subject, u32 at, const char *text)
{
    BASE_ASSERT(subject->count < TOKENS_MAX && at <= subject->count);
    memmove(&subject->words[at + 1], &subject->words[at],
            (subject->count - at) * sizeof(struct word));
    snprintf(subject->words[at].text, sizeof(struct word), "%s", text);
    subject->count++;
}

/* Several words, with blanks between them. */
static void insert_all(struct subject *subject, u32 at, const char *texts)
{
    char copy[256];
    snprintf(copy, sizeof(copy), "%s", texts);
    for (char *text = strtok(copy, " "); text != NULL; text = strtok(NULL, " "))
        insert(subject, at++, text);
}

static void remove_words(struct subject *subject, u32 at, u32 count)
{
    memmove(&subject->words[at], &subject->words[at + count],
            (subject->count - at - count) * sizeof(struct word));
    subject->count -= count;
}

static void replace(struct subject *subject, u32 at, const char *text)
{
    snprintf(subject->words[at].text, sizeof(struct word), "%s", text);
}

/* One past the last token of what begins at `at` and ends before `,` or a closing bracket. */
static u32 end_of_part(const struct subject *subject, u32 at)
{
    for (u32 depth = 0; at < subject->count; at++) {
        bool opens = is(subject, at, "(") || is(subject, at, "<");
        bool closes = is(subject, at, ")") || is(subject, at, ">");
        if (depth == 0 && (closes || is(subject, at, "}") || is(subject, at, ",")))
            break;
        depth = depth + opens - closes;
    }
    return at;
}

static u32 end_of_function(const struct subject *subject, u32 at)
{
    while (!is(subject, at, ";"))
        at++;
    return at + 1;
}

/* Exchanges the words in [first, middle) with those in [middle, end). */
static void rotate(struct subject *subject, u32 first, u32 middle, u32 end)
{
    static struct word kept[TOKENS_MAX];
    u32 front = middle - first;
    memcpy(kept, &subject->words[first], front * sizeof(struct word));
    memmove(&subject->words[first], &subject->words[middle], (end - middle) * sizeof(struct word));
    memcpy(&subject->words[end - front], kept, front * sizeof(struct word));
}

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
            if (is(subject, at, words[i]) && !is(subject, at + 1, ":"))
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
        if (strcmp(text + (text[0] == '%'), old + escaped) == 0 && !is(subject, i + 1, ":"))
            replace(subject, i, "renamed-type");
    }
}

/* ---- Mutations that count: each gives false if it found nothing to do ------------------------ */

static bool rename_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    replace(subject, site->token, "renamed-part");
    return true;
}

static bool rename_function(struct subject *subject)
{
    replace(subject, pick_site(subject, is_named_function)->token, "renamed-function");
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
    replace(subject, subject->sites[0].token, "renamed-interface");
    return true;
}

static bool change_primitive(struct subject *subject)
{
    static const char *const others[] = { "s8", "s16", "s64", "f32", "f64", "char" };
    u32 at = pick_primitive(subject);
    if (at != 0)
        replace(subject, at, others[random_below(&state, BASE_ARRAY_COUNT(others))]);
    return at != 0;
}

static bool wrap_type(struct subject *subject)
{
    static const char *const wraps[] = { "list", "option", "tuple", "result" };
    u32 at = pick_primitive(subject);
    if (at == 0)
        return false;
    insert(subject, at + 1, ">");
    insert(subject, at, "<");
    insert(subject, at, wraps[random_below(&state, BASE_ARRAY_COUNT(wraps))]);
    return true;
}

static bool swap_parts(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    u32 first_end = end_of_part(subject, site->token);
    if (site->part->next == NULL)
        return false;
    u32 second = first_end + 1;
    u32 second_end = end_of_part(subject, second);
    rotate(subject, site->token, second, second_end);
    /* Now `second first ,`: the comma goes between them. */
    u32 middle = site->token + (second_end - second);
    remove_words(subject, second_end - 1, 1);
    insert(subject, middle, ",");
    return true;
}

static bool remove_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    u32 end = end_of_part(subject, site->token);
    u32 comma = is(subject, end, ",");
    remove_words(subject, site->token, end - site->token + comma);
    return true;
}

static bool add_part(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_part);
    insert_all(subject, site->token, site->owner->kind == WIT_RECORD ? "added : u8 ," : "added ,");
    return true;
}

static bool add_function(struct subject *subject)
{
    insert_all(subject, pick_site(subject, is_function)->token, "added : func ( ) ;");
    return true;
}

static bool remove_function(struct subject *subject)
{
    u32 at = pick_site(subject, is_function)->token;
    remove_words(subject, at, end_of_function(subject, at) - at);
    return true;
}

static bool swap_functions(struct subject *subject)
{
    u32 at = pick_site(subject, is_function)->token;
    u32 second = end_of_function(subject, at);
    for (u32 i = 0; i < subject->site_count; i++)
        if (subject->sites[i].token == second && is_function(&subject->sites[i])) {
            rotate(subject, at, second, end_of_function(subject, second));
            return true;
        }
    return false;
}

static bool change_result(struct subject *subject)
{
    u32 at = pick_site(subject, is_named_function)->token;
    u32 end = end_of_function(subject, at) - 1;
    while (at != end && !is(subject, at, "->"))
        at++;
    if (at == end)
        insert_all(subject, end, "-> f32");
    else
        remove_words(subject, at, end - at);
    return true;
}

static bool make_static(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_method);
    if (site != NULL)
        insert(subject, site->token + 2, "static");
    return site != NULL;
}

static bool change_kind(struct subject *subject)
{
    const struct site *site = pick_site(subject, is_type);
    if (site == NULL || (site->type->kind != WIT_ENUM && site->type->kind != WIT_FLAGS))
        return false;
    replace(subject, site->token - 1, site->type->kind == WIT_ENUM ? "variant" : "enum");
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
    u32 end = end_of_part(subject, site->token);
    if (part->next != NULL)
        return false;
    if (is(subject, end, ","))
        remove_words(subject, end, 1);
    else
        insert(subject, end, ",");
    return true;
}

static bool add_alias(struct subject *subject)
{
    char alias[sizeof(struct word) + 32];
    u32 at = pick_primitive(subject);
    if (at == 0)
        return false;
    snprintf(alias, sizeof(alias), "type added-alias = %s ;", subject->words[at].text);
    replace(subject, at, "added-alias");
    insert_all(subject, subject->sites[0].token + 2, alias);
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
    replace(subject, 1, "other");
    if (is(subject, 4, ";"))
        insert(subject, 4, "@9.8.7-rc.1");
    else
        remove_words(subject, 4, 1);
    return true;
}

/* `own<x>` is `x`. */
static bool unwrap_own(struct subject *subject)
{
    for (u32 tries = 0; tries < 1000; tries++) {
        u32 at = random_below(&state, subject->count);
        if (!is(subject, at, "own") || !is(subject, at + 1, "<"))
            continue;
        remove_words(subject, at + 3, 1);
        remove_words(subject, at, 2);
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
    if (is(subject, at, ";")) {
        replace(subject, at, "{");
        insert(subject, at + 1, "}");
    } else if (is(subject, at + 1, "}")) {
        replace(subject, at, ";");
        remove_words(subject, at + 1, 1);
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
    memcpy(subject->words, subject->original, subject->original_count * sizeof(struct word));
    subject->count = subject->original_count;
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
    for (u32 i = 0; i < BASE_ARRAY_COUNT(paths); i++) {
        parsed_deinit(&subjects[i].parsed);
        free((void *)subjects[i].text.data);
    }
    return tap_done();
}
