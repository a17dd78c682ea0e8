#include "programs/shell/language/lex.h"

#include <stdio.h>
#include <string.h>

void lex_fail(struct parser *parser, enum parse_result result, const char *message,
              const char *word)
{
    if (parser->result != PARSE_COMMAND)
        return;
    parser->result = result;
    struct text text = { 0 };
    text_add_string(&text, message);
    text_add_string(&text, word);
    size_t size = text.size < sizeof(parser->message) ? text.size : sizeof(parser->message) - 1;
    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80)
        size--;
    memcpy(parser->message, text.data, size);
    parser->message[size] = '\0';
    text_free(&text);
}

static char char_at(const struct parser *parser, size_t at)
{
    return at < parser->source.size ? parser->source.data[at] : '\0';
}

/* Blanks, continued lines and a comment. */
static void skip_blanks(struct parser *parser)
{
    for (;;) {
        char value = char_at(parser, parser->at);
        if (is_blank(value)) {
            parser->at++;
        } else if (value == '\\' && char_at(parser, parser->at + 1) == '\n') {
            parser->at += 2;
            parser->line++;
        } else {
            break;
        }
    }
    if (char_at(parser, parser->at) == '#')
        while (parser->at < parser->source.size && char_at(parser, parser->at) != '\n')
            parser->at++;
}

static const struct {
    const char *text;
    int token;
} operators[] = {
    { "<<<", LEX_REDIRECT(REDIRECT_TEXT) },
    { "<<-", TOKEN_HERE_STRIP },
    { "&&", TOKEN_AND_AND },
    { "||", TOKEN_OR_OR },
    { ";;", TOKEN_CASE_END },
    { "<<", LEX_REDIRECT(REDIRECT_HERE) },
    { ">>", LEX_REDIRECT(REDIRECT_APPEND) },
    { "<&", LEX_REDIRECT(REDIRECT_COPY_INPUT) },
    { ">&", LEX_REDIRECT(REDIRECT_COPY_OUTPUT) },
    { "<>", LEX_REDIRECT(REDIRECT_BOTH) },
    { ">|", LEX_REDIRECT(REDIRECT_CLOBBER) },
    { "\n", TOKEN_NEWLINE },
    { ";", TOKEN_SEMICOLON },
    { "&", TOKEN_AND },
    { "|", TOKEN_PIPE },
    { "(", TOKEN_OPEN },
    { ")", TOKEN_CLOSE },
    { "<", LEX_REDIRECT(REDIRECT_INPUT) },
    { ">", LEX_REDIRECT(REDIRECT_OUTPUT) },
};

/* How many bytes of the source are this operator, whose parts may be on continued lines; 0: it is
 * another one. */
static size_t operator_size(const char *source, const char *operator)
{
    size_t size = 0;
    for (size_t i = 0; operator[i] != '\0'; i++) {
        while (i != 0 && source[size] == '\\' && source[size + 1] == '\n')
            size += 2;
        if (source[size++] != operator[i])
            return 0;
    }
    return size;
}

static bool lex_operator(struct parser *parser)
{
    const char *source = parser->source.data + parser->at;
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t size = operator_size(source, operators[i].text);
        if (size == 0)
            continue;
        text_add_string(&parser->word, operators[i].text);
        parser->token = operators[i].token;
        parser->line += (uint32_t)(size - parser->word.size) / 2;
        parser->at += size;
        return true;
    }
    return false;
}

static bool is_continuation(const char *source, size_t at)
{
    return source[at] == '\\' && source[at + 1] == '\n';
}

/* Where the part of a word ends that begins at `at`. Command substitutions are one, as they are
 * read on their own later, and what is single-quoted; all else goes byte by byte. */
static size_t part_end(const char *source, size_t at, size_t end, bool quoted)
{
    size_t sign = at + 1;
    while (source[at] == '$' && is_continuation(source, sign))
        sign += 2;
    bool is_dollar =
        source[at] == '$' && (source[sign] == '(' || (source[sign] == '\'' && !quoted));
    if (is_dollar || source[at] == '`' || (source[at] == '\'' && !quoted))
        return lex_skip_part(source, at, 0);
    return at + (source[at] == '\\' && at + 1 < end ? 2 : 1);
}

/* Continued lines are no part of a word, except within such parts. */
static void copy_word(const char *source, size_t at, size_t end, struct text *word)
{
    bool quoted = false;
    while (at < end) {
        size_t past = part_end(source, at, end, quoted);
        bool is_dollar = source[at] == '$';
        quoted = quoted != (source[at] == '"');
        if (is_continuation(source, at)) {
            at += 2;
            continue;
        }
        text_add_char(word, source[at++]);
        while (is_dollar && is_continuation(source, at))
            at += 2;
        if (at < past)
            text_add(word, source + at, past - at);
        at = at < past ? past : at;
    }
}

static void lex_word(struct parser *parser)
{
    const char *source = parser->source.data;
    size_t begin = parser->at;
    size_t at = begin;
    bool is_alone = false; /* a backslash at the end of the text, which stands for itself */
    while (source[at] != '\0' && strchr(" \t\n|&;()<>", source[at]) == NULL) {
        size_t part = at;
        at = lex_skip_part(source, at, parser->depth);
        is_alone = source[part] == '\\' && at == part + 1;
        if (at != 0)
            continue;
        lex_fail(parser, parser->depth >= PARSE_DEPTH_MAX ? PARSE_ERROR : PARSE_INCOMPLETE,
                 "a quote or substitution does not end", "");
        parser->token = TOKEN_END;
        return;
    }
    bool continues = false;
    for (size_t i = begin; i < at; i++) {
        parser->line += source[i] == '\n';
        continues |= source[i] == '\\' && source[i + 1] == '\n';
    }
    if (continues)
        copy_word(source, begin, at, &parser->word);
    else
        text_add(&parser->word, source + begin, at - begin);
    text_add(&parser->word, "\\", is_alone);
    parser->at = at;
    bool digits = strspn(parser->word.data, "0123456789") == parser->word.size;
    parser->token = digits && (source[at] == '<' || source[at] == '>') ? TOKEN_NUMBER : TOKEN_WORD;
}

