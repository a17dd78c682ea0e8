/* Builtins that are about options and parameters: the shell's own, and those of a script. */
#include "programs/shell/builtin.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- Options and parameters ---------------------------------------------------------------------
 */

static const struct {
    char sign;
    const char *name;
    bool *value;
} options[] = {
    { 'a', "allexport", &shell.exports_all },   { 'e', "errexit", &shell.exit_on_error },
    { 'f', "noglob", &shell.no_paths },         { 'n', "noexec", &shell.no_execute },
    { 'u', "nounset", &shell.fails_unset },     { 'v', "verbose", &shell.verbose },
    { 'x', "xtrace", &shell.traces },           { 'C', "noclobber", &shell.no_clobber },
    { '\0', "pipefail", &shell.fails_in_pipe },
};
enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

static void show_options(void)
{
    struct text text = { 0 };
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        text_add_string(&text, options[i].name);
        text_add_string(&text, *options[i].value ? " on\n" : " off\n");
    }
    output_text(&text);
    text_free(&text);
}

static bool set_named(const char *name, bool value)
{
    size_t i = 0;
    while (i < OPTION_COUNT && strcmp(options[i].name, name) != 0)
        i++;
    if (i < OPTION_COUNT)
        *options[i].value = value;
    return i < OPTION_COUNT;
}

static bool set_letters(const char *letters, bool value)
{
    for (; *letters != '\0'; letters++) {
        size_t i = 0;
        while (i < OPTION_COUNT && options[i].sign != *letters)
            i++;
        if (i < OPTION_COUNT)
            *options[i].value = value;
        else if (strchr("bhm", *letters) == NULL)
            return false;
    }
    return true;
}

static void set_parameters(struct words *words, size_t from)
{
    struct words parameters = { 0 };
    for (size_t i = from; i < words->count; i++)
        words_add_copy(&parameters, words->data[i]);
    words_free(&shell.parameters);
    shell.parameters = parameters;
}

static int builtin_set(struct words *words)
{
    size_t at = 1;
    if (words->count == 1)
        builtin_show_variables(0, "");
    for (; at < words->count; at++) {
        const char *word = words->data[at];
        if ((word[0] != '-' && word[0] != '+') || word[1] == '\0')
            break;
        if (strcmp(word, "--") == 0) {
            set_parameters(words, at + 1);
            return 0;
        }
        bool is_named = word[1] == 'o' && word[2] == '\0';
        if (is_named && at + 1 == words->count) {
            show_options();
            return 0;
        }
        bool known = is_named ? set_named(words->data[at + 1], word[0] == '-')
                              : set_letters(word + 1, word[0] == '-');
        if (!known) {
            complain(is_named ? words->data[at + 1] : word, "no such option");
            return STATUS_MISUSED;
        }
        at += is_named;
    }
    if (at < words->count)
        set_parameters(words, at);
    return 0;
}

static int builtin_shift(struct words *words)
{
    char *end = NULL;
    size_t count = words->count > 1 ? strtoul(words->data[1], &end, 10) : 1;
    if (words->count > 1 && (words->data[1][0] < '0' || words->data[1][0] > '9' || *end != '\0')) {
        complain(words->data[1], "is no number");
        return STATUS_MISUSED;
    }
    if (count > shell.parameters.count) {
        complain("shift", "there are not that many parameters");
        return STATUS_MISUSED;
    }
    for (size_t i = 0; i < count; i++)
        free(shell.parameters.data[i]);
    shell.parameters.count -= count;
    memmove(shell.parameters.data, shell.parameters.data + count,
            shell.parameters.count * sizeof(char *));
    return 0;
}

/* The place in a word of several letters is kept here, as OPTIND cannot tell it. */
static size_t option_at = 1;

static int option_end(const char *name)
{
    variables_unset(&shell.variables, "OPTARG");
    variables_set(&shell.variables, name, "?", 0);
    option_at = 1;
    return STATUS_FAILED;
}

static void set_option(const char *name, char value, const char *argument)
{
    variables_set(&shell.variables, name, (char[]){ value, '\0' }, 0);
    if (argument != NULL)
        variables_set(&shell.variables, "OPTARG", argument, 0);
    else
        variables_unset(&shell.variables, "OPTARG");
}

static void set_index(size_t index)
{
    struct text text = { 0 };
    text_add_number(&text, (int64_t)index);
    variables_set(&shell.variables, "OPTIND", text_string(&text), 0);
    text_free(&text);
}

static int builtin_getopts(struct words *words)
{
    if (words->count < 3)
        return builtin_misused("getopts");
    const char *letters = words->data[1], *name = words->data[2];
    char **list = words->count > 3 ? words->data + 3 : shell.parameters.data;
    size_t count = words->count > 3 ? words->count - 3 : shell.parameters.count;
    const char *from = variables_get(&shell.variables, "OPTIND");
    size_t index = from == NULL ? 1 : strtoul(from, NULL, 10);
    index += index == 0;
    const char *word = index >= 1 && index <= count ? list[index - 1] : "";
    if (word[0] != '-' || word[1] == '\0')
        return option_end(name);
    if (strcmp(word, "--") == 0) {
        set_index(index + 1);
        return option_end(name);
    }
    option_at = option_at < strlen(word) ? option_at : 1;
    char letter = word[option_at++];
    const char *found = letter == ':' ? NULL : strchr(letters, letter);
    bool is_quiet = letters[0] == ':';
    bool is_last = word[option_at] == '\0';
    const char *argument = NULL;
    bool wants = found != NULL && found[1] == ':';
    if (wants && !is_last)
        argument = word + option_at;
    else if (wants && index < count)
        argument = list[index++];
    if (wants || is_last) {
        index++;
        option_at = 1;
    }
    set_index(index);
    if (found == NULL || (wants && argument == NULL)) {
        const char text[] = { letter, '\0' };
        set_option(name, found != NULL && is_quiet ? ':' : '?', is_quiet ? text : NULL);
        const char *wants_errors = variables_get(&shell.variables, "OPTERR");
        if (!is_quiet && (wants_errors == NULL || strcmp(wants_errors, "0") != 0))
            complain(text, found == NULL ? "no such option" : "this option needs an argument");
        return 0;
    }
    set_option(name, letter, argument);
    return 0;
}

const struct builtin builtins_options[] = {
    { "set", builtin_set,
      "usage: set [-aCefnuvx] [-o OPTION] [--] [PARAMETER...]\n"
      "       set [+aCefnuvx] [+o OPTION]\n"
      "Sets options of the shell, and its parameters; + ends an option. Alone it shows all "
      "variables, with -o\n"
      "alone the options: allexport (a), errexit (e), noclobber (C), noexec (n), noglob "
      "(f), nounset (u), pipefail,\n"
      "verbose (v), xtrace (x).\n",
      true, false },
    { "shift", builtin_shift,
      "usage: shift [COUNT]\n"
      "Gives up the first parameter, or so many.\n",
      true, false },
    { "getopts", builtin_getopts,
      "usage: getopts LETTERS VARIABLE [WORD...]\n"
      "Puts the next option of the parameters, or of the words, into a variable. A letter "
      "with a colon behind it\n"
      "has an argument, which is in OPTARG; OPTIND is the number of the next word.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};
