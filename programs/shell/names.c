/* What may be typed as a command: for completion, and for who mistyped one. */
#include "programs/shell/edit/near.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

static void list_programs(const char *folder, struct words *all)
{
    static const char ending[] = ".wasm";
    struct words names = { 0 };
    place_list(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        size_t size = strlen(names.data[i]), end = sizeof(ending) - 1;
        if (size > end && strcmp(names.data[i] + size - end, ending) == 0)
            words_add(all, take_copy(names.data[i], size - end));
    }
    words_free(&names);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct words *names)
{
    size_t kept = 0;
    if (names->count != 0)
        qsort(names->data, names->count, sizeof(char *), compare);
    for (size_t i = 0; i < names->count; i++)
        if (kept != 0 && strcmp(names->data[kept - 1], names->data[i]) == 0)
            free(names->data[i]);
        else
            names->data[kept++] = names->data[i];
    names->count = kept;
}

void names_of_commands(struct words *names)
{
    const char *path = variables_get(&shell.variables, "PATH");
    builtin_names(names);
    function_names(names);
    variables_list(&shell.aliases, 0, names);
    while (path != NULL) {
        size_t size = strcspn(path, ":");
        char *folder = take_copy(path, size);
        if (size != 0)
            list_programs(folder, names);
        free(folder);
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    names_sort(names);
}

void names_tell_missing(const char *name)
{
    struct text why = { 0 };
    struct words names = { 0 };
    const char *path = variables_get(&shell.variables, "PATH");
    text_add_string(&why, "not found");
    if (shell.interactive)
        names_of_commands(&names);
    const char *meant = near_name(&names, name);
    if (meant != NULL) {
        text_add_string(&why, "; did you mean ");
        text_add_string(&why, meant);
        text_add_char(&why, '?');
    } else if (path == NULL || path[0] == '\0') {
        text_add_string(&why, "; PATH, which says where programs are, is not set: "
                              "PATH=/some/folder:/another");
    }
    complain(name, text_string(&why));
    words_free(&names);
    text_free(&why);
}
