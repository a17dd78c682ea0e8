#include "programs/terminal/pixels.h"

#include "lib/memory.h"

uint64_t pixels_size(const struct picture *picture)
{
    return (uint64_t)picture->pitch * picture->height;
}

/* How many of `count` bytes there are from `offset` on. */
static uint32_t bytes_there(const struct picture *picture, uint64_t offset, uint32_t count)
{
    uint64_t size = pixels_size(picture);
    uint64_t left = offset < size ? size - offset : 0;
    return count < left ? count : (uint32_t)left;
}

/* A part of the picture that is read. */
struct part {
    uint64_t offset;
    uint8_t *bytes;
    uint32_t count;
};

/* Bytes [start, end) of the picture, as far as they are in that part. */
static void blacken(const struct part *part, uint64_t start, uint64_t end)
{
    if (start < part->offset)
        start = part->offset;
    if (end > part->offset + part->count)
        end = part->offset + part->count;
    if (start < end)
        memset(part->bytes + (start - part->offset), 0, (size_t)(end - start));
}

/* Of the row of pixels that begins at `start`. */
static void blacken_row(const struct part *part, const struct view *view, const struct cell *cells,
                        uint64_t start)
{
    uint32_t cell_bytes = FONT_COLUMNS * view->picture->pixel_bytes;
    for (uint32_t column = 0; column < view->emulator->screen->columns; column++, start += cell_bytes)
        if ((cells[column].paper & CELL_SECRET) != 0)
            blacken(part, start, start + cell_bytes);
}

uint32_t pixels_read(const struct view *view, uint64_t offset, uint8_t *bytes, uint32_t count)
{
    const struct picture *picture = view->picture;
    const struct grid *screen = view->emulator->screen;
    const struct part part = { offset, bytes, bytes_there(picture, offset, count) };
    if (part.count == 0)
        return 0;
    memcpy(bytes, picture->pixels + offset, part.count);
    for (uint64_t y = offset / picture->pitch; y * picture->pitch < offset + part.count; y++) {
        uint32_t row = (uint32_t)y / picture->regular->rows;
        if (row < screen->rows)
            blacken_row(&part, view, view->shown + (size_t)row * screen->columns,
                        y * picture->pitch);
    }
    return part.count;
}

uint32_t pixels_write(struct view *view, uint64_t offset, const uint8_t *bytes, uint32_t count)
{
    count = bytes_there(view->picture, offset, count);
    if (count == 0)
        return 0;
    memcpy(view->picture->pixels + offset, bytes, count);
    view->is_drawn_on = true;
    return count;
}
