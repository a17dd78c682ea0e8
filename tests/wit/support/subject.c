#include "tests/wit/support/subject.h"

#include "tools/wit/lex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool subject_is(const struct subject *subject, u32 at, const char *text)
{
    return at < subject->count && strcmp(subject->words[at].text, text) == 0;
}

/* ---- Originals ----------------------------------------------------------------------------- */

/* The tokens, and where each stands, so that places of the parsed file lead to tokens. */
static void cut(struct subject *subject, struct wit_place places[SUBJECT_TOKENS_MAX])
{
    struct lexer lexer;
    struct wit_error error;
    lexer_init(&lexer, subject->text, &error);
    for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END;
         token = lexer_next(&lexer)) {
        BASE_ASSERT(subject->original_count < SUBJECT_TOKENS_MAX);
        places[subject->original_count] = token.place;
        snprintf(subject->original[subject->original_count++].text, sizeof(struct word), "%s%.*s",
                 token.escaped ? "%" : "", (int)token.text.size, (const char *)token.text.data);
    }
}

static void add_site(struct subject *subject, const struct wit_place *places,
                     struct wit_place place, struct site site)
{
    BASE_ASSERT(subject->site_count < SUBJECT_SITES_MAX);
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

void subject_init(struct subject *subject, const char *path)
{
    static struct wit_place places[SUBJECT_TOKENS_MAX];
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

void subject_deinit(struct subject *subject)
{
    parsed_deinit(&subject->parsed);
    free((void *)subject->text.data);
}

/* ---- Editing ------------------------------------------------------------------------------- */

void subject_insert(struct subject *subject, u32 at, const char *text)
{
    BASE_ASSERT(subject->count < SUBJECT_TOKENS_MAX && at <= subject->count);
    memmove(&subject->words[at + 1], &subject->words[at],
            (subject->count - at) * sizeof(struct word));
    snprintf(subject->words[at].text, sizeof(struct word), "%s", text);
    subject->count++;
}

void subject_insert_all(struct subject *subject, u32 at, const char *texts)
{
    char copy[256];
    snprintf(copy, sizeof(copy), "%s", texts);
    for (char *text = strtok(copy, " "); text != NULL; text = strtok(NULL, " "))
        subject_insert(subject, at++, text);
}

void subject_remove(struct subject *subject, u32 at, u32 count)
{
    memmove(&subject->words[at], &subject->words[at + count],
            (subject->count - at - count) * sizeof(struct word));
    subject->count -= count;
}

void subject_replace(struct subject *subject, u32 at, const char *text)
{
    snprintf(subject->words[at].text, sizeof(struct word), "%s", text);
}

u32 subject_end_of_part(const struct subject *subject, u32 at)
{
    for (u32 depth = 0; at < subject->count; at++) {
        bool opens = subject_is(subject, at, "(") || subject_is(subject, at, "<");
        bool closes = subject_is(subject, at, ")") || subject_is(subject, at, ">");
        if (depth == 0 && (closes || subject_is(subject, at, "}") || subject_is(subject, at, ",")))
            break;
        depth = depth + opens - closes;
    }
    return at;
}

u32 subject_end_of_function(const struct subject *subject, u32 at)
{
    while (!subject_is(subject, at, ";"))
        at++;
    return at + 1;
}

void subject_rotate(struct subject *subject, u32 first, u32 middle, u32 end)
{
    static struct word kept[SUBJECT_TOKENS_MAX];
    u32 front = middle - first;
    memcpy(kept, &subject->words[first], front * sizeof(struct word));
    memmove(&subject->words[first], &subject->words[middle], (end - middle) * sizeof(struct word));
    memcpy(&subject->words[end - front], kept, front * sizeof(struct word));
}

void subject_reset(struct subject *subject)
{
    memcpy(subject->words, subject->original, subject->original_count * sizeof(struct word));
    subject->count = subject->original_count;
}
