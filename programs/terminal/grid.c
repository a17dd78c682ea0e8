#include "programs/terminal/grid.h"

#include "lib/memory.h"

void grid_init(struct grid *grid, struct cell *cells, uint32_t columns, uint32_t rows)
{
    *grid = (struct grid){ .columns = columns, .rows = rows, .cells = cells };
    for (uint32_t row = 0; row < rows; row++)
        grid->order[row] = row;
    memset(cells, 0, (size_t)columns * rows * sizeof(*cells));
}

struct cell *grid_row(const struct grid *grid, uint32_t row)
{
    return grid->cells + (size_t)grid->order[row] * grid->columns;
}

/* Before [column, end) is written: a wide character of which that takes one half has none. */
static void part(const struct grid *grid, struct cell *row, uint32_t column, uint32_t end)
{
    if (column > 0 && (row[column].character & CELL_SECOND) != 0)
        row[column - 1].character = ' ';
    if (end < grid->columns && (row[end].character & CELL_SECOND) != 0)
        row[end].character = ' ';
}

void grid_put(struct grid *grid, uint32_t row, uint32_t column, const struct cell *cell)
{
    struct cell *cells = grid_row(grid, row);
    bool wide = (cell->character & CELL_WIDE) != 0 && column + 1 < grid->columns;
    part(grid, cells, column, column + 1 + wide);
    cells[column] = *cell;
    if (!wide) {
        cells[column].character &= ~(uint32_t)CELL_WIDE;
        return;
    }
    cells[column + 1] = *cell;
    cells[column + 1].character = CELL_SECOND;
}

void grid_fill(struct grid *grid, struct area area, const struct cell *cell)
{
    if (area.column >= area.column_end)
        return;
    for (uint32_t row = area.row; row < area.row_end; row++) {
        struct cell *cells = grid_row(grid, row);
        part(grid, cells, area.column, area.column_end);
        for (uint32_t column = area.column; column < area.column_end; column++)
            cells[column] = *cell;
    }
}

/* ---- Moves ---- */

static void reverse(uint32_t *order, uint32_t start, uint32_t end)
{
    while (start + 1 < end) {
        uint32_t kept = order[start];
        order[start++] = order[--end];
        order[end] = kept;
    }
}

void grid_roll_up(struct grid *grid, uint32_t row, uint32_t row_end, uint32_t count)
{
    reverse(grid->order, row, row + count);
    reverse(grid->order, row + count, row_end);
    reverse(grid->order, row, row_end);
}

void grid_roll_down(struct grid *grid, uint32_t row, uint32_t row_end, uint32_t count)
{
    grid_roll_up(grid, row, row_end, row_end - row - count);
}

/* Between two places that do not belong together: halves of wide characters there have no other. */
static void sever(const struct grid *grid, struct cell *row, uint32_t column)
{
    if (column > 0 && (row[column - 1].character & CELL_WIDE) != 0)
        row[column - 1].character = ' ';
    if (column < grid->columns && (row[column].character & CELL_SECOND) != 0)
        row[column].character = ' ';
}

void grid_copy(struct grid *grid, struct area from, uint32_t row, uint32_t column)
{
    uint32_t rows = from.row_end - from.row, columns = from.column_end - from.column;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t step = row > from.row ? rows - 1 - i : i;
        struct cell *to = grid_row(grid, row + step);
        memmove(to + column, grid_row(grid, from.row + step) + from.column,
                columns * sizeof(*to));
        sever(grid, to, column);
        sever(grid, to, column + columns);
    }
}
