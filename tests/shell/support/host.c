#include "tests/shell/support/host.h"

#include "programs/shell/language/pattern.h"

#include <stdlib.h>
#include <string.h>

static const char *get(void *context, const char *name)
{
    struct host *host = context;
    if (name[0] >= '1' && name[0] <= '9') {
        size_t index = strtoul(name, NULL, 10);
        return index <= host->parameters.count ? host->parameters.data[index - 1] : NULL;
    }
    return strcmp(name, "?") == 0 ? "0" : variables_get(&host->variables, name);
}

static bool set(void *context, const char *name, const char *value)
{
    struct host *host = context;
    return variables_set(&host->variables, name, value, 0);
}

static size_t parameter_count(void *context)
{
    return ((struct host *)context)->parameters.count;
}

static const char *parameter(void *context, size_t index)
{
    return ((struct host *)context)->parameters.data[index];
}

static void substitute(void *context, const char *commands, struct text *output)
{
    (void)context;
    text_add_char(output, '<');
    text_add_string(output, commands);
    text_add_string(output, ">\n\n");
}

static void paths(void *context, const char *pattern, struct words *found)
{
    const struct host *host = context;
    for (size_t i = 0; i < host->paths.count; i++)
        if (pattern_matches(pattern, host->paths.data[i], strlen(host->paths.data[i])))
            words_add_copy(found, host->paths.data[i]);
}

struct expander host_expander(struct host *host)
{
    static const struct expand_host functions = { get,       set,        parameter_count,
                                                  parameter, substitute, paths };
    return (struct expander){ .host = &functions, .context = host };
}

void host_free(struct host *host)
{
    for (size_t i = 0; i < VARIABLES_BUCKETS; i++)
        while (host->variables.buckets[i] != NULL) {
            host->variables.buckets[i]->flags = 0;
            variables_unset(&host->variables, host->variables.buckets[i]->name);
        }
    words_free(&host->parameters);
    words_free(&host->paths);
}

const char *host_fields(struct host *host, const char *word)
{
    static struct text shown;
    struct expander expander = host_expander(host);
    struct words fields = { 0 };
    text_clear(&shown);
    expand_word(&expander, word, &fields);
    if (expander.mistake.size != 0) {
        text_add_char(&shown, '!');
        text_add_string(&shown, text_string(&expander.mistake));
    }
    for (size_t i = 0; i < fields.count && expander.mistake.size == 0; i++) {
        text_add_char(&shown, '[');
        text_add_string(&shown, fields.data[i]);
        text_add_char(&shown, ']');
    }
    words_free(&fields);
    text_free(&expander.mistake);
    const char *copy = text_string(&shown);
    return copy;
}
