/* The cells of one screen. A scroll of whole rows moves none of them. */
#ifndef PROGRAMS_TERMINAL_GRID_H
#define PROGRAMS_TERMINAL_GRID_H

#include "programs/terminal/cell.h"

enum {
    GRID_COLUMNS_MAX = 512,
    GRID_ROWS_MAX = 256,
};

/* Rows and columns, the ends left out. */
struct area {
    uint32_t row, row_end;
    uint32_t column, column_end;
};

struct grid {
    uint32_t columns;
    uint32_t rows;
    struct cell *cells;
    uint32_t order[GRID_ROWS_MAX]; /* which row of `cells` each row is */
};

/* `cells`, columns times rows, are borrowed; all blank. */
void grid_init(struct grid *grid, struct cell *cells, uint32_t columns, uint32_t rows);
struct cell *grid_row(const struct grid *grid, uint32_t row);
/* One character, in its two places if it is wide; half a wide one that remains is blank. */
void grid_put(struct grid *grid, uint32_t row, uint32_t column, const struct cell *cell);
void grid_fill(struct grid *grid, struct area area, const struct cell *cell);
/* The rows [row, row_end) move up by `count`, at most all of them; or down. Those that come in have
 * what was in those that went out. */
void grid_roll_up(struct grid *grid, uint32_t row, uint32_t row_end, uint32_t count);
void grid_roll_down(struct grid *grid, uint32_t row, uint32_t row_end, uint32_t count);
/* The area `from` to another place; both are inside, and may overlap. */
void grid_copy(struct grid *grid, struct area from, uint32_t row, uint32_t column);

#endif
