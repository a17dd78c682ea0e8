#include "programs/terminal/font.h"

enum {
    HEAD_1 = 4,
    HEAD_2 = 32,
    GLYPHS_MAX = 65536,
    REPLACEMENT = 0xFFFD,
    PLACES_USED_MAX = FONT_PLACES / 2, /* so that a search is short */
};

struct file {
    const uint8_t *bytes;
    uint32_t size;
};

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* ---- Places ---- */

static uint32_t hash(uint32_t code_point)
{
    return code_point * 2654435761u >> 20;
}
_Static_assert(FONT_PLACES == 1 << 12, "the hash has 12 bits");

/* The place that has the code point, or the free one where it would be. */
static uint32_t find(const struct font *font, uint32_t code_point)
{
    uint32_t at = hash(code_point);
    while (font->places[at].code_point != 0 && font->places[at].code_point != code_point)
        at = (at + 1) % FONT_PLACES;
    return at;
}

static void add(struct font *font, uint32_t code_point, uint32_t glyph)
{
    if (code_point == 0 || font->place_count == PLACES_USED_MAX)
        return;
    struct font_place *place = &font->places[find(font, code_point)];
    if (place->code_point != 0)
        return;
    *place = (struct font_place){ code_point, glyph };
    font->place_count++;
}

/* ---- Tables ---- */

static void read_table_1(struct font *font, struct file table)
{
    enum { END = 0xFFFF, SEQUENCE = 0xFFFE };
    uint32_t glyph = 0;
    bool in_sequence = false;
    for (uint32_t at = 0; table.size - at >= 2 && glyph < font->count; at += 2) {
        uint32_t unit = table.bytes[at] | (uint32_t)table.bytes[at + 1] << 8;
        if (unit == END) {
            glyph++;
            in_sequence = false;
        } else if (unit == SEQUENCE) {
            in_sequence = true;
        } else if (!in_sequence) {
            add(font, unit, glyph);
        }
    }
}

static uint32_t character_size(uint8_t first)
{
    if (first < 0xC0)
        return 1;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static uint32_t character_at(const uint8_t *at, uint32_t size)
{
    uint32_t code_point = size == 1 ? at[0] : at[0] & (0x7Fu >> size);
    for (uint32_t i = 1; i < size; i++)
        code_point = code_point << 6 | (at[i] & 0x3F);
    return code_point;
}

static void read_table_2(struct font *font, struct file table)
{
    enum { END = 0xFF, SEQUENCE = 0xFE };
    uint32_t glyph = 0;
    bool in_sequence = false;
    for (uint32_t at = 0, size; at < table.size && glyph < font->count; at += size) {
        uint8_t first = table.bytes[at];
        size = first >= SEQUENCE ? 1 : character_size(first);
        if (size > table.size - at)
            return;
        if (first == END) {
            glyph++;
            in_sequence = false;
        } else if (first == SEQUENCE) {
            in_sequence = true;
        } else if (!in_sequence) {
            add(font, character_at(table.bytes + at, size), glyph);
        }
    }
}

/* ---- The file ---- */

/* Takes the glyphs from `at` on; what is behind them. False: they are not all there. */
static bool take_glyphs(struct font *font, struct file file, uint32_t at, struct file *rest)
{
    uint64_t size = (uint64_t)font->count * font->rows;
    if (font->rows < FONT_ROWS_MIN || font->rows > FONT_ROWS_MAX || font->count == 0 ||
        font->count > GLYPHS_MAX || at > file.size || size > file.size - at)
        return false;
    font->glyphs = file.bytes + at;
    *rest = (struct file){ font->glyphs + size, file.size - at - (uint32_t)size };
    return true;
}

static bool read_1(struct font *font, struct file file)
{
    enum { MODE = 2, ROWS = 3, MODE_512 = 1, MODE_TABLE = 2 };
    struct file table;
    font->count = (file.bytes[MODE] & MODE_512) != 0 ? 512 : 256;
    font->rows = file.bytes[ROWS];
    if (!take_glyphs(font, file, HEAD_1, &table))
        return false;
    if ((file.bytes[MODE] & MODE_TABLE) != 0)
        read_table_1(font, table);
    return true;
}

static bool read_2(struct font *font, struct file file)
{
    enum { HEAD = 8, FLAGS = 12, COUNT = 16, GLYPH = 20, ROWS = 24, COLUMNS = 28, HAS_TABLE = 1 };
    struct file table;
    font->count = get_u32(file.bytes + COUNT);
    font->rows = get_u32(file.bytes + ROWS);
    if (get_u32(file.bytes + COLUMNS) != FONT_COLUMNS ||
        get_u32(file.bytes + GLYPH) != font->rows ||
        !take_glyphs(font, file, get_u32(file.bytes + HEAD), &table))
        return false;
    if ((get_u32(file.bytes + FLAGS) & HAS_TABLE) != 0)
        read_table_2(font, table);
    return true;
}

bool font_init(struct font *font, const uint8_t *bytes, uint32_t size)
{
    enum { MAGIC_1 = 0x0436, MAGIC_2 = 0x864AB572 };
    struct file file = { bytes, size };
    *font = (struct font){ 0 };
    bool valid = false;
    if (size >= HEAD_2 && get_u32(bytes) == MAGIC_2)
        valid = read_2(font, file);
    else if (size >= HEAD_1 && (get_u32(bytes) & 0xFFFF) == MAGIC_1)
        valid = read_1(font, file);
    if (!valid)
        return false;
    bool has_table = font->place_count != 0;
    for (uint32_t i = ' '; !has_table && i < 0x7F && i < font->count; i++)
        add(font, i, i); /* it is ASCII */
    uint32_t place = find(font, REPLACEMENT);
    if (font->places[place].code_point == 0)
        place = find(font, '?');
    font->replacement = font->places[place].glyph;
    return true;
}

const uint8_t *font_glyph(const struct font *font, uint32_t code_point)
{
    const struct font_place *place = &font->places[find(font, code_point)];
    uint32_t glyph = code_point == 0 || place->code_point == 0 ? font->replacement : place->glyph;
    return font->glyphs + (uint64_t)glyph * font->rows;
}
