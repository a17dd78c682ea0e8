#include "programs/tool/shared/match.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/start.h"
#include "programs/tool/shared/usage.h"

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

static int collect(const regex_t *pattern, bool whole, struct match_list *found)
{
    const struct system_start_record *record = start_record();
    struct system_process_status_list list;
    enum weft_status status = system_processes(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("processes", status);
    found->data = calloc(list.count + 1, sizeof(*found->data));
    if (found->data == NULL)
        return tell_error("processes", SYSTEM_ERROR_NO_MEMORY);
    for (uint32_t i = 0; i < list.count; i++) {
        struct match *match = &found->data[found->count];
        take_name(match, &list.data[i]);
        bool is_own = record != NULL && match->process == record->process;
        found->count += !is_own && fits(pattern, match->name, whole);
    }
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
