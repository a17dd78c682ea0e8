/* Simple commands: assignments, builtins, functions, programs. */
#include "lib/start.h"
#include "programs/shell/run.h"

#include <stdlib.h>
#include <string.h>

/* A simple command whose words were expanded. */
struct command {
    struct words words;
    struct words assignments; /* NAME=VALUE */
    bool failed;
    bool read_only; /* one of its assignments could not be made */
};

static bool assign_one(char *assignment, uint32_t flags)
{
    char *sign = strchr(assignment, '=');
    *sign = '\0';
    bool set = variables_set(&shell.variables, assignment, sign + 1,
                             flags | (shell.exports_all ? VARIABLE_EXPORTED : 0));
    if (!set)
        complain(assignment, "it is read-only");
    *sign = '=';
    return set;
}

/* The running function's, or command's, own variable. */
static void make_local(char *assignment)
{
    char *sign = strchr(assignment, '=');
    *sign = '\0';
    variables_make_local(&shell.variables, assignment);
    *sign = '=';
}

static bool assign(const struct words *assignments, uint32_t flags)
{
    for (size_t i = 0; i < assignments->count; i++)
        if (!assign_one(assignments->data[i], flags))
            return false;
    return true;
}

/* Makes the assignment that was read last: it is there for the next one. Those in front of a
 * command hold as long as all are read; whoever runs it makes them again. A failure is the
 * command's. */
static bool assign_last(struct command *command, bool is_for_command, bool is_last)
{
    char *assignment = command->assignments.data[command->assignments.count - 1];
    if (is_for_command && is_last)
        return true;
    if (is_for_command)
        make_local(assignment);
    bool done = assign_one(assignment, 0);
    command->read_only |= !done;
    return done;
}

static void expand(const struct node *node, struct command *command)
{
    struct expander expander = run_expander();
    shell.substituted = -1;
    for (const struct word *word = node->words; word != NULL; word = word->next)
        expand_word(&expander, word->text, &command->words);
    bool is_for_command = command->words.count != 0;
    if (is_for_command)
        variables_enter(&shell.variables);
    for (const struct word *word = node->assignments; word != NULL; word = word->next) {
        struct text text = { 0 };
        size_t size = name_size(word->text) + 1;
        text_add(&text, word->text, size);
        expand_assigned(&expander, word->text + size, &text);
        words_add(&command->assignments, text_release(&text));
        if (expander.mistake.size != 0 || !assign_last(command, is_for_command, word->next == NULL))
            break;
    }
    if (is_for_command)
        variables_leave(&shell.variables);
    command->failed = expander.mistake.size != 0;
    run_mistake(&expander);
}

static void command_free(struct command *command)
{
    words_free(&command->words);
    words_free(&command->assignments);
}

static void trace(const struct command *command)
{
    struct text line = { 0 };
    const char *prompt = variables_get(&shell.variables, "PS4");
    if (!shell.traces)
        return;
    text_add_string(&line, prompt == NULL ? "+ " : prompt);
    for (size_t i = 0; i < command->assignments.count; i++) {
        size_t size = strcspn(command->assignments.data[i], "=") + 1;
        text_add(&line, " ", i != 0);
        text_add(&line, command->assignments.data[i], size);
        text_add_quoted(&line, command->assignments.data[i] + size);
    }
    for (size_t i = 0; i < command->words.count; i++) {
        text_add(&line, " ", i != 0 || command->assignments.count != 0);
        text_add_quoted(&line, command->words.data[i]);
    }
    text_add_char(&line, '\n');
    stream_write_all(descriptors[2], text_string(&line), line.size);
    text_free(&line);
}

/* ---- What a command's name is -------------------------------------------------------------------
 */

/* Assignments in front of a builtin or function hold while it runs. */
static bool assign_for_a_while(const struct words *assignments)
{
    variables_enter(&shell.variables);
    for (size_t i = 0; i < assignments->count; i++)
        make_local(assignments->data[i]);
    return assign(assignments, VARIABLE_EXPORTED);
}

/* Whether its status may be that of commands. */
static bool passes_status(const char *name)
{
    return strcmp(name, "eval") == 0 || strcmp(name, ".") == 0 || strcmp(name, "exec") == 0 ||
           strcmp(name, "return") == 0 || strcmp(name, "exit") == 0;
}

