/* One place of the screen: what stands there and how. Compared as a whole to see what has changed. */
#ifndef PROGRAMS_TERMINAL_CELL_H
#define PROGRAMS_TERMINAL_CELL_H

#include <stdbool.h>
#include <stdint.h>

/* Bits 0 to 20 of a character are its code point; 0: nothing was written there. From bit 23 on is the
 * number of a mark that is drawn over it (marks.c); 0: there is none. */
enum {
    CELL_CODE_POINT = (1 << 21) - 1,
    CELL_WIDE = 1 << 21,   /* it takes the next place too */
    CELL_SECOND = 1 << 22, /* that next place */
    CELL_MARK_SHIFT = 23,
    CELL_MARK_MAX = 15,
    CELL_CHARACTER_BITS = 27,
};

/* Bits 24 and 25 of a colour say of what kind it is, bits 0 to 23 which. */
enum {
    COLOUR_USUAL = 0,
    COLOUR_INDEX = 1 << 24,
    COLOUR_RGB = 2 << 24, /* red in the highest byte of the three */
    COLOUR_KIND = 3 << 24,
    COLOUR_VALUE = (1 << 24) - 1,
};

/* What else `ink` has. */
enum {
    CELL_BOLD = 1 << 26,
    CELL_UNDERLINE = 1 << 27,
    CELL_STRIKE = 1 << 28,
    CELL_CONCEAL = 1 << 29,
    CELL_REVERSE = 1 << 30,
};

/* What else `paper` has; bits 26 to 29 are the view's. */
enum {
    CELL_SECRET = 1 << 30, /* for the person: programs do not read it off the picture */
};

struct cell {
    uint32_t character;
    uint32_t ink;   /* colour and attributes */
    uint32_t paper; /* colour, and whether it is secret */
};

static inline bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->character == b->character && a->ink == b->ink && a->paper == b->paper;
}

#endif
