/* The command `weft`. */
#include "platform/hosted/command.h"
#include "platform/hosted/say.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
    &command_run, &command_system,    &command_inspect, &command_check,
    &command_cid, &command_interface, &command_add,
};

static const char version[] = "weft 0.1.0";

/* A descriptor 0, 1 or 2 that the parent closed would otherwise be the next file that is opened. */
static void occupy_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_PATH | O_CLOEXEC) < 0)
            return;
}

static void print_help(void)
{
    printf("usage: weft COMMAND ...\n\n"
           "Weft runs WebAssembly programs, each with the rights that it is given.\n\n");
    for (usize i = 0; i < BASE_ARRAY_COUNT(commands); i++)
        printf("  weft %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("  weft %-10s %s\n", "help", "This text; `weft help COMMAND` tells of one command.");
    printf("  weft %-10s %s\n\nMore is in weft(1).\n", "--version", "Which version this is.");
}

static const struct command *find_command(const char *name)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int help(u32 count, char **arguments)
{
    const struct command *command = count == 0 ? NULL : find_command(arguments[0]);
    if (count > 1 || (count == 1 && command == NULL)) {
        say("usage", "there is no command %s; `weft help` lists them", arguments[count - 1]);
        return EXIT_USAGE;
    }
    if (command != NULL)
        command_help(command);
    else
        print_help();
    return 0;
}

/* Standard output may be a full disk: that is a failure, too. */
static int end_output(int status)
{
    if (fflush(stdout) == 0 || status != 0)
        return status;
    say("error", "cannot write to standard output: %m");
    return EXIT_FAILED;
}

static int dispatch(u32 count, char **arguments)
{
    if (count == 0) {
        fputs("usage: weft COMMAND ...  (`weft help` lists the commands)\n", stderr);
        return EXIT_USAGE;
    }
    const char *name = arguments[0];
    const struct command *command = find_command(name);
    if (command != NULL)
        return command_execute(command, count - 1, arguments + 1);
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0)
        return puts(version) < 0 ? EXIT_FAILED : 0;
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help(count - 1, arguments + 1);
    say("usage", "there is no command %s; `weft help` lists them", name);
    return EXIT_USAGE;
}

int main(int count, char **arguments)
{
    occupy_standard_descriptors();
    return end_output(dispatch((u32)count - 1, arguments + 1));
}
