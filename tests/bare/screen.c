/* The kernel's text on a picture. A glyph of these tests has the character's code in its first row, and
 * nothing below, so a character is read off one row of pixels. */
#include "platform/bare/screen.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 10, ROWS = 4, EDGE = 3 }; /* and some pixels that no character covers */

const u8 screen_glyphs[SCREEN_GLYPH_COUNT][SCREEN_GLYPH_ROWS] = {
    ['A' - ' '] = { 'A' }, ['B' - ' '] = { 'B' }, ['C' - ' '] = { 'C' },
    ['D' - ' '] = { 'D' }, ['?' - ' '] = { '?' },
};

static struct screen_mode mode;
static u8 *pixels;

/* `bits` 16 is five, six and five. The rows are farther apart than their pixels need. */
static void begin(u8 bits)
{
    u32 bytes = bits / 8;
    mode = (struct screen_mode){ .address = 0x1000,
                                 .width = COLUMNS * 8 + EDGE,
                                 .height = ROWS * SCREEN_GLYPH_ROWS + EDGE,
                                 .bits_per_pixel = bits,
                                 .red = { 16, 8 },
                                 .green = { 8, 8 },
                                 .blue = { 0, 8 } };
    if (bits == 16) {
        mode.red = (struct screen_channel){ 11, 5 };
        mode.green = (struct screen_channel){ 5, 6 };
        mode.blue = (struct screen_channel){ 0, 5 };
    }
    mode.pitch = (mode.width + 5) * bytes;
    free(pixels);
    pixels = malloc(screen_mode_bytes(&mode));
    memset(pixels, 0xEE, screen_mode_bytes(&mode));
    screen_init(&mode, pixels);
}

static void write(const char *text)
{
    screen_write(bytes_from_text(text));
}

static u32 pixel(u32 x, u32 y)
{
    u32 value = 0;
    memcpy(&value, pixels + (usize)y * mode.pitch + x * (mode.bits_per_pixel / 8u),
           mode.bits_per_pixel / 8u);
    return value;
}

static u8 character(u32 column, u32 row, u32 paper)
{
    u8 code = 0;
    for (u32 x = 0; x < 8; x++)
        code = (u8)(code << 1 | (pixel(column * 8 + x, row * SCREEN_GLYPH_ROWS) != paper));
    return code == 0 ? ' ' : code;
}

static bool row_is(u32 row, const char *expected)
{
    for (u32 column = 0; column < COLUMNS; column++)
        if (character(column, row, 0) != (u8)(*expected == 0 ? ' ' : *expected++))
            return false;
    return true;
}

static void test_forms(void)
{
    static const struct {
        u8 bits;
        u32 ink;
    } rows[] = { { 32, 0xC0C0C0 }, { 24, 0xC0C0C0 }, { 16, 0xC618 } };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++) {
        begin(rows[i].bits);
        write("A");
        TAP_OK(row_is(0, "A") && pixel(1, 0) == rows[i].ink && pixel(0, 0) == 0 &&
                   pixel(mode.width - 1, mode.height - 1) == 0,
               "a character of the right colours, and black around it");
        TAP_OK(pixels[(usize)mode.width * (rows[i].bits / 8u)] == 0xEE,
               "  and nothing behind the end of a row");
    }
}

static void test_text(void)
{
    begin(32);
    write("AB\nC\r\nD\tA");
    TAP_OK(row_is(0, "AB") && row_is(1, "C") && row_is(2, "D       A"), "lines and tabs");
    write("\b\bB");
    TAP_OK(row_is(2, "D      BA"), "back");
    begin(32);
    write("AAAAAAAAAA");
    TAP_OK(row_is(0, "AAAAAAAAAA") && row_is(1, ""), "a full row");
    write("B");
    TAP_OK(row_is(1, "B"), "  goes on in the next");
    begin(32);
    write("\x1B[1;31mA\x1B[0mB\x1B"
          "7C\xC3\xA4\x01");
    TAP_OK(row_is(0, "ABC?"), "escape sequences are passed over, other characters are one mark");
    begin(32);
    write("\x1B[");
    write("3");
    write("1mA");
    TAP_OK(row_is(0, "A"), "  also in pieces");
}

static void test_scrolling(void)
{
    begin(24);
    write("A\nB\nC\nD\nA");
    TAP_OK(row_is(0, "B") && row_is(1, "C") && row_is(2, "D") && row_is(3, "A"),
           "below the last row everything moves up");
    for (u32 i = 0; i < 1000; i++)
        write("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n");
    TAP_OK(row_is(0, "BBBBBBBBBB") && row_is(2, "BB") && row_is(3, ""), "  many times");
}

static void test_owners(void)
{
    begin(32);
    write("A");
    screen_give();
    write("B");
    TAP_OK(row_is(0, "A"), "who was given the picture is not disturbed");
    screen_seize();
    write("A\nB\nC\nD\nA\nA\nA");
    TAP_OK(pixel(mode.width - 1, 0) == 0x700000 && pixel(1, 0) == 0xFFFFFF &&
               character(0, 0, 0x700000) == 'A' && character(0, 3, 0x700000) == 'D',
           "but for the kernel's last words, of which the first stay");
}

static bool refuses(struct screen_mode wrong)
{
    return screen_mode_mistake(&wrong) != NULL;
}

static void test_modes(void)
{
    begin(32);
    struct screen_mode wrong[] = { mode, mode, mode, mode, mode, mode, mode };
    wrong[0].bits_per_pixel = 8;
    wrong[1].width = 7;
    wrong[2].height = 1 << 20;
    wrong[3].pitch = mode.width * 4 - 4;
    wrong[4].pitch = UINT32_MAX - 3;
    wrong[5].red = (struct screen_channel){ 250, 8 };
    wrong[6].blue.size = 0;
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(wrong); i++)
        all = all && refuses(wrong[i]);
    TAP_OK(all && !refuses(mode), "modes that cannot be are refused");
    mode.width = 16384;
    mode.height = 4000;
    mode.pitch = mode.width * 4;
    free(pixels);
    pixels = malloc(screen_mode_bytes(&mode));
    screen_init(&mode, pixels);
    for (u32 i = 0; i < 100000; i++)
        write("A");
    TAP_OK(character(0, 0, 0) == 'A', "a picture with room for more than is kept");
}

int main(void)
{
    write("A");
    screen_seize();
    test_modes();
    test_forms();
    test_text();
    test_scrolling();
    test_owners();
    free(pixels);
    return tap_done();
}
