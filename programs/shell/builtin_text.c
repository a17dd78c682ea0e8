/* Builtins that print and read text, and those that do nothing. */
#include "programs/shell/language/format.h"
#include "programs/shell/shell.h"
#include "programs/shell/test.h"

#include <stdlib.h>
#include <string.h>

static int builtin_true(struct words *words)
{
    (void)words;
    return 0;
}

static int builtin_false(struct words *words)
{
    (void)words;
    return STATUS_FAILED;
}

static int write_text(struct text *text, int status)
{
    bool written = stream_write_all(descriptors[1], text_string(text), text->size);
    text_free(text);
    if (!written && shell.is_subshell)
        run_exit(STATUS_BROKEN_PIPE);
    if (!written)
        complain("output", "nobody takes it");
    return written ? status : STATUS_FAILED;
}

static int builtin_echo(struct words *words)
{
    struct text text = { 0 };
    bool no_newline = words->count > 1 && strcmp(words->data[1], "-n") == 0;
    bool goes_on = true;
    for (size_t i = 1 + no_newline; i < words->count && goes_on; i++) {
        goes_on = format_escapes(words->data[i], &text);
        if (goes_on && i + 1 < words->count)
            text_add_char(&text, ' ');
    }
    if (!no_newline && goes_on)
        text_add_char(&text, '\n');
    return write_text(&text, 0);
}

static int builtin_printf(struct words *words)
{
    struct text text = { 0 };
    struct text mistake = { 0 };
    size_t at = words->count > 1 && strcmp(words->data[1], "--") == 0 ? 2 : 1;
    if (words->count <= at) {
        complain("printf", "usage: printf FORMAT [ARGUMENT...]");
        return STATUS_MISUSED;
    }
    bool good =
        format_print(words->data[at], words->data + at + 1, words->count - at - 1, &text, &mistake);
    if (!good)
        complain("printf", text_string(&mistake));
    text_free(&mistake);
    return write_text(&text, good ? 0 : STATUS_FAILED);
}

/* ---- read ---------------------------------------------------------------------------------------
 */

/* A line without its end; a backslash before the end joins the next one to it. Its escapes stay in
 * it. False: the end of the input came first. */
static bool read_line(bool raw, struct text *line)
{
    char byte;
    for (;;) {
        if (stream_read_byte(descriptors[0], &byte) <= 0)
            return false;
        if (byte == '\n')
            return true;
        if (byte == '\0')
            continue;
        if (byte == '\\' && !raw) {
            if (stream_read_byte(descriptors[0], &byte) <= 0)
                return false;
            if (byte == '\n')
                continue;
            text_add_char(line, '\\');
        }
        text_add_char(line, byte);
    }
}

static int builtin_read(struct words *words)
{
    size_t at = 1;
    bool raw = false;
    struct text line = { 0 };
    struct words fields = { 0 };
    for (; at < words->count && words->data[at][0] == '-'; at++) {
        raw |= strchr(words->data[at], 'r') != NULL;
        if (strcmp(words->data[at], "-p") == 0 && at + 1 < words->count) {
            const char *prompt = words->data[++at];
            stream_write_all(descriptors[2], prompt, strlen(prompt));
        }
    }
    if (at == words->count) {
        complain("read", "usage: read [-r] [-p PROMPT] NAME...");
        return STATUS_MISUSED;
    }
    int status = read_line(raw, &line) ? 0 : STATUS_FAILED;
    const char *separators = variables_get(&shell.variables, "IFS");
    expand_split(text_string(&line), separators == NULL ? " \t\n" : separators, raw,
                 words->count - at, &fields);
    for (size_t i = 0; at + i < words->count; i++)
        if (!variables_set(&shell.variables, words->data[at + i],
                           i < fields.count ? fields.data[i] : "", 0)) {
            complain(words->data[at + i], "it is read-only");
            status = STATUS_MISUSED;
        }
    text_free(&line);
    words_free(&fields);
    return status;
}

const struct builtin builtins_text[] = {
    { ":", builtin_true, true, true },
    { "true", builtin_true, false, true },
    { "false", builtin_false, false, true },
    { "echo", builtin_echo, false, true },
    { "printf", builtin_printf, false, true },
    { "test", builtin_test, false, true },
    { "[", builtin_test, false, true },
    { "read", builtin_read, false, false },
    { NULL, NULL, false, false },
};
