/* A console font: PSF version 1 or 2 with a table of the characters that its glyphs show (Linux kbd,
 * psf.h), 8 pixels wide.
 *
 * version 1: magic 36 04 (2 bytes), mode (1; bit 0: 512 glyphs, else 256; bit 1: there is a table),
 *            rows of a glyph (1), glyphs, table: for each glyph code points of 2 bytes, FFFF at the
 *            end; what follows FFFE are sequences
 * version 2: magic 72 B5 4A 86, then 4 bytes each: version, size of the head, flags (bit 0: there is a
 *            table), glyphs, bytes of a glyph, rows, columns; glyphs, table: for each glyph UTF-8, FF
 *            at the end; what follows FE are sequences
 *
 * Sequences of several code points are not used. */
#ifndef PROGRAMS_TERMINAL_FONT_H
#define PROGRAMS_TERMINAL_FONT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FONT_COLUMNS = 8,
    FONT_ROWS_MIN = 8, /* of a glyph, and at most */
    FONT_ROWS_MAX = 32,
    FONT_PLACES = 4096, /* characters; those beyond have no glyph */
};

struct font_place {
    uint32_t code_point; /* 0: the place is free */
    uint32_t glyph;
};

struct font {
    const uint8_t *glyphs; /* in the file */
    uint32_t count;
    uint32_t rows;
    uint32_t replacement; /* the glyph of what has none */
    uint32_t place_count;
    struct font_place places[FONT_PLACES]; /* by hash, linear */
};

/* The file is kept. False: it is no such font, or damaged. */
bool font_init(struct font *font, const uint8_t *file, uint32_t size);
/* Its rows from the top, the left pixel in the highest bit. */
const uint8_t *font_glyph(const struct font *font, uint32_t code_point);

/* The fonts that the program has within it (tools/font). */
extern const uint8_t font_regular[], font_bold[];
extern const uint32_t font_regular_size, font_bold_size;

#endif