static int misused(const struct builtin *builtin, int status)
{
    if (status == STATUS_MISUSED && !passes_status(builtin->name) && !shell.interactive)
        shell.flow = FLOW_EXIT;
    return status;
}

static int run_builtin(const struct builtin *builtin, struct command *command)
{
    if (builtin->is_special) {
        bool assigned = assign(&command->assignments, 0);
        if (!assigned && !shell.interactive)
            shell.flow = FLOW_EXIT;
        return assigned ? misused(builtin, builtin_run(builtin, &command->words)) : STATUS_FAILED;
    }
    if (command->assignments.count == 0)
        return builtin_run(builtin, &command->words);
    int status = STATUS_FAILED;
    if (assign_for_a_while(&command->assignments))
        status = builtin_run(builtin, &command->words);
    variables_leave(&shell.variables);
    return status;
}

static int call(struct function *function, struct command *command)
{
    int status = STATUS_FAILED;
    if (command->assignments.count == 0)
        return function_call(function, &command->words);
    if (assign_for_a_while(&command->assignments))
        status = function_call(function, &command->words);
    variables_leave(&shell.variables);
    return status;
}

static void tell_missing(const char *name, int status, const char *why)
{
    if (status == STATUS_NOT_FOUND && strchr(name, '/') == NULL)
        names_tell_missing(name);
    else
        complain(name, why);
}

static bool is_itself(const struct program_name *program)
{
    struct program_name own;
    return program_itself(&own) && own.size == program->size &&
           memcmp(own.cid, program->cid, own.size) == 0;
}

/* The program as a process of the job. */
static int start_program(struct command *command, struct stream **streams, struct job *job,
                         bool is_behind)
{
    struct program_name program;
    struct started started = { .takes_signals = is_behind };
    const char *why = "";
    const char *name = command->words.data[0];
    struct words arguments = { 0 };
    for (size_t i = 0; i < command->words.count; i++)
        words_add_copy(&arguments, command->words.data[i]);
    int status = runner_find(&arguments, &program, &why);
    if (status != 0)
        tell_missing(name, status, why);
    struct spawn options = {
        .program = &program,
        .silo = silo_of_commands(),
        .arguments = &arguments,
        .assignments = &command->assignments,
        .descriptors = streams,
        .all_descriptors = status == 0 && is_itself(&program),
        .terminal = job_stream(job),
        .name = name,
    };
    if (status == 0) {
        status = spawn(&options, &started);
        if (status == 0)
            job_add(job, &started, false);
    }
    words_free(&arguments);
    return status;
}

/* A program that writes into the shell's memory does so through a pipe. */
static int run_program(struct command *command)
{
    struct job *job = job_create();
    struct stream *streams[DESCRIPTORS];
    struct stream *memory = NULL;
    int32_t reading = WEFT_NO_SLOT, writing = WEFT_NO_SLOT;
    memcpy(streams, descriptors, sizeof(streams));
    for (int i = 0; i < 3; i++)
        if (streams[i] != NULL && streams[i]->slot == WEFT_NO_SLOT)
            memory = streams[i];
    if (memory != NULL && !stream_pipe(&reading, &writing))
        return STATUS_FAILED;
    struct stream *end = memory == NULL ? NULL : stream_create(writing);
    for (int i = 0; i < 3; i++)
        if (memory != NULL && streams[i] == memory)
            streams[i] = end;
    int status = start_program(command, streams, job, false);
    stream_release(end);
    int ended = job_wait(job, reading, memory == NULL ? NULL : memory->memory);
    stream_release(reading == WEFT_NO_SLOT ? NULL : stream_create(reading));
    return status != 0 ? status : ended;
}

static int run_command(struct command *command)
{
    const char *name = command->words.data[0];
    const struct builtin *builtin = builtin_find(name);
    struct function *function = function_find(name);
    if (builtin != NULL && builtin->is_special)
        return run_builtin(builtin, command);
    if (function != NULL)
        return call(function, command);
    return builtin != NULL ? run_builtin(builtin, command) : run_program(command);
}

int run_words(struct words *words, bool no_functions)
{
    struct command command = { .words = *words };
    const struct builtin *builtin = builtin_find(words->data[0]);
    struct function *function = no_functions ? NULL : function_find(words->data[0]);
    if (function != NULL)
        return call(function, &command);
    return builtin != NULL ? builtin_run(builtin, words) : run_program(&command);
}

