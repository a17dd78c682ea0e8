#include "programs/shell/edit/edit.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 20 }; /* what is beyond is not taken */

/* ---- Places in the line -------------------------------------------------------------------------
 */

static size_t before(const struct editor *editor, size_t at)
{
    size_t from = at;
    while (from > 0) {
        from--;
        if (((unsigned char)editor->line.data[from] & 0xc0) != 0x80 || at - from == 4)
            break;
    }
    return at > 0 && from + utf8_size(editor->line.data + from) != at ? at - 1 : from;
}

static size_t behind(const struct editor *editor, size_t at)
{
    return at < editor->line.size ? at + utf8_size(editor->line.data + at) : at;
}

static bool is_word_part(const struct editor *editor, size_t at)
{
    char byte = editor->line.data[at];
    return is_name_part(byte) || (unsigned char)byte >= 0x80;
}

static size_t word_before(const struct editor *editor)
{
    size_t at = editor->at;
    while (at > 0 && !is_word_part(editor, at - 1))
        at--;
    while (at > 0 && is_word_part(editor, at - 1))
        at--;
    return at;
}

static size_t word_behind(const struct editor *editor)
{
    size_t at = editor->at;
    while (at < editor->line.size && !is_word_part(editor, at))
        at++;
    while (at < editor->line.size && is_word_part(editor, at))
        at++;
    return at;
}

/* ^W takes what is between blanks. */
static size_t blank_before(const struct editor *editor)
{
    size_t at = editor->at;
    while (at > 0 && is_blank(editor->line.data[at - 1]))
        at--;
    while (at > 0 && !is_blank(editor->line.data[at - 1]))
        at--;
    return at;
}

/* ---- Changes ------------------------------------------------------------------------------------
 */

static void remove_range(struct editor *editor, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(editor->line.data + from, editor->line.data + to, editor->line.size - to);
    editor->line.size -= to - from;
    editor->line.data[editor->line.size] = '\0';
    editor->at = from;
}

static void kill_range(struct editor *editor, size_t from, size_t to)
{
    if (from >= to)
        return;
    text_clear(&editor->killed);
    text_add(&editor->killed, editor->line.data + from, to - from);
    remove_range(editor, from, to);
}

static void insert(struct editor *editor, const char *bytes, size_t size)
{
    struct text rest = { 0 };
    if (editor->line.size + size > LINE_MAX_BYTES)
        return;
    text_add(&rest, text_string(&editor->line) + editor->at, editor->line.size - editor->at);
    editor->line.size = editor->at;
    text_add(&editor->line, bytes, size);
    editor->at = editor->line.size;
    text_add(&editor->line, text_string(&rest), rest.size);
    text_free(&rest);
}

static void transpose(struct editor *editor)
{
    size_t last = editor->at == editor->line.size ? before(editor, editor->at) : editor->at;
    if (last == 0 || editor->line.size == 0)
        return;
    size_t first = before(editor, last);
    size_t end = behind(editor, last);
    struct text moved = { 0 };
    text_add(&moved, editor->line.data + first, last - first);
    remove_range(editor, first, last);
    editor->at = end - moved.size;
    insert(editor, text_string(&moved), moved.size);
    text_free(&moved);
}

static void set_line(struct editor *editor, const char *line)
{
    text_clear(&editor->line);
    text_add_string(&editor->line, line);
    editor->at = editor->line.size;
}

/* ---- History ------------------------------------------------------------------------------------
 */

static void go_to(struct editor *editor, size_t index)
{
    const struct words *lines = &editor->history->lines;
    if (index > lines->count)
        return;
    if (editor->history_at == lines->count) {
        text_clear(&editor->draft);
        text_add(&editor->draft, text_string(&editor->line), editor->line.size);
    }
    editor->history_at = index;
    set_line(editor, index == lines->count ? text_string(&editor->draft) : lines->data[index]);
}

static void search(struct editor *editor, size_t from)
{
    const struct words *lines = &editor->history->lines;
    size_t index = history_search(editor->history, text_string(&editor->query), from);
    editor->found = editor->query.size != 0 && index != from;
    if (editor->found) {
        go_to(editor, index);
        const char *match = strstr(lines->data[index], text_string(&editor->query));
        editor->at = (size_t)(match - lines->data[index]);
    }
}

static void begin_search(struct editor *editor)
{
    editor->searching = true;
    editor->found = false;
    text_clear(&editor->query);
}

/* Whether the key was the search's; others end it and mean what they do. */
static bool search_key(struct editor *editor, enum key key)
{
    size_t count = editor->history->lines.count;
    if (key == KEY_TEXT) {
        text_add_string(&editor->query, editor->keys.bytes);
        search(editor, editor->history_at < count ? editor->history_at + 1 : count);
        return true;
    }
    if (key == KEY_SEARCH) {
        search(editor, editor->history_at < count ? editor->history_at : count);
        return true;
    }
    if (key == KEY_BACKSPACE && editor->query.size != 0) {
        do
            editor->query.size--;
        while (editor->query.size != 0 &&
               ((unsigned char)editor->query.data[editor->query.size] & 0xc0) == 0x80);
        text_add(&editor->query, "", 0);
        search(editor, count);
        return true;
    }
    editor->searching = false;
    if (key == KEY_CANCEL)
        go_to(editor, count);
    return key == KEY_CANCEL || key == KEY_NONE;
}

