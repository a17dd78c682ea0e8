/* Subshells. There is no fork: a subshell is another process of the same program, which is given
 * this one's state as text in the shell's own language, and the commands as text again. It runs
 * beside this one, with streams like any program, so that pipelines of whatever commands never wait
 * for each other in this process. */
#include "programs/shell/language/show.h"
#include "programs/shell/run.h"

#include <stdlib.h>
#include <string.h>

/* Arguments of a subshell, before the positional parameters. */
enum argument {
    ARGUMENT_MARK = 1,
    ARGUMENT_STATUS,
    ARGUMENT_PROCESS,
    ARGUMENT_BACKGROUND,
    ARGUMENT_SILO,
    ARGUMENT_LOOPS,
    ARGUMENT_LINE,
    ARGUMENT_OPTIONS,
    ARGUMENT_STATE,
    ARGUMENT_COMMANDS,
    ARGUMENT_NAME,
    ARGUMENT_PARAMETERS,
};

static const char mark[] = "--subshell";

/* ---- The state as text --------------------------------------------------------------------------
 */

/* Read-only ones come last, as nothing may be assigned to them then. */
static void add_variables(struct text *text)
{
    struct words names = { 0 };
    variables_list(&shell.variables, 0, &names);
    for (size_t i = 0; i < names.count; i++) {
        const struct variable *variable = variables_find(&shell.variables, names.data[i]);
        bool exported = (variable->flags & VARIABLE_EXPORTED) != 0;
        if (exported && variable->value != NULL && (variable->flags & VARIABLE_READONLY) == 0)
            continue; /* it is in the environment */
        if (exported)
            text_add_string(text, "export ");
        else if (variable->value == NULL)
            continue;
        text_add_string(text, names.data[i]);
        if (variable->value != NULL) {
            text_add_char(text, '=');
            text_add_quoted(text, variable->value);
        }
        text_add_char(text, '\n');
        if ((variable->flags & VARIABLE_READONLY) == 0)
            continue;
        text_add_string(text, "readonly ");
        text_add_string(text, names.data[i]);
        text_add_char(text, '\n');
    }
    words_free(&names);
}

static void add_functions(struct text *text)
{
    struct words names = { 0 };
    function_names(&names);
    for (size_t i = 0; i < names.count; i++) {
        const struct function *function = function_find(names.data[i]);
        text_add_string(text, names.data[i]);
        text_add_string(text, "() ");
        show_tree(function->body, text);
    }
    words_free(&names);
}

static void add_aliases(struct text *text)
{
    struct words names = { 0 };
    variables_list(&shell.aliases, 0, &names);
    for (size_t i = 0; i < names.count; i++) {
        text_add_string(text, "alias ");
        text_add_string(text, names.data[i]);
        text_add_char(text, '=');
        text_add_quoted(text, variables_get(&shell.aliases, names.data[i]));
        text_add_char(text, '\n');
    }
    words_free(&names);
}

struct option {
    char sign;
    bool *value;
};

static const struct option options[] = {
    { 'e', &shell.exit_on_error }, { 'u', &shell.fails_unset },   { 'x', &shell.traces },
    { 'f', &shell.no_paths },      { 'C', &shell.no_clobber },    { 'a', &shell.exports_all },
    { 'T', &shell.at_terminal },   { 'p', &shell.fails_in_pipe },
};

static char *option_letters(void)
{
    struct text text = { 0 };
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (*options[i].value)
            text_add_char(&text, options[i].sign);
    return text_release(&text);
}

/* Those that are ignored stay so. */
static void add_traps(struct text *text)
{
    for (int i = 1; i < SIGNALS; i++) {
        if (shell.traps[i] == NULL || shell.traps[i][0] != '\0')
            continue;
        text_add_string(text, "trap '' ");
        text_add_string(text, signal_name(i));
        text_add_char(text, '\n');
    }
}

/* ---- Starting -----------------------------------------------------------------------------------
 */

static void add_number(struct words *words, uint64_t number)
{
    struct text text = { 0 };
    text_add_number(&text, (int64_t)number);
    words_add(words, text_release(&text));
}

static void list_arguments(const char *commands, uint32_t line, struct words *words)
{
    struct text state = { 0 };
    add_variables(&state);
    add_functions(&state);
    add_aliases(&state);
    add_traps(&state);
    if (strstr(commands, "history") != NULL || strstr(text_string(&state), "history") != NULL)
        prompt_history_show(&state);
    words_add_copy(words, shell.name);
    words_add_copy(words, mark);
    add_number(words, (uint64_t)shell.status);
    add_number(words, shell.process);
    add_number(words, shell.background);
    add_number(words, silo_is_shared_by_none() ? 0 : silo_of_commands());
    add_number(words, shell.loops);
    add_number(words, line);
    words_add(words, option_letters());
    words_add(words, text_release(&state));
    words_add_copy(words, commands);
    words_add_copy(words, shell.name);
    for (size_t i = 0; i < shell.parameters.count; i++)
        words_add_copy(words, shell.parameters.data[i]);
}

/* Whether the state or the commands have the word: what no text asks for is not made. */
static bool mentions(const struct words *arguments, const char *word)
{
    return strstr(arguments->data[ARGUMENT_STATE], word) != NULL ||
           strstr(arguments->data[ARGUMENT_COMMANDS], word) != NULL;
}

