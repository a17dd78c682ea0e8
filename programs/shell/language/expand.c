#include "programs/shell/language/expand.h"

#include "programs/shell/language/arithmetic.h"
#include "programs/shell/language/lex.h"
#include "programs/shell/language/pieces.h"

#include <stdlib.h>
#include <string.h>

void expand_fail(struct expander *expander, const char *what, const char *message)
{
    if (expander->mistake.size != 0)
        return;
    text_add_string(&expander->mistake, what);
    text_add_string(&expander->mistake, ": ");
    text_add_string(&expander->mistake, message);
}

void expand_value(struct expander *expander, const char *value, enum mark mark)
{
    for (; *value != '\0'; value++)
        pieces_add(expander->out, *value, mark);
}

const char *expand_tilde(struct expander *expander, const char *at, const char *end)
{
    if (at == end || *at != '~' || (at + 1 != end && strchr("/:", at[1]) == NULL))
        return at;
    const char *home = expander->host->get(expander->context, "HOME");
    if (home == NULL)
        return at;
    expand_value(expander, home, MARK_QUOTED);
    return at + 1;
}

/* ---- Substitutions ------------------------------------------------------------------------------
 */

static const char *get_variable(void *context, const char *name)
{
    struct expander *expander = context;
    return expander->host->get(expander->context, name);
}

static void set_number(void *context, const char *name, int64_t value)
{
    struct expander *expander = context;
    struct text number = { 0 };
    text_add_number(&number, value);
    if (!expander->host->set(expander->context, name, text_string(&number)))
        expand_fail(expander, name, "cannot be changed: it is read-only");
    text_free(&number);
}

int64_t expand_number(struct expander *expander, const char *at, const char *end)
{
    struct pieces pieces = { 0 };
    struct pieces *out = expander->out;
    struct text expression = { 0 };
    expander->out = &pieces;
    text_add(&expression, at, (size_t)(end - at));
    if (strpbrk(text_string(&expression), "$`\"\\") != NULL) {
        text_clear(&expression);
        expand_range(expander, at, end, MARK_QUOTED);
        pieces_join(&pieces, &expression);
    }
    expander->out = out;
    struct arithmetic arithmetic = { get_variable, set_number, expander, NULL };
    int64_t value = 0;
    if (expander->mistake.size == 0)
        value = arithmetic_evaluate(&arithmetic, text_string(&expression));
    if (arithmetic.mistake != NULL)
        expand_fail(expander, text_string(&expression), arithmetic.mistake);
    text_free(&expression);
    pieces_free(&pieces);
    return value;
}

static void add_arithmetic(struct expander *expander, const char *at, const char *end, bool quoted)
{
    struct text number = { 0 };
    text_add_number(&number, expand_number(expander, at, end));
    expand_value(expander, text_string(&number), quoted ? MARK_QUOTED : MARK_EXPANDED);
    text_free(&number);
}

/* What the commands print, without the newlines at its end and without zero bytes. */
static void add_output(struct expander *expander, const char *commands, bool quoted)
{
    struct text output = { 0 };
    if (expander->mistake.size == 0)
        expander->host->substitute(expander->context, commands, &output);
    while (output.size > 0 && output.data[output.size - 1] == '\n')
        output.size--;
    for (size_t i = 0; i < output.size; i++)
        if (output.data[i] != '\0')
            pieces_add(expander->out, output.data[i], quoted ? MARK_QUOTED : MARK_EXPANDED);
    text_free(&output);
}

static void add_backquoted(struct expander *expander, const char *at, const char *end, bool quoted)
{
    struct text commands = { 0 };
    for (; at < end; at++) {
        bool escapes = *at == '\\' && at + 1 < end &&
                       (strchr("$`\\", at[1]) != NULL || (quoted && at[1] == '"'));
        at += escapes;
        text_add_char(&commands, *at);
    }
    add_output(expander, text_string(&commands), quoted);
    text_free(&commands);
}

