/* The terminal, on any bytes: what programs write (first byte 0 of 4), a font (1), keys (2), and bytes of
 * a serial line (3). The cursor stays on the screen, history within its memory, and nothing is drawn,
 * read or written outside of the picture. */
#include "programs/terminal/keyboard.h"
#include "programs/terminal/line.h"
#include "programs/terminal/pixels.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 20, ROWS = 6, HISTORY_BYTES = 5000, PIXEL_BYTES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct emulator emulator;
static struct history history;
static uint64_t typed;

static void on_typed(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++)
        typed += bytes[i];
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void begin(struct cell *cells, uint8_t *bytes)
{
    history_init(&history, bytes, HISTORY_BYTES);
    memset(&emulator, 0, sizeof(emulator));
    emulator.typed = on_typed;
    emulator_init(&emulator, &history, cells, COLUMNS, ROWS);
}

static void check_screen(void)
{
    must(emulator.cursor_row < ROWS && emulator.cursor_column < COLUMNS);
    must(history.count <= HISTORY_LINES_MAX && history.at <= HISTORY_BYTES);
    bool seen[ROWS] = { false };
    for (uint32_t row = 0; row < ROWS; row++) {
        must(emulator.screen->order[row] < ROWS && !seen[emulator.screen->order[row]]);
        seen[emulator.screen->order[row]] = true;
        const struct cell *cells = grid_row(emulator.screen, row);
        for (uint32_t column = 0; column < COLUMNS; column++)
            must(cells[column].character >> CELL_CHARACTER_BITS == 0);
        for (uint32_t column = 0; column < COLUMNS; column++)
            must((cells[column].character & CELL_WIDE) == 0 ||
                 (column + 1 < COLUMNS && (cells[column + 1].character & CELL_SECOND) != 0));
    }
}

/* Before and behind the picture's end. */
static void use_pixels(struct view *view, uint8_t where, uint8_t much)
{
    enum { STEP = 200, PIECE = 16 };
    uint64_t offset = (uint64_t)where * STEP, size = pixels_size(view->picture);
    uint32_t count = (uint32_t)much * PIECE;
    uint8_t *bytes = malloc(count + 1u);
    uint32_t there = pixels_read(view, offset, bytes, count);
    must(there == (offset >= size ? 0 : count < size - offset ? count : size - offset));
    must(pixels_write(view, offset, bytes, there) == there);
    free(bytes);
}

static void write_bytes(const uint8_t *data, size_t size)
{
    static struct font font;
    static struct view view;
    static struct picture picture;
    struct cell *cells = malloc(2 * COLUMNS * ROWS * sizeof(*cells));
    struct cell *shown = malloc(COLUMNS * ROWS * sizeof(*shown));
    uint8_t *bytes = malloc(HISTORY_BYTES);
    must(font_init(&font, font_regular, font_regular_size));
    begin(cells, bytes);
    picture = (struct picture){ .width = COLUMNS * 8, .height = ROWS * 16, .pixel_bytes = PIXEL_BYTES,
                                .pitch = COLUMNS * 8 * PIXEL_BYTES, .regular = &font, .bold = &font,
                                .red = { 16, 8 }, .green = { 8, 8 }, .blue = { 0, 8 } };
    picture.pixels = malloc((size_t)picture.pitch * picture.height);
    picture_init(&picture);
    view_init(&view, &emulator, &picture, shown);
    for (size_t at = 0; at < size;) {
        size_t piece = data[at] % 64 + 1u;
        if (piece > size - at)
            piece = size - at;
        emulator_write(&emulator, data + at, piece);
        check_screen();
        if (data[at] % 5 == 0)
            view_back(&view);
        if (data[at] % 7 == 0)
            view_forward(&view);
        view_draw(&view);
        use_pixels(&view, data[at], data[at + piece - 1]);
        at += piece;
    }
    free(picture.pixels);
    free(bytes);
    free(shown);
    free(cells);
}

static void read_font(const uint8_t *data, size_t size)
{
    static struct font font;
    if (!font_init(&font, data, (uint32_t)size))
        return;
    for (uint32_t code_point = 0; code_point < 0x400; code_point++)
        for (uint32_t y = 0; y < font.rows; y++)
            typed += font_glyph(&font, code_point)[y];
}

/* Two bytes an event: which key, and whether it is pressed. */
static void press_keys(const uint8_t *data, size_t size)
{
    struct keyboard keyboard = { 0 };
    struct cell cells[2 * COLUMNS * ROWS];
    uint8_t bytes[HISTORY_BYTES];
    uint64_t now = 0;
    begin(cells, bytes);
    keyboard.layout = &layouts[size % layout_count];
    for (size_t i = 0; i + 1 < size; i += 2) {
        struct stroke stroke;
        now += (uint64_t)data[i + 1] << 20;
        if (data[i + 1] % 4 == 3)
            stroke = keyboard_repeat(&keyboard, now);
        else
            stroke = keyboard_key(&keyboard, data[i], data[i + 1] % 4 != 0, now);
        must(stroke.count <= 2);
        for (uint32_t j = 0; j < stroke.count; j++)
            must(stroke.characters[j] < LAYOUT_DEAD);
        emulator_press(&emulator, stroke.key, stroke.held);
        must(keyboard_deadline(&keyboard) > now || keyboard_repeat(&keyboard, now).count <= 2);
    }
}

static void type_bytes(const uint8_t *data, size_t size)
{
    static struct line line;
    uint8_t buffer[100];
    memset(&line, 0, sizeof(line));
    line.echo = on_typed;
    for (size_t i = 0; i < size; i++) {
        line_type(&line, data[i]);
        must(line.ready_size <= LINE_READY_MAX && line.edited_size < LINE_BYTES_MAX);
        must(line_ready_size(&line) <= line.ready_size);
        if (data[i] == 'm')
            line_set_mode(&line, i % 2 == 0, i % 3 == 0);
        if (data[i] == 'r' && line_is_ready(&line))
            line_take(&line, buffer, (uint32_t)(i % sizeof(buffer)) + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ways[])(const uint8_t *, size_t) = { write_bytes, read_font, press_keys,
                                                             type_bytes };
    if (size == 0)
        return 0;
    uint8_t *copy = malloc(size - 1 + (size == 1)); /* so that a read beyond the end is seen */
    memcpy(copy, data + 1, size - 1);
    ways[data[0] % 4](copy, size - 1);
    free(copy);
    return 0;
}
