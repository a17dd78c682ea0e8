/* Files that are no WebAssembly: which program runs them. Their first line may say so, `#!NAME`, or
 * their ending, by the table in the variable RUNNERS: `ENDING=COMMAND`, with colons between. Texts with
 * neither are the shell's own. */
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUNNERS_DEEP = 4, /* what runs a file may be such a file itself */
    WHY_SIZE = 160,
};

static const char usual_runners[] = "js=qjs:mjs=qjs:lua=lua:py=python:sh=sh";

static char why_text[WHY_SIZE];

static const char *tell(const char *before, const char *name, size_t size, const char *after)
{
    struct text text = { 0 };
    text_add_string(&text, before);
    text_add(&text, name, size < 40 ? size : 40);
    text_add_string(&text, after);
    strncpy(why_text, text_string(&text), WHY_SIZE - 1);
    text_free(&text);
    return why_text;
}

/* The words of the text, appended. */
static void split(const char *text, size_t size, struct words *words)
{
    const char *end = text + size;
    while (text < end) {
        size_t length = 0;
        while (text + length < end && strchr(" \t\r", text[length]) == NULL)
            length++;
        if (length != 0)
            words_add(words, take_copy(text, length));
        text += length + 1;
    }
}

/* The command that RUNNERS has for a name; false: none. */
static bool look_up(const char *name, size_t size, struct words *command)
{
    const char *table = variables_get(&shell.variables, "RUNNERS");
    if (table == NULL)
        table = usual_runners;
    while (*table != '\0') {
        size_t row = strcspn(table, ":");
        if (row > size && table[size] == '=' && memcmp(table, name, size) == 0) {
            split(table + size + 1, row - size - 1, command);
            return command->count != 0;
        }
        table += table[row] == ':' ? row + 1 : row;
    }
    return false;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* By the names that shells have elsewhere; that one is `sh` here. */
static bool is_shell(const char *name)
{
    static const char *const shells[] = { "sh", "ash", "bash", "dash" };
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
        if (strcmp(name, shells[i]) == 0)
            return true;
    return false;
}

static bool exists(const char *command)
{
    char *path = program_path(command);
    free(path);
    return path != NULL;
}

/* What follows `#!`. A path is that of another system, as a rule: then its last part is a name, for
 * PATH or RUNNERS; and `env NAME` means the name. */
static bool read_line(const struct script *script, struct words *command)
{
    struct words line = { 0 };
    const char *text = text_string(&script->line);
    split(text + 2, script->line.size - 2, &line);
    size_t first = line.count > 1 && strcmp(base_name(line.data[0]), "env") == 0 ? 1 : 0;
    if (line.count == 0) {
        words_free(&line);
        return false;
    }
    const char *name = line.data[first];
    const char *base = base_name(name);
    if (exists(name))
        words_add_copy(command, name);
    else if (exists(base) || !look_up(base, strlen(base), command))
        words_add_copy(command, is_shell(base) && !exists(base) ? "sh" : base);
    for (size_t i = first + 1; i < line.count; i++)
        words_add_copy(command, line.data[i]);
    words_free(&line);
    return true;
}

static bool read_script(const struct script *script, struct words *command, const char **why)
{
    const char *name = base_name(script->path);
    const char *dot = strrchr(name, '.');
    if (script->line.size >= 2 && memcmp(text_string(&script->line), "#!", 2) == 0)
        return read_line(script, command);
    if (dot == NULL || dot == name || dot[1] == '\0') {
        if (script->is_text)
            words_add_copy(command, "sh");
        return script->is_text;
    }
    if (look_up(dot + 1, strlen(dot + 1), command))
        return true;
    *why = tell("this is not WebAssembly, and RUNNERS names no program that runs ", dot, strlen(dot),
                " files");
    return false;
}

/* In place of the file's name: what runs it, and its path. */
static bool insert_runner(const struct script *script, struct words *words, const char **why)
{
    struct words command = { 0 };
    bool found = read_script(script, &command, why);
    if (found) {
        words_add_copy(&command, script->path);
        for (size_t i = 1; i < words->count; i++)
            words_add_copy(&command, words->data[i]);
        struct words old = *words;
        *words = command;
        command = old;
    }
    words_free(&command);
    return found;
}

int runner_find(struct words *words, struct program_name *program, const char **why)
{
    for (int depth = 0;; depth++) {
        struct script script = { 0 };
        int status = program_find(words->data[0], program, &script, why);
        bool is_script = script.path != NULL;
        bool replaced = is_script && depth < RUNNERS_DEEP && insert_runner(&script, words, why);
        free(script.path);
        text_free(&script.line);
        if (is_script && depth == RUNNERS_DEEP)
            *why = "what runs it is run by another, and so on";
        if (status == STATUS_NOT_FOUND && depth != 0) {
            const char *name = words->data[0];
            *why = tell("`", name, strlen(name), "`, which runs it, is not found in PATH");
            return STATUS_NOT_A_PROGRAM;
        }
        if (!replaced)
            return status;
    }
}