int subshell_start(const struct node *node, const char *commands, struct stream **streams,
                   struct started *started, struct job *job)
{
    struct program_name program;
    struct text shown = { 0 };
    struct words arguments = { 0 };
    if (!program_itself(&program)) {
        complain(NULL, "cannot start a subshell");
        return STATUS_NOT_A_PROGRAM;
    }
    if (node != NULL)
        show_tree(node, &shown);
    list_arguments(node != NULL ? text_string(&shown) : commands,
                   node != NULL ? show_line(node) : shell.line, &arguments);
    struct spawn spawn_options = {
        .program = &program,
        .silo = silo_of_subshells(),
        .arguments = &arguments,
        .descriptors = streams,
        .all_descriptors = true,
        .sends_signals = mentions(&arguments, "kill"),
        .terminal = job_stream(job),
        .name = "a subshell",
    };
    started->takes_signals = started->takes_signals && mentions(&arguments, "trap");
    int status = spawn(&spawn_options, started);
    if (status == 0)
        job_add(job, started, true);
    words_free(&arguments);
    text_free(&shown);
    return status;
}

/* ---- Command substitution -----------------------------------------------------------------------
 */

/* Runs a simple command in this process if it is one that leaves no trace here. */
static bool substitute_here(const struct node *node, struct text *text)
{
    if (node == NULL || node->kind != NODE_SIMPLE || node->words == NULL ||
        node->assignments != NULL || node->redirects != NULL)
        return false;
    for (const struct word *word = node->words; word != NULL; word = word->next)
        if (strstr(word->text, "${") != NULL || strstr(word->text, "((") != NULL)
            return false;
    const char *name = node->words->text;
    const struct builtin *builtin = builtin_find(name);
    bool is_plain = strpbrk(name, "$`'\"\\*?[~") == NULL;
    bool only_shows = (strcmp(name, "trap") == 0 && node->words->next == NULL) ||
                      strcmp(name, "jobs") == 0; /* of which another shell has none */
    if (!is_plain || function_find(name) != NULL ||
        (builtin != NULL && !builtin->is_pure && !only_shows))
        return false;
    struct stream *outer = descriptors[1];
    struct stream memory = { .holds = 2, .slot = WEFT_NO_SLOT, .memory = text };
    descriptors[1] = &memory;
    bool exit_on_error = shell.exit_on_error;
    int before = shell.status;
    shell.exit_on_error = false;
    shell.substituted = run_simple(node);
    shell.status = before;
    shell.exit_on_error = exit_on_error;
    descriptors[1] = outer;
    return true;
}

static void substitute_apart(const char *commands, struct text *text)
{
    struct stream *streams[DESCRIPTORS];
    struct started started = { 0 };
    int32_t reading, writing;
    shell.substituted = STATUS_FAILED;
    if (!stream_pipe(&reading, &writing))
        return;
    memcpy(streams, descriptors, sizeof(streams));
    streams[1] = stream_create(writing);
    struct job *job = job_create();
    int status = subshell_start(NULL, commands, streams, &started, job);
    stream_release(streams[1]);
    int ended = job_wait(job, reading, text);
    stream_release(stream_create(reading));
    shell.substituted = status != 0 ? status : ended;
}

void subshell_substitute(void *context, const char *commands, struct text *text)
{
    struct region region = { 0 };
    struct parser parser = { .region = &region, .line = shell.line };
    (void)context;
    text_add_string(&parser.source, commands);
    enum parse_result result = parse_next(&parser);
    if (result == PARSE_END)
        shell.substituted = 0;
    else if (result != PARSE_COMMAND || parser.at < parser.source.size ||
             !substitute_here(parser.node, text))
        substitute_apart(commands, text);
    parser_free(&parser);
    region_free(&region);
}

/* ---- Being one ----------------------------------------------------------------------------------
 */

int subshell_main(const struct words *arguments)
{
    if (arguments->count < ARGUMENT_PARAMETERS)
        return STATUS_MISUSED;
    char **words = arguments->data;
    shell.name = words[ARGUMENT_NAME];
    shell.is_subshell = true;
    for (size_t i = ARGUMENT_PARAMETERS; i < arguments->count; i++)
        words_add_copy(&shell.parameters, words[i]);
    silo_set_commands(strtoull(words[ARGUMENT_SILO], NULL, 10));
    shell.process = strtoull(words[ARGUMENT_PROCESS], NULL, 10);
    run_text(words[ARGUMENT_STATE], strlen(words[ARGUMENT_STATE]));
    shell.background = strtoull(words[ARGUMENT_BACKGROUND], NULL, 10);
    shell.status = atoi(words[ARGUMENT_STATUS]);
    shell.loops = (uint32_t)atoi(words[ARGUMENT_LOOPS]); /* `break` of one of them ends this */
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        *options[i].value = strchr(words[ARGUMENT_OPTIONS], options[i].sign) != NULL;
    return run_lines(words[ARGUMENT_COMMANDS], strlen(words[ARGUMENT_COMMANDS]),
                     (uint32_t)atoi(words[ARGUMENT_LINE]));
}
