/* Builtins that are about the shell's own state: variables, options, parameters, directories. */
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- Variables ----------------------------------------------------------------------------------
 */

static void show_flagged(uint32_t flags, const char *command)
{
    struct words names = { 0 };
    struct text text = { 0 };
    variables_list(&shell.variables, flags, &names);
    for (size_t i = 0; i < names.count; i++) {
        const char *value = variables_get(&shell.variables, names.data[i]);
        if (value == NULL && command[0] == '\0')
            continue;
        text_add_string(&text, command);
        text_add_string(&text, names.data[i]);
        if (value != NULL) {
            text_add_char(&text, '=');
            text_add_quoted(&text, value);
        }
        text_add_char(&text, '\n');
    }
    output_text(&text);
    text_free(&text);
    words_free(&names);
}

/* NAME or NAME=VALUE; false: told. */
static bool declare(const char *word, uint32_t flags)
{
    size_t size = name_size(word);
    if (size == 0 || (word[size] != '=' && word[size] != '\0')) {
        complain(word, "this is no name");
        return false;
    }
    char *name = take_copy(word, size);
    bool done = true;
    if (word[size] == '=')
        done = variables_set(&shell.variables, name, word + size + 1, 0);
    if (done)
        variables_flag(&shell.variables, name, flags);
    else
        complain(name, "it is read-only");
    free(name);
    return done;
}

static int declare_all(struct words *words, uint32_t flags, const char *command)
{
    bool lists = words->count == 1 || (words->count == 2 && strcmp(words->data[1], "-p") == 0);
    if (lists) {
        show_flagged(flags, command);
        return 0;
    }
    for (size_t i = 1; i < words->count; i++)
        if (strcmp(words->data[i], "--") != 0 && !declare(words->data[i], flags))
            return STATUS_MISUSED;
    return 0;
}

static int builtin_export(struct words *words)
{
    return declare_all(words, VARIABLE_EXPORTED, "export ");
}

static int builtin_readonly(struct words *words)
{
    return declare_all(words, VARIABLE_READONLY, "readonly ");
}

static int builtin_local(struct words *words)
{
    for (size_t i = 1; i < words->count; i++) {
        char *name = take_copy(words->data[i], name_size(words->data[i]));
        bool is_local = variables_make_local(&shell.variables, name);
        free(name);
        if (!is_local) {
            complain("local", "only a function has variables of its own");
            return STATUS_FAILED;
        }
        if (!declare(words->data[i], 0))
            return STATUS_FAILED;
    }
    return 0;
}

static int builtin_unset(struct words *words)
{
    bool functions = false;
    for (size_t i = 1; i < words->count; i++) {
        const char *word = words->data[i];
        if (i == 1 && (strcmp(word, "-v") == 0 || strcmp(word, "-f") == 0)) {
            functions = word[1] == 'f';
            continue;
        }
        if (functions) {
            function_remove(word);
        } else if (!variables_unset(&shell.variables, word)) {
            complain(word, "it is read-only");
            return STATUS_MISUSED;
        }
    }
    return 0;
}

/* ---- Options and parameters ---------------------------------------------------------------------
 */

static const struct {
    char sign;
    const char *name;
    bool *value;
} options[] = {
    { 'a', "allexport", &shell.exports_all }, { 'e', "errexit", &shell.exit_on_error },
    { 'f', "noglob", &shell.no_paths },       { 'n', "noexec", &shell.no_execute },
    { 'u', "nounset", &shell.fails_unset },   { 'v', "verbose", &shell.verbose },
    { 'x', "xtrace", &shell.traces },         { 'C', "noclobber", &shell.no_clobber },
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
        show_flagged(0, "");
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
    size_t count = words->count > 1 ? strtoul(words->data[1], NULL, 10) : 1;
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
    if (words->count < 3) {
        complain("getopts", "usage: getopts LETTERS NAME [WORD...]");
        return STATUS_MISUSED;
    }
    const char *letters = words->data[1], *name = words->data[2];
    char **list = words->count > 3 ? words->data + 3 : shell.parameters.data;
    size_t count = words->count > 3 ? words->count - 3 : shell.parameters.count;
    const char *from = variables_get(&shell.variables, "OPTIND");
    size_t index = from == NULL ? 1 : strtoul(from, NULL, 10);
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
        if (!is_quiet)
            complain(text, found == NULL ? "no such option" : "this option needs an argument");
        return 0;
    }
    set_option(name, letter, argument);
    return 0;
}

