/* `read`: a line, or a part of one, into variables. */
#include "programs/shell/builtin.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    bool raw;
    char delimiter;
    size_t count_max; /* characters; 0: as many as there are */
    int number;       /* of the descriptor */
    int64_t deadline; /* -1: none */
};

/* ---- Options ------------------------------------------------------------------------------------
 */

static bool read_number(const char *word, double max, double *number)
{
    char *end;
    *number = strtod(word, &end);
    return end != word && *end == '\0' && *number >= 0 && *number <= max;
}

/* One option with its value; false: it is wrong. */
static bool take_value(struct reading *reading, char letter, const char *value)
{
    enum { COUNT_MAX = 1 << 30, SECONDS_MAX = 1 << 30 };
    double number = 0;
    switch (letter) {
    case 'p':
        stream_write_all(descriptors[2], value, strlen(value));
        return true;
    case 'd':
        reading->delimiter = value[0];
        return true;
    case 'n':
        reading->count_max = read_number(value, COUNT_MAX, &number) ? (size_t)number : 0;
        return number >= 1;
    case 'u':
        reading->number = value[0] - '0';
        return value[0] >= '0' && value[0] <= '9' && value[1] == '\0';
    default:
        if (!read_number(value, SECONDS_MAX, &number))
            return false;
        reading->deadline = in_milliseconds((int64_t)(number * 1000));
        return true;
    }
}

/* One word of options; those that take a value take it from the rest of the word or from the next
 * one. */
static bool take_options(struct reading *reading, const struct words *words, size_t *at)
{
    for (const char *letter = words->data[*at] + 1; *letter != '\0'; letter++) {
        if (*letter == 'r')
            reading->raw = true;
        if (*letter == 'r')
            continue;
        if (strchr("pdntu", *letter) == NULL)
            return false;
        if (letter[1] != '\0')
            return take_value(reading, *letter, letter + 1);
        return ++*at < words->count && take_value(reading, *letter, words->data[*at]);
    }
    return true;
}

/* ---- Reading ------------------------------------------------------------------------------------
 */

static bool take_byte(const struct reading *reading, char *byte)
{
    return stream_read_byte(descriptors[reading->number], byte, reading->deadline) > 0;
}

/* Whether the byte is the last one of a character. */
static bool ends_character(const struct text *line, size_t *begin)
{
    unsigned char first = (unsigned char)line->data[*begin];
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (line->size - *begin < size)
        return false;
    *begin = line->size;
    return true;
}

/* A line without its end; a backslash before the end joins the next one to it. Its escapes stay in
 * it. False: the end of the input, or the deadline, came first. */
static bool read_line(const struct reading *reading, struct text *line)
{
    char byte;
    size_t characters = 0, begin = 0;
    while (take_byte(reading, &byte)) {
        if (byte == reading->delimiter)
            return true;
        if (byte == '\0')
            continue;
        if (byte == '\\' && !reading->raw) {
            if (!take_byte(reading, &byte))
                return false;
            if (byte == '\n')
                continue;
            text_add_char(line, '\\');
            begin++;
        }
        text_add_char(line, byte);
        characters += ends_character(line, &begin);
        if (characters == reading->count_max && reading->count_max != 0)
            return true;
    }
    return false;
}

/* ---- Variables ----------------------------------------------------------------------------------
 */

static bool set(const char *name, const char *value)
{
    bool done = variables_set(&shell.variables, name, value, 0);
    if (!done)
        complain(name, "it is read-only");
    return done;
}

/* All of the line, blanks and all, without the backslashes that escape. */
static bool set_reply(const struct text *line, bool raw)
{
    struct text reply = { 0 };
    for (size_t i = 0; i < line->size; i++) {
        i += !raw && line->data[i] == '\\' && i + 1 < line->size;
        text_add_char(&reply, line->data[i]);
    }
    bool done = set("REPLY", text_string(&reply));
    text_free(&reply);
    return done;
}

static bool set_fields(const struct text *line, bool raw, char **names, size_t count)
{
    struct words fields = { 0 };
    bool done = true;
    const char *separators = variables_get(&shell.variables, "IFS");
    expand_split(text_string(line), separators == NULL ? " \t\n" : separators, raw, count, &fields);
    for (size_t i = 0; i < count; i++)
        done = set(names[i], i < fields.count ? fields.data[i] : "") && done;
    words_free(&fields);
    return done;
}

int builtin_read(struct words *words)
{
    struct reading reading = { .delimiter = '\n', .deadline = -1 };
    struct text line = { 0 };
    size_t at = 1;
    for (; at < words->count && words->data[at][0] == '-'; at++)
        if (!take_options(&reading, words, &at))
            return builtin_misused("read");
    bool is_read = read_line(&reading, &line);
    if (!is_read && reading.deadline >= 0 && in_milliseconds(0) >= reading.deadline)
        text_clear(&line);
    bool is_set = at == words->count
                      ? set_reply(&line, reading.raw)
                      : set_fields(&line, reading.raw, words->data + at, words->count - at);
    text_free(&line);
    return !is_set ? STATUS_MISUSED : is_read ? 0 : STATUS_FAILED;
}
