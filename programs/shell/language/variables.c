#include "programs/shell/language/variables.h"

#include <stdlib.h>
#include <string.h>

static struct variable **find(struct variables *variables, const char *name)
{
    uint32_t hash = 2166136261u;
    for (const char *at = name; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    struct variable **at = &variables->buckets[hash % VARIABLES_BUCKETS];
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    return at;
}

static struct variable *find_or_make(struct variables *variables, const char *name)
{
    struct variable **at = find(variables, name);
    if (*at == NULL) {
        *at = take(sizeof(**at));
        (*at)->name = take_copy(name, strlen(name));
    }
    return *at;
}

struct variable *variables_find(struct variables *variables, const char *name)
{
    return *find(variables, name);
}

const char *variables_get(struct variables *variables, const char *name)
{
    const struct variable *variable = *find(variables, name);
    return variable == NULL ? NULL : variable->value;
}

bool variables_set(struct variables *variables, const char *name, const char *value, uint32_t flags)
{
    struct variable *variable = find_or_make(variables, name);
    if ((variable->flags & VARIABLE_READONLY) != 0)
        return false;
    char *copy = take_copy(value, strlen(value));
    free(variable->value);
    variable->value = copy;
    variable->flags |= flags;
    return true;
}

void variables_flag(struct variables *variables, const char *name, uint32_t flags)
{
    find_or_make(variables, name)->flags |= flags;
}

static void remove_at(struct variable **at)
{
    struct variable *variable = *at;
    *at = variable->next;
    free(variable->name);
    free(variable->value);
    free(variable);
}

bool variables_unset(struct variables *variables, const char *name)
{
    struct variable **at = find(variables, name);
    if (*at != NULL && ((*at)->flags & VARIABLE_READONLY) != 0)
        return false;
    if (*at != NULL)
        remove_at(at);
    return true;
}

bool variables_make_local(struct variables *variables, const char *name)
{
    if (variables->level == 0)
        return false;
    for (struct shadow *shadow = variables->shadows;
         shadow != NULL && shadow->level == variables->level; shadow = shadow->next)
        if (strcmp(shadow->old.name, name) == 0)
            return true;
    struct variable *variable = *find(variables, name);
    struct shadow *shadow = take(sizeof(*shadow));
    shadow->level = variables->level;
    shadow->old.name = take_copy(name, strlen(name));
    if (variable != NULL) {
        shadow->old.flags = variable->flags;
        if (variable->value != NULL)
            shadow->old.value = take_copy(variable->value, strlen(variable->value));
    }
    shadow->next = variables->shadows;
    variables->shadows = shadow;
    return true;
}

void variables_enter(struct variables *variables)
{
    variables->level++;
}

static void restore(struct variables *variables, struct shadow *shadow)
{
    struct variable **at = find(variables, shadow->old.name);
    if (*at != NULL)
        remove_at(at);
    if (shadow->old.value != NULL || shadow->old.flags != 0) {
        struct variable *variable = find_or_make(variables, shadow->old.name);
        variable->value = shadow->old.value;
        variable->flags = shadow->old.flags;
    }
    free(shadow->old.name);
    free(shadow);
}

void variables_leave(struct variables *variables)
{
    while (variables->shadows != NULL && variables->shadows->level == variables->level) {
        struct shadow *shadow = variables->shadows;
        variables->shadows = shadow->next;
        restore(variables, shadow);
    }
    variables->level--;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void variables_list(struct variables *variables, uint32_t flags, struct words *names)
{
    for (size_t i = 0; i < VARIABLES_BUCKETS; i++)
        for (struct variable *at = variables->buckets[i]; at != NULL; at = at->next)
            if ((at->flags & flags) == flags)
                words_add_copy(names, at->name);
    if (names->count != 0)
        qsort(names->data, names->count, sizeof(char *), compare);
}
