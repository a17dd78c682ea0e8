/* A page of text that is composed first and then written at once: lines cut to a width, on a screen
 * in place of what was there. */
#ifndef PROGRAMS_TOOL_TOP_PAGE_H
#define PROGRAMS_TOOL_TOP_PAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct page {
    bool is_screen; /* otherwise plain lines, however many and wide */
    unsigned rows;
    unsigned columns;
    char *data;
    uint32_t size;
    uint32_t capacity;
    unsigned row;
    unsigned column; /* characters of the line so far */
};

void page_begin(struct page *page);
/* Characters that are shown, a column each; what does not fit into the line is left out. Control
 * characters of names become `?`. */
void page_print(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_text(struct page *page, const uint8_t *text, uint32_t size);
/* On screens only. */
void page_style(struct page *page, const char *style);
void page_line(struct page *page);
/* Whether another line fits, with `kept` below it. */
bool page_has_room(const struct page *page, unsigned kept);
/* Writes it; false: nobody reads any more. */
bool page_end(struct page *page);

/* A bar of `width` characters, `part` of it full. */
void page_bar(struct page *page, double part, unsigned width);
/* Heights from 0 to 1, the last `count` of them the newest. */
void page_sparkline(struct page *page, const double *heights, unsigned count);

#endif
