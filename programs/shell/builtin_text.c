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
    static const char *const why[] = { [STREAM_CLOSED] = "nobody takes it",
                                       [STREAM_FULL] = "there is no space left",
                                       [STREAM_FAILED] = "it cannot be written" };
    enum stream_end end = stream_write_all(descriptors[1], text_string(text), text->size);
    text_free(text);
    if (end == STREAM_CLOSED && shell.is_subshell)
        run_exit(STATUS_BROKEN_PIPE);
    if (end == STREAM_TAKEN)
        return status;
    complain("output", why[end]);
    return STATUS_FAILED;
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
    if (words->count <= at)
        return builtin_misused("printf");
    bool good =
        format_print(words->data[at], words->data + at + 1, words->count - at - 1, &text, &mistake);
    if (!good)
        complain("printf", text_string(&mistake));
    text_free(&mistake);
    return write_text(&text, good ? 0 : STATUS_FAILED);
}

const struct builtin builtins_text[] = {
    { ":", builtin_true,
      "usage: : [WORD...]\n"
      "Does nothing, and is true.\n",
      true, true },
    { "true", builtin_true,
      "usage: true [WORD...]\n"
      "Is true, whatever its words are.\n",
      false, true },
    { "false", builtin_false,
      "usage: false [WORD...]\n"
      "Is false, whatever its words are.\n",
      false, true },
    { "echo", builtin_echo,
      "usage: echo [-n] [WORD...]\n"
      "Prints its words, with escapes as of printf; -n: and no line's end.\n",
      false, true },
    { "printf", builtin_printf,
      "usage: printf FORMAT [WORD...]\n"
      "Prints the words as the format says, again and again until there are none: %s, %d, "
      "%x, %f, %b, %c and so on.\n",
      false, true },
    { "test", builtin_test,
      "usage: test [EXPRESSION]\n"
      "Tells by its status whether the expression is true: -e -f -d -r -w -x -s -L FILE, "
      "-n -z TEXT, TEXT = TEXT,\n"
      "TEXT != TEXT, NUMBER -eq -ne -lt -le -gt -ge NUMBER, FILE -nt -ot -ef FILE, ! ( ) "
      "-a -o.\n",
      false, true },
    { "[", builtin_test,
      "usage: [ [EXPRESSION] ]\n"
      "Tells by its status whether the expression is true, as `test` does.\n",
      false, true },
    { "read", builtin_read,
      "usage: read [-r] [-p PROMPT] [-n COUNT] [-d DELIMITER] [-t SECONDS] [-u DESCRIPTOR] "
      "[VARIABLE...]\n"
      "Reads a line into variables, a field each, the rest into the last one; without any "
      "into REPLY. -r: backslashes\n"
      "are as others; -p: shows a prompt; -n: so many characters; -d: up to this one; -t: "
      "false when that time is over;\n"
      "-u: from another descriptor.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};
