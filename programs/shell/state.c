/* What expansion asks of the shell, and how texts of commands are run. */
#include "lib/main.h"
#include "lib/start.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

struct shell shell;

/* ---- Parameters ---------------------------------------------------------------------------------
 */

static const char *number(int64_t value)
{
    static struct text text;
    text_clear(&text);
    text_add_number(&text, value);
    return text_string(&text);
}

static const char *option_letters(void)
{
    static struct text text;
    text_clear(&text);
    text_add(&text, "e", shell.exit_on_error);
    text_add(&text, "f", shell.no_paths);
    text_add(&text, "i", shell.interactive);
    text_add(&text, "u", shell.fails_unset);
    text_add(&text, "x", shell.traces);
    return text_string(&text);
}

static const char *special(char sign)
{
    switch (sign) {
    case '?':
        return number(shell.status);
    case '#':
        return number((int64_t)shell.parameters.count);
    case '$':
        return number((int64_t)shell.process);
    case '!':
        return shell.background == 0 ? NULL : number((int64_t)shell.background);
    case '-':
        return option_letters();
    default:
        return NULL;
    }
}

/* 0 to 32767: what is next in a sequence (xorshift) that begins with the time and the process. It
 * is for games and tests, not for secrets. */
static int64_t random_number(void)
{
    enum { BITS = 15 };
    static uint64_t state;
    if (state == 0)
        state = (uint64_t)in_milliseconds(0) << 20 ^ start_record()->process << 1 ^ 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int64_t)(state >> (64 - BITS));
}

const char *parameter_get(const char *name)
{
    if (name[0] >= '0' && name[0] <= '9') {
        uint64_t index = strtoull(name, NULL, 10);
        if (index == 0)
            return shell.name;
        return index <= shell.parameters.count ? shell.parameters.data[index - 1] : NULL;
    }
    if (!is_name_start(name[0]))
        return special(name[0]);
    if (strcmp(name, "LINENO") == 0)
        return number(shell.line);
    const char *value = variables_get(&shell.variables, name);
    return value == NULL && strcmp(name, "RANDOM") == 0 ? number(random_number()) : value;
}

static const char *get(void *context, const char *name)
{
    (void)context;
    return parameter_get(name);
}

static bool set(void *context, const char *name, const char *value)
{
    (void)context;
    return variables_set(&shell.variables, name, value, 0);
}

static size_t parameter_count(void *context)
{
    (void)context;
    return shell.parameters.count;
}

static const char *parameter(void *context, size_t index)
{
    (void)context;
    return shell.parameters.data[index];
}

struct expander run_expander(void)
{
    static const struct expand_host host = {
        .get = get,
        .set = set,
        .parameter_count = parameter_count,
        .parameter = parameter,
        .substitute = subshell_substitute,
        .paths = glob_paths,
    };
    return (struct expander){
        .host = &host,
        .fails_unset = shell.fails_unset,
        .no_paths = shell.no_paths,
    };
}

void run_mistake(struct expander *expander)
{
    if (expander->mistake.size != 0) {
        complain(NULL, text_string(&expander->mistake));
        shell.status = STATUS_MISUSED;
        if (!shell.interactive)
            shell.flow = FLOW_EXIT;
    }
    text_free(&expander->mistake);
}

/* ---- Texts of commands --------------------------------------------------------------------------
 */

static const char *find_alias(void *context, const char *name)
{
    (void)context;
    return variables_get(&shell.aliases, name);
}

bool run_is_whole(const struct text *text)
{
    bool whole = true;
    struct region region = { 0 };
    struct parser parser = { .region = &region };
    text_add(&parser.source, text->data, text->size);
    for (enum parse_result result = PARSE_COMMAND; result == PARSE_COMMAND;) {
        result = parse_next(&parser);
        whole = result != PARSE_INCOMPLETE;
    }
    parser_free(&parser);
    region_free(&region);
    return whole;
}

static int tell_syntax(const struct parser *parser)
{
    shell.line = parser->line;
    complain(NULL, parser->message);
    shell.status = STATUS_MISUSED;
    if (!shell.interactive)
        shell.flow = FLOW_EXIT;
    return STATUS_MISUSED;
}

int run_text(const char *text, size_t size)
{
    return run_lines(text, size, 1);
}

int run_lines(const char *text, size_t size, uint32_t first_line)
{
    struct parser parser = { .is_all = true, .alias = find_alias, .line = first_line };
    uint32_t line = shell.line;
    int status = 0;
    if (shell.calls >= CALLS_MAX)
        return run_give_up(NULL, "texts of commands run each other too deeply");
    shell.calls++;
    text_add(&parser.source, text, size);
    while (shell.flow == FLOW_ON) {
        struct region region = { 0 };
        parser.region = &region;
        enum parse_result result = parse_next(&parser);
        if (result == PARSE_COMMAND && parser.node != NULL)
            status = run_node(parser.node);
        else if (result == PARSE_ERROR || result == PARSE_INCOMPLETE)
            status = tell_syntax(&parser);
        region_free(&region);
        if (result != PARSE_COMMAND)
            break;
    }
    parser_free(&parser);
    shell.calls--;
    shell.line = line;
    return shell.flow == FLOW_ON ? status : shell.status;
}

/* ---- The end ------------------------------------------------------------------------------------
 */

int run_give_up(const char *about, const char *message)
{
    complain(about, message);
    shell.flow = FLOW_EXIT;
    shell.gave_up = shell.interactive;
    shell.status = STATUS_FAILED;
    return STATUS_FAILED;
}

/* The status is afterwards what it was before, unless the trap ends something. */
void run_trap(int number)
{
    enum flow flow = shell.flow;
    int status = shell.status, outer = shell.trap_status;
    uint32_t functions = shell.trap_functions;
    if (shell.traps[number] == NULL)
        return;
    /* The commands may change the trap. */
    char *commands = take_copy(shell.traps[number], strlen(shell.traps[number]));
    shell.flow = FLOW_ON;
    shell.interrupted = false;
    shell.trap_status = status;
    shell.trap_functions = shell.functions_running;
    run_text(commands, strlen(commands));
    shell.trap_status = outer;
    shell.trap_functions = functions;
    if (shell.flow == FLOW_ON) {
        shell.flow = flow;
        shell.status = status;
    }
    free(commands);
}

_Noreturn void run_exit(int status)
{
    static bool ending;
    shell.status = status;
    if (!ending) {
        ending = true;
        if (shell.interrupted)
            run_trap(SIGNAL_INTERRUPT);
        run_trap(0);
    }
    main_exit((uint32_t)shell.status & 0xff);
}