int run_as_program(struct words *words)
{
    struct command command = { .words = *words };
    char *path = program_path(words->data[0]);
    int status = path != NULL ? run_program(&command) : run_words(words, true);
    free(path);
    return status;
}

static bool is_exec(const struct command *command)
{
    return command->words.count != 0 && strcmp(command->words.data[0], "exec") == 0;
}

/* A failed redirection of a special builtin ends a shell that no person uses. */
static int redirect_failed(const struct command *command)
{
    const struct builtin *builtin =
        command->words.count == 0 ? NULL : builtin_find(command->words.data[0]);
    if (builtin != NULL && builtin->is_special && !shell.interactive)
        shell.flow = FLOW_EXIT;
    return STATUS_MISUSED;
}

int run_simple(const struct node *node)
{
    struct command command = { 0 };
    struct saved saved;
    int status = STATUS_FAILED;
    expand(node, &command);
    if (command.failed) {
        command_free(&command);
        return shell.interactive ? STATUS_FAILED : STATUS_MISUSED;
    }
    trace(&command);
    bool keeps = is_exec(&command);
    if (!redirect_begin(node->redirects, &saved)) {
        status = redirect_failed(&command);
        keeps = false;
    } else if (command.read_only) {
        status = STATUS_MISUSED;
        shell.flow = shell.interactive ? shell.flow : FLOW_EXIT;
    } else if (command.words.count != 0) {
        status = run_command(&command);
    } else {
        status = shell.substituted >= 0 ? shell.substituted : 0;
    }
    if (keeps)
        redirect_keep(&saved);
    else
        redirect_end(&saved);
    command_free(&command);
    return status;
}

/* ---- As processes -------------------------------------------------------------------------------
 */

/* Whether expanding the words could change this shell, which a process of its own must not. */
static bool changes_words(const struct node *node)
{
    for (const struct word *word = node->words; word != NULL; word = word->next)
        if (strstr(word->text, "${") != NULL || strstr(word->text, "((") != NULL)
            return true;
    return false;
}

static bool changes_shell(const struct node *node)
{
    return changes_words(node) || node->assignments != NULL || node->redirects != NULL;
}

/* Whether it is a program, of which nothing but its name is expanded to know: at most variables. */
static bool is_program(const struct node *node)
{
    if (node->kind != NODE_SIMPLE || node->words == NULL || changes_shell(node) ||
        strpbrk(node->words->text, "`\\*?[~(") != NULL)
        return false;
    struct expander expander = run_expander();
    struct words fields = { 0 };
    expand_word(&expander, node->words->text, &fields);
    bool found = expander.mistake.size == 0 && fields.count != 0 &&
                 builtin_find(fields.data[0]) == NULL && function_find(fields.data[0]) == NULL;
    text_free(&expander.mistake);
    words_free(&fields);
    return found;
}

/* Whether it shows the jobs, of which another shell would have none. */
static bool shows_jobs(const struct node *node)
{
    return node->kind == NODE_SIMPLE && node->words != NULL && node->assignments == NULL &&
           strcmp(node->words->text, "jobs") == 0 && function_find("jobs") == NULL &&
           !changes_words(node);
}

/* Runs it here, as part of a pipeline all the same. */
static int run_into(const struct node *node, struct stream **streams)
{
    struct stream *outer[DESCRIPTORS];
    struct text text = { 0 };
    struct stream memory = { .holds = 2, .slot = WEFT_NO_SLOT, .memory = &text };
    memcpy(outer, descriptors, sizeof(outer));
    memcpy(descriptors, streams, sizeof(outer));
    descriptors[1] = &memory;
    int status = run_simple(node);
    memcpy(descriptors, outer, sizeof(outer));
    stream_give(streams[1], text_string(&text), text.size);
    text_free(&text);
    return status;
}

int run_start(const struct node *node, struct stream **streams, struct job *job, bool is_behind)
{
    struct command command = { 0 };
    struct started started = { .takes_signals = is_behind };
    if (!is_behind && shows_jobs(node))
        return run_into(node, streams);
    if (!is_program(node))
        return subshell_start(node, NULL, streams, &started, job);
    expand(node, &command);
    trace(&command);
    int status = command.failed ? STATUS_FAILED : start_program(&command, streams, job, is_behind);
    command_free(&command);
    return status;
}
