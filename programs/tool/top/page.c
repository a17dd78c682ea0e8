#include "programs/tool/top/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without memory the page is cut. */
static void put(struct page *page, const char *bytes, uint32_t size)
{
    if (page->size + size > page->capacity) {
        uint32_t capacity = 2 * (page->size + size) + 4096;
        char *data = realloc(page->data, capacity);
        if (data == NULL)
            return;
        page->data = data;
        page->capacity = capacity;
    }
    memcpy(page->data + page->size, bytes, size);
    page->size += size;
}

static void put_code(struct page *page, const char *code)
{
    if (page->is_screen)
        put(page, code, (uint32_t)strlen(code));
}

void page_begin(struct page *page)
{
    page->size = 0;
    page->row = 0;
    page->column = 0;
    put_code(page, "\x1b[H");
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

void page_text(struct page *page, const uint8_t *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        bool begins = !is_continuation(text[i]);
        if (page->is_screen && begins && page->column >= page->columns)
            return;
        page->column += begins;
        char byte = text[i] < ' ' || text[i] == 0x7F ? '?' : (char)text[i];
        put(page, &byte, 1);
    }
}

void page_print(struct page *page, const char *format, ...)
{
    char text[512];
    va_list rest;
    va_start(rest, format);
    int size = vsnprintf(text, sizeof(text), format, rest);
    va_end(rest);
    if (size > (int)sizeof(text) - 1)
        size = sizeof(text) - 1;
    if (size > 0)
        page_text(page, (const uint8_t *)text, (uint32_t)size);
}

void page_style(struct page *page, const char *style)
{
    put_code(page, style);
}

/* The last row of a screen has no line behind it, or the screen would move. */
void page_line(struct page *page)
{
    put_code(page, "\x1b[0m\x1b[K");
    page->row++;
    page->column = 0;
    if (!page->is_screen || page->row < page->rows)
        put(page, page->is_screen ? "\r\n" : "\n", page->is_screen ? 2 : 1);
}

bool page_has_room(const struct page *page, unsigned kept)
{
    return !page->is_screen || page->row + kept < page->rows;
}

bool page_end(struct page *page)
{
    put_code(page, "\x1b[0m\x1b[J");
    for (uint32_t at = 0; at < page->size;) {
        ssize_t written = write(1, page->data + at, page->size - at);
        if (written <= 0)
            return false;
        at += (uint32_t)written;
    }
    return true;
}

void page_bar(struct page *page, double part, unsigned width)
{
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    unsigned full = (unsigned)(part * width + 0.5);
    page_print(page, "[");
    page_style(page, full * 4 > width * 3 ? "\x1b[31m" : full * 2 > width ? "\x1b[33m" : "\x1b[32m");
    for (unsigned i = 0; i < width; i++)
        page_print(page, "%c", i < full ? '|' : ' ');
    page_style(page, "\x1b[39m");
    page_print(page, "]");
}

void page_sparkline(struct page *page, const double *heights, unsigned count)
{
    static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    for (unsigned i = 0; i < count; i++) {
        double height = heights[i] < 0 ? 0 : heights[i] > 1 ? 1 : heights[i];
        page_print(page, "%s", blocks[(unsigned)(height * 8 + 0.5)]);
    }
}
