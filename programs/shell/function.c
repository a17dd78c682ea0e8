/* Functions. Each has a tree of its own, made from the text of its definition: so it outlives what
 * it was read with, and is gone when nothing calls it any more. */
#include "programs/shell/language/show.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

struct function *function_find(const char *name)
{
    struct function *function = shell.functions;
    while (function != NULL && strcmp(function->name, name) != 0)
        function = function->next;
    return function;
}

static void release(struct function *function)
{
    if (--function->holds != 0)
        return;
    free(function->name);
    region_free(&function->region);
    free(function);
}

bool function_remove(const char *name)
{
    for (struct function **at = &shell.functions; *at != NULL; at = &(*at)->next)
        if (strcmp((*at)->name, name) == 0) {
            struct function *function = *at;
            *at = function->next;
            release(function);
            return true;
        }
    return false;
}

void function_define(const char *name, const struct node *body)
{
    struct function *function = take(sizeof(*function));
    struct parser parser = { .region = &function->region, .line = show_line(body) };
    show_tree(body, &parser.source);
    function->holds = 1;
    function->name = take_copy(name, strlen(name));
    if (parse_next(&parser) != PARSE_COMMAND || parser.node == NULL) {
        complain(name, "this function cannot be kept");
        release(function);
    } else {
        function->body = parser.node;
        function_remove(name);
        function->next = shell.functions;
        shell.functions = function;
    }
    parser_free(&parser);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void function_names(struct words *names)
{
    for (const struct function *at = shell.functions; at != NULL; at = at->next)
        words_add_copy(names, at->name);
    if (names->count != 0)
        qsort(names->data, names->count, sizeof(char *), compare);
}

int function_call(struct function *function, struct words *words)
{
    struct words outer = shell.parameters;
    uint32_t loops = shell.loops;
    if (shell.calls >= CALLS_MAX)
        return run_give_up(function->name, "functions call each other too deeply");
    shell.parameters = (struct words){ 0 };
    for (size_t i = 1; i < words->count; i++)
        words_add_copy(&shell.parameters, words->data[i]);
    function->holds++;
    shell.calls++;
    shell.functions_running++;
    shell.loops = 0;
    variables_enter(&shell.variables);
    int status = run_node(function->body);
    variables_leave(&shell.variables);
    shell.loops = loops;
    shell.functions_running--;
    shell.calls--;
    release(function);
    words_free(&shell.parameters);
    shell.parameters = outer;
    if (shell.flow == FLOW_RETURN) {
        shell.flow = FLOW_ON;
        status = shell.status;
    }
    return status;
}
