/* programs/shell/edit: keys, lines, history, completion; and what a terminal would show, by a small
 * terminal of its own. */
#include "programs/shell/edit/edit.h"
#include "programs/shell/edit/complete.h"
#include "programs/shell/edit/width.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 30, COLUMNS = 20 };

/* Rows of characters; a wide one takes two places, the second of which is empty. */
static struct screen {
    uint32_t cells[ROWS][COLUMNS];
    uint32_t row, column;
    bool pending; /* the last column was filled: the next character goes to the next row */
} screen;

static void put(uint32_t character)
{
    uint32_t width = width_of(character);
    if (screen.pending || screen.column + width > COLUMNS) {
        screen.row++;
        screen.column = 0;
        screen.pending = false;
    }
    if (width != 0 && screen.row < ROWS)
        screen.cells[screen.row][screen.column] = character;
    screen.column += width;
    if (screen.column == COLUMNS) {
        screen.pending = true;
        screen.column = COLUMNS - 1;
    }
}

static const char *escape(const char *at)
{
    uint32_t number = 0;
    for (at += 2; *at >= '0' && *at <= '?'; at++)
        number = *at >= '0' && *at <= '9' ? number * 10 + (uint32_t)(*at - '0') : number;
    screen.pending = false;
    if (*at == 'A')
        screen.row -= number;
    else if (*at == 'C')
        screen.column += number;
    else if (*at == 'J')
        for (uint32_t i = screen.row * COLUMNS + screen.column; i < ROWS * COLUMNS; i++)
            screen.cells[i / COLUMNS][i % COLUMNS] = 0;
    return at + 1;
}

static void show(struct editor *editor)
{
    const char *at = text_string(&editor->screen);
    while (*at != '\0') {
        if (*at == '\x1b') {
            at = escape(at);
        } else if (*at == '\r' || *at == '\n') {
            screen.pending = false;
            screen.column = *at == '\r' ? 0 : screen.column;
            screen.row += *at == '\n';
            at++;
        } else {
            put(utf8_value(at));
            at += utf8_size(at);
        }
    }
    text_clear(&editor->screen);
}

static struct history history;
static struct editor editor = { .prompt = "$ ", .columns = COLUMNS, .history = &history };

static void begin(void)
{
    screen = (struct screen){ 0 };
    edit_begin(&editor);
    show(&editor);
}

/* The last result. */
static enum edit_result type(const char *keys)
{
    enum edit_result result = EDIT_MORE;
    for (; *keys != '\0'; keys++) {
        result = edit_byte(&editor, *keys);
        show(&editor);
    }
    return result;
}

static bool line_is(const char *keys, const char *expected)
{
    begin();
    type(keys);
    bool same = strcmp(text_string(&editor.line), expected) == 0;
    if (!same)
        printf("# %s\n", text_string(&editor.line));
    return same;
}

/* Whether the terminal shows the prompt and the line, wrapped, with the cursor in its place. */
static bool shows_well(void)
{
    struct screen shown = screen;
    struct text line = { 0 };
    screen = (struct screen){ 0 };
    text_add_string(&line, "$ ");
    text_add(&line, text_string(&editor.line), editor.line.size);
    uint32_t row = 0, column = 2;
    for (size_t at = 0; at < line.size; at += utf8_size(line.data + at)) {
        put(utf8_value(line.data + at));
        if (at + utf8_size(line.data + at) == editor.at + 2) {
            row = screen.pending ? screen.row + 1 : screen.row;
            column = screen.pending ? 0 : screen.column;
        }
    }
    text_free(&line);
    bool same = memcmp(screen.cells, shown.cells, sizeof(screen.cells)) == 0 && shown.row == row &&
                shown.column == column;
    if (!same)
        printf("# %s: at %u, %u, not %u, %u\n", text_string(&editor.line), shown.row, shown.column,
               row, column);
    screen = shown;
    return same;
}

static void test_keys(void)
{
    TAP_OK(line_is("abc\x02X", "abXc") && line_is("abc\x01X\x05Y", "XabcY"), "moving");
    TAP_OK(line_is("abc\x1b[D\x1bOD\x1b[CX", "abXc") && line_is("ab\x1b[HX\x1b[4~Y", "XabY"),
           "arrows, Home and End");
    TAP_OK(line_is("äöü\x7f\x02\x7f", "ö") && line_is("日本\x1b[D\x1b[3~", "日"),
           "whole characters");
    TAP_OK(line_is("a b c\x17\x17X", "a X") && line_is("a.b c\x1b\x7f\x1b\x7fX", "a.X"), "words");
    TAP_OK(line_is("abc\x02\x0b\x01\x19", "cab") && line_is("abc\x15X\x19", "Xabc"), "killed text");
    TAP_OK(line_is("ab\x14", "ba") && line_is("ä\xc3(x", "ä(x") &&
               line_is("\xff\xfe"
                       "a",
                       "a"),
           "transposing; bytes that are no character");
    TAP_OK(line_is("\x1b[200~a\rb\tc\x1b[201~d", "a\nb\tcd"), "a paste");
    TAP_OK(line_is("a\x1b[99;99x\x1b[?1;2cb", "ab"), "unknown keys");
    begin();
    TAP_OK(type("a\r") == EDIT_LINE && (begin(), type("\x04")) == EDIT_END &&
               (begin(), type("a\t")) == EDIT_COMPLETE &&
               (begin(), type("a\x03")) == EDIT_INTERRUPT,
           "results");
    begin();
    type("ab\x01");
    TAP_OK(type("\x04") == EDIT_MORE && strcmp(text_string(&editor.line), "b") == 0,
           "^D within a line deletes");
}

