#include "programs/shell/edit/usage.h"

#include <string.h>
#include <strings.h>

static const char mark[] = "usage:";
enum { MARK = sizeof(mark) - 1 };

/* ---- Finding ------------------------------------------------------------------------------------
 */

static size_t skip_blanks(const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && is_blank(bytes[at]))
        at++;
    return at;
}

static bool is_marked(const char *bytes, size_t size)
{
    return size >= MARK && strncasecmp(bytes, mark, MARK) == 0;
}

/* Whether these bytes are the usage of a command of this name. */
static bool is_of(const char *bytes, size_t size, const char *name)
{
    if (!is_marked(bytes, size))
        return false;
    if (name == NULL)
        return true;
    size_t at = MARK + skip_blanks(bytes + MARK, size - MARK), name_end = at + strlen(name);
    return name_end <= size && memcmp(bytes + at, name, name_end - at) == 0 &&
           (name_end == size || strchr(" \n", bytes[name_end]) != NULL);
}

static size_t line_size(const char *bytes, size_t size)
{
    const char *end = memchr(bytes, '\n', size);
    return end == NULL ? size : (size_t)(end - bytes) + 1;
}

static void divide(const char *bytes, size_t size, struct usage *usage)
{
    const char *zero = memchr(bytes, '\0', size < USAGE_MAX ? size : USAGE_MAX);
    size_t left = zero != NULL ? (size_t)(zero - bytes) : size < USAGE_MAX ? size : USAGE_MAX;
    size_t forms = line_size(bytes, left);
    while (forms < left && (is_blank(bytes[forms]) || is_marked(bytes + forms, left - forms)))
        forms += line_size(bytes + forms, left - forms);
    *usage = (struct usage){ bytes, forms, bytes + forms, left - forms };
}

bool usage_find(const char *bytes, size_t size, const char *name, struct usage *usage)
{
    for (size_t at = 0; at < size; at++) {
        bool begins_line = at == 0 || bytes[at - 1] == '\n';
        if ((name == NULL && !begins_line) || !is_of(bytes + at, size - at, name))
            continue;
        divide(bytes + at, size - at, usage);
        return true;
    }
    return false;
}

bool usage_is_told(const char *bytes, size_t size)
{
    static const char option[] = "--help";
    for (size_t at = 0; at < size; at++)
        if (is_marked(bytes + at, size - at) ||
            (size - at >= sizeof(option) - 1 && memcmp(bytes + at, option, sizeof(option) - 1) == 0))
            return true;
    return false;
}

/* ---- Its parts ----------------------------------------------------------------------------------
 */

const char *usage_form(const struct usage *usage, size_t *at, size_t *size)
{
    if (*at >= usage->forms_size)
        return NULL;
    const char *form = usage->forms + *at;
    *size = line_size(form, usage->forms_size - *at);
    *at += *size;
    size_t skipped = is_marked(form, *size) ? MARK : 0;
    skipped += skip_blanks(form + skipped, *size - skipped);
    *size -= skipped;
    *size -= *size != 0 && form[skipped + *size - 1] == '\n';
    return form + skipped;
}

/* Whether the first sentence ends here: it does before an empty line, too, or one of options. */
static bool ends_sentence(const char *text, size_t size, size_t at)
{
    if (text[at] == '\n')
        return at + 1 == size || text[at + 1] == '\n' || text[at + 1] == '-';
    bool is_mark = strchr(".;:", text[at]) != NULL;
    return is_mark && (at + 1 == size || strchr(" \n", text[at + 1]) != NULL);
}

/* A word of several capitals is a name, and stays as it is. */
static bool begins_with_name(const char *text, size_t size)
{
    return size > 1 && text[1] >= 'A' && text[1] <= 'Z';
}

void usage_summary(const struct usage *usage, struct text *summary)
{
    const char *text = usage->text;
    size_t size = usage->text_size, at = 0;
    while (at < size && text[at] == '\n')
        at++;
    bool is_lowered = at < size && text[at] >= 'A' && text[at] <= 'Z' &&
                      !begins_with_name(text + at, size - at);
    for (size_t first = at; at < size && text[at] != '\0' && !ends_sentence(text, size, at); at++)
        text_add_char(summary, text[at] == '\n'            ? ' '
                               : at == first && is_lowered ? (char)(text[at] + 'a' - 'A')
                                                           : text[at]);
}

/* ---- A page -------------------------------------------------------------------------------------
 */

static void add_indented(struct text *page, const char *line, size_t size)
{
    if (size != 0)
        text_add_string(page, "    ");
    text_add(page, line, size);
    text_add_char(page, '\n');
}

static void add_lines(struct text *page, const char *text, size_t size)
{
    while (size != 0) {
        size_t line = line_size(text, size);
        add_indented(page, text, line - (text[line - 1] == '\n'));
        text += line;
        size -= line;
    }
}

void usage_page(const struct usage *usage, const char *name, struct text *page)
{
    const char *text = usage->text, *form;
    size_t size = usage->text_size, at = 0, form_size;
    struct text summary = { 0 };
    usage_summary(usage, &summary);
    text_add_string(page, "NAME\n    ");
    text_add_string(page, name);
    text_add_string(page, summary.size == 0 ? "" : " - ");
    text_add(page, summary.data, summary.size);
    text_add_string(page, "\n\nSYNOPSIS\n");
    while ((form = usage_form(usage, &at, &form_size)) != NULL)
        add_indented(page, form, form_size);
    for (; size != 0 && text[0] == '\n'; size--)
        text++;
    if (size != 0)
        text_add_string(page, "\nDESCRIPTION\n");
    add_lines(page, text, size);
    text_free(&summary);
}
