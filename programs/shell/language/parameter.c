/* Parameters: `$x`, `${x}` and what may be asked of one in braces (POSIX.1-2017, XCU 2.6.2). */
#include "programs/shell/language/parameter.h"
#include "programs/shell/language/lex.h"
#include "programs/shell/language/pattern.h"

#include <stdlib.h>
#include <string.h>

static bool is_special(char sign)
{
    return sign != '\0' && strchr("@*#?-$!", sign) != NULL;
}

static size_t count_of(const struct expander *expander)
{
    return expander->host->parameter_count(expander->context);
}

/* ---- All positional parameters ------------------------------------------------------------------
 */

/* What is between them in "$*": the first character of IFS, if there is one. */
static void add_separator(struct expander *expander)
{
    const char *separators = expander->host->get(expander->context, "IFS");
    if (separators == NULL)
        pieces_add(expander->out, ' ', MARK_QUOTED);
    else if (separators[0] != '\0')
        pieces_add(expander->out, separators[0], MARK_QUOTED);
}

static void add_all(struct expander *expander, bool as_one, bool quoted)
{
    size_t count = count_of(expander);
    for (size_t i = 0; i < count; i++) {
        if (i != 0 && as_one && quoted)
            add_separator(expander);
        else if (i != 0)
            pieces_add(expander->out, ' ', MARK_BREAK);
        const char *value = expander->host->parameter(expander->context, i);
        expand_value(expander, value, quoted ? MARK_QUOTED : MARK_EXPANDED);
        if (quoted && !as_one && *value == '\0')
            pieces_add(expander->out, ' ', MARK_NOTHING);
    }
}

/* ---- One value ----------------------------------------------------------------------------------
 */

static bool is_all(const struct parameter *parameter)
{
    return strcmp(parameter->name, "@") == 0 || strcmp(parameter->name, "*") == 0;
}

/* The value, the caller's to free; NULL: it is not set. */
static char *value_of(struct expander *expander, const struct parameter *parameter)
{
    struct text joined = { 0 };
    if (!is_all(parameter)) {
        const char *value = expander->host->get(expander->context, parameter->name);
        return value == NULL ? NULL : take_copy(value, strlen(value));
    }
    for (size_t i = 0; i < count_of(expander); i++) {
        if (i != 0)
            text_add_char(&joined, ' ');
        text_add_string(&joined, expander->host->parameter(expander->context, i));
    }
    return count_of(expander) == 0 ? NULL : text_release(&joined);
}

static void add_value(struct expander *expander, const struct parameter *parameter,
                      const char *value)
{
    if (is_all(parameter))
        add_all(expander, parameter->name[0] == '*', parameter->quoted);
    else
        expand_value(expander, value, parameter->quoted ? MARK_QUOTED : MARK_EXPANDED);
}

static void add_word(struct expander *expander, const struct parameter *parameter)
{
    const char *word = parameter->word;
    if (!parameter->quoted)
        word = expand_tilde(expander, word, parameter->word_end);
    expand_range(expander, word, parameter->word_end,
                 parameter->quoted ? MARK_QUOTED : MARK_EXPANDED);
}

void parameter_text(struct expander *expander, const char *word, const char *end, bool as_pattern,
                    struct text *text)
{
    struct pieces pieces = { 0 };
    struct pieces *out = expander->out;
    expander->out = &pieces;
    word = expand_tilde(expander, word, end);
    expand_range(expander, word, end, MARK_LITERAL);
    expander->out = out;
    if (as_pattern)
        pieces_pattern(&pieces, 0, pieces.bytes.size, text);
    else
        pieces_join(&pieces, text);
    pieces_free(&pieces);
}

static void assign_word(struct expander *expander, const struct parameter *parameter)
{
    struct text value = { 0 };
    if (name_size(parameter->name) != strlen(parameter->name) || parameter->name[0] == '\0') {
        expand_fail(expander, parameter->name, "cannot be assigned to");
        return;
    }
    parameter_text(expander, parameter->word, parameter->word_end, false, &value);
    if (expander->mistake.size == 0 &&
        !expander->host->set(expander->context, parameter->name, text_string(&value)))
        expand_fail(expander, parameter->name, "cannot be changed: it is read-only");
    add_value(expander, parameter, text_string(&value));
    text_free(&value);
}

static void complain(struct expander *expander, const struct parameter *parameter)
{
    struct text message = { 0 };
    parameter_text(expander, parameter->word, parameter->word_end, false, &message);
    if (message.size == 0)
        text_add_string(&message, parameter->minds_empty ? "is not set, or empty" : "is not set");
    expand_fail(expander, parameter->name, text_string(&message));
    text_free(&message);
}

