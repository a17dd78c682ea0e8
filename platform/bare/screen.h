/* The kernel's own text on the machine's picture: what it says while the system starts, what programs
 * write while no terminal is there, and its end after a mistake of its own. Private to the bare
 * platforms.
 *
 * Nothing here takes a lock, allocates, or reads the picture: it is as good in a panic as before
 * one. One CPU at a time, which the console sees to. Without a picture every call does nothing. */
#ifndef PLATFORM_BARE_SCREEN_H
#define PLATFORM_BARE_SCREEN_H

#include "base/base.h"

struct screen_channel {
    u8 position; /* bits */
    u8 size;
};

struct screen_mode {
    u64 address; /* physical; 0: there is no picture */
    u32 width;
    u32 height;
    u32 pitch; /* bytes from one row to the next */
    u8 bits_per_pixel;
    struct screen_channel red, green, blue;
};

/* What is wrong with a mode that somebody told us; NULL: nothing. */
const char *screen_mode_mistake(const struct screen_mode *mode);
/* Bytes of the whole picture, as a valid mode has them. */
u64 screen_mode_bytes(const struct screen_mode *mode);

/* The picture is black, and text begins at its top. The mode is valid, `pixels` is where it is
 * mapped. */
void screen_init(const struct screen_mode *mode, void *pixels);
/* The picture's mode; its address is 0 if there is none. */
const struct screen_mode *screen_mode(void);
/* Shows text as simple terminals do: escape sequences and what is not ASCII are not interpreted. */
void screen_write(struct bytes text);
/* Somebody else draws from now on. */
void screen_give(void);
/* The kernel's again, for its last words: another colour, and what stands at the top stays. */
void screen_seize(void);

/* ---- What the platform gives ---- */

enum { SCREEN_GLYPH_FIRST = ' ', SCREEN_GLYPH_COUNT = 95, SCREEN_GLYPH_ROWS = 16 };

/* The glyphs of ASCII, 16 rows each, the left pixel in the highest bit. */
extern const u8 screen_glyphs[SCREEN_GLYPH_COUNT][SCREEN_GLYPH_ROWS];

#endif