/* `$(`, `$((`: where it ends. */
static const char *add_parenthesis(struct expander *expander, const char *at, const char *end,
                                   bool quoted)
{
    size_t size = at[2] == '(' ? lex_skip_arithmetic(at, 3) : 0;
    bool is_arithmetic = size != 0;
    if (!is_arithmetic)
        size = parse_skip_substitution(at, 0, 0);
    if (size == 0 || at + size > end) {
        expand_fail(expander, "$(", "it is not closed");
        return end;
    }
    if (is_arithmetic) {
        add_arithmetic(expander, at + 3, at + size - 2, quoted);
    } else {
        char *commands = take_copy(at + 2, size - 3);
        add_output(expander, commands, quoted);
        free(commands);
    }
    return at + size;
}

static const char *add_dollar(struct expander *expander, const char *at, const char *end,
                              bool quoted)
{
    if (at + 1 < end && at[1] == '\'' && !quoted) {
        size_t size = lex_skip_part(at, 0, 0);
        const char *past = size == 0 || at + size > end ? end : at + size;
        struct text text = { 0 };
        expand_escapes(at + 2, past - 1, &text);
        expand_value(expander, text_string(&text), MARK_QUOTED);
        if (text.size == 0)
            pieces_add(expander->out, ' ', MARK_NOTHING);
        text_free(&text);
        return past;
    }
    if (at + 1 < end && at[1] == '(')
        return add_parenthesis(expander, at, end, quoted);
    return expand_parameter(expander, at, end, quoted);
}

/* ---- Quotes -------------------------------------------------------------------------------------
 */

static const char *add_single(struct expander *expander, const char *at, const char *end)
{
    const char *begin = ++at;
    for (; at < end && *at != '\''; at++)
        pieces_add(expander->out, *at, MARK_QUOTED);
    if (at == begin)
        pieces_add(expander->out, ' ', MARK_NOTHING);
    return at < end ? at + 1 : end;
}

/* "$@" without parameters is no field, other empty quotes are one. */
static const char *add_double(struct expander *expander, const char *at, const char *end)
{
    size_t size = lex_skip_part(at, 0, 0);
    const char *past = size == 0 || at + size > end ? end : at + size;
    size_t before = expander->out->bytes.size;
    expand_range(expander, at + 1, past - (size != 0), MARK_QUOTED);
    bool is_all = past - at == 4 && strncmp(at, "\"$@\"", 4) == 0;
    is_all = is_all || (past - at == 6 && strncmp(at, "\"${@}\"", 6) == 0);
    if (expander->out->bytes.size == before && !is_all)
        pieces_add(expander->out, ' ', MARK_NOTHING);
    return past;
}

static const char *add_backslash(struct expander *expander, const char *at, const char *end,
                                 bool quoted)
{
    if (at + 1 == end) {
        pieces_add(expander->out, '\\', MARK_QUOTED);
        return end;
    }
    if (at[1] == '\n')
        return at + 2;
    if (quoted && strchr("$`\"\\}", at[1]) == NULL)
        pieces_add(expander->out, '\\', MARK_QUOTED);
    pieces_add(expander->out, at[1], MARK_QUOTED);
    return at + 2;
}

void expand_range(struct expander *expander, const char *at, const char *end, enum mark mark)
{
    bool quoted = mark == MARK_QUOTED;
    while (at < end && expander->mistake.size == 0) {
        if (*at == '\\') {
            at = add_backslash(expander, at, end, quoted);
        } else if (*at == '\'' && !quoted) {
            at = add_single(expander, at, end);
        } else if (*at == '"') {
            at = add_double(expander, at, end);
        } else if (*at == '$') {
            at = add_dollar(expander, at, end, quoted);
        } else if (*at == '`') {
            size_t size = lex_skip_part(at, 0, 0);
            const char *past = size == 0 || at + size > end ? end : at + size;
            add_backquoted(expander, at + 1, past - (size != 0), quoted);
            at = past;
        } else {
            pieces_add(expander->out, *at++, mark);
        }
    }
}

