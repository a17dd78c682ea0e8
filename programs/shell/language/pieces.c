/* The last steps of expansion: fields and path names. */
#include "programs/shell/language/pieces.h"

#include "programs/shell/language/pattern.h"

#include <stdlib.h>
#include <string.h>

void pieces_join(const struct pieces *pieces, struct text *text)
{
    for (size_t i = 0; i < pieces->bytes.size; i++) {
        char mark = pieces->marks.data[i];
        if (mark == MARK_BREAK)
            text_add_char(text, ' ');
        else if (mark != MARK_NOTHING)
            text_add_char(text, pieces->bytes.data[i]);
    }
}

void pieces_pattern(const struct pieces *pieces, size_t from, size_t to, struct text *pattern)
{
    for (size_t i = from; i < to; i++) {
        char mark = pieces->marks.data[i];
        if (mark == MARK_NOTHING)
            continue;
        if (mark == MARK_QUOTED && strchr("*?[]\\!-^", pieces->bytes.data[i]) != NULL)
            text_add_char(pattern, '\\');
        text_add_char(pattern, mark == MARK_BREAK ? ' ' : pieces->bytes.data[i]);
    }
}

struct splitter {
    struct expander *expander;
    const struct pieces *pieces;
    struct words *fields;
    const char *separators;
    struct pieces field; /* at hand */
    char last; /* what ended the field before: 'w' white space, 'c' another separator, 0 nothing */
};

static void add_field(struct splitter *splitter)
{
    struct text field = { 0 };
    struct text pattern = { 0 };
    struct words found = { 0 };
    pieces_join(&splitter->field, &field);
    if (!splitter->expander->no_paths) {
        pieces_pattern(&splitter->field, 0, splitter->field.bytes.size, &pattern);
        if (pattern_is_special(text_string(&pattern)))
            splitter->expander->host->paths(splitter->expander->context, text_string(&pattern),
                                            &found);
    }
    for (size_t i = 0; i < found.count; i++)
        words_add_copy(splitter->fields, found.data[i]);
    if (found.count == 0)
        words_add(splitter->fields, text_release(&field));
    words_free(&found);
    text_free(&field);
    text_free(&pattern);
    text_clear(&splitter->field.bytes);
    text_clear(&splitter->field.marks);
}

static bool is_white(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

static void separate(struct splitter *splitter, char separator)
{
    bool has_field = splitter->field.bytes.size != 0;
    if (has_field)
        add_field(splitter);
    if (is_white(separator)) {
        splitter->last = has_field ? 'w' : splitter->last;
        return;
    }
    if (!has_field && splitter->last != 'w')
        words_add_copy(splitter->fields, "");
    splitter->last = 'c';
}

void pieces_split(struct expander *expander, const struct pieces *pieces, struct words *fields)
{
    const char *separators = expander->host->get(expander->context, "IFS");
    char *kept = separators == NULL ? NULL : take_copy(separators, strlen(separators));
    struct splitter splitter = { .expander = expander, .pieces = pieces, .fields = fields };
    splitter.separators = kept == NULL ? " \t\n" : kept;
    for (size_t i = 0; i < pieces->bytes.size; i++) {
        char byte = pieces->bytes.data[i];
        enum mark mark = (enum mark)pieces->marks.data[i];
        if (mark == MARK_BREAK) {
            if (splitter.field.bytes.size != 0)
                add_field(&splitter);
            splitter.last = 0;
        } else if (mark == MARK_EXPANDED && strchr(splitter.separators, byte) != NULL) {
            separate(&splitter, byte);
        } else {
            pieces_add(&splitter.field, byte, mark);
        }
    }
    if (splitter.field.bytes.size != 0)
        add_field(&splitter);
    pieces_free(&splitter.field);
    free(kept);
}

/* ---- What `read` splits -------------------------------------------------------------------------
 */

static bool separates(const char *separators, char byte)
{
    return byte != '\0' && strchr(separators, byte) != NULL;
}

static void skip_white(const char **at, const char *separators)
{
    while (is_white(**at) && separates(separators, **at))
        ++*at;
}

/* One field; white space behind it and one other separator are gone past. */
static void take_field(const char **at, const char *separators, bool raw, struct text *field)
{
    while (**at != '\0' && !separates(separators, **at)) {
        if (!raw && **at == '\\' && *++*at == '\0')
            break;
        text_add_char(field, *(*at)++);
    }
    skip_white(at, separators);
    if (separates(separators, **at) && !is_white(**at)) {
        ++*at;
        skip_white(at, separators);
    }
}

/* All the rest, without the white space at its end, and without the last separator if it is all
 * that follows one more field. */
static void take_rest(const char *at, const char *separators, bool raw, struct text *field)
{
    const char *ahead = at;
    struct text single = { 0 };
    take_field(&ahead, separators, raw, &single);
    size_t kept = 0;
    if (*ahead == '\0') {
        text_add(field, text_string(&single), single.size);
        text_free(&single);
        return;
    }
    text_free(&single);
    for (; *at != '\0'; at++) {
        bool escaped = !raw && *at == '\\';
        if (escaped && *++at == '\0')
            break;
        text_add_char(field, *at);
        if (escaped || !is_white(*at) || !separates(separators, *at))
            kept = field->size;
    }
    field->size = kept;
    text_add(field, "", 0);
}

void expand_split(const char *text, const char *separators, bool raw, size_t count_max,
                  struct words *fields)
{
    skip_white(&text, separators);
    while (*text != '\0' && fields->count < count_max) {
        struct text field = { 0 };
        if (fields->count + 1 == count_max) {
            take_rest(text, separators, raw, &field);
            text = "";
        } else {
            take_field(&text, separators, raw, &field);
        }
        words_add(fields, text_release(&field));
    }
}
