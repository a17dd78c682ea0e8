/* A terminal without a machine: a screen, its history, and what it types by itself. */
#ifndef TESTS_TERMINAL_SUPPORT_SCREEN_H
#define TESTS_TERMINAL_SUPPORT_SCREEN_H

#include "programs/terminal/emulator.h"

enum { SCREEN_COLUMNS_MAX = 80, SCREEN_ROWS_MAX = 24, SCREEN_HISTORY_BYTES = 1 << 20 };

extern struct emulator screen;
extern struct history screen_history;

/* A new one. */
void screen_begin(uint32_t columns, uint32_t rows);
void screen_write(const char *text);
/* Whether the row has this text, and blanks behind it. */
bool screen_row_is(uint32_t row, const char *text);
const struct cell *screen_cell(uint32_t row, uint32_t column);
bool screen_cursor_is(uint32_t row, uint32_t column);
/* Whether just this was typed since it was asked last. */
bool screen_typed(const char *text);

#endif
