/* Path names for a pattern, component by component. */
#include "programs/shell/language/pattern.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

static void match(struct text *path, const char *pattern, uint32_t depth, struct words *found);

/* The pattern's first component, without the backslashes if it is no pattern. */
static char *component(const char *pattern, size_t size, bool *is_special)
{
    char *copy = take_copy(pattern, size);
    *is_special = pattern_is_special(copy);
    if (*is_special)
        return copy;
    size_t to = 0;
    for (size_t from = 0; from < size; from++) {
        from += copy[from] == '\\' && from + 1 < size;
        copy[to++] = copy[from];
    }
    copy[to] = '\0';
    return copy;
}

/* Goes on behind a component that is there. */
static void go_on(struct text *path, const char *name, const char *rest, uint32_t depth,
                  struct words *found)
{
    size_t size = path->size;
    text_add_string(path, name);
    while (*rest == '/')
        text_add_char(path, *rest++);
    match(path, rest, depth + 1, found);
    path->size = size;
    text_add(path, "", 0);
}

static void match(struct text *path, const char *pattern, uint32_t depth, struct words *found)
{
    if (*pattern == '\0') {
        if (place_look(text_string(path), false).kind != PLACE_NOTHING)
            words_add_copy(found, text_string(path));
        return;
    }
    bool is_special;
    size_t size = strcspn(pattern, "/");
    char *name = component(pattern, size, &is_special);
    if (depth < DEPTH_MAX && !is_special)
        go_on(path, name, pattern + size, depth, found);
    if (depth < DEPTH_MAX && is_special) {
        struct words names = { 0 };
        place_list(text_string(path), &names);
        for (size_t i = 0; i < names.count; i++) {
            char *entry = names.data[i];
            size_t entry_size = strlen(entry);
            bool is_directory = entry_size > 0 && entry[entry_size - 1] == '/';
            entry[entry_size - is_directory] = '\0';
            if ((entry[0] != '.' || name[0] == '.') &&
                pattern_matches(name, entry, entry_size - is_directory))
                go_on(path, entry, pattern + size, depth, found);
        }
        words_free(&names);
    }
    free(name);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void glob_paths(void *context, const char *pattern, struct words *found)
{
    struct text path = { 0 };
    (void)context;
    while (*pattern == '/')
        text_add_char(&path, *pattern++);
    match(&path, pattern, 0, found);
    if (found->count != 0)
        qsort(found->data, found->count, sizeof(char *), compare);
    text_free(&path);
}