static void test_history(void)
{
    history_add(&history, "first");
    history_add(&history, "second\nline");
    TAP_OK(!history_add(&history, "second\nline") && !history_add(&history, "  "),
           "the same line again, or a blank one, is not kept");
    TAP_OK(line_is("x\x1b[A", "second\nline") && line_is("x\x1b[A\x1b[A\x1b[A", "first") &&
               line_is("x\x1b[A\x1b[B", "x"),
           "up and down");
    TAP_OK(line_is("\x12"
                   "ir",
                   "first") &&
               line_is("\x12"
                       "i\x12\x12",
                       "first") &&
               line_is("\x12nothing\x07", "") && line_is("\x12sec\x01X", "Xsecond\nline"),
           "searching");
    struct text text = { 0 };
    struct history again = { 0 };
    history_add(&history, "back\\slash");
    history_to_file(&history, &text);
    history_from_file(&again, text.data, text.size);
    TAP_OK(again.lines.count == 3 && strcmp(again.lines.data[1], "second\nline") == 0 &&
               strcmp(again.lines.data[2], "back\\slash") == 0,
           "to a file and back");
    text_free(&text);
    words_free(&again.lines);
}

static void test_screen(void)
{
    static const char *const keys[] = { "a",    "ä",    "日",   " ",      "\x02", "\x06",
                                        "\x7f", "\x01", "\x05", "bcdefg", "\x17", "\x1b\x62" };
    bool all = true;
    srand(1);
    begin();
    for (int i = 0; i < 20000 && all; i++) {
        type(keys[rand() % (int)(sizeof(keys) / sizeof(keys[0]))]);
        if (editor.line.size > 400)
            type("\x05\x15");
        all = shows_well();
    }
    TAP_OK(all, "after any keys the terminal shows the line, and the cursor where it is");
}

static bool completes(const char *line, enum complete_kind kind, const char *prefix)
{
    struct completion completion;
    complete_find(line, strlen(line), &completion);
    bool same = completion.kind == kind && strcmp(text_string(&completion.prefix), prefix) == 0;
    if (!same)
        printf("# %s: %d %s\n", line, (int)completion.kind, text_string(&completion.prefix));
    completion_free(&completion);
    return same;
}

/* An argument that begins like this, after these words; NULL: it is none. */
static bool completes_after(const char *line, const char *typed, const char *prefix)
{
    struct completion completion;
    struct text words = { 0 };
    complete_find(line, strlen(line), &completion);
    for (size_t i = 0; i < completion.typed.count; i++) {
        text_add_string(&words, i == 0 ? "" : " ");
        text_add_string(&words, completion.typed.data[i]);
    }
    bool is_argument = completion.kind == COMPLETE_ARGUMENT;
    bool same = prefix == NULL ? !is_argument
                               : is_argument && strcmp(text_string(&words), typed) == 0 &&
                                     strcmp(text_string(&completion.prefix), prefix) == 0;
    if (!same)
        printf("# %s: %s, %s\n", line, text_string(&words), text_string(&completion.prefix));
    text_free(&words);
    completion_free(&completion);
    return same;
}

static void test_completion(void)
{
    TAP_OK(completes("ec", COMPLETE_COMMAND, "ec") && completes("a; ec", COMPLETE_COMMAND, "ec") &&
               completes("if ec", COMPLETE_COMMAND, "ec") &&
               completes("A=1 ec", COMPLETE_COMMAND, "ec"),
           "commands");
    TAP_OK(completes("a >fi", COMPLETE_PATH, "fi") && completes("a b 2> fi", COMPLETE_PATH, "fi") &&
               completes("./fi", COMPLETE_PATH, "./fi") && completes("> fi", COMPLETE_PATH, "fi"),
           "paths");
    TAP_OK(completes_after("echo fi", "echo", "fi") && completes_after("echo ", "echo", "") &&
               completes_after("echo 'a b", "echo", "a b") &&
               completes_after("echo a\\ b", "echo", "a b") &&
               completes_after("x; A=1 if silo stop 'a b' >f 2>&", "silo stop", NULL) &&
               completes_after("a b | silo stop 'a b' >f 2>g c", "silo stop a b", "c") &&
               completes_after("while A=1 kill -s T", "kill -s", "T"),
           "arguments, with the command's words before them");
    TAP_OK(completes("echo $HO", COMPLETE_VARIABLE, "HO") &&
               completes("echo \"${HO", COMPLETE_VARIABLE, "HO") &&
               completes("echo '$HO", COMPLETE_ARGUMENT, "$HO"),
           "variables");
    struct completion completion;
    struct words candidates = { 0 };
    struct text text = { 0 };
    complete_find("cat a", 5, &completion);
    words_add_copy(&candidates, "a b$c");
    complete_text(&completion, &candidates, &text);
    TAP_OK(strcmp(text_string(&text), "a\\ b\\$c ") == 0, "what is put in is quoted");
    text_clear(&text);
    words_add_copy(&candidates, "a bö");
    complete_text(&completion, &candidates, &text);
    TAP_OK(strcmp(text_string(&text), "a\\ b") == 0, "of many, what they have in common");
    completion_free(&completion);
    words_free(&candidates);
    text_free(&text);
}

int main(void)
{
    test_keys();
    test_history();
    test_screen();
    test_completion();
    editor_free(&editor);
    words_free(&history.lines);
    return tap_done();
}