/* ---- Directories --------------------------------------------------------------------------------
 */

static int builtin_cd(struct words *words)
{
    const char *target =
        words->count > 1 ? words->data[words->count - 1] : variables_get(&shell.variables, "HOME");
    bool is_back = target != NULL && strcmp(target, "-") == 0;
    if (is_back)
        target = variables_get(&shell.variables, "OLDPWD");
    if (target == NULL || target[0] == '\0') {
        complain("cd", is_back ? "OLDPWD is not set" : "HOME is not set");
        return STATUS_FAILED;
    }
    char *path = place_absolute(target);
    enum place_kind kind = place_look(path, true).kind;
    if (kind != PLACE_DIRECTORY) {
        complain(target, kind == PLACE_NOTHING ? "no such directory" : "it is not a directory");
        free(path);
        return STATUS_MISUSED;
    }
    const char *here = variables_get(&shell.variables, "PWD");
    variables_set(&shell.variables, "OLDPWD", here == NULL ? "/" : here, 0);
    variables_set(&shell.variables, "PWD", path, VARIABLE_EXPORTED);
    if (is_back) {
        output(path);
        output("\n");
    }
    free(path);
    return 0;
}

static int builtin_pwd(struct words *words)
{
    const char *here = variables_get(&shell.variables, "PWD");
    (void)words;
    output(here == NULL ? "/" : here);
    output("\n");
    return 0;
}

/* ---- Aliases ------------------------------------------------------------------------------------
 */

static void show_alias(const char *name)
{
    struct text text = { 0 };
    text_add_string(&text, name);
    text_add_char(&text, '=');
    text_add_quoted(&text, variables_get(&shell.aliases, name));
    text_add_char(&text, '\n');
    output_text(&text);
    text_free(&text);
}

static int builtin_alias(struct words *words)
{
    int status = 0;
    struct words names = { 0 };
    if (words->count == 1)
        variables_list(&shell.aliases, 0, &names);
    for (size_t i = 0; i < names.count; i++)
        show_alias(names.data[i]);
    words_free(&names);
    for (size_t i = 1; i < words->count; i++) {
        char *sign = strchr(words->data[i], '=');
        if (sign != NULL && sign != words->data[i]) {
            *sign = '\0';
            variables_set(&shell.aliases, words->data[i], sign + 1, 0);
            *sign = '=';
        } else if (variables_get(&shell.aliases, words->data[i]) != NULL) {
            show_alias(words->data[i]);
        } else {
            complain(words->data[i], "no such alias");
            status = STATUS_FAILED;
        }
    }
    return status;
}

static int builtin_unalias(struct words *words)
{
    int status = 0;
    struct words names = { 0 };
    bool all = words->count == 2 && strcmp(words->data[1], "-a") == 0;
    if (all)
        variables_list(&shell.aliases, 0, &names);
    for (size_t i = 1; i < words->count && !all; i++)
        words_add_copy(&names, words->data[i]);
    for (size_t i = 0; i < names.count; i++) {
        if (variables_find(&shell.aliases, names.data[i]) == NULL)
            status = STATUS_FAILED;
        variables_unset(&shell.aliases, names.data[i]);
    }
    words_free(&names);
    return status;
}

static int builtin_umask(struct words *words)
{
    (void)words;
    complain("umask", "files have no modes here: what may be done follows from their directory");
    return STATUS_FAILED;
}

const struct builtin builtins_state[] = {
    { "export", builtin_export, true, false },
    { "readonly", builtin_readonly, true, false },
    { "set", builtin_set, true, false },
    { "shift", builtin_shift, true, false },
    { "unset", builtin_unset, true, false },
    { "local", builtin_local, false, false },
    { "getopts", builtin_getopts, false, false },
    { "cd", builtin_cd, false, false },
    { "pwd", builtin_pwd, false, true },
    { "alias", builtin_alias, false, false },
    { "unalias", builtin_unalias, false, false },
    { "umask", builtin_umask, false, true },
    { NULL, NULL, false, false },
};
