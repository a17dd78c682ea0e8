/* Lines that have left the screen at its top: at most HISTORY_LINES_MAX, and as many as fit into the
 * memory that was given. The oldest go first. */
#ifndef PROGRAMS_TERMINAL_HISTORY_H
#define PROGRAMS_TERMINAL_HISTORY_H

#include "programs/terminal/cell.h"

enum { HISTORY_LINES_MAX = 10000 };

/* In `bytes`, without a gap. */
struct history_line {
    uint32_t offset;
    uint32_t size;
};

struct history {
    uint8_t *bytes;
    uint32_t capacity;
    uint32_t at; /* where the next line begins */
    struct history_line lines[HISTORY_LINES_MAX]; /* a ring */
    uint32_t first;
    uint32_t count;
};

/* The bytes are borrowed. */
void history_init(struct history *history, uint8_t *bytes, uint32_t capacity);
void history_clear(struct history *history);
/* What is blank at its end is not kept. A line that is too large for all of the memory is lost. */
void history_push(struct history *history, const struct cell *cells, uint32_t columns);
/* The line that was pushed `age` lines before the last (0: the last), `columns` cells of it; blank
 * if there is none. */
void history_read(const struct history *history, uint32_t age, struct cell *cells,
                  uint32_t columns);

#endif
