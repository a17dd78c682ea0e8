/* The picture as programs read and write it: bytes, row by row. */
#ifndef PROGRAMS_TERMINAL_PIXELS_H
#define PROGRAMS_TERMINAL_PIXELS_H

#include "programs/terminal/view.h"

uint64_t pixels_size(const struct picture *picture);
/* Up to `count` bytes from `offset` on, as they were drawn last; how many. Where a secret cell is they
 * are 0. */
uint32_t pixels_read(const struct view *view, uint64_t offset, uint8_t *bytes, uint32_t count);
/* How many were written: none beyond the end. */
uint32_t pixels_write(struct view *view, uint64_t offset, const uint8_t *bytes, uint32_t count);

#endif
