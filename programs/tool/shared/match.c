#include "programs/tool/shared/match.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/start.h"
#include "programs/tool/shared/usage.h"
#include "programs/tool/shared/walk.h"

static void take_name(struct match *match, const struct system_process_status *process)
{
    struct weft_bytes name = process->name.size != 0 ? process->name : process->program;
    match->process = process->process;
    snprintf(match->name, sizeof(match->name), "%.*s", (int)name.size, (const char *)name.data);
    char *dot = strrchr(match->name, '.');
    if (dot != NULL && dot != match->name && strcmp(dot, ".wasm") == 0)
        *dot = '\0';
}

static bool fits(const regex_t *pattern, const char *name, bool whole)
{
    regmatch_t at;
    return regexec(pattern, name, 1, &at, 0) == 0 &&
           (!whole || (at.rm_so == 0 && at.rm_eo == (regoff_t)strlen(name)));
}

static bool add(struct match_list *list, const struct match *match)
{
    if (list->count == list->capacity) {
        uint32_t capacity = 2 * list->capacity + 64;
        struct match *data = realloc(list->data, capacity * sizeof(*data));
        if (data == NULL)
            return false;
        list->data = data;
        list->capacity = capacity;
    }
    list->data[list->count++] = *match;
    return true;
}

static int collect(const regex_t *pattern, bool whole, struct match_list *found)
{
    const struct system_start_record *record = start_record();
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    while ((process = walk_process(&walk)) != NULL) {
        struct match match;
        take_name(&match, process);
        bool is_own = record != NULL && match.process == record->process;
        if (!is_own && fits(pattern, match.name, whole) && !add(found, &match))
            return tell_error("processes", SYSTEM_ERROR_NO_MEMORY);
    }
    if (walk.status != WEFT_OK)
        return tell_status("processes", walk.status);
    return found->count != 0 ? 0 : EXIT_FAILED;
}

int match_processes(const char *help, const char *pattern, bool whole, struct match_list *found)
{
    regex_t compiled;
    *found = (struct match_list){ 0 };
    if (regcomp(&compiled, pattern, REG_EXTENDED) != 0)
        return tell_wrong(help, pattern, "it is no regular expression");
    int result = collect(&compiled, whole, found);
    regfree(&compiled);
    return result;
}
