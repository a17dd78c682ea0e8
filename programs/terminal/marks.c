#include "programs/terminal/marks.h"

/* Marks, and the characters that look like them with nothing below. A cell has the place in this
 * table, and one more: 0 is no mark. */
static const struct {
    uint16_t mark;
    uint16_t drawn;
} marks[] = {
    { 0x0300, 0x0060 }, /* grave */
    { 0x0301, 0x00B4 }, /* acute */
    { 0x0302, 0x02C6 }, /* circumflex */
    { 0x0303, 0x02DC }, /* tilde */
    { 0x0304, 0x02C9 }, /* macron */
    { 0x0306, 0x02D8 }, /* breve */
    { 0x0307, 0x02D9 }, /* dot above */
    { 0x0308, 0x00A8 }, /* diaeresis */
    { 0x030A, 0x00B0 }, /* ring above */
    { 0x030B, 0x02DD }, /* double acute */
    { 0x030C, 0x02C7 }, /* caron */
    { 0x0327, 0x00B8 }, /* cedilla */
    { 0x0328, 0x02DB }, /* ogonek */
    { 0x0332, 0x005F }, /* low line */
};
enum { MARK_COUNT = sizeof(marks) / sizeof(marks[0]) };
_Static_assert(MARK_COUNT <= CELL_MARK_MAX, "a cell has room for the number of each");

static uint32_t together_with(uint32_t base, uint32_t mark)
{
    for (uint32_t i = 0; i < marked_character_count; i++)
        if (marked_characters[i].base == base && marked_characters[i].mark == mark)
            return marked_characters[i].together;
    return 0;
}

static uint32_t number_of(uint32_t mark)
{
    for (uint32_t i = 0; i < MARK_COUNT; i++)
        if (marks[i].mark == mark)
            return i + 1;
    return 0;
}

void marks_add(struct cell *cell, uint32_t mark)
{
    uint32_t together = together_with(cell->character & CELL_CODE_POINT, mark);
    if (together != 0)
        cell->character = (cell->character & ~(uint32_t)CELL_CODE_POINT) | together;
    else if (cell->character >> CELL_MARK_SHIFT == 0 && (cell->character & CELL_WIDE) == 0)
        cell->character |= number_of(mark) << CELL_MARK_SHIFT;
}

uint32_t marks_drawn(const struct cell *cell)
{
    uint32_t number = cell->character >> CELL_MARK_SHIFT;
    return number == 0 ? 0 : marks[number - 1].drawn;
}