enum token lex_peek(struct parser *parser)
{
    if (parser->result != PARSE_COMMAND)
        return TOKEN_END;
    if (parser->token >= 0)
        return (enum token)parser->token;
    skip_blanks(parser);
    text_clear(&parser->word);
    parser->begin = parser->at;
    parser->begin_line = parser->line;
    if (parser->at >= parser->alias_end)
        parser->alias_count = 0;
    if (parser->at >= parser->source.size)
        parser->token = TOKEN_END;
    else if (parser->source.data[parser->at] == '\0')
        lex_fail(parser, PARSE_ERROR, "a zero byte is no part of a command", "");
    else if (!lex_operator(parser))
        lex_word(parser);
    return parser->result == PARSE_COMMAND ? (enum token)parser->token : TOKEN_END;
}

void lex_take(struct parser *parser)
{
    if (parser->token != TOKEN_END)
        parser->line += parser->token == TOKEN_NEWLINE;
    parser->token = -1;
}

bool lex_is_word(struct parser *parser, const char *word)
{
    return lex_peek(parser) == TOKEN_WORD && strcmp(text_string(&parser->word), word) == 0;
}

/* An alias within an alias's own text is not looked for again beyond some levels; that also ends
 * one that names itself. */
bool lex_expand_alias(struct parser *parser)
{
    enum { ALIASES_MAX = 16 };
    if (parser->alias == NULL || lex_peek(parser) != TOKEN_WORD ||
        parser->alias_count >= ALIASES_MAX)
        return false;
    const char *value = parser->alias(parser->context, text_string(&parser->word));
    if (value == NULL)
        return false;
    size_t word_size = parser->at - parser->begin;
    size_t value_size = strlen(value);
    bool names_itself = strncmp(value, text_string(&parser->word), word_size) == 0 &&
                        (value[word_size] == '\0' || is_blank(value[word_size]));
    struct text source = { 0 };
    text_add(&source, parser->source.data, parser->begin);
    text_add(&source, value, value_size);
    text_add(&source, parser->source.data + parser->at, parser->source.size - parser->at);
    text_free(&parser->source);
    parser->source = source;
    if (parser->alias_end > parser->at)
        parser->alias_end += value_size - word_size;
    else
        parser->alias_end = parser->begin + value_size + 1;
    parser->alias_count = names_itself ? ALIASES_MAX : parser->alias_count + 1;
    if (value_size != 0 && is_blank(value[value_size - 1]))
        parser->alias_blank = parser->begin + value_size;
    parser->at = parser->begin;
    parser->token = -1;
    return true;
}

bool lex_follows_blank(struct parser *parser)
{
    if (lex_peek(parser) != TOKEN_WORD || parser->alias_blank == 0 ||
        parser->begin < parser->alias_blank)
        return false;
    parser->alias_blank = 0;
    return true;
}

/* ---- Here-documents -----------------------------------------------------------------------------
 */

/* Whether a backslash that is not escaped itself is at the end. */
static bool is_continued(const struct text *line)
{
    size_t count = 0;
    while (count < line->size && line->data[line->size - count - 1] == '\\')
        count++;
    return count % 2 != 0;
}

/* The line at the parser's place, without its end; false: there is none. */
static bool add_line(struct parser *parser, struct text *line)
{
    if (parser->at >= parser->source.size)
        return false;
    const char *begin = parser->source.data + parser->at;
    const char *end = memchr(begin, '\n', parser->source.size - parser->at);
    size_t size = end == NULL ? parser->source.size - parser->at : (size_t)(end - begin);
    text_add(line, begin, size);
    parser->at += size + (end != NULL);
    parser->line += end != NULL;
    return true;
}

/* With the lines that continue it, if the document is expanded. */
static bool take_line(struct parser *parser, struct text *line, bool joins)
{
    text_clear(line);
    bool found = add_line(parser, line);
    while (found && joins && is_continued(line) && parser->at < parser->source.size) {
        line->size--;
        add_line(parser, line);
    }
    return found;
}

static bool read_here_document(struct parser *parser, struct redirect *redirect)
{
    struct text delimiter = { 0 };
    struct text line = { 0 };
    struct text body = { 0 };
    lex_unquote(redirect->word, &delimiter);
    bool found = false;
    while (!found && take_line(parser, &line, redirect->is_expanded)) {
        const char *start = text_string(&line);
        while (redirect->strips && *start == '\t')
            start++;
        found = strcmp(start, text_string(&delimiter)) == 0;
        if (!found) {
            text_add_string(&body, start);
            text_add_char(&body, '\n');
        }
    }
    redirect->body = region_copy(parser->region, text_string(&body), body.size);
    text_free(&delimiter);
    text_free(&line);
    text_free(&body);
    return found || parser->is_all;
}

void lex_read_here_documents(struct parser *parser)
{
    struct redirect *redirect = parser->waiting;
    parser->waiting = NULL;
    parser->waiting_last = NULL;
    for (; redirect != NULL; redirect = redirect->next_waiting)
        if (!read_here_document(parser, redirect))
            lex_fail(parser, PARSE_INCOMPLETE, "a here-document does not end: ", redirect->word);
}
