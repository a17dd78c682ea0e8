/* Builtins that are about the shell's own state: variables, options, parameters, directories. */
#include "programs/shell/builtin.h"
#include "programs/shell/language/arithmetic.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- Variables ----------------------------------------------------------------------------------
 */

void builtin_show_variables(uint32_t flags, const char *command)
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
            text_add_in_quotes(&text, value);
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

/* export -n NAME...: they are no more. */
static int withdraw_all(struct words *words, uint32_t flags)
{
    for (size_t i = 2; i < words->count; i++) {
        struct variable *variable = variables_find(&shell.variables, words->data[i]);
        if (variable != NULL)
            variable->flags &= ~flags;
    }
    return 0;
}

static int declare_all(struct words *words, uint32_t flags, const char *command)
{
    if (flags == VARIABLE_EXPORTED && words->count > 1 && strcmp(words->data[1], "-n") == 0)
        return withdraw_all(words, flags);
    bool lists = words->count == 1 || (words->count == 2 && strcmp(words->data[1], "-p") == 0);
    if (lists) {
        builtin_show_variables(flags, command);
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

static const char *get_variable(void *context, const char *name)
{
    (void)context;
    return parameter_get(name);
}

static void set_variable(void *context, const char *name, int64_t value)
{
    struct text text = { 0 };
    text_add_number(&text, value);
    if (!variables_set(&shell.variables, name, text_string(&text), 0)) {
        complain(name, "it is read-only");
        *(bool *)context = true;
    }
    text_free(&text);
}

/* Each word is an expression; as a condition it is true if the last one is not 0. */
static int builtin_let(struct words *words)
{
    bool failed = words->count < 2;
    int64_t value = 0;
    if (failed)
        builtin_misused("let");
    for (size_t i = 1; i < words->count && !failed; i++) {
        struct arithmetic arithmetic = { get_variable, set_variable, &failed, NULL };
        value = arithmetic_evaluate(&arithmetic, words->data[i]);
        if (arithmetic.mistake != NULL)
            complain(words->data[i], arithmetic.mistake);
        failed |= arithmetic.mistake != NULL;
    }
    return failed || value == 0 ? STATUS_FAILED : 0;
}

static int builtin_unset(struct words *words)
{
    bool functions = false;
    for (size_t i = 1; i < words->count; i++) {
        const char *word = words->data[i];
        if (i == 1 && word[0] == '-' && word[1] != '\0' &&
            strspn(word + 1, "vf") + 1 == strlen(word)) {
            functions = strchr(word, 'f') != NULL;
            continue;
        }
        if (!functions && (word[0] == '\0' || name_size(word) != strlen(word))) {
            complain(word, "this is no name");
            return STATUS_MISUSED;
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
    text_add_in_quotes(&text, variables_get(&shell.aliases, name));
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
    { "export", builtin_export,
      "usage: export [-p] [VARIABLE[=VALUE]...]\n"
      "       export -n VARIABLE...\n"
      "Has programs that are started get the variables; -n: no more. Alone or with -p it "
      "shows them.\n",
      true, false },
    { "readonly", builtin_readonly,
      "usage: readonly [-p] [VARIABLE[=VALUE]...]\n"
      "Has the variables stay as they are. Alone or with -p it shows them.\n",
      true, false },
    { "unset", builtin_unset,
      "usage: unset [-v] VARIABLE...\n"
      "       unset -f FUNCTION...\n"
      "Forgets variables, or functions.\n",
      true, false },
    { "local", builtin_local,
      "usage: local VARIABLE[=VALUE]...\n"
      "Gives the function that runs variables of its own.\n",
      false, false },
    { "let", builtin_let,
      "usage: let EXPRESSION...\n"
      "Evaluates expressions as $(( )) does. It is true if the last one is not 0.\n",
      false, false },
    { "cd", builtin_cd,
      "usage: cd [DIRECTORY|-]\n"
      "Changes to a directory: to HOME, or with - to the one before.\n",
      false, false },
    { "pwd", builtin_pwd,
      "usage: pwd\n"
      "Prints the current directory.\n",
      false, true },
    { "alias", builtin_alias,
      "usage: alias [ALIAS[=TEXT]...]\n"
      "Puts a text in place of a command's name. Alone it shows what is so.\n",
      false, false },
    { "unalias", builtin_unalias,
      "usage: unalias -a\n"
      "       unalias ALIAS...\n"
      "Forgets aliases; -a: all.\n",
      false, false },
    { "umask", builtin_umask,
      "usage: umask\n"
      "Tells that files have no modes here, and fails.\n",
      false, true },
    { NULL, NULL, NULL, false, false },
};