static void remove_part(struct expander *expander, const struct parameter *parameter, char *value)
{
    struct text pattern = { 0 };
    parameter_text(expander, parameter->word, parameter->word_end, true, &pattern);
    if (parameter->sign == '#') {
        value += pattern_prefix(text_string(&pattern), value, parameter->is_double, 0);
    } else {
        size_t size = strlen(value);
        value[size - pattern_suffix(text_string(&pattern), value, parameter->is_double, 0)] = '\0';
    }
    expand_value(expander, value, parameter->quoted ? MARK_QUOTED : MARK_EXPANDED);
    text_free(&pattern);
}

static void add_size(struct expander *expander, const char *value, bool quoted)
{
    int64_t characters = 0;
    struct text number = { 0 };
    for (; *value != '\0'; value += utf8_size(value))
        characters++;
    text_add_number(&number, characters);
    expand_value(expander, text_string(&number), quoted ? MARK_QUOTED : MARK_EXPANDED);
    text_free(&number);
}

static void apply(struct expander *expander, const struct parameter *parameter)
{
    char *value = value_of(expander, parameter);
    bool there = value != NULL && !(parameter->minds_empty && value[0] == '\0');
    bool may_be_unset = is_all(parameter) || strchr("-=?+", parameter->sign) != NULL;
    if (value == NULL && expander->fails_unset && (parameter->sign == '\0' || !may_be_unset) &&
        !is_all(parameter))
        expand_fail(expander, parameter->name, "is not set");
    else if (parameter->wants_size)
        add_size(expander, value == NULL ? "" : value, parameter->quoted);
    else if (parameter->sign == '+' && there)
        add_word(expander, parameter);
    else if (parameter->sign == '-' && !there)
        add_word(expander, parameter);
    else if (parameter->sign == '=' && !there)
        assign_word(expander, parameter);
    else if (parameter->sign == '?' && !there)
        complain(expander, parameter);
    else if (value != NULL && (parameter->sign == '#' || parameter->sign == '%'))
        remove_part(expander, parameter, value);
    else if (value != NULL && parameter->sign == ':')
        parameter_slice(expander, parameter, value);
    else if (value != NULL && parameter->sign == '/')
        parameter_replace(expander, parameter, value);
    else if (value != NULL && parameter->sign != '+')
        add_value(expander, parameter, value);
    free(value);
}

/* ---- Reading ------------------------------------------------------------------------------------
 */

/* The name at `at`: a name, a number or a sign; 0 bytes: there is none. */
static size_t parameter_size(const char *at, bool in_braces)
{
    if (*at >= '0' && *at <= '9')
        return in_braces ? strspn(at, "0123456789") : 1;
    return is_special(*at) ? 1 : name_size(at);
}

/* What stands between the braces; false: it means nothing. */
static bool read_braces(struct parameter *parameter, const char *at, const char *end)
{
    if (*at == '#' && at[1] != '}' && parameter_size(at + 1, true) != 0 &&
        at + 1 + parameter_size(at + 1, true) == end) {
        parameter->wants_size = true;
        at++;
    }
    size_t size = parameter_size(at, true);
    bool is_size_of_nothing = *at == '#' && at + 2 == end && !parameter->wants_size;
    if (size == 0 || at + size > end || is_size_of_nothing)
        return false;
    parameter->name = take_copy(at, size);
    at += size;
    if (at == end)
        return true;
    if (*at == ':' && at + 1 == end)
        return false;
    parameter->minds_empty = *at == ':' && strchr("-=?+", at[1]) != NULL;
    at += parameter->minds_empty;
    if (strchr("-=?+%#:/", *at) == NULL)
        return false;
    parameter->sign = *at++;
    parameter->is_double = at < end && *at == parameter->sign && strchr("%#/", *at) != NULL;
    parameter->word = at + parameter->is_double;
    parameter->word_end = end;
    return true;
}

const char *expand_parameter(struct expander *expander, const char *at, const char *end,
                             bool quoted)
{
    struct parameter parameter = { .quoted = quoted };
    const char *past = at + 1;
    bool is_read = true;
    if (at[1] == '{') {
        size_t size = lex_skip_part(at, 0, 0);
        past = size == 0 || at + size > end ? end : at + size;
        is_read = size != 0 && at + size <= end && read_braces(&parameter, at + 2, past - 1);
    } else {
        size_t size = parameter_size(at + 1, false);
        parameter.name = take_copy(at + 1, size);
        past += size;
        if (size == 0) {
            pieces_add(expander->out, '$', quoted ? MARK_QUOTED : MARK_LITERAL);
            free(parameter.name);
            return past;
        }
    }
    if (is_read)
        apply(expander, &parameter);
    else
        expand_fail(expander, "${..}", "this substitution means nothing");
    free(parameter.name);
    return past;
}
