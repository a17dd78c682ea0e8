/* Two tables of characters: what is to be seen, and what is seen. All of a text goes into the first,
 * then what differs is drawn. So a scroll costs what has changed, and a thousand lines at once cost
 * no more than one picture. */
#include "platform/bare/screen.h"

enum {
    GLYPH_COLUMNS = 8,
    COLUMNS_MAX = 320,
    ROWS_MAX = 128,
    TAB_COLUMNS = 8,
    WIDTH_MAX = 16384,
    PICTURE_ALIGNMENT = 4096, /* so that it can be mapped for a process */
};

static const u64 PICTURE_BYTES_MAX = 256 << 20;

enum escape {
    ESCAPE_NONE,
    ESCAPE_BEGUN,
    ESCAPE_PARAMETERS, /* until a letter */
};

static struct {
    struct screen_mode mode;
    u8 *pixels; /* NULL: there is no picture */
    bool is_given;
    bool keeps_top; /* does not scroll: what finds no room is lost */
    u32 columns;
    u32 rows;
    u32 column; /* of the next character; `columns`: the row is full */
    u32 row;
    enum escape escape;
    u32 ink;
    u32 paper;
    u8 wanted[ROWS_MAX][COLUMNS_MAX];
    u8 shown[ROWS_MAX][COLUMNS_MAX];
} screen;

/* ---- Modes ---- */

static u32 pixel_bytes(const struct screen_mode *mode)
{
    return (mode->bits_per_pixel + 7u) / 8;
}

static bool channel_is_valid(struct screen_channel channel, u32 bits)
{
    return channel.size >= 1 && channel.size <= 16 && channel.position + channel.size <= bits;
}

const char *screen_mode_mistake(const struct screen_mode *mode)
{
    u32 bits = mode->bits_per_pixel;
    if (bits != 15 && bits != 16 && bits != 24 && bits != 32)
        return "the picture has neither 15, 16, 24 nor 32 bits a pixel: it is not used";
    if (!channel_is_valid(mode->red, bits) || !channel_is_valid(mode->green, bits) ||
        !channel_is_valid(mode->blue, bits))
        return "the picture has no place for a colour: it is not used";
    if (mode->width < GLYPH_COLUMNS || mode->width > WIDTH_MAX ||
        mode->height < SCREEN_GLYPH_ROWS || mode->height > WIDTH_MAX ||
        mode->address % PICTURE_ALIGNMENT != 0 || mode->pitch < mode->width * pixel_bytes(mode) || mode->pitch % pixel_bytes(mode) != 0 ||
        screen_mode_bytes(mode) > PICTURE_BYTES_MAX)
        return "the picture has an impossible size or place: it is not used";
    return NULL;
}

u64 screen_mode_bytes(const struct screen_mode *mode)
{
    return (u64)mode->pitch * mode->height;
}

const struct screen_mode *screen_mode(void)
{
    return &screen.mode;
}

/* ---- Drawing ---- */

static u32 channel_value(struct screen_channel channel, u32 level)
{
    u32 value = channel.size >= 8 ? level << (channel.size - 8) : level >> (8 - channel.size);
    return value << channel.position;
}

static u32 colour(u32 red, u32 green, u32 blue)
{
    return channel_value(screen.mode.red, red) | channel_value(screen.mode.green, green) |
           channel_value(screen.mode.blue, blue);
}

static void put_pixel(u8 *at, u32 value)
{
    switch (screen.mode.bits_per_pixel) {
    case 32:
        *(volatile u32 *)(void *)at = value;
        break;
    case 24:
        for (u32 i = 0; i < 3; i++)
            ((volatile u8 *)at)[i] = (u8)(value >> 8 * i);
        break;
    default:
        *(volatile u16 *)(void *)at = (u16)value;
        break;
    }
}

static const u8 *glyph_of(u8 character)
{
    u32 index = (u32)character - SCREEN_GLYPH_FIRST;
    return screen_glyphs[index < SCREEN_GLYPH_COUNT ? index : '?' - SCREEN_GLYPH_FIRST];
}

