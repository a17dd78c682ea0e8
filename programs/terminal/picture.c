#include "programs/terminal/picture.h"

#include "programs/terminal/marks.h"

#include <stddef.h>

enum { BRIGHT = 8 }; /* the first of the bright colours of a palette */

/* ---- Colours ---- */

static uint32_t channel_value(struct channel channel, uint32_t level)
{
    uint32_t value = channel.size >= 8 ? level << (channel.size - 8) : level >> (8 - channel.size);
    return value << channel.position;
}

static uint32_t pixel_of(const struct picture *picture, uint32_t rgb)
{
    return channel_value(picture->red, rgb >> 16 & 0xFF) |
           channel_value(picture->green, rgb >> 8 & 0xFF) |
           channel_value(picture->blue, rgb & 0xFF);
}

/* As xterm has them: 16 colours, a cube of 6 levels a channel, 24 greys. */
static uint32_t palette_rgb(uint32_t index)
{
    enum { CUBE = 16, GREYS = 232 };
    static const uint32_t first[CUBE] = {
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    };
    static const uint32_t levels[] = { 0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF };
    if (index < CUBE)
        return first[index];
    if (index >= GREYS)
        return (index - GREYS) * 0x0A0A0A + 0x080808;
    index -= CUBE;
    return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

static uint32_t colour_of(const struct picture *picture, uint32_t colour, uint32_t usual)
{
    switch (colour & COLOUR_KIND) {
    case COLOUR_INDEX:
        return picture->palette[colour & 0xFF];
    case COLOUR_RGB:
        return pixel_of(picture, colour & COLOUR_VALUE);
    default:
        return usual;
    }
}

struct colours {
    uint32_t ink;
    uint32_t paper;
};

static struct colours colours_of(const struct picture *picture, const struct cell *cell,
                                 const struct look *look)
{
    uint32_t ink = cell->ink;
    bool is_dark = (ink & COLOUR_KIND) == COLOUR_INDEX && (ink & COLOUR_VALUE) < BRIGHT;
    if ((ink & CELL_BOLD) != 0 && is_dark)
        ink += BRIGHT;
    struct colours colours = { colour_of(picture, ink, picture->usual_ink),
                               colour_of(picture, cell->paper, picture->usual_paper) };
    bool block = look->is_cursor && look->cursor_rows == 0 && look->cursor_columns == 0;
    if (((ink & CELL_REVERSE) != 0) ^ look->reversed ^ block)
        colours = (struct colours){ colours.paper, colours.ink };
    if ((ink & CELL_CONCEAL) != 0)
        colours.ink = colours.paper;
    return colours;
}

/* ---- Pixels ---- */

/* One row of a glyph: eight pixels by the bits of `row`. */
static void draw_row_4(uint8_t *at, uint32_t row, struct colours colours)
{
    uint32_t *pixel = (uint32_t *)(void *)at;
    for (uint32_t x = 0; x < FONT_COLUMNS; x++)
        pixel[x] = (row & 0x80u >> x) != 0 ? colours.ink : colours.paper;
}

static void draw_row_3(uint8_t *at, uint32_t row, struct colours colours)
{
    for (uint32_t x = 0; x < FONT_COLUMNS; x++, at += 3) {
        uint32_t value = (row & 0x80u >> x) != 0 ? colours.ink : colours.paper;
        at[0] = (uint8_t)value;
        at[1] = (uint8_t)(value >> 8);
        at[2] = (uint8_t)(value >> 16);
    }
}

static void draw_row_2(uint8_t *at, uint32_t row, struct colours colours)
{
    uint16_t *pixel = (uint16_t *)(void *)at;
    for (uint32_t x = 0; x < FONT_COLUMNS; x++)
        pixel[x] = (uint16_t)((row & 0x80u >> x) != 0 ? colours.ink : colours.paper);
}

static void draw_row(const struct picture *picture, uint8_t *at, uint32_t row,
                     struct colours colours)
{
    if (picture->pixel_bytes == 4)
        draw_row_4(at, row, colours);
    else if (picture->pixel_bytes == 3)
        draw_row_3(at, row, colours);
    else
        draw_row_2(at, row, colours);
}

/* The bits of row `y`, with what goes over them. */
static uint32_t row_bits(const struct cell *cell, const struct look *look, uint32_t glyph,
                         uint32_t y, uint32_t rows)
{
    bool line = ((cell->ink & CELL_UNDERLINE) != 0 && y == rows - 2) ||
                ((cell->ink & CELL_STRIKE) != 0 && y == rows / 2);
    bool cursor = look->is_cursor && y + look->cursor_rows >= rows;
    uint32_t bar = look->is_cursor ? 0xFF00u >> look->cursor_columns & 0xFF : 0;
    return line || cursor ? 0xFF : glyph | bar;
}

/* U+2580 to U+259F, which console fonts lack for the most part: halves, eighths and quarters of the
 * place, and a shade. False: it is none of these. */
static bool block_row(uint32_t code_point, uint32_t y, uint32_t rows, uint32_t *bits)
{
    enum { FIRST = 0x2580, LOWER_LAST = 0x2588, LEFT_LAST = 0x258F, RIGHT_HALF = 0x2590,
           DARK_SHADE = 0x2593, UPPER_EIGHTH = 0x2594, RIGHT_EIGHTH = 0x2595, QUARTERS = 0x2596, LAST = 0x259F };
    static const uint8_t quarters[] = { 2, 1, 8, 11, 9, 14, 13, 4, 6, 7 };
    uint32_t eighth = (rows - 1 - y) * 8 / rows; /* from below */
    if (code_point < FIRST || code_point > LAST)
        return false;
    if (code_point == FIRST)
        *bits = eighth >= 4 ? 0xFF : 0;
    else if (code_point <= LOWER_LAST)
        *bits = eighth < code_point - FIRST ? 0xFF : 0;
    else if (code_point <= LEFT_LAST)
        *bits = 0xFF << (code_point - LOWER_LAST) & 0xFF;
    else if (code_point == RIGHT_HALF)
        *bits = 0x0F;
    else if (code_point == DARK_SHADE)
        *bits = y % 2 == 0 ? 0xEE : 0xBB;
    else if (code_point == UPPER_EIGHTH)
        *bits = eighth == 7 ? 0xFF : 0;
    else if (code_point == RIGHT_EIGHTH)
        *bits = 0x01;
    else if (code_point >= QUARTERS) {
        uint32_t half = quarters[code_point - QUARTERS] >> (eighth >= 4 ? 2 : 0);
        *bits = ((half & 2) != 0 ? 0xF0u : 0) | ((half & 1) != 0 ? 0x0Fu : 0);
    } else {
        return false;
    }
    return true;
}

static void draw_place(const struct picture *picture, uint8_t *at, const struct cell *cell,
                       const struct look *look)
{
    const struct font *font = (cell->ink & CELL_BOLD) != 0 ? picture->bold : picture->regular;
    uint32_t code_point = cell->character & CELL_CODE_POINT;
    const uint8_t *glyph = font_glyph(font, code_point == 0 ? ' ' : code_point);
    uint32_t mark = marks_drawn(cell);
    const uint8_t *over = font_glyph(font, mark == 0 ? ' ' : mark);
    struct colours colours = colours_of(picture, cell, look);
    for (uint32_t y = 0; y < font->rows; y++, at += picture->pitch) {
        uint32_t bits = (uint32_t)glyph[y] | over[y];
        block_row(code_point, y, font->rows, &bits);
        draw_row(picture, at, row_bits(cell, look, bits, y, font->rows), colours);
    }
}

void picture_draw(const struct picture *picture, uint32_t row, uint32_t column,
                  const struct cell *cell, struct look look)
{
    if ((cell->character & CELL_SECOND) != 0)
        return;
    uint8_t *at = picture->pixels + (size_t)row * picture->regular->rows * picture->pitch +
                  (size_t)column * FONT_COLUMNS * picture->pixel_bytes;
    draw_place(picture, at, cell, &look);
    if ((cell->character & CELL_WIDE) == 0)
        return;
    struct cell second = *cell; /* no glyph of the font is wide */
    second.character = ' ';
    draw_place(picture, at + (size_t)FONT_COLUMNS * picture->pixel_bytes, &second, &look);
}

/* ---- All of it ---- */

uint32_t picture_columns(const struct picture *picture)
{
    return picture->width / FONT_COLUMNS;
}

uint32_t picture_rows(const struct picture *picture)
{
    return picture->height / picture->regular->rows;
}

static void clear_row(const struct picture *picture, uint8_t *at)
{
    struct colours paper = { picture->usual_paper, picture->usual_paper };
    uint32_t x = 0;
    for (; x + FONT_COLUMNS <= picture->width; x += FONT_COLUMNS)
        draw_row(picture, at + (size_t)x * picture->pixel_bytes, 0, paper);
    for (; x < picture->width; x++)
        for (uint32_t i = 0; i < picture->pixel_bytes; i++)
            at[(size_t)x * picture->pixel_bytes + i] = (uint8_t)(picture->usual_paper >> 8 * i);
}

void picture_clear(const struct picture *picture)
{
    for (uint32_t y = 0; y < picture->height; y++)
        clear_row(picture, picture->pixels + (size_t)y * picture->pitch);
}

void picture_init(struct picture *picture)
{
    enum { USUAL_INK = 0xD0D0D0, USUAL_PAPER = 0x000000 };
    for (uint32_t i = 0; i < 256; i++)
        picture->palette[i] = pixel_of(picture, palette_rgb(i));
    picture->usual_ink = pixel_of(picture, USUAL_INK);
    picture->usual_paper = pixel_of(picture, USUAL_PAPER);
    picture_clear(picture);
}
