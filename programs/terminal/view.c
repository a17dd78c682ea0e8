#include "programs/terminal/view.h"

#include "lib/memory.h"

enum {
    UNKNOWN = -1, /* a character that no cell has */
    /* In `paper`: how the cell was drawn. */
    SHOWN_REVERSED = 1 << 26,
    SHOWN_CURSOR = 1 << 27, /* and two bits for its shape */
    SHOWN_SHAPE = 28,
};
_Static_assert((int)CURSOR_BAR < CELL_SECRET >> SHOWN_SHAPE, "a shape takes two bits");

static void forget(struct view *view)
{
    uint32_t count = view->emulator->screen->columns * view->emulator->screen->rows;
    for (uint32_t i = 0; i < count; i++)
        view->shown[i] = (struct cell){ (uint32_t)UNKNOWN, 0, 0 };
}

void view_init(struct view *view, const struct emulator *emulator, const struct picture *picture,
               struct cell *shown)
{
    *view = (struct view){ .emulator = emulator, .picture = picture, .shown = shown };
    forget(view);
}

/* What programs have drawn is gone, and all is drawn next. */
static void restore(struct view *view)
{
    picture_clear(view->picture);
    forget(view);
    view->is_drawn_on = false;
}

/* ---- Where we look ---- */

static uint32_t history_count(const struct view *view)
{
    return view->emulator->history->count;
}

static void move_to(struct view *view, uint32_t above)
{
    view->above = above < history_count(view) ? above : history_count(view);
}

/* Lines that came meanwhile went in between. */
static void stay(struct view *view)
{
    uint64_t come = view->emulator->pushed - view->pushed;
    view->pushed = view->emulator->pushed;
    if (view->above != 0)
        move_to(view, come < HISTORY_LINES_MAX ? view->above + (uint32_t)come : HISTORY_LINES_MAX);
}

void view_back(struct view *view)
{
    stay(view);
    move_to(view, view->above + view->emulator->screen->rows / 2);
}

void view_forward(struct view *view)
{
    stay(view);
    uint32_t step = view->emulator->screen->rows / 2;
    view->above = view->above < step ? 0 : view->above - step;
}

void view_to_end(struct view *view)
{
    stay(view);
    view->above = 0;
}

void view_look_at(struct view *view, const struct emulator *emulator)
{
    if (view->is_drawn_on)
        restore(view);
    view->emulator = emulator;
    view->erased = emulator->erased;
    view->pushed = emulator->pushed;
    view->above = 0;
}

/* ---- Drawing ---- */

static const struct cell *row_of(const struct view *view, uint32_t row, struct cell *buffer)
{
    const struct grid *screen = view->emulator->screen;
    if (row >= view->above)
        return grid_row(screen, row - view->above);
    history_read(view->emulator->history, view->above - 1 - row, buffer, screen->columns);
    return buffer;
}

static struct look look_at(const struct view *view, uint32_t row, uint32_t column)
{
    const struct emulator *emulator = view->emulator;
    bool is_pointed_at = emulator->wants_mouse && view->above == 0 && row == view->pointer_row &&
                         column == view->pointer_column;
    struct look look = { .reversed = emulator->reversed != is_pointed_at };
    look.is_cursor = !emulator->cursor_hidden && row == emulator->cursor_row + view->above &&
                     column == emulator->cursor_column;
    if (look.is_cursor && emulator->cursor_shape == CURSOR_UNDERLINE)
        look.cursor_rows = 2;
    if (look.is_cursor && emulator->cursor_shape == CURSOR_BAR)
        look.cursor_columns = 2;
    return look;
}

/* The cell as it will have been drawn. */
static struct cell drawn_cell(const struct view *view, const struct cell *cell, struct look look)
{
    struct cell drawn = *cell;
    if (look.reversed)
        drawn.paper |= SHOWN_REVERSED;
    if (look.is_cursor)
        drawn.paper |= SHOWN_CURSOR | (uint32_t)view->emulator->cursor_shape << SHOWN_SHAPE;
    return drawn;
}

static void draw_row(struct view *view, uint32_t row, const struct cell *cells)
{
    uint32_t columns = view->emulator->screen->columns;
    struct cell *shown = view->shown + (size_t)row * columns;
    for (uint32_t column = 0; column < columns; column++) {
        struct look look = look_at(view, row, column);
        struct cell drawn = drawn_cell(view, &cells[column], look);
        bool is_second = (drawn.character & CELL_SECOND) != 0;
        bool changed = !cell_equal(&drawn, &shown[column]);
        /* A wide one whose second place showed something else is drawn again too. */
        if (!changed && (drawn.character & CELL_WIDE) != 0 && column + 1 < columns)
            changed = (shown[column + 1].character & CELL_SECOND) == 0;
        shown[column] = drawn;
        if (!changed || is_second)
            continue;
        picture_draw(view->picture, row, column, &cells[column], look);
        view->drawn++;
    }
}

void view_draw(struct view *view)
{
    struct cell buffer[GRID_COLUMNS_MAX];
    stay(view);
    if (view->is_drawn_on && view->erased != view->emulator->erased)
        restore(view);
    view->erased = view->emulator->erased;
    for (uint32_t row = 0; row < view->emulator->screen->rows; row++)
        draw_row(view, row, row_of(view, row, buffer));
}
