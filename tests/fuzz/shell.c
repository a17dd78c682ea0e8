/* The shell's pure parts on any bytes; the first says which. */
#include "programs/shell/edit/complete.h"
#include "programs/shell/edit/edit.h"
#include "programs/shell/edit/follow.h"
#include "programs/shell/language/arithmetic.h"
#include "programs/shell/language/expand.h"
#include "programs/shell/language/format.h"
#include "programs/shell/language/parse.h"
#include "programs/shell/language/pattern.h"
#include "programs/shell/language/show.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *get(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "IFS") == 0 ? " :" : name[0] == 'u' ? NULL : "a b:c*";
}

static bool set(void *context, const char *name, const char *value)
{
    (void)context;
    (void)value;
    return name[0] != 'r';
}

static void set_number(void *context, const char *name, int64_t value)
{
    (void)context;
    (void)name;
    (void)value;
}

static size_t parameter_count(void *context)
{
    (void)context;
    return 2;
}

static const char *parameter(void *context, size_t index)
{
    (void)context;
    return index == 0 ? "one two" : "";
}

static void substitute(void *context, const char *commands, struct text *output)
{
    (void)context;
    text_add_string(output, commands);
}

static void paths(void *context, const char *pattern, struct words *found)
{
    (void)context;
    if (pattern_matches(pattern, "abc", 3))
        words_add_copy(found, "abc");
}

static const struct expand_host host = { get, set, parameter_count, parameter, substitute, paths };

static const char *alias(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "a") == 0 ? "b c" : strcmp(name, "b") == 0 ? "a;" : NULL;
}

/* Of all commands; false: there was a mistake. */
static bool show_all(const char *source, size_t size, bool aliases, struct text *shown)
{
    struct region region = { 0 };
    struct parser parser = { .region = &region, .alias = aliases ? alias : NULL };
    enum parse_result result;
    text_add(&parser.source, source, size);
    while ((result = parse_next(&parser)) == PARSE_COMMAND)
        if (parser.node != NULL)
            show_tree(parser.node, shown);
    parser_free(&parser);
    region_free(&region);
    return result == PARSE_END;
}

/* What is shown reads as what it was. */
static void try_parse(const char *source, size_t size)
{
    struct text first = { 0 };
    struct text second = { 0 };
    if (show_all(source, size, true, &first)) {
        struct text third = { 0 };
        if (!show_all(text_string(&first), first.size, false, &second) ||
            !show_all(text_string(&second), second.size, false, &third) ||
            strcmp(text_string(&second), text_string(&third)) != 0)
            abort();
        text_free(&third);
    }
    text_free(&first);
    text_free(&second);
}

static void try_expand(const char *word)
{
    struct expander expander = { .host = &host };
    struct words fields = { 0 };
    struct text text = { 0 };
    expand_word(&expander, word, &fields);
    expand_here(&expander, word, &text);
    expand_assigned(&expander, word, &text);
    expand_pattern(&expander, word, &text);
    expand_split(word, " :", false, 3, &fields);
    text_free(&expander.mistake);
    words_free(&fields);
    text_free(&text);
}

static void try_edit(const char *bytes, size_t size)
{
    struct history history = { 0 };
    struct editor editor = { .prompt = "p\n> ", .columns = 7, .history = &history };
    history_add(&history, "one\nä");
    history_add(&history, "two");
    edit_begin(&editor);
    for (size_t i = 0; i < size; i++) {
        struct completion completion;
        enum edit_result result = edit_byte(&editor, bytes[i]);
        if (editor.at > editor.line.size)
            abort();
        if (result == EDIT_COMPLETE) {
            complete_find(text_string(&editor.line), editor.at, &completion);
            completion_free(&completion);
        } else if (result != EDIT_MORE) {
            history_add(&history, text_string(&editor.line));
            edit_begin(&editor);
        }
        text_clear(&editor.screen);
    }
    editor_free(&editor);
    words_free(&history.lines);
}

static void try_small(const char *string)
{
    struct arithmetic arithmetic = { get, set_number, NULL, NULL };
    char *arguments[] = { "1", "x", (char *)(uintptr_t)string };
    struct text text = { 0 };
    struct text mistake = { 0 };
    const char *half = string + strlen(string) / 2;
    arithmetic_evaluate(&arithmetic, string);
    pattern_matches(string, half, strlen(half));
    pattern_prefix(half, string, true, 0);
    if (strchr(string, '*') == NULL)
        format_print(string, arguments, 3, &text, &mistake);
    text_add_quoted(&text, string);
    text_free(&text);
    text_free(&mistake);
}

/* A usage, up to the first zero, and words that were typed, each up to the next one. */
static void try_usage(const char *bytes, size_t size)
{
    struct usage usage;
    struct following following = { 0 };
    struct words typed = { 0 };
    struct text page = { 0 };
    size_t first = strlen(bytes);
    words_add_copy(&typed, "a");
    for (size_t at = first + 1; at < size; at += strlen(bytes + at) + 1)
        words_add_copy(&typed, bytes + at);
    if (usage_find(bytes, size, NULL, &usage)) {
        usage_page(&usage, "a", &page);
        follow_find(&usage, &typed, &following);
        follow_options(&usage, &following.words);
    }
    following_free(&following);
    words_free(&typed);
    text_free(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096)
        return 0;
    char *string = take_copy((const char *)data + 1, size - 1);
    if (data[0] % 4 == 0)
        try_parse(string, size - 1);
    else if (data[0] % 4 == 1)
        try_expand(string);
    else if (data[0] % 4 == 2)
        try_edit(string, size - 1);
    else if (memchr(string, '\0', size - 1) != NULL)
        try_usage(string, size - 1);
    else
        try_small(string);
    free(string);
    return 0;
}
