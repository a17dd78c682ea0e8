/* Builtins that print and read text, and those that do nothing. */
#include "programs/shell/builtin.h"
#include "programs/shell/language/format.h"
#include "programs/shell/shell.h"

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
