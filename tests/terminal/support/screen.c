#include "tests/terminal/support/screen.h"

#include "programs/terminal/utf8.h"

#include <string.h>

struct emulator screen;
struct history screen_history;
static struct cell cells[2 * SCREEN_COLUMNS_MAX * SCREEN_ROWS_MAX];
static uint8_t history_bytes[SCREEN_HISTORY_BYTES];
static char typed[65536];
static size_t typed_size;

static void on_typed(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    if (size > sizeof(typed) - typed_size)
        size = sizeof(typed) - typed_size;
    memcpy(typed + typed_size, bytes, size);
    typed_size += size;
}

void screen_begin(uint32_t columns, uint32_t rows)
{
    history_init(&screen_history, history_bytes, sizeof(history_bytes));
    memset(&screen, 0, sizeof(screen));
    screen.typed = on_typed;
    typed_size = 0;
    emulator_init(&screen, &screen_history, cells, columns, rows);
}

void screen_write(const char *text)
{
    emulator_write(&screen, (const uint8_t *)text, strlen(text));
}

const struct cell *screen_cell(uint32_t row, uint32_t column)
{
    return grid_row(screen.screen, row) + column;
}

bool screen_row_is(uint32_t row, const char *text)
{
    size_t left = strlen(text);
    for (uint32_t column = 0; column < screen.screen->columns; column++) {
        uint32_t character = screen_cell(row, column)->character & CELL_CODE_POINT;
        if ((screen_cell(row, column)->character & CELL_SECOND) != 0)
            continue;
        if (character == 0)
            character = ' ';
        uint8_t bytes[UTF8_BYTES_MAX] = { ' ' };
        size_t size = utf8_write(character, bytes);
        if (left == 0 && character == ' ')
            continue;
        if (left < size || memcmp(text, bytes, size) != 0)
            return false;
        text += size;
        left -= size;
    }
    return left == 0;
}

bool screen_cursor_is(uint32_t row, uint32_t column)
{
    return screen.cursor_row == row && screen.cursor_column == column;
}

bool screen_typed(const char *text)
{
    bool equal = typed_size == strlen(text) && memcmp(typed, text, typed_size) == 0;
    typed_size = 0;
    return equal;
}
