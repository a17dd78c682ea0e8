/* Where the parts of a word end. Parameter expansions and arithmetic nest; so the depth is
 * bounded. */
#include "programs/shell/language/lex.h"

#include <string.h>

static size_t skip_single(const char *text, size_t at)
{
    while (text[at] != '\0' && text[at] != '\'')
        at++;
    return text[at] == '\0' ? 0 : at + 1;
}

/* $'..': a backslash keeps the next byte from ending it. */
static size_t skip_dollar_single(const char *text, size_t at)
{
    while (text[at] != '\0' && text[at] != '\'')
        at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
    return text[at] == '\0' ? 0 : at + 1;
}

static size_t skip_backquotes(const char *text, size_t at)
{
    while (text[at] != '\0' && text[at] != '`')
        at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
    return text[at] == '\0' ? 0 : at + 1;
}

static size_t skip_double(const char *text, size_t at, uint32_t depth)
{
    while (text[at] != '"') {
        if (text[at] == '\0')
            return 0;
        if (text[at] == '\\' && text[at + 1] != '\0') {
            at += 2;
        } else if (text[at] == '$' || text[at] == '`') {
            /* Single quotes mean nothing within double ones. */
            at = text[at] == '$' && text[at + 1] == '\'' ? at + 1 : lex_skip_part(text, at, depth);
            if (at == 0)
                return 0;
        } else {
            at++;
        }
    }
    return at + 1;
}

/* `${`: up to the brace that closes it. */
static size_t skip_parameter(const char *text, size_t at, uint32_t depth)
{
    while (text[at] != '}') {
        if (text[at] == '\0')
            return 0;
        at = lex_skip_part(text, at, depth);
        if (at == 0)
            return 0;
    }
    return at + 1;
}

/* `$((`: up to the two parentheses that close it; 0 if it is none, or does not end. Only
 * parentheses are counted: to look into what is within as well would take twice the time for each
 * level, as it is looked into once more if this is no arithmetic. */
size_t lex_skip_arithmetic(const char *text, size_t at)
{
    uint32_t open = 0;
    for (; text[at] != '\0'; at++) {
        if (text[at] == ')' && open == 0)
            return text[at + 1] == ')' ? at + 2 : 0;
        if (text[at] == '\\' && text[at + 1] != '\0')
            at++;
        else if (text[at] == '(' || text[at] == ')')
            open += text[at] == '(' ? 1 : -1u;
    }
    return 0;
}

static size_t skip_dollar(const char *text, size_t at, uint32_t depth)
{
    while (text[at + 1] == '\\' && text[at + 2] == '\n')
        at += 2;
    if (text[at + 1] == '\'')
        return skip_dollar_single(text, at + 2);
    if (text[at + 1] == '{')
        return skip_parameter(text, at + 2, depth);
    if (text[at + 1] != '(')
        return at + 1;
    if (text[at + 2] == '(') {
        size_t end = lex_skip_arithmetic(text, at + 3);
        if (end != 0)
            return end;
    }
    return parse_skip_substitution(text, at, depth);
}

size_t lex_skip_part(const char *text, size_t at, uint32_t depth)
{
    if (depth >= PARSE_DEPTH_MAX)
        return 0;
    switch (text[at]) {
    case '\\':
        return text[at + 1] == '\0' ? at + 1 : at + 2;
    case '\'':
        return skip_single(text, at + 1);
    case '"':
        return skip_double(text, at + 1, depth + 1);
    case '`':
        return skip_backquotes(text, at + 1);
    case '$':
        return skip_dollar(text, at, depth + 1);
    default:
        return at + 1;
    }
}

static void unquote_double(const char **at, struct text *text)
{
    const char *word = *at + 1;
    while (*word != '\0' && *word != '"') {
        if (*word == '\\' && word[1] != '\0' && strchr("$`\"\\\n", word[1]) != NULL)
            word++;
        text_add_char(text, *word++);
    }
    *at = *word == '"' ? word + 1 : word;
}

void lex_unquote(const char *word, struct text *text)
{
    while (*word != '\0') {
        if (*word == '"') {
            unquote_double(&word, text);
        } else if (*word == '\'') {
            for (word++; *word != '\0' && *word != '\''; word++)
                text_add_char(text, *word);
            word += *word == '\'';
        } else {
            word += *word == '\\' && word[1] != '\0';
            text_add_char(text, *word++);
        }
    }
}
