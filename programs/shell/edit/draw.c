/* How the line looks: prompt, text, wrapped at the terminal's last column. */
#include "programs/shell/edit/edit.h"

#include "programs/shell/edit/width.h"

#include <string.h>

struct place {
    uint32_t row, column;
};

static void advance(const struct editor *editor, struct place *place, uint32_t width)
{
    if (place->column + width > editor->columns) {
        place->row++;
        place->column = 0;
    }
    place->column += width;
}

/* What the escape sequence at the start takes, which is not seen. */
static size_t escape_size(const char *text)
{
    size_t size = 2;
    if (text[0] != '\x1b' || text[1] != '[')
        return 0;
    while (text[size] != '\0' && !(text[size] >= 0x40 && text[size] <= 0x7e))
        size++;
    return text[size] == '\0' ? size : size + 1;
}

/* Goes on from the place past `size` bytes. */
static void measure(const struct editor *editor, const char *text, size_t size, struct place *place)
{
    for (size_t i = 0; i < size;) {
        size_t step = utf8_size(text + i);
        size_t escape = escape_size(text + i);
        unsigned char byte = (unsigned char)text[i];
        if (escape != 0) {
            step = escape;
        } else if (byte == '\n') {
            place->row++;
            place->column = 0;
        } else if (step == 1 && (byte < 0x20 || byte >= 0x7f)) {
            advance(editor, place, 2);
        } else {
            advance(editor, place, width_of(utf8_value(text + i)));
        }
        i += step;
    }
}

static void add_visible(struct editor *editor, const char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size;) {
        size_t step = utf8_size(text + i);
        unsigned char byte = (unsigned char)text[i];
        if (byte == '\n') {
            text_add_string(&editor->screen, "\r\n");
        } else if (byte < 0x20 || byte == 0x7f) {
            text_add_char(&editor->screen, '^');
            text_add_char(&editor->screen, (char)(byte ^ 0x40));
        } else if (step == 1 && byte >= 0x80) {
            text_add_char(&editor->screen, digits[byte >> 4]);
            text_add_char(&editor->screen, digits[byte & 15]);
        } else {
            text_add(&editor->screen, text + i, step);
        }
        i += step;
    }
}

static void move(struct editor *editor, uint32_t count, char direction)
{
    if (count == 0)
        return;
    text_add_string(&editor->screen, "\x1b[");
    text_add_number(&editor->screen, count);
    text_add_char(&editor->screen, direction);
}

static void add_prompt(struct editor *editor, struct text *prompt)
{
    if (!editor->searching) {
        text_add_string(prompt, editor->prompt);
        return;
    }
    text_add_string(prompt, editor->found || editor->query.size == 0 ? "(search) " : "(nothing) ");
    text_add_string(prompt, text_string(&editor->query));
    text_add_string(prompt, ": ");
}

/* A line that fills the last column exactly leaves the cursor there: it belongs to the next row. */
static bool wrap(const struct editor *editor, struct place *place)
{
    if (place->column < editor->columns)
        return false;
    place->row++;
    place->column = 0;
    return true;
}

static void draw_from_here(struct editor *editor)
{
    struct text prompt = { 0 };
    struct place cursor = { 0 };
    add_prompt(editor, &prompt);
    text_add_string(&editor->screen, "\r\x1b[J");
    for (const char *at = text_string(&prompt); *at != '\0'; at++) {
        if (*at == '\n')
            text_add_char(&editor->screen, '\r');
        text_add_char(&editor->screen, *at);
    }
    measure(editor, text_string(&prompt), prompt.size, &cursor);
    struct place end = cursor;
    add_visible(editor, text_string(&editor->line), editor->line.size);
    measure(editor, text_string(&editor->line), editor->at, &cursor);
    measure(editor, text_string(&editor->line), editor->line.size, &end);
    wrap(editor, &cursor);
    if (wrap(editor, &end))
        text_add_string(&editor->screen, "\r\n");
    move(editor, end.row - cursor.row, 'A');
    text_add_char(&editor->screen, '\r');
    move(editor, cursor.column, 'C');
    editor->cursor_row = cursor.row;
    text_free(&prompt);
}

void edit_draw(struct editor *editor)
{
    if (editor->columns < 4)
        editor->columns = 80;
    move(editor, editor->cursor_row, 'A');
    draw_from_here(editor);
}

void edit_draw_added(struct editor *editor, size_t size)
{
    struct place before = { 0 };
    struct text prompt = { 0 };
    const char *added = text_string(&editor->line) + editor->at - size;
    add_prompt(editor, &prompt);
    measure(editor, text_string(&prompt), prompt.size, &before);
    text_free(&prompt);
    measure(editor, text_string(&editor->line), editor->at - size, &before);
    struct place behind = before;
    measure(editor, added, size, &behind);
    if (editor->at == editor->line.size && behind.row == before.row &&
        behind.column < editor->columns && behind.column > before.column)
        add_visible(editor, added, size);
    else
        edit_draw(editor);
}

void edit_show_again(struct editor *editor)
{
    editor->cursor_row = 0;
    edit_draw(editor);
}

void edit_leave(struct editor *editor, const char *mark)
{
    editor->at = editor->line.size;
    editor->searching = false;
    edit_draw(editor);
    text_add_string(&editor->screen, mark);
    text_add_string(&editor->screen, "\r\n");
    editor->cursor_row = 0;
}
