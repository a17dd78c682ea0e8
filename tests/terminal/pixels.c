/* The picture as programs read and write it: its bytes and no others, nothing of what is secret, and what
 * they have drawn is gone when it is to be. */
#include "programs/terminal/pixels.h"
#include "tests/tap.h"
#include "tests/terminal/support/screen.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 10, ROWS = 4, EDGE = 3, PIXEL_BYTES = 3, GUARD = 64, GUARDED = 0xEE };

static struct font regular, bold;
static struct picture picture;
static struct view view;
static struct cell shown[COLUMNS * ROWS];
static uint8_t *memory; /* the picture, between two guards */
static uint32_t size;

static void begin(void)
{
    screen_begin(COLUMNS, ROWS);
    picture = (struct picture){ .width = COLUMNS * FONT_COLUMNS + EDGE,
                                .height = ROWS * 16 + EDGE,
                                .pitch = (COLUMNS * FONT_COLUMNS + EDGE) * PIXEL_BYTES + 1,
                                .pixel_bytes = PIXEL_BYTES,
                                .red = { 16, 8 },
                                .green = { 8, 8 },
                                .blue = { 0, 8 },
                                .regular = &regular,
                                .bold = &bold };
    size = picture.pitch * picture.height;
    free(memory);
    memory = malloc(size + 2 * GUARD);
    memset(memory, GUARDED, size + 2 * GUARD);
    picture.pixels = memory + GUARD;
    picture_init(&picture);
    view_init(&view, &screen, &picture, shown);
    view_draw(&view);
}

static void draw(const char *text, bool is_secret)
{
    screen.is_secret = is_secret;
    screen_write(text);
    screen.is_secret = false;
    view_draw(&view);
}

static bool guards_hold(void)
{
    for (uint32_t i = 0; i < GUARD; i++)
        if (memory[i] != GUARDED || memory[GUARD + size + i] != GUARDED)
            return false;
    return true;
}

static void test_bounds(void)
{
    static uint8_t bytes[1 << 16];
    begin();
    draw("text", false);
    TAP_OK(pixels_size(&picture) == size, "the picture has so many bytes");
    TAP_OK(pixels_read(&view, 0, bytes, size) == size && memcmp(bytes, picture.pixels, size) == 0,
           "all of it is read as it is");
    TAP_OK(pixels_read(&view, size - 1, bytes, 2) == 1 && pixels_read(&view, size, bytes, 1) == 0 &&
               pixels_read(&view, UINT64_MAX, bytes, UINT32_MAX) == 0,
           "  up to its end");
    memset(bytes, 0x55, sizeof(bytes));
    TAP_OK(pixels_write(&view, size - 1, bytes, 2) == 1 && picture.pixels[size - 1] == 0x55,
           "the last byte is written");
    TAP_OK(pixels_write(&view, size, bytes, 1) == 0 &&
               pixels_write(&view, UINT64_MAX, bytes, UINT32_MAX) == 0 &&
               pixels_write(&view, 0, bytes, sizeof(bytes)) == size,
           "  and none behind it");
    TAP_OK(guards_hold(), "  nor before or behind the picture");
}

/* Whether the place of a cell is read as black, and as it is otherwise, by reads of so many bytes. */
static bool is_hidden(uint32_t row, uint32_t column, uint32_t step)
{
    static uint8_t bytes[1 << 16];
    bool is_black = true, is_drawn = false;
    for (uint32_t at = 0; at < size; at += step)
        pixels_read(&view, at, bytes + at, step);
    for (uint32_t y = row * 16; y < (row + 1) * 16; y++)
        for (uint32_t i = 0; i < FONT_COLUMNS * PIXEL_BYTES; i++) {
            uint32_t at = y * picture.pitch + column * FONT_COLUMNS * PIXEL_BYTES + i;
            is_black = is_black && bytes[at] == 0;
            is_drawn = is_drawn || picture.pixels[at] != 0;
        }
    return is_black && is_drawn;
}

static bool is_hidden_whatever_is_read(uint32_t row, uint32_t column)
{
    static const uint32_t steps[] = { 1, 7, 100, 253, 254, 255, 5000, 1 << 16 };
    for (uint32_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (!is_hidden(row, column, steps[i]))
            return false;
    return true;
}

static void test_secret(void)
{
    begin();
    draw("a", false);
    draw("bc", true);
    draw("d", false);
    TAP_OK(is_hidden_whatever_is_read(0, 1) && is_hidden_whatever_is_read(0, 2),
           "what is secret is black for who reads");
    TAP_OK(!is_hidden(0, 0, size) && !is_hidden(0, 3, size), "  and what is beside it is there");
    draw("\r\n1\r\n2\r\n3\r\n4", false);
    view_back(&view);
    view_draw(&view);
    TAP_OK(is_hidden_whatever_is_read(0, 1), "  also when it is seen in the history");
    view_to_end(&view);
    draw("\x1B[1;1H\x1B[2J", false);
    draw("xy", true);
    draw("\x1B[1;1H\x1B[2P", false);
    TAP_OK(!is_hidden(0, 0, size), "  until it is gone");
    draw("\x1B[1;1H", false);
    draw("xy", true);
    draw("\x1B[1;1H\x1B[3@", false);
    TAP_OK(is_hidden_whatever_is_read(0, 3) && is_hidden_whatever_is_read(0, 4), "  wherever it is moved");
}

static bool has_byte(uint8_t value)
{
    return memchr(picture.pixels, value, size) != NULL;
}

static void test_drawn_on(void)
{
    static uint8_t bytes[1 << 16];
    memset(bytes, 0x55, sizeof(bytes));
    begin();
    draw("text", false);
    pixels_write(&view, 0, bytes, size);
    draw("\x1B[1;1Ha", false);
    TAP_OK(picture.pixels[0] != 0x55 && has_byte(0x55), "what is drawn stays where the terminal draws nothing");
    draw("\x1B[2J", false);
    bool is_kept = picture.pixels[picture.width * PIXEL_BYTES] == 0x55;
    for (uint32_t y = 0; y < picture.height; y++) /* what no pixel has stays as it was */
        picture.pixels[y * picture.pitch + picture.width * PIXEL_BYTES] = 0;
    TAP_OK(is_kept && !has_byte(0x55), "  until the screen is erased, to the picture's edges");
    pixels_write(&view, 0, bytes, size);
    view_look_at(&view, &screen);
    view_draw(&view);
    TAP_OK(picture.pixels[(picture.height - 1) * picture.pitch] == 0 && !is_hidden(0, 0, size) &&
               memchr(picture.pixels, 0x55, picture.width * PIXEL_BYTES) == NULL,
           "  or another screen is seen");
}

int main(void)
{
    font_init(&regular, font_regular, font_regular_size);
    font_init(&bold, font_bold, font_bold_size);
    test_bounds();
    test_secret();
    test_drawn_on();
    free(memory);
    return tap_done();
}
