#include "platform/hosted/command.h"

#include "platform/hosted/say.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 32 };

static u32 option_count(const struct command *command)
{
    return command->option_count + command->shared_count;
}

static const struct option *option_at(const struct command *command, u32 index)
{
    return index < command->option_count ? &command->options[index]
                                         : &command->shared[index - command->option_count];
}

static void print_usage(FILE *to, const struct command *command)
{
    fprintf(to, "usage: weft %s%s %s\n", command->name,
            option_count(command) != 0 ? " [OPTIONS]" : "", command->arguments);
}

int command_usage(const struct command *command)
{
    print_usage(stderr, command);
    return EXIT_USAGE;
}

static void print_option(const char *name, const char *value, const char *help)
{
    char label[64];
    snprintf(label, sizeof(label), "%s%s%s", name, value == NULL ? "" : " ",
             value == NULL ? "" : value);
    bool long_label = strlen(label) >= HELP_COLUMN - 3;
    printf("  %-*s%s", HELP_COLUMN - 2, label, long_label ? "\n" : "");
    if (long_label)
        printf("%*s", HELP_COLUMN, "");
    for (const char *at = help; *at != '\0'; at++) {
        putchar(*at);
        if (*at == '\n')
            printf("%*s", HELP_COLUMN, "");
    }
    putchar('\n');
}

void command_help(const struct command *command)
{
    print_usage(stdout, command);
    printf("\n%s\n\n", command->summary);
    for (u32 i = 0; i < option_count(command); i++) {
        const struct option *option = option_at(command, i);
        print_option(option->name, option->value, option->help);
    }
    print_option("--help", NULL, "this text");
    if (command->more[0] != '\0')
        printf("\n%s\n", command->more);
}

static int wrong(const struct command *command, const char *what, const char *argument)
{
    say("usage", "%s: %s: %s", command->name, argument, what);
    return command_usage(command);
}

/* The option that `argument` begins with; its value, if it has one, in `*value`. */
static const struct option *find_option(const struct command *command, const char *argument,
                                        const char **value)
{
    usize size = strcspn(argument, "=");
    *value = argument[size] == '=' ? argument + size + 1 : NULL;
    for (u32 i = 0; i < option_count(command); i++) {
        const struct option *option = option_at(command, i);
        if (strlen(option->name) == size && strncmp(option->name, argument, size) == 0)
            return option;
    }
    return NULL;
}

/* One option at `arguments[*at]`, and its value; moves behind them. 0, or the exit status. */
static int take_option(const struct command *command, u32 count, char **arguments, u32 *at)
{
    const char *argument = arguments[(*at)++];
    const char *value;
    const struct option *option = find_option(command, argument, &value);
    if (option == NULL)
        return wrong(command, "there is no such option", argument);
    if (option->value == NULL && value != NULL)
        return wrong(command, "this option takes no value", argument);
    if (option->value != NULL && value == NULL) {
        if (*at == count)
            return wrong(command, "this option needs a value", argument);
        value = arguments[(*at)++];
    }
    const char *mistake = option->take(value);
    return mistake == NULL ? 0 : wrong(command, mistake, value == NULL ? argument : value);
}

/* Options out of the way: what is left is at the front. 0, or the exit status. */
static int take_options(const struct command *command, u32 count, char **arguments, u32 *left)
{
    bool options_end = false;
    *left = 0;
    for (u32 at = 0; at < count;) {
        const char *argument = arguments[at];
        bool is_option = !options_end && argument[0] == '-' && argument[1] != '\0';
        if (is_option && strcmp(argument, "--") != 0) {
            int status = take_option(command, count, arguments, &at);
            if (status != 0)
                return status;
            continue;
        }
        at++;
        if (!is_option)
            arguments[(*left)++] = arguments[at - 1];
        options_end = options_end || is_option || command->program_follows;
    }
    return 0;
}

/* Whether --help is among the command's own options. */
static bool asks_for_help(const struct command *command, u32 count, char **arguments)
{
    for (u32 i = 0; i < count && strcmp(arguments[i], "--") != 0; i++) {
        const char *value;
        if (strcmp(arguments[i], "--help") == 0)
            return true;
        if (arguments[i][0] != '-' && command->program_follows)
            return false;
        const struct option *option = find_option(command, arguments[i], &value);
        i += option != NULL && option->value != NULL && value == NULL;
    }
    return false;
}

int command_execute(const struct command *command, u32 count, char **arguments)
{
    u32 left;
    if (asks_for_help(command, count, arguments)) {
        command_help(command);
        return 0;
    }
    int status = take_options(command, count, arguments, &left);
    if (status != 0)
        return status;
    if (left < command->arguments_min || left > command->arguments_max) {
        say("usage", "%s: %s", command->name,
            left < command->arguments_min ? "an argument is missing" : "too many arguments");
        return command_usage(command);
    }
    return command->run(left, arguments);
}
