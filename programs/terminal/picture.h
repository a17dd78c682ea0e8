/* The pixels of the screen: cells are drawn into them. */
#ifndef PROGRAMS_TERMINAL_PICTURE_H
#define PROGRAMS_TERMINAL_PICTURE_H

#include "programs/terminal/cell.h"
#include "programs/terminal/font.h"

struct channel {
    uint8_t position; /* bits */
    uint8_t size;
};

struct picture {
    uint8_t *pixels; /* aligned to a pixel */
    uint32_t width;
    uint32_t height;
    uint32_t pitch;       /* bytes from one row to the next */
    uint32_t pixel_bytes; /* 2, 3 or 4 */
    struct channel red, green, blue;
    const struct font *regular;
    const struct font *bold; /* as high as the other */
    uint32_t palette[256];   /* pixel values, from `picture_init` on */
    uint32_t usual_ink;
    uint32_t usual_paper;
};

/* How a cell differs from what it says itself. */
struct look {
    bool reversed;
    bool is_cursor; /* a block, unless `cursor_rows` */
    uint8_t cursor_rows;    /* not 0: a bar of so many rows at the bottom */
    uint8_t cursor_columns; /* not 0: a bar of so many columns at the left */
};

/* The fields before `palette` are the caller's. Everything is the usual paper. */
void picture_init(struct picture *picture);
/* That it is again, also where no cell is. */
void picture_clear(const struct picture *picture);
uint32_t picture_columns(const struct picture *picture);
uint32_t picture_rows(const struct picture *picture);
/* A cell, with its second half if it is wide: there is room. Nothing for a second half alone. */
void picture_draw(const struct picture *picture, uint32_t row, uint32_t column,
                  const struct cell *cell, struct look look);

#endif
