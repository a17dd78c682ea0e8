/* `trap` and `kill`. */
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- Traps --------------------------------------------------------------------------------------
 */

static void show_traps(void)
{
    struct text text = { 0 };
    for (int number = 0; number < SIGNALS; number++) {
        if (shell.traps[number] == NULL)
            continue;
        text_add_string(&text, "trap -- ");
        text_add_in_quotes(&text, shell.traps[number]);
        text_add_char(&text, ' ');
        text_add_string(&text, signal_name(number));
        text_add_char(&text, '\n');
    }
    output_text(&text);
    text_free(&text);
}

/* What is set for one condition; NULL: nothing. */
static int set_trap(const char *condition, const char *commands)
{
    int number = signal_number(condition);
    if (number < 0 || signal_name(number) == NULL) {
        complain(condition, "there is no such condition");
        return STATUS_FAILED;
    }
    free(shell.traps[number]);
    shell.traps[number] = commands == NULL ? NULL : take_copy(commands, strlen(commands));
    return 0;
}

static int builtin_trap(struct words *words)
{
    size_t at = words->count > 1 && strcmp(words->data[1], "--") == 0 ? 2 : 1;
    int status = 0;
    if (words->count <= at) {
        show_traps();
        return 0;
    }
    const char *commands = words->data[at];
    bool is_number = commands[0] >= '0' && commands[0] <= '9';
    bool resets = strcmp(commands, "-") == 0 || is_number || words->count == at + 1;
    for (size_t i = is_number || words->count == at + 1 ? at : at + 1; i < words->count; i++)
        if (set_trap(words->data[i], resets ? NULL : commands) != 0)
            status = STATUS_FAILED;
    return status;
}

/* ---- kill ---------------------------------------------------------------------------------------
 */

/* kill -l [STATUS...] */
static int list_signals(const struct words *words)
{
    struct text text = { 0 };
    for (int number = 1; number < SIGNALS && words->count == 2; number++)
        if (signal_name(number) != NULL) {
            text_add_string(&text, signal_name(number));
            text_add_char(&text, '\n');
        }
    for (size_t i = 2; i < words->count; i++) {
        int number = atoi(words->data[i]);
        const char *name = signal_name(number > STATUS_SIGNAL ? number - STATUS_SIGNAL : number);
        text_add_string(&text, name == NULL ? "unknown" : name);
        text_add_char(&text, '\n');
    }
    output_text(&text);
    text_free(&text);
    return 0;
}

/* To the shell of `$$`, which may be this one. */
static bool send_to_main(int number)
{
    if (number != 0 && !shell.is_subshell)
        signal_take(number);
    return number == 0 || !shell.is_subshell || signal_send(signal_main(), number);
}

static bool send(const char *name, int number)
{
    bool is_main = name[0] != '%' && strtoull(name, NULL, 10) == shell.process;
    bool sent = is_main ? send_to_main(number) : job_signal(name, number);
    if (!sent)
        complain(name, "no such job or process of this shell");
    return sent;
}

/* -s NAME, -NAME, -NUMBER; `at` is then behind it. -1: told. */
static int option(const struct words *words, size_t *at)
{
    const char *word = words->count > 1 ? words->data[1] : "";
    const char *name = word + 1;
    if (word[0] != '-' || word[1] == '\0')
        return SIGNAL_TERMINATE;
    if (strcmp(word, "-s") == 0 && words->count > 2)
        name = words->data[++*at];
    ++*at;
    if (strcmp(word, "--") == 0)
        return SIGNAL_TERMINATE;
    int number = strcmp(name, "EXIT") == 0 ? -1 : signal_number(name);
    if (number < 0)
        complain(name, "there is no such signal; kill -l lists them");
    return number;
}

static int builtin_kill(struct words *words)
{
    size_t at = 1;
    if (words->count > 1 && strcmp(words->data[1], "-l") == 0)
        return list_signals(words);
    int number = option(words, &at);
    if (number < 0)
        return STATUS_MISUSED;
    if (at >= words->count)
        return builtin_misused("kill");
    int status = 0;
    for (; at < words->count; at++)
        if (!send(words->data[at], number))
            status = STATUS_FAILED;
    return status;
}

const struct builtin builtins_signal[] = {
    { "trap", builtin_trap,
      "usage: trap [COMMANDS SIGNAL...]\n"
      "       trap - SIGNAL...\n"
      "Sets what is run when a signal comes, or the shell ends (EXIT); empty: nothing "
      "happens then. - undoes that.\n"
      "Alone it shows what is set.\n",
      true, false },
    { "kill", builtin_kill,
      "usage: kill [-s SIGNAL|-SIGNAL] %JOB|PROCESS...\n"
      "       kill -l [STATUS...]\n"
      "Ends jobs, or processes that were started from this shell; STOP stops them, CONT "
      "lets them go on. -l lists\n"
      "signals.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};
