/* The shell: `shell [OPTIONS] [FILE|-c COMMANDS] [ARGUMENT...]`. */
#include "lib/main.h"
#include "lib/start.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

static struct words arguments;

/* ---- What it was started with -------------------------------------------------------------------
 */

static char *copy(struct weft_bytes bytes)
{
    return take_copy((const char *)bytes.data, bytes.size);
}

static void take_environment(const struct system_start_record *start)
{
    for (uint32_t i = 0; i < start->environment.count; i++) {
        char *name = copy(start->environment.data[i].f0);
        char *value = copy(start->environment.data[i].f1);
        if (name_size(name) == strlen(name) && name[0] != '\0')
            variables_set(&shell.variables, name, value, VARIABLE_EXPORTED);
        free(name);
        free(value);
    }
}

static void take_descriptors(const struct system_start_record *start)
{
    static const char *const usual[] = { "stdin", "stdout", "stderr" };
    for (int i = 0; i < 3; i++) {
        int32_t slot = start_slot(usual[i]);
        descriptors[i] = slot == WEFT_NO_SLOT ? NULL : stream_create(slot);
    }
    for (uint32_t i = 0; i < start->slots.count; i++) {
        const struct system_named_slot *slot = &start->slots.data[i];
        const uint8_t *name = slot->name.data;
        if (slot->name.size == 4 && memcmp(name, "fd:", 3) == 0 && name[3] >= '3' && name[3] <= '9')
            descriptors[name[3] - '0'] = stream_create(slot->slot);
    }
}

static void set_up_variables(void)
{
    const char *here = variables_get(&shell.variables, "PWD");
    bool is_good = here != NULL && here[0] == '/' && place_look(here, true).kind == PLACE_DIRECTORY;
    if (!is_good)
        variables_set(&shell.variables, "PWD", "/", 0);
    variables_flag(&shell.variables, "PWD", VARIABLE_EXPORTED);
    if (variables_get(&shell.variables, "PATH") == NULL)
        variables_set(&shell.variables, "PATH", "/bin", VARIABLE_EXPORTED);
    variables_set(&shell.variables, "OPTIND", "1", 0);
    variables_unset(&shell.variables, "IFS");
    variables_set(&shell.variables, "IFS", " \t\n", 0);
}

/* ---- Its command line ---------------------------------------------------------------------------
 */

static const char help[] =
    "usage: shell [-aCefnuvxi] [FILE|-c COMMANDS [NAME]|-s] [ARGUMENT...]\n"
    "Runs commands of POSIX's shell language: those in a file, those behind -c, those that it reads\n"
    "(-s), or a person's at a terminal (-i). `help` lists its builtins, `help set` tells its options.\n";

static int usage(void)
{
    usage_tell(NULL, help);
    return STATUS_MISUSED;
}

struct line {
    bool is_commands, is_input, wants_person;
    size_t at;
};

static bool *option_of(struct line *line, char sign)
{
    static bool ignored;
    switch (sign) {
    case 'c':
        return &line->is_commands;
    case 's':
        return &line->is_input;
    case 'i':
        return &line->wants_person;
    case 'e':
        return &shell.exit_on_error;
    case 'u':
        return &shell.fails_unset;
    case 'x':
        return &shell.traces;
    case 'f':
        return &shell.no_paths;
    case 'n':
        return &shell.no_execute;
    case 'C':
        return &shell.no_clobber;
    case 'a':
        return &shell.exports_all;
    case 'v':
    case 'b':
    case 'm':
    case 'l':
        return &ignored;
    default:
        return NULL;
    }
}

static bool read_line(struct line *line)
{
    for (line->at = 1; line->at < arguments.count; line->at++) {
        const char *word = arguments.data[line->at];
        if ((word[0] != '-' && word[0] != '+') || word[1] == '\0')
            break;
        if (strcmp(word, "--") == 0) {
            line->at++;
            break;
        }
        for (const char *sign = word + 1; *sign != '\0'; sign++) {
            bool *option = option_of(line, *sign);
            if (option == NULL)
                return false;
            *option = word[0] == '-';
        }
    }
    return true;
}

static void take_parameters(size_t from)
{
    for (size_t i = from; i < arguments.count; i++)
        words_add_copy(&shell.parameters, arguments.data[i]);
}

static int run_file(const char *path)
{
    struct text text = { 0 };
    const char *why;
    if (!place_read(path, &text, &why)) {
        complain(path, why);
        return STATUS_NOT_FOUND;
    }
    shell.name = path;
    int status = run_text(text_string(&text), text.size);
    text_free(&text);
    return status;
}

/* Runs the lines that are there, if they are whole commands, or if nothing follows them. */
static int run_input_lines(struct text *input, bool is_end, int status)
{
    struct text lines = { 0 };
    size_t size = input->size;
    while (!is_end && size > 0 && input->data[size - 1] != '\n')
        size--;
    text_add(&lines, input->data, size);
    if (size != 0 && (is_end || run_is_whole(&lines))) {
        memmove(input->data, input->data + size, input->size - size);
        input->size -= size;
        status = run_text(text_string(&lines), lines.size);
    }
    text_free(&lines);
    return status;
}

/* Commands from standard input, as they come. What was read of it at once, commands do not find
 * there any more. */
static int run_input(void)
{
    struct text input = { 0 };
    int status = 0;
    while (shell.flow == FLOW_ON && stream_read_some(descriptors[0], &input))
        status = run_input_lines(&input, false, status);
    if (shell.flow == FLOW_ON)
        status = run_input_lines(&input, true, status);
    text_free(&input);
    return status;
}

static int run_line(void)
{
    struct line line = { 0 };
    if (arguments.count == 2 && strcmp(arguments.data[1], "--help") == 0) {
        output(help);
        return 0;
    }
    if (!read_line(&line))
        return usage();
    const char *word = line.at < arguments.count ? arguments.data[line.at] : NULL;
    if (line.is_commands && word == NULL)
        return usage();
    if (line.is_commands) {
        if (line.at + 1 < arguments.count)
            shell.name = arguments.data[line.at + 1];
        take_parameters(line.at + 2);
        return run_text(word, strlen(word));
    }
    if (word != NULL && !line.is_input) {
        take_parameters(line.at + 1);
        return run_file(word);
    }
    take_parameters(line.at);
    bool is_person = line.wants_person ||
                     (stream_is_terminal(descriptors[0]) && stream_is_terminal(descriptors[2]));
    return is_person ? prompt_run() : run_input();
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    if (start == NULL)
        return STATUS_FAILED;
    shell.name = "shell";
    shell.process = start->process;
    shell.substituted = -1;
    for (uint32_t i = 0; i < start->arguments.count; i++)
        words_add(&arguments, copy(start->arguments.data[i]));
    shell.trap_status = -1;
    take_descriptors(start);
    signal_init();
    place_init();
    take_environment(start);
    set_up_variables();
    bool is_subshell = arguments.count > 1 && strcmp(arguments.data[1], "--subshell") == 0;
    run_exit(is_subshell ? subshell_main(&arguments) : run_line());
}
