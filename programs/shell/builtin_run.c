/* Builtins that run commands, or are about those that run. */
#include "interface/system_program.h"
#include "programs/shell/builtin.h"
#include "programs/shell/edit/history.h"
#include "programs/shell/run.h"

#include <stdlib.h>
#include <string.h>

/* ---- Control ------------------------------------------------------------------------------------
 */

static bool number_of(const char *word, int *number)
{
    char *end;
    long value = strtol(word, &end, 10);
    *number = (int)value;
    return *end == '\0' && end != word && value >= 0 && value < 1 << 30;
}

static int leave(struct words *words, enum flow flow)
{
    int status = shell.trap_status >= 0 && shell.functions_running <= shell.trap_functions
                     ? shell.trap_status
                     : shell.status;
    if (words->count > 1 && !number_of(words->data[1], &status)) {
        complain(words->data[1], "is no number");
        status = STATUS_MISUSED;
    }
    shell.flow = flow;
    shell.status = status & 0xff;
    return shell.status;
}

static int builtin_exit(struct words *words)
{
    return job_warns() ? STATUS_FAILED : leave(words, FLOW_EXIT);
}

static int builtin_return(struct words *words)
{
    return leave(words, FLOW_RETURN);
}

static int leave_loop(struct words *words, enum flow flow)
{
    int count = 1;
    if (words->count > 1 && (!number_of(words->data[1], &count) || count == 0)) {
        complain(words->data[1], "is no number of loops");
        return STATUS_MISUSED;
    }
    if (shell.loops == 0)
        return 0;
    shell.flow = flow;
    shell.flow_count = (uint32_t)count > shell.loops ? (int)shell.loops : count;
    return 0;
}

static int builtin_break(struct words *words)
{
    return leave_loop(words, FLOW_BREAK);
}

static int builtin_continue(struct words *words)
{
    return leave_loop(words, FLOW_CONTINUE);
}

/* ---- Texts --------------------------------------------------------------------------------------
 */

static int builtin_eval(struct words *words)
{
    struct text text = { 0 };
    for (size_t i = 1; i < words->count; i++) {
        if (i != 1)
            text_add_char(&text, ' ');
        text_add_string(&text, words->data[i]);
    }
    int status = run_text(text_string(&text), text.size);
    text_free(&text);
    return status;
}

static struct words behind(const struct words *words, size_t from)
{
    struct words rest = { 0 };
    for (size_t i = from; i < words->count; i++)
        words_add_copy(&rest, words->data[i]);
    return rest;
}

