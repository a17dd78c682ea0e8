/* What is drawn: the right pixels, where something has changed, and nowhere else. */
#include "programs/terminal/marks.h"
#include "programs/terminal/view.h"
#include "tests/tap.h"
#include "tests/terminal/support/screen.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 10, ROWS = 4, EDGE = 3 };

static struct font regular, bold;
static struct picture picture;
static struct view view;
static struct cell shown[COLUMNS * ROWS];

static void begin(uint32_t pixel_bytes)
{
    screen_begin(COLUMNS, ROWS);
    free(picture.pixels);
    picture = (struct picture){ .width = COLUMNS * FONT_COLUMNS + EDGE,
                                .height = ROWS * 16 + EDGE,
                                .pixel_bytes = pixel_bytes,
                                .red = { 16, 8 },
                                .green = { 8, 8 },
                                .blue = { 0, 8 },
                                .regular = &regular,
                                .bold = &bold };
    if (pixel_bytes == 2) {
        picture.red = (struct channel){ 11, 5 };
        picture.green = (struct channel){ 5, 6 };
        picture.blue = (struct channel){ 0, 5 };
    }
    picture.pitch = picture.width * pixel_bytes + pixel_bytes;
    picture.pixels = malloc((size_t)picture.pitch * picture.height);
    memset(picture.pixels, 0xEE, (size_t)picture.pitch * picture.height);
    picture_init(&picture);
    view_init(&view, &screen, &picture, shown);
    view_draw(&view);
}

static uint32_t pixel(uint32_t x, uint32_t y)
{
    uint32_t value = 0;
    memcpy(&value, picture.pixels + (size_t)y * picture.pitch + x * picture.pixel_bytes,
           picture.pixel_bytes);
    return value;
}

/* Whether the place shows the glyph in two colours. */
static bool is_drawn(uint32_t row, uint32_t column, const uint8_t *glyph, uint32_t ink, uint32_t paper)
{
    for (uint32_t y = 0; y < 16; y++)
        for (uint32_t x = 0; x < 8; x++)
            if (pixel(column * 8 + x, row * 16 + y) != ((glyph[y] & 0x80 >> x) != 0 ? ink : paper))
                return false;
    return true;
}

static bool shows(uint32_t row, uint32_t column, uint32_t code_point)
{
    return is_drawn(row, column, font_glyph(&regular, code_point), picture.usual_ink,
                    picture.usual_paper);
}

static uint64_t drawn_by(const char *text)
{
    uint64_t before = view.drawn;
    screen_write(text);
    view_draw(&view);
    return view.drawn - before;
}

static void test_pixels(uint32_t pixel_bytes, uint32_t red)
{
    begin(pixel_bytes);
    drawn_by("A\xC3\xA9\x1B[1;31;44mB\x1B[0;7mC\x1B[m\x1B[38;2;255;0;0mD\x1B[m");
    TAP_OK(shows(0, 0, 'A') && shows(0, 1, 0xE9), "characters");
    TAP_OK(is_drawn(0, 2, font_glyph(&bold, 'B'), picture.palette[9], picture.palette[4]),
           "  a bold one is bright");
    TAP_OK(is_drawn(0, 3, font_glyph(&regular, 'C'), picture.usual_paper, picture.usual_ink) &&
               is_drawn(0, 4, font_glyph(&regular, 'D'), red, picture.usual_paper),
           "  a reversed one, and one of a colour of its own");
    TAP_OK(pixel(picture.width - 1, picture.height - 1) == picture.usual_paper &&
               picture.pixels[picture.pitch - 1] == 0xEE,
           "  and nothing behind the end of a row");
}

static void test_changes(void)
{
    begin(4);
    TAP_OK(view.drawn == COLUMNS * ROWS, "at first all is drawn");
    view_draw(&view);
    TAP_OK(view.drawn == COLUMNS * ROWS, "then nothing");
    TAP_OK(drawn_by("x") == 2, "a character: it, and the place of the cursor");
    drawn_by("y\x1B[?25l");
    TAP_OK(drawn_by("\x1B[1;1Hx") == 0, "the same again: nothing");
    drawn_by("\x1B[2J\x1B[1;1Ha\r\nb\r\nc\r\nd");
    TAP_OK(drawn_by("\r\nb") == 4, "a scroll: what is different");
    TAP_OK(shows(0, 0, 'b') && shows(1, 0, 'c') && shows(3, 0, 'b'), "  is right");
    drawn_by("\x1B[1;1H\xE4\xB8\x80\x1B[1;2Hx");
    TAP_OK(shows(0, 0, ' ') && shows(0, 1, 'x'), "half of a wide character goes with the other");
    drawn_by("\x1B[1;1H\xE4\xB8\x80");
    TAP_OK(shows(0, 0, 0x4E00) && shows(0, 1, ' '), "  and comes with it");
    drawn_by("\x1B[1;2H \x1B[1;1H\xE4\xB8\x80");
    TAP_OK(shows(0, 0, 0x4E00) && shows(0, 1, ' '), "  also over itself");
}

