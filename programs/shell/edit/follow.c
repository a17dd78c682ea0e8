#include "programs/shell/edit/follow.h"

#include <stdlib.h>
#include <string.h>

/* Each place that may be left out doubles the ways through a form; of a text that was made for it
 * there would be no end. Groups that are entered on one way take some of the stack each. */
enum { STEPS_MAX = 10000, GROUPS_MAX = 32 };

struct search {
    const char *end; /* of the form */
    const struct words *all;
    char *const *typed; /* of all what is no option, and not one's argument */
    size_t count;
    uint32_t steps_left, groups;
    struct following *following;
};

static const char small_letters[] = "abcdefghijklmnopqrstuvwxyz";
static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

/* ---- Words and places ---------------------------------------------------------------------------
 */

/* What is between blanks and brackets, without its dots. What may come again is no word that is
 * typed as it is, however it is written: [file...]. */
struct token {
    const char *begin, *end;
    bool repeats;
};

/* One of what is divided by bars: its size. */
static size_t part_size(const char *token, const char *end)
{
    const char *bar = memchr(token, '|', (size_t)(end - token));
    return (size_t)((bar == NULL ? end : bar) - token);
}

static bool is_in(char letter, const char *letters)
{
    return letter != '\0' && strchr(letters, letter) != NULL;
}

/* A word that is typed as it is. */
static bool is_literal(const char *part, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!is_in(part[i], small_letters) && (i == 0 || part[i] != '-'))
            return false;
    return size != 0;
}

/* The name of a place: capitals, behind a `%` perhaps. Its size; 0: there is none. */
static size_t place_size(const char **part, size_t size)
{
    size_t count = 0;
    if (size != 0 && **part == '%') {
        ++*part;
        size--;
    }
    while (count < size && is_in((*part)[count], capitals))
        count++;
    return count;
}

static void add_once(struct words *words, const char *bytes, size_t size)
{
    char *word = take_copy(bytes, size);
    size_t i = 0;
    while (i < words->count && strcmp(words->data[i], word) != 0)
        i++;
    if (i == words->count)
        words_add(words, word);
    else
        free(word);
}

static void add_token(struct following *following, const struct token *token)
{
    /* As in if|of=FILE. */
    bool assigns = memchr(token->begin, '=', (size_t)(token->end - token->begin)) != NULL;
    for (const char *part = token->begin; part < token->end;) {
        size_t size = part_size(part, token->end);
        const char *place = part;
        size_t named = place_size(&place, size);
        if (is_literal(part, size) && !assigns && !token->repeats)
            add_once(&following->words, part, size);
        else if (named != 0)
            add_once(&following->places, place, named);
        part += size + 1;
    }
}

/* Whether the word is one of the token's. */
static bool has_word(const struct token *token, const char *word)
{
    for (const char *part = token->begin; part < token->end;) {
        size_t size = part_size(part, token->end);
        if (strlen(word) == size && memcmp(word, part, size) == 0)
            return true;
        part += size + 1;
    }
    return false;
}

/* Whether the word can be where the token is. */
static bool fits(const struct token *token, const char *word)
{
    bool has_place = token->repeats;
    for (const char *part = token->begin; part < token->end;) {
        size_t size = part_size(part, token->end);
        has_place |= !is_literal(part, size);
        part += size + 1;
    }
    return has_place || has_word(token, word);
}

/* ---- Ways through a form ------------------------------------------------------------------------
 */

/* Up to a blank, or to a bracket that closes what began before it. */
static const char *token_end(const char *at, const char *end)
{
    int depth = 0;
    for (; at < end && !is_blank(*at); at++) {
        if (*at == ']' && depth == 0)
            break;
        depth += (*at == '[') - (*at == ']');
    }
    return at;
}

/* Behind the bracket that closes this one. */
static const char *group_end(const char *at, const char *end)
{
    int depth = 0;
    for (; at < end; at++) {
        depth += (*at == '[') - (*at == ']');
        if (depth == 0)
            return at + 1;
    }
    return end;
}

/* `*behind`: where the form goes on. */
static struct token token_at(const char *at, const char *end, const char **behind)
{
    struct token token = { at, token_end(at, end), false };
    *behind = token.end;
    bool has_dots = token.end - at >= 3 && memcmp(token.end - 3, "...", 3) == 0;
    token.repeats = has_dots || (end - token.end >= 4 && memcmp(token.end, " ...", 4) == 0);
    token.end -= has_dots ? 3 : 0;
    return token;
}