/* ---- Keys ---------------------------------------------------------------------------------------
 */

static void move_key(struct editor *editor, enum key key)
{
    switch (key) {
    case KEY_LEFT:
        editor->at = before(editor, editor->at);
        break;
    case KEY_RIGHT:
        editor->at = behind(editor, editor->at);
        break;
    case KEY_HOME:
        editor->at = 0;
        break;
    case KEY_END:
        editor->at = editor->line.size;
        break;
    case KEY_WORD_LEFT:
        editor->at = word_before(editor);
        break;
    case KEY_WORD_RIGHT:
        editor->at = word_behind(editor);
        break;
    case KEY_UP:
        if (editor->history_at > 0)
            go_to(editor, editor->history_at - 1);
        break;
    case KEY_DOWN:
        if (editor->history_at < editor->history->lines.count)
            go_to(editor, editor->history_at + 1);
        break;
    default:
        break;
    }
}

static void change_key(struct editor *editor, enum key key)
{
    switch (key) {
    case KEY_TEXT:
        insert(editor, editor->keys.bytes, strlen(editor->keys.bytes));
        break;
    case KEY_BACKSPACE:
        remove_range(editor, before(editor, editor->at), editor->at);
        break;
    case KEY_DELETE:
        remove_range(editor, editor->at, behind(editor, editor->at));
        break;
    case KEY_KILL_END:
        kill_range(editor, editor->at, editor->line.size);
        break;
    case KEY_KILL_START:
        kill_range(editor, 0, editor->at);
        break;
    case KEY_KILL_WORD:
        kill_range(editor, blank_before(editor), editor->at);
        break;
    case KEY_KILL_WORD_LEFT:
        kill_range(editor, word_before(editor), editor->at);
        break;
    case KEY_KILL_WORD_RIGHT:
        kill_range(editor, editor->at, word_behind(editor));
        break;
    case KEY_YANK:
        insert(editor, text_string(&editor->killed), editor->killed.size);
        break;
    case KEY_TRANSPOSE:
        transpose(editor);
        break;
    default:
        move_key(editor, key);
        break;
    }
}

static enum edit_result key_pressed(struct editor *editor, enum key key)
{
    switch (key) {
    case KEY_ENTER:
        edit_leave(editor, "");
        return EDIT_LINE;
    case KEY_INTERRUPT:
        edit_leave(editor, "^C");
        return EDIT_INTERRUPT;
    case KEY_END_OF_INPUT:
        if (editor->line.size == 0)
            return EDIT_END;
        change_key(editor, KEY_DELETE);
        break;
    case KEY_TAB:
        return EDIT_COMPLETE;
    case KEY_SEARCH:
        begin_search(editor);
        break;
    case KEY_CLEAR:
        text_add_string(&editor->screen, "\x1b[H\x1b[2J");
        editor->cursor_row = 0;
        break;
    case KEY_QUOTE:
        editor->quoting = true;
        return EDIT_MORE;
    case KEY_PASTE_BEGIN:
        editor->pasting = true;
        return EDIT_MORE;
    case KEY_TEXT:
        change_key(editor, key);
        edit_draw_added(editor, strlen(editor->keys.bytes));
        return EDIT_MORE;
    default:
        change_key(editor, key);
        break;
    }
    edit_draw(editor);
    return EDIT_MORE;
}

/* What is pasted is text, whatever its bytes; it is shown when it is all there. */
static void paste(struct editor *editor, enum key key, char byte)
{
    if (key == KEY_PASTE_END) {
        editor->pasting = false;
        edit_draw(editor);
    } else if (key == KEY_TEXT) {
        insert(editor, editor->keys.bytes, strlen(editor->keys.bytes));
    } else if (byte == '\r' || byte == '\n' || byte == '\t') {
        insert(editor, byte == '\r' ? "\n" : &byte, 1);
    }
}

enum edit_result edit_byte(struct editor *editor, char byte)
{
    if (editor->quoting && byte != '\0') {
        editor->quoting = false;
        insert(editor, &byte, 1);
        edit_draw(editor);
        return EDIT_MORE;
    }
    enum key key = key_read(&editor->keys, byte);
    if (editor->pasting) {
        paste(editor, key, byte);
        return EDIT_MORE;
    }
    if (key == KEY_NONE)
        return EDIT_MORE;
    if (editor->searching && search_key(editor, key)) {
        edit_draw(editor);
        return EDIT_MORE;
    }
    return key_pressed(editor, key);
}

void edit_replace(struct editor *editor, size_t from, const struct text *text)
{
    remove_range(editor, from, editor->at);
    editor->at = from;
    insert(editor, text_string(text), text->size);
    edit_draw(editor);
}

void edit_begin(struct editor *editor)
{
    text_clear(&editor->line);
    text_add(&editor->line, "", 0);
    editor->at = 0;
    editor->keys.size = 0;
    editor->searching = editor->pasting = editor->quoting = false;
    editor->history_at = editor->history->lines.count;
    edit_show_again(editor);
}

void editor_free(struct editor *editor)
{
    text_free(&editor->line);
    text_free(&editor->screen);
    text_free(&editor->killed);
    text_free(&editor->draft);
    text_free(&editor->query);
}
