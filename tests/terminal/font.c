/* Console fonts: both versions of the format, what is damaged, and those that the terminal has. */
#include "programs/terminal/font.h"
#include "tests/tap.h"

#include <string.h>

static struct font font;

static void put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static bool glyph_is(uint32_t code_point, const uint8_t *expected)
{
    return memcmp(font_glyph(&font, code_point), expected, font.rows) == 0;
}

static void test_version_1(void)
{
    enum { ROWS = 8, GLYPHS = 256 };
    static uint8_t file[4 + ROWS * GLYPHS + 4096] = { 0x36, 0x04, 2, ROWS };
    uint8_t *at = file + 4 + ROWS * GLYPHS;
    for (int i = 0; i < GLYPHS; i++) {
        memset(file + 4 + ROWS * i, i, ROWS);
        uint16_t row[] = { (uint16_t)(0x100 + i), 0xFFFE, 'e', 0x301, 0xFFFF };
        if (i == 'x')
            row[0] = '?';
        memcpy(at, row, sizeof(row));
        at += sizeof(row);
    }
    TAP_OK(font_init(&font, file, (uint32_t)(at - file)) && font.rows == 8, "version 1");
    TAP_OK(font_glyph(&font, 0x105)[0] == 5, "  a character of its table");
    TAP_OK(font_glyph(&font, 'e')[0] == 'x' && font_glyph(&font, 0)[7] == 'x',
           "  one that it has not, nor in sequences, is a question mark");
    file[2] = 0;
    TAP_OK(font_init(&font, file, 4 + ROWS * GLYPHS) && font_glyph(&font, 'e')[3] == 'e',
           "  without a table it is ASCII");
    TAP_OK(!font_init(&font, file, 3 + ROWS * GLYPHS), "  a glyph that is cut is refused");
    file[2] = 1;
    TAP_OK(!font_init(&font, file, 4 + ROWS * GLYPHS), "  so is half of 512");
    file[3] = 33;
    TAP_OK(!font_init(&font, file, sizeof(file)), "  and a glyph that is too high");
}

static void test_version_2(void)
{
    enum { HEAD = 40, ROWS = 16, GLYPHS = 3 };
    static const char table[] = "A\xC3\x84\xFE"
                                "e\xFF\xEF\xBF\xBD\xFF\xF0\x9F\x98\x80\xFF";
    static uint8_t file[HEAD + ROWS * GLYPHS + sizeof(table) - 1] = { 0x72, 0xB5, 0x4A, 0x86 };
    const uint32_t fields[] = { 0, HEAD, 1, GLYPHS, ROWS, ROWS, 8 };
    for (int i = 0; i < 7; i++)
        put_u32(file + 4 + 4 * i, fields[i]);
    for (int i = 0; i < GLYPHS; i++)
        memset(file + HEAD + ROWS * i, 1 + i, ROWS);
    memcpy(file + HEAD + ROWS * GLYPHS, table, sizeof(table) - 1);
    TAP_OK(font_init(&font, file, sizeof(file)), "version 2");
    TAP_OK(font_glyph(&font, 'A')[0] == 1 && font_glyph(&font, 0xC4)[15] == 1 &&
               font_glyph(&font, 0x1F600)[0] == 3 && font_glyph(&font, 'e')[0] == 2,
           "  characters of any size, and the replacement");
    bool all = true;
    for (uint32_t size = 0; size < HEAD + ROWS * GLYPHS; size++)
        all = all && !font_init(&font, file, size);
    for (uint32_t size = HEAD + ROWS * GLYPHS; size < sizeof(file); size++)
        all = all && font_init(&font, file, size);
    TAP_OK(all, "  cut anywhere: refused, or a part of the table");
    put_u32(file + 16, 0x10000001);
    TAP_OK(!font_init(&font, file, sizeof(file)), "  with more glyphs than could be");
    put_u32(file + 16, GLYPHS);
    put_u32(file + 8, 0xFFFFFFF0);
    TAP_OK(!font_init(&font, file, sizeof(file)), "  with a head that is longer than the file");
}

static void test_own(void)
{
    static struct font bold;
    static const uint8_t bar[] = { 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
                                   0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10 };
    TAP_OK(font_init(&font, font_regular, font_regular_size) && font.rows == 16 &&
               font.place_count > 700,
           "the terminal's font has hundreds of characters");
    TAP_OK(glyph_is(0x2502, bar), "  a line to draw boxes with");
    TAP_OK(!glyph_is(0x20AC, font_glyph(&font, 0xFFFD)) &&
               glyph_is(0x4E00, font_glyph(&font, 0xFFFD)),
           "  the euro, but nothing of Chinese");
    TAP_OK(font_init(&bold, font_bold, font_bold_size) && bold.rows == font.rows &&
               memcmp(font_glyph(&bold, 'A'), font_glyph(&font, 'A'), 16) != 0,
           "  and a bold one of the same height");
}

int main(void)
{
    TAP_OK(!font_init(&font, (const uint8_t *)"", 0), "nothing is no font");
    test_version_1();
    test_version_2();
    test_own();
    return tap_done();
}