/* Whether one of these options, which the form has to have, was typed. */
static bool has_option(const struct search *search, const struct token *token)
{
    for (size_t i = 0; i < search->all->count; i++)
        if (has_word(token, search->all->data[i]))
            return true;
    return false;
}

/* Where the form goes on behind the token here, with `*typed` words taken; NULL: the way ends. */
static const char *take_token(struct search *search, const char *at, size_t *typed)
{
    const char *behind;
    struct token token = token_at(at, search->end, &behind);
    if (*at == '-')
        return has_option(search, &token) ? behind : NULL;
    if (*typed == search->count)
        add_token(search->following, &token);
    if (*typed == search->count || !fits(&token, search->typed[*typed]))
        return NULL;
    for (++*typed; token.repeats && *typed < search->count; ++*typed)
        if (!fits(&token, search->typed[*typed]))
            break;
    if (token.repeats && *typed == search->count)
        add_token(search->following, &token);
    return behind;
}

/* From there on in the form, with so many words typed before. */
static void search_from(struct search *search, const char *at, size_t typed)
{
    while (at != NULL && at < search->end && search->steps_left != 0) {
        search->steps_left--;
        if (is_blank(*at) || *at == ']' || *at == '.') {
            at++;
        } else if (*at == '[') {
            const char *behind = group_end(at, search->end);
            bool is_option = at + 1 < search->end && at[1] == '-'; /* which may be anywhere */
            if (!is_option && search->groups < GROUPS_MAX) {
                search->groups++;
                search_from(search, at + 1, typed);
                search->groups--;
            }
            at = behind;
        } else {
            at = take_token(search, at, &typed);
        }
    }
}

/* ---- Options ------------------------------------------------------------------------------------
 */

/* What is to follow an option in this form: "-n COUNT", "-v this|that"; false: nothing. */
static bool option_argument(const char *form, size_t size, const char *option,
                            struct token *argument)
{
    size_t option_size = strlen(option);
    for (size_t at = 0; at + option_size + 1 < size; at++) {
        bool begins = at == 0 || strchr(" [|", form[at - 1]) != NULL;
        if (!begins || memcmp(form + at, option, option_size) != 0)
            continue;
        const char *behind;
        *argument = token_at(form + at + option_size + 1, form + size, &behind);
        char first = *argument->begin;
        return form[at + option_size] == ' ' &&
               (is_in(first, capitals) || is_in(first, small_letters));
    }
    return false;
}

/* The argument is added to `following`, which may be NULL. */
static bool takes_argument(const struct usage *usage, const char *option,
                           struct following *following)
{
    const char *form;
    struct token argument;
    size_t at = 0, size;
    if (option[0] != '-')
        return false;
    while ((form = usage_form(usage, &at, &size)) != NULL) {
        if (!option_argument(form, size, option, &argument))
            continue;
        if (following != NULL)
            add_token(following, &argument);
        return true;
    }
    return false;
}

/* The words that are no options, and not theirs. The strings stay the caller's. */
static size_t without_options(const struct usage *usage, const struct words *typed, char **kept)
{
    size_t count = 0;
    for (size_t i = 1; i < typed->count; i++) {
        char *word = typed->data[i];
        if (word[0] != '-')
            kept[count++] = word;
        else if (takes_argument(usage, word, NULL))
            i++;
    }
    return count;
}

void follow_find(const struct usage *usage, const struct words *typed, struct following *following)
{
    const char *form;
    size_t at = 0, size;
    if (typed->count > 1 && takes_argument(usage, typed->data[typed->count - 1], following))
        return;
    char **kept = take((typed->count + 1) * sizeof(*kept));
    size_t count = without_options(usage, typed, kept);
    while ((form = usage_form(usage, &at, &size)) != NULL) {
        struct search search = { form + size, typed, kept, count, STEPS_MAX, 0, following };
        search_from(&search, token_end(form, form + size), 0);
    }
    free(kept);
}

void follow_options(const struct usage *usage, struct words *options)
{
    const char *text = usage->forms;
    size_t size = usage->forms_size + usage->text_size;
    for (size_t at = 0; at + 2 < size; at++) {
        size_t end = at + 2;
        bool begins = at == 0 || strchr(" [|,/\t\n", text[at - 1]) != NULL;
        if (!begins || memcmp(text + at, "--", 2) != 0 || !is_in(text[end], small_letters))
            continue;
        while (end < size && (is_in(text[end], small_letters) || text[end] == '-'))
            end++;
        add_once(options, text + at, end - at);
    }
}

void following_free(struct following *following)
{
    words_free(&following->words);
    words_free(&following->places);
}
