/* What POSIX does not have and everybody uses: parts of a value by place, and replacing. */
#include "programs/shell/language/lex.h"
#include "programs/shell/language/parameter.h"
#include "programs/shell/language/pattern.h"

#include <string.h>

/* Where the sign stands that is neither quoted nor within a substitution; `end`: nowhere. The colon
 * of a conditional expression is not meant. */
static const char *find_sign(const char *at, const char *end, char sign)
{
    uint32_t conditions = 0;
    while (at < end && (*at != sign || conditions != 0)) {
        size_t size = lex_skip_part(at, 0, 0);
        if (sign == ':' && *at == '?')
            conditions++;
        else if (sign == ':' && *at == ':')
            conditions--;
        at += size == 0 ? 1 : size;
    }
    return at < end ? at : end;
}

static enum mark mark_of(const struct parameter *parameter)
{
    return parameter->quoted ? MARK_QUOTED : MARK_EXPANDED;
}

/* ---- By place -----------------------------------------------------------------------------------
 */

static int64_t count_characters(const char *value)
{
    int64_t count = 0;
    for (; *value != '\0'; value += utf8_size(value))
        count++;
    return count;
}

static size_t bytes_of(const char *value, int64_t characters)
{
    size_t size = 0;
    for (; characters > 0 && value[size] != '\0'; characters--)
        size += utf8_size(value + size);
    return size;
}

/* Where the part of so many characters ends; -1: there is no such part. */
static int64_t end_of_slice(int64_t begin, int64_t size, int64_t count)
{
    int64_t end = size < 0 ? count + size : size < count - begin ? begin + size : count;
    return end < begin ? -1 : end;
}

void parameter_slice(struct expander *expander, const struct parameter *parameter,
                     const char *value)
{
    const char *colon = find_sign(parameter->word, parameter->word_end, ':');
    int64_t count = count_characters(value);
    int64_t begin = expand_number(expander, parameter->word, colon);
    int64_t end = count;
    begin = begin < 0 ? count + begin : begin;
    bool exists = begin >= 0 && begin <= count;
    if (colon < parameter->word_end) {
        int64_t size = expand_number(expander, colon + 1, parameter->word_end);
        end = exists ? end_of_slice(begin, size, count) : -1;
    }
    if (!exists || end < 0)
        return;
    value += bytes_of(value, begin);
    size_t size = bytes_of(value, end - begin);
    for (size_t i = 0; i < size; i++)
        pieces_add(expander->out, value[i], mark_of(parameter));
}

/* ---- By pattern ---------------------------------------------------------------------------------
 */

enum where { WHERE_FIRST, WHERE_ALL, WHERE_START, WHERE_END };

static enum where where_of(const struct parameter *parameter)
{
    if (parameter->is_double)
        return WHERE_ALL;
    if (parameter->word == parameter->word_end)
        return WHERE_FIRST;
    return *parameter->word == '#'   ? WHERE_START
           : *parameter->word == '%' ? WHERE_END
                                     : WHERE_FIRST;
}

/* The value with the text in the place of the first part that matches, or of all. An empty part is
 * none, but an empty value is one. */
static void replace_parts(const char *value, const char *pattern, const struct text *text, bool all,
                          struct text *result)
{
    size_t size = strlen(value), at = 0;
    bool done = false;
    if (size == 0 && pattern[0] != '\0' && pattern_matches(pattern, "", 0))
        text_add(result, text_string(text), text->size);
    while (at < size && !done) {
        size_t count = pattern_longest(pattern, value + at, 0);
        done = count != 0 && !all;
        if (count != 0) {
            text_add(result, text_string(text), text->size);
        } else {
            count = utf8_size(value + at);
            text_add(result, value + at, count);
        }
        at += count;
    }
    text_add(result, value + at, size - at);
}

static void replace(const char *value, const char *pattern, const struct text *text,
                    enum where where, struct text *result)
{
    size_t size = strlen(value), count = SIZE_MAX;
    if (where == WHERE_START)
        count = pattern_longest(pattern, value, SIZE_MAX);
    else if (where == WHERE_END)
        count = pattern_suffix(pattern, value, true, SIZE_MAX);
    else
        return replace_parts(value, pattern, text, where == WHERE_ALL, result);
    bool matches = count != SIZE_MAX;
    count = matches ? count : 0;
    if (where == WHERE_END)
        text_add(result, value, size - count);
    if (matches)
        text_add(result, text_string(text), text->size);
    if (where == WHERE_START)
        text_add(result, value + count, size - count);
}

void parameter_replace(struct expander *expander, const struct parameter *parameter,
                       const char *value)
{
    struct text pattern = { 0 }, text = { 0 }, result = { 0 };
    enum where where = where_of(parameter);
    bool is_anchored = where == WHERE_START || where == WHERE_END;
    const char *begin = parameter->word + is_anchored;
    const char *end = parameter->word_end;
    /* A slash that the pattern begins with is a part of it. */
    bool begins = begin < end && *begin == '/' && !is_anchored;
    const char *slash = find_sign(begin + begins, end, '/');
    parameter_text(expander, begin, slash, true, &pattern);
    if (slash < end)
        parameter_text(expander, slash + 1, end, false, &text);
    replace(value, text_string(&pattern), &text, where, &result);
    expand_value(expander, text_string(&result), mark_of(parameter));
    text_free(&pattern);
    text_free(&text);
    text_free(&result);
}
