#include "programs/shell/edit/complete.h"

#include <string.h>

static const char separators[] = " \t\n|&;()<>";

/* Words after which a command comes. */
static bool comes_before_command(const char *word, size_t size)
{
    static const char *const words[] = { "if", "then", "elif", "else",    "while", "until", "do",
                                         "{",  "!",    "exec", "command", "eval" };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i]) == size && strncmp(words[i], word, size) == 0)
            return true;
    return false;
}

struct scan {
    const char *line;
    size_t at, end;
    bool is_command; /* the word at hand is a command's name */
    bool is_target;  /* it is where a redirection leads to */
    size_t word;     /* where it begins */
    size_t dollar;   /* where a variable begins within it; SIZE_MAX: none is at hand */
    char quote;
    struct words typed; /* the command's name and what follows it */
};

static void unquote(const char *at, const char *end, struct text *text)
{
    char quote = '\0';
    for (; at < end; at++) {
        if (*at == quote && quote != '\0')
            quote = '\0';
        else if (quote == '\0' && (*at == '\'' || *at == '"'))
            quote = *at;
        else if (*at == '\\' && quote != '\'' && at + 1 < end)
            text_add_char(text, *++at);
        else
            text_add_char(text, *at);
    }
}

/* The word that ends is one of the command's, unless something else comes before the name, or it is
 * the number of what is redirected. */
static void take_word(struct scan *scan, bool is_redirected)
{
    size_t size = scan->at - scan->word;
    const char *word = scan->line + scan->word;
    struct text text = { 0 };
    bool assigns = name_size(word) != 0 && name_size(word) < size && word[name_size(word)] == '=';
    bool is_before = scan->is_command && (assigns || comes_before_command(word, size));
    if (size == 0 || (is_redirected && strspn(word, "0123456789") >= size))
        return;
    scan->is_command = is_before;
    if (!is_before && !scan->is_target) {
        unquote(word, word + size, &text);
        words_add(&scan->typed, text_release(&text));
    }
    scan->is_target = false;
}

static void end_word(struct scan *scan, char separator)
{
    bool redirects = separator == '<' || separator == '>';
    take_word(scan, redirects);
    if (strchr("|&;(\n", separator) != NULL) {
        scan->is_command = true;
        words_free(&scan->typed);
    }
    if (redirects) {
        scan->is_command = false;
        scan->is_target = true;
    }
    scan->word = scan->at + 1;
    scan->dollar = SIZE_MAX;
}

static void step(struct scan *scan)
{
    char byte = scan->line[scan->at];
    if (scan->dollar != SIZE_MAX && !is_name_part(byte) &&
        !(byte == '{' && scan->at == scan->dollar + 1))
        scan->dollar = SIZE_MAX;
    if (scan->quote != '\0' && byte == scan->quote) {
        scan->quote = '\0';
    } else if (byte == '\\' && scan->quote != '\'' && scan->at + 1 < scan->end) {
        scan->at++;
    } else if (byte == '$' && scan->quote != '\'') {
        scan->dollar = scan->at;
    } else if (scan->quote == '\0' && (byte == '\'' || byte == '"')) {
        scan->quote = byte;
    } else if (scan->quote == '\0' && strchr(separators, byte) != NULL) {
        end_word(scan, byte);
    }
}

void complete_find(const char *line, size_t at, struct completion *completion)
{
    struct scan scan = { .line = line, .end = at, .is_command = true, .dollar = SIZE_MAX };
    for (; scan.at < at; scan.at++)
        step(&scan);
    *completion = (struct completion){ .begin = scan.word < at ? scan.word : at };
    if (scan.dollar != SIZE_MAX) {
        completion->kind = COMPLETE_VARIABLE;
        completion->in_braces = line[scan.dollar + 1] == '{' && scan.dollar + 1 < at;
        completion->begin = scan.dollar + 1 + completion->in_braces;
        text_add(&completion->prefix, line + completion->begin, at - completion->begin);
        words_free(&scan.typed);
        return;
    }
    unquote(line + completion->begin, line + at, &completion->prefix);
    bool is_name = scan.is_command && strchr(text_string(&completion->prefix), '/') == NULL;
    completion->quote = scan.quote;
    completion->typed = scan.typed;
    completion->kind = is_name                                    ? COMPLETE_COMMAND
                       : scan.is_target || scan.typed.count == 0 ? COMPLETE_PATH
                                                                  : COMPLETE_ARGUMENT;
}

static size_t common_size(const struct words *candidates)
{
    const char *first = candidates->data[0];
    size_t size = strlen(first);
    for (size_t i = 1; i < candidates->count; i++) {
        size_t same = 0;
        while (same < size && candidates->data[i][same] == first[same])
            same++;
        size = same;
    }
    while (size > 0 && ((unsigned char)first[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void add_quoted(struct text *text, const char *bytes, size_t size, char quote)
{
    for (size_t i = 0; i < size; i++) {
        const char *special = quote == '"'    ? "\"\\$`"
                              : quote == '\'' ? ""
                                              : " \t\n|&;()<>\"'\\$`*?[#~=%";
        bool plain = bytes[i] == '~' && i == 0 && bytes[1] == '/';
        if (!plain && strchr(special, bytes[i]) != NULL && bytes[i] != '=' && bytes[i] != '%')
            text_add_char(text, '\\');
        text_add_char(text, bytes[i]);
    }
}

void complete_text(const struct completion *completion, const struct words *candidates,
                   struct text *text)
{
    if (candidates->count == 0)
        return;
    size_t size = common_size(candidates);
    const char *first = candidates->data[0];
    if (completion->kind == COMPLETE_VARIABLE) {
        text_add(text, first, size);
        if (candidates->count == 1 && completion->in_braces)
            text_add_char(text, '}');
        return;
    }
    if (completion->quote != '\0')
        text_add_char(text, completion->quote);
    add_quoted(text, first, size, completion->quote);
    bool is_directory = size > 0 && first[size - 1] == '/';
    if (candidates->count != 1 || is_directory)
        return;
    if (completion->quote != '\0')
        text_add_char(text, completion->quote);
    text_add_char(text, ' ');
}

void completion_free(struct completion *completion)
{
    text_free(&completion->prefix);
    words_free(&completion->typed);
}