/* ---- Whole words --------------------------------------------------------------------------------
 */

static void expand_into(struct expander *expander, const char *word, struct pieces *pieces)
{
    const char *end = word + strlen(word);
    expander->out = pieces;
    word = expand_tilde(expander, word, end);
    expand_range(expander, word, end, MARK_LITERAL);
    expander->out = NULL;
}

/* Most words are. */
static bool means_itself(const char *word)
{
    return word[strcspn(word, "$`'\"\\~*?[")] == '\0';
}

/* $NAME whose value is one field as it is; false: it is something else. */
static bool add_plain_value(struct expander *expander, const char *word, struct words *fields)
{
    size_t size = word[0] == '$' ? name_size(word + 1) : 0;
    const char *value = size == 0 || word[1 + size] != '\0'
                            ? NULL
                            : expander->host->get(expander->context, word + 1);
    if (value == NULL || value[0] == '\0' || value[strcspn(value, "*?[\\")] != '\0')
        return false;
    char *copy = take_copy(value, strlen(value));
    const char *separators = expander->host->get(expander->context, "IFS");
    bool is_one = copy[strcspn(copy, separators == NULL ? " \t\n" : separators)] == '\0';
    if (is_one)
        words_add(fields, copy);
    else
        free(copy);
    return is_one;
}

void expand_word(struct expander *expander, const char *word, struct words *fields)
{
    if (add_plain_value(expander, word, fields))
        return;
    if (means_itself(word) || strcmp(word, "[") == 0) {
        words_add_copy(fields, word);
        return;
    }
    struct pieces pieces = { 0 };
    expand_into(expander, word, &pieces);
    if (expander->mistake.size == 0)
        pieces_split(expander, &pieces, fields);
    pieces_free(&pieces);
}

void expand_single(struct expander *expander, const char *word, struct text *result)
{
    struct pieces pieces = { 0 };
    expand_into(expander, word, &pieces);
    pieces_join(&pieces, result);
    pieces_free(&pieces);
}

void expand_pattern(struct expander *expander, const char *word, struct text *pattern)
{
    struct pieces pieces = { 0 };
    expand_into(expander, word, &pieces);
    pieces_pattern(&pieces, 0, pieces.bytes.size, pattern);
    pieces_free(&pieces);
}

void expand_assigned(struct expander *expander, const char *word, struct text *result)
{
    struct pieces pieces = { 0 };
    const char *end = word + strlen(word);
    expander->out = &pieces;
    while (word < end) {
        const char *colon = word;
        word = expand_tilde(expander, word, end);
        while (colon < end && *colon != ':') {
            size_t size = lex_skip_part(colon, 0, 0);
            colon += size == 0 ? strlen(colon) : size;
        }
        colon += colon < end;
        expand_range(expander, word, colon, MARK_LITERAL);
        word = colon;
    }
    expander->out = NULL;
    pieces_join(&pieces, result);
    pieces_free(&pieces);
}

/* Double quotes mean nothing there. */
void expand_here(struct expander *expander, const char *body, struct text *result)
{
    struct pieces pieces = { 0 };
    const char *end = body + strlen(body);
    expander->out = &pieces;
    while (body < end && expander->mistake.size == 0) {
        const char *quote = body;
        while (quote < end && *quote != '"') {
            size_t size = *quote == '\'' ? 1 : lex_skip_part(quote, 0, 0);
            quote += size == 0 ? 1 : size;
        }
        expand_range(expander, body, quote, MARK_QUOTED);
        if (quote < end)
            pieces_add(&pieces, '"', MARK_QUOTED);
        body = quote + (quote < end);
    }
    expander->out = NULL;
    pieces_join(&pieces, result);
    pieces_free(&pieces);
}
