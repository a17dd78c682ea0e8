/* Combining marks: what is one character of the fonts together with the one before becomes that; other marks
 * are drawn over it, one in a place. */
#ifndef PROGRAMS_TERMINAL_MARKS_H
#define PROGRAMS_TERMINAL_MARKS_H

#include "programs/terminal/cell.h"

/* Unicode's canonical composition. */
struct marked_character {
    uint16_t base;
    uint16_t mark;
    uint16_t together;
};

/* All that the fonts have (tools/font). */
extern const struct marked_character marked_characters[];
extern const uint32_t marked_character_count;

/* The mark is added to what stands in the cell. One that is neither part of a character nor can be
 * drawn, or for which there is no more room, is passed over. */
void marks_add(struct cell *cell, uint32_t mark);
/* The character that looks like the mark in the cell; 0: there is none. */
uint32_t marks_drawn(const struct cell *cell);

#endif