static void draw(u32 row, u32 column)
{
    u32 bytes = pixel_bytes(&screen.mode);
    const u8 *glyph = glyph_of(screen.wanted[row][column]);
    u8 *line = screen.pixels + (u64)row * SCREEN_GLYPH_ROWS * screen.mode.pitch +
               (u64)column * GLYPH_COLUMNS * bytes;
    for (u32 y = 0; y < SCREEN_GLYPH_ROWS; y++, line += screen.mode.pitch)
        for (u32 x = 0; x < GLYPH_COLUMNS; x++)
            put_pixel(line + x * bytes, (glyph[y] & 0x80 >> x) != 0 ? screen.ink : screen.paper);
    screen.shown[row][column] = screen.wanted[row][column];
}

static void draw_changes(void)
{
    for (u32 row = 0; row < screen.rows; row++)
        for (u32 column = 0; column < screen.columns; column++)
            if (screen.wanted[row][column] != screen.shown[row][column])
                draw(row, column);
}

/* All of it, the edges that no character covers too. */
static void clear(void)
{
    u32 bytes = pixel_bytes(&screen.mode);
    for (u32 y = 0; y < screen.mode.height; y++)
        for (u32 x = 0; x < screen.mode.width; x++)
            put_pixel(screen.pixels + (u64)y * screen.mode.pitch + x * bytes, screen.paper);
    __builtin_memset(screen.wanted, ' ', sizeof(screen.wanted));
    __builtin_memset(screen.shown, ' ', sizeof(screen.shown));
    screen.column = screen.row = 0;
    screen.escape = ESCAPE_NONE;
}

/* ---- Text ---- */

static void scroll(void)
{
    __builtin_memmove(screen.wanted[0], screen.wanted[1],
                      (usize)(screen.rows - 1) * sizeof(screen.wanted[0]));
    __builtin_memset(screen.wanted[screen.rows - 1], ' ', sizeof(screen.wanted[0]));
}

static void new_line(void)
{
    screen.column = 0;
    if (screen.row + 1 < screen.rows)
        screen.row++;
    else if (screen.keeps_top)
        screen.row = screen.rows; /* and nothing is shown any more */
    else
        scroll();
}

static void put(u8 character)
{
    if (screen.column >= screen.columns)
        new_line();
    if (screen.row < screen.rows)
        screen.wanted[screen.row][screen.column++] = character;
}

static void tab(void)
{
    do
        put(' ');
    while (screen.column % TAB_COLUMNS != 0 && screen.column < screen.columns);
}

/* Passes over `ESC X` and `ESC [ parameters X`; whether the character is part of one. */
static bool is_escape(u8 character)
{
    enum { ESCAPE = 0x1B };
    enum escape before = screen.escape;
    if (before == ESCAPE_NONE && character != ESCAPE)
        return false;
    if (before == ESCAPE_NONE)
        screen.escape = ESCAPE_BEGUN;
    else if (before == ESCAPE_BEGUN && character == '[')
        screen.escape = ESCAPE_PARAMETERS;
    else if (before == ESCAPE_BEGUN || character >= '@')
        screen.escape = ESCAPE_NONE;
    return true;
}

static void take(u8 character)
{
    if (is_escape(character))
        return;
    if (character == '\n')
        new_line();
    else if (character == '\r')
        screen.column = 0;
    else if (character == '\b')
        screen.column -= screen.column > 0;
    else if (character == '\t')
        tab();
    else if (character >= 0xC0)
        put('?'); /* the first byte of a character that there is no glyph for */
    else if (character >= ' ' && character < 0x7F)
        put(character);
}

void screen_write(struct bytes text)
{
    if (screen.pixels == NULL || screen.is_given)
        return;
    for (usize i = 0; i < text.size; i++)
        take(text.data[i]);
    draw_changes();
}

/* ---- Start and end ---- */

void screen_init(const struct screen_mode *mode, void *pixels)
{
    screen.mode = *mode;
    screen.pixels = pixels;
    screen.columns = (u32)u64_min(mode->width / GLYPH_COLUMNS, COLUMNS_MAX);
    screen.rows = (u32)u64_min(mode->height / SCREEN_GLYPH_ROWS, ROWS_MAX);
    screen.ink = colour(0xC0, 0xC0, 0xC0);
    screen.paper = colour(0, 0, 0);
    clear();
}

void screen_give(void)
{
    __atomic_store_n(&screen.is_given, true, __ATOMIC_RELEASE);
}

void screen_seize(void)
{
    if (screen.pixels == NULL)
        return;
    screen.is_given = false;
    screen.keeps_top = true;
    screen.ink = colour(0xFF, 0xFF, 0xFF);
    screen.paper = colour(0x70, 0, 0);
    clear();
}