static void test_cursor(void)
{
    begin(4);
    TAP_OK(is_drawn(0, 0, font_glyph(&regular, ' '), picture.usual_paper, picture.usual_ink),
           "the cursor is a block");
    drawn_by("\x1B[4 q");
    TAP_OK(pixel(0, 15) == picture.usual_ink && pixel(0, 13) == picture.usual_paper, "  a line");
    drawn_by("\x1B[6 q");
    TAP_OK(pixel(1, 0) == picture.usual_ink && pixel(2, 0) == picture.usual_paper, "  a bar");
    drawn_by("\x1B[?25l");
    TAP_OK(shows(0, 0, ' '), "  hidden");
    drawn_by("\x1B[?5hx");
    TAP_OK(is_drawn(0, 0, font_glyph(&regular, 'x'), picture.usual_paper, picture.usual_ink),
           "all of the screen is reversed");
}

static void test_marks(void)
{
    uint8_t marked[16];
    bool all = true;
    begin(4);
    drawn_by("\x1B[?25l");
    TAP_OK(drawn_by("x") == 1 && drawn_by("\xCC\x82") == 1, "a mark draws its place again");
    for (uint32_t y = 0; y < 16; y++)
        marked[y] = font_glyph(&regular, 'x')[y] | font_glyph(&regular, 0x2C6)[y];
    TAP_OK(is_drawn(0, 0, marked, picture.usual_ink, picture.usual_paper), "  both are seen");
    for (uint32_t mark = 0x300; mark < 0x370; mark++) {
        struct cell cell = { .character = 'x' };
        marks_add(&cell, mark);
        uint32_t drawn = marks_drawn(&cell);
        all = all && (drawn == 0 || font_glyph(&regular, drawn) != font_glyph(&regular, 0x10FFFF));
        all = all && (drawn == 0 || font_glyph(&bold, drawn) != font_glyph(&bold, 0x10FFFF));
    }
    TAP_OK(all, "the fonts have every mark that is drawn");
    for (uint32_t i = 0; i < marked_character_count; i++) {
        struct cell cell = { .character = marked_characters[i].base };
        marks_add(&cell, marked_characters[i].mark);
        all = all && cell.character == marked_characters[i].together;
        all = all && font_glyph(&regular, cell.character) != font_glyph(&regular, 0x10FFFF);
    }
    TAP_OK(all && marked_character_count > 150, "  and every character that a mark makes of another");
}

static void test_blocks(void)
{
    static const uint8_t upper[16] = { 255, 255, 255, 255, 255, 255, 255, 255 };
    static const uint8_t left[16] = { 240, 240, 240, 240, 240, 240, 240, 240,
                                      240, 240, 240, 240, 240, 240, 240, 240 };
    static const uint8_t quarter[16] = { 15, 15, 15, 15, 15, 15, 15, 15 };
    begin(4);
    drawn_by("\x1B[?25l\xE2\x96\x80\xE2\x96\x8C\xE2\x96\x9D\xE2\x96\x88");
    TAP_OK(is_drawn(0, 0, upper, picture.usual_ink, 0) && is_drawn(0, 1, left, picture.usual_ink, 0) &&
               is_drawn(0, 2, quarter, picture.usual_ink, 0) && pixel(31, 0) == picture.usual_ink &&
               pixel(31, 15) == picture.usual_ink,
           "blocks that the font has not");
}

static void test_history(void)
{
    begin(4);
    drawn_by("\x1B[?25l1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8");
    view_back(&view);
    view_draw(&view);
    TAP_OK(shows(0, 0, '3') && shows(3, 0, '6'), "half a screen back");
    drawn_by("\r\n9");
    TAP_OK(shows(0, 0, '3') && shows(3, 0, '6'), "  it stays, whatever comes below");
    view_back(&view);
    view_back(&view);
    view_draw(&view);
    TAP_OK(shows(0, 0, '1') && shows(3, 0, '4'), "  to the beginning and no further");
    view_forward(&view);
    view_draw(&view);
    TAP_OK(shows(0, 0, '3'), "  and forward");
    view_to_end(&view);
    view_draw(&view);
    TAP_OK(shows(0, 0, '6') && shows(3, 0, '9'), "  and to the end");
    view_back(&view);
    drawn_by("\x1B[3J");
    TAP_OK(view.above <= screen_history.count && shows(3, 0, '9'), "history that is gone is not seen");
}

static void test_other(void)
{
    static struct cell cells[2 * COLUMNS * ROWS];
    static struct history nothing;
    static struct emulator other;
    begin(4);
    drawn_by("\x1B[?25l1\r\n2\r\n3\r\n4\r\n5\r\n6");
    view_back(&view);
    view_draw(&view);
    history_init(&nothing, NULL, 0);
    emulator_init(&other, &nothing, cells, COLUMNS, ROWS);
    view_look_at(&view, &other);
    emulator_write(&other, (const uint8_t *)"a\r\nb\r\nc\r\nd\r\ne", 13);
    view_draw(&view);
    TAP_OK(shows(0, 0, 'b') && shows(3, 0, 'e') && nothing.count == 0, "another screen is seen, without history");
    view_back(&view);
    view_draw(&view);
    TAP_OK(shows(3, 0, 'e'), "  none at all");
    view_look_at(&view, &screen);
    view_draw(&view);
    TAP_OK(shows(0, 0, '3') && shows(3, 0, '6'), "  and the first again, as it was");
}

int main(void)
{
    font_init(&regular, font_regular, font_regular_size);
    font_init(&bold, font_bold, font_bold_size);
    test_pixels(4, 0xFF0000);
    test_pixels(3, 0xFF0000);
    test_pixels(2, 0xF800);
    test_changes();
    test_cursor();
    test_marks();
    test_blocks();
    test_history();
    test_other();
    free(picture.pixels);
    return tap_done();
}
