/* `env`: what programs get, or a command with something else. It is a builtin, as a program cannot
 * start the command. */
#include "programs/shell/builtin.h"
#include "programs/shell/run.h"

#include <string.h>

static void show(void)
{
    struct words names = { 0 };
    struct text text = { 0 };
    variables_list(&shell.variables, VARIABLE_EXPORTED, &names);
    for (size_t i = 0; i < names.count; i++) {
        const char *value = variables_get(&shell.variables, names.data[i]);
        if (value == NULL)
            continue;
        text_add_string(&text, names.data[i]);
        text_add_char(&text, '=');
        text_add_string(&text, value);
        text_add_char(&text, '\n');
    }
    output_text(&text);
    text_free(&text);
    words_free(&names);
}

/* What a name is from here on is undone at the end. */
static void hide(const char *name)
{
    variables_make_local(&shell.variables, name);
    struct variable *variable = variables_find(&shell.variables, name);
    if (variable != NULL)
        variable->flags &= ~(uint32_t)VARIABLE_EXPORTED;
}

static void hide_all(void)
{
    struct words names = { 0 };
    variables_list(&shell.variables, VARIABLE_EXPORTED, &names);
    for (size_t i = 0; i < names.count; i++)
        hide(names.data[i]);
    words_free(&names);
}

static bool assign(char *word)
{
    char *sign = strchr(word, '=');
    *sign = '\0';
    variables_make_local(&shell.variables, word);
    bool done = variables_set(&shell.variables, word, sign + 1, VARIABLE_EXPORTED);
    if (!done)
        complain(word, "it is read-only");
    *sign = '=';
    return done;
}

/* Options and assignments; false: told. */
static bool take_words(struct words *words, size_t *at)
{
    for (; *at < words->count; ++*at) {
        char *word = words->data[*at];
        if (strcmp(word, "-i") == 0 || strcmp(word, "-") == 0) {
            hide_all();
        } else if (strcmp(word, "-u") == 0 && *at + 1 < words->count) {
            hide(words->data[++*at]);
        } else if (word[0] == '-') {
            builtin_misused("env");
            return false;
        } else if (name_size(word) == 0 || word[name_size(word)] != '=') {
            return true;
        } else if (!assign(word)) {
            return false;
        }
    }
    return true;
}

int builtin_env(struct words *words)
{
    size_t at = 1;
    variables_enter(&shell.variables);
    int status = STATUS_MISUSED;
    if (take_words(words, &at)) {
        struct words rest = { words->data + at, words->count - at, 0 };
        status = 0;
        if (rest.count == 0)
            show();
        else
            status = run_as_program(&rest);
    }
    variables_leave(&shell.variables);
    return status;
}