/* In PATH without the ending that programs have, if it has no slash. */
static char *source_path(const char *name)
{
    const char *path = variables_get(&shell.variables, "PATH");
    while (strchr(name, '/') == NULL && path != NULL) {
        struct text text = { 0 };
        size_t size = strcspn(path, ":");
        text_add(&text, path, size);
        text_add_char(&text, '/');
        text_add_string(&text, name);
        if (size != 0 && place_look(text_string(&text), true).kind == PLACE_FILE)
            return text_release(&text);
        text_free(&text);
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    return take_copy(name, strlen(name));
}

static int run_sourced(const char *path, const struct text *text)
{
    const char *outer = shell.file;
    shell.file = path;
    int status = run_text(text_string(text), text->size);
    shell.file = outer;
    return status;
}

static int builtin_source(struct words *words)
{
    struct text text = { 0 };
    const char *why;
    if (words->count < 2)
        return builtin_misused(words->data[0]);
    char *path = source_path(words->data[1]);
    bool found = place_read(path, &text, &why);
    int status = STATUS_MISUSED;
    if (found && words->count > 2) {
        struct words outer = shell.parameters;
        shell.parameters = behind(words, 2);
        status = run_sourced(path, &text);
        words_free(&shell.parameters);
        shell.parameters = outer;
    } else if (found) {
        status = run_sourced(path, &text);
    } else {
        complain(path, why);
        shell.status = STATUS_MISUSED;
        if (!shell.interactive && strcmp(words->data[0], ".") == 0)
            shell.flow = FLOW_EXIT;
    }
    if (shell.flow == FLOW_RETURN && found) {
        shell.flow = FLOW_ON;
        status = shell.status;
    }
    free(path);
    text_free(&text);
    return status;
}

/* One process cannot become another one here: the command runs, and the shell ends as it does. */
static int builtin_exec(struct words *words)
{
    if (words->count < 2)
        return 0;
    struct words rest = behind(words, 1);
    int status = run_words(&rest, true);
    words_free(&rest);
    shell.status = status;
    if (!shell.interactive || status != STATUS_NOT_FOUND)
        shell.flow = FLOW_EXIT;
    return status;
}

/* ---- Names --------------------------------------------------------------------------------------
 */

/* What the name is, for people or to be used again; false: nothing. */
static bool tell_name(const char *name, bool short_form)
{
    struct text text = { 0 };
    const char *alias = variables_get(&shell.aliases, name);
    const char *kind = NULL;
    if (is_keyword(name))
        kind = " is a shell keyword";
    else if (function_find(name) != NULL)
        kind = " is a shell function";
    else if (builtin_find(name) != NULL)
        kind =
            builtin_find(name)->is_special ? " is a special shell builtin" : " is a shell builtin";
    char *path = kind == NULL && alias == NULL ? program_path(name) : NULL;
    bool found = kind != NULL || alias != NULL || path != NULL;
    if (alias != NULL && short_form) {
        text_add_string(&text, "alias ");
        text_add_string(&text, name);
        text_add_char(&text, '=');
        text_add_quoted(&text, alias);
    } else if (path != NULL && short_form) {
        text_add_string(&text, path);
    } else {
        text_add_string(&text, name);
        text_add_string(&text, short_form      ? ""
                               : alias != NULL ? " is an alias for "
                               : kind != NULL  ? kind
                               : path != NULL  ? " is "
                                               : ": not found");
        text_add_string(&text, short_form ? "" : alias != NULL ? alias : path != NULL ? path : "");
    }
    text_add_char(&text, '\n');
    if (found || !short_form)
        output_text(&text);
    text_free(&text);
    free(path);
    return found;
}

static int builtin_type(struct words *words)
{
    int status = 0;
    for (size_t i = 1; i < words->count; i++)
        if (!tell_name(words->data[i], false))
            status = STATUS_NOT_FOUND;
    return status;
}

static int builtin_command(struct words *words)
{
    size_t at = 1;
    bool tells = false, is_short = false, usual = false;
    for (; at < words->count && words->data[at][0] == '-' && words->data[at][1] != '\0'; at++) {
        const char *word = words->data[at];
        if (strcmp(word, "--") == 0) {
            at++;
            break;
        }
        usual |= strchr(word, 'p') != NULL;
        tells |= strpbrk(word, "vV") != NULL;
        is_short |= strchr(word, 'v') != NULL;
    }
    if (at == words->count)
        return 0;
    struct words rest = behind(words, at);
    variables_enter(&shell.variables);
    if (usual) {
        variables_make_local(&shell.variables, "PATH");
        variables_set(&shell.variables, "PATH", "/bin", 0);
    }
    int status = 0;
    if (tells)
        status = tell_name(rest.data[0], is_short) ? 0 : STATUS_NOT_FOUND;
    else
        status = run_words(&rest, true);
    variables_leave(&shell.variables);
    words_free(&rest);
    return status;
}

static int builtin_hash(struct words *words)
{
    if (words->count > 1 && strcmp(words->data[1], "-r") == 0)
        program_forget();
    return 0;
}

/* ---- Jobs ---------------------------------------------------------------------------------------
 */

static int builtin_wait(struct words *words)
{
    int status = words->count == 1 ? job_wait_named(NULL) : 0;
    for (size_t i = 1; i < words->count; i++)
        status = job_wait_named(words->data[i]);
    return status;
}

static void add_time(struct text *text, uint64_t nanoseconds)
{
    uint64_t milliseconds = nanoseconds / 1000000;
    text_add_number(text, (int64_t)(milliseconds / 60000));
    text_add_char(text, 'm');
    text_add_number(text, (int64_t)(milliseconds / 1000 % 60));
    text_add_char(text, '.');
    text_add_char(text, (char)('0' + milliseconds / 100 % 10));
    text_add_char(text, (char)('0' + milliseconds / 10 % 10));
    text_add_char(text, (char)('0' + milliseconds % 10));
    text_add_string(text, "s ");
}

/* The shell's own time; that of what has ended is not kept by the system. */
static int builtin_times(struct words *words)
{
    (void)words;
    _Alignas(8) uint8_t buffer[1024];
    struct weft_client client = client_at(system_slot(), buffer, sizeof(buffer));
    struct system_process_status_list list;
    struct text text = { 0 };
    uint64_t own = 0;
    if (system_processes(&client, 0, shell.process, 1, &list) == WEFT_OK && list.count != 0 &&
        list.data[0].process == shell.process)
        own = list.data[0].cpu;
    add_time(&text, own);
    add_time(&text, 0);
    text_add_char(&text, '\n');
    add_time(&text, 0);
    add_time(&text, 0);
    text_add_char(&text, '\n');
    output_text(&text);
    text_free(&text);
    return 0;
}

/* `history`, or the newest COUNT; `history -s LINE` adds one, as a subshell learns them. */
static int builtin_history(struct words *words)
{
    const char *first = words->count > 1 ? words->data[1] : "all";
    bool is_count = first[0] != '\0' && strspn(first, "0123456789") == strlen(first);
    if (words->count == 3 && strcmp(first, "-s") == 0) {
        prompt_history_add(words->data[2]);
        return 0;
    }
    if (words->count > 2 || (words->count == 2 && !is_count))
        return builtin_misused("history");
    prompt_history(is_count ? strtoul(first, NULL, 10) : HISTORY_MAX);
    return 0;
}

const struct builtin builtins_run[] = {
    { ".", builtin_source,
      "usage: . FILE [WORD...]\n"
      "Runs the commands in a file in this shell, with the words as parameters.\n",
      true, false },
    { "break", builtin_break,
      "usage: break [COUNT]\n"
      "Leaves a loop, or so many that are within each other.\n",
      true, false },
    { "continue", builtin_continue,
      "usage: continue [COUNT]\n"
      "Goes on with the next turn of a loop, or of one around it.\n",
      true, false },
    { "eval", builtin_eval,
      "usage: eval [WORD...]\n"
      "Runs its words as a command.\n",
      true, false },
    { "exec", builtin_exec,
      "usage: exec [COMMAND [WORD...]]\n"
      "Runs a command in place of the shell, which ends as it ends. Alone it keeps its "
      "redirections.\n",
      true, false },
    { "exit", builtin_exit,
      "usage: exit [STATUS]\n"
      "Ends the shell.\n",
      true, false },
    { "return", builtin_return,
      "usage: return [STATUS]\n"
      "Leaves a function, or a file that `.` runs.\n",
      true, false },
    { "times", builtin_times,
      "usage: times\n"
      "Prints how long the shell has used the CPU.\n",
      true, true },
    { "bg", job_background,
      "usage: bg [%JOB...]\n"
      "Lets stopped jobs go on behind.\n",
      false, false },
    { "command", builtin_command,
      "usage: command [-p] COMMAND [WORD...]\n"
      "       command -v|-V COMMAND\n"
      "Runs a builtin or program, though there is a function of its name; -p: from the "
      "usual PATH. -v and -V tell\n"
      "what a command is.\n",
      false, false },
    { "disown", job_disown,
      "usage: disown [%JOB|PROCESS...]\n"
      "Forgets jobs, which go on: they are neither listed nor waited for, and nobody warns of "
      "them.\n",
      false, false },
    { "env", builtin_env,
      "usage: env [-i] [-u VARIABLE]... [VARIABLE=VALUE]... [COMMAND [WORD...]]\n"
      "Runs a command with other variables; -i: with no others, -u: without that one. "
      "Alone it prints what programs\n"
      "get.\n",
      false, false },
    { "fg", job_foreground,
      "usage: fg [%JOB]\n"
      "Brings a job to the front, and lets it go on.\n",
      false, false },
    { "hash", builtin_hash,
      "usage: hash [-r]\n"
      "Forgets which programs were found with -r; else it does nothing.\n",
      false, false },
    { "history", builtin_history,
      "usage: history [COUNT]\n"
      "       history -s LINE\n"
      "Shows the lines that were typed, or the newest; -s adds one.\n",
      false, false },
    { "jobs", job_list,
      "usage: jobs [-l|-p] [%JOB...]\n"
      "Lists jobs that are stopped, run behind or have ended since; -l: with their "
      "processes, -p: only these.\n",
      false, false },
    { "source", builtin_source,
      "usage: source FILE [WORD...]\n"
      "Runs the commands in a file as `.` does, but a file that is not there ends no "
      "script.\n",
      false, false },
    { "type", builtin_type,
      "usage: type COMMAND...\n"
      "Tells what commands are.\n",
      false, true },
    { "wait", builtin_wait,
      "usage: wait [%JOB|PROCESS...]\n"
      "Waits until all jobs have ended, or these; its status is the last one's.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};

static const struct builtin *const tables[] = { builtins_state, builtins_options, builtins_text,
                                                builtins_run, builtins_signal, builtins_help,
                                                builtins_limits };

/* By their names' hash; each stands in the first free place from there on. */
enum { PLACES = 256 };
static const struct builtin *places[PLACES];

static const struct builtin **place_of(const char *name)
{
    uint32_t hash = 0;
    for (const char *at = name; *at != '\0'; at++)
        hash = hash * 31 + (unsigned char)*at;
    while (places[hash % PLACES] != NULL && strcmp(places[hash % PLACES]->name, name) != 0)
        hash++;
    return &places[hash % PLACES];
}

const struct builtin *builtin_find(const char *name)
{
    if (*place_of(":") == NULL)
        for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
            for (const struct builtin *at = tables[i]; at->name != NULL; at++)
                *place_of(at->name) = at;
    return *place_of(name);
}

void builtin_names(struct words *names)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        for (const struct builtin *at = tables[i]; at->name != NULL; at++)
            words_add_copy(names, at->name);
}
