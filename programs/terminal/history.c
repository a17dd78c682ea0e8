/* A line is a row of numbers in LEB128: 0, and then 8 bytes of ink and paper (little endian), for a new
 * style; one more than a character otherwise. A line begins in the usual style. */
#include "programs/terminal/history.h"

#include "lib/memory.h"

enum {
    STYLE_BYTES = 9,
    NUMBER_BYTES_MAX = 4,
    CELL_BYTES_MAX = STYLE_BYTES + NUMBER_BYTES_MAX,
};
_Static_assert(CELL_CHARACTER_BITS < 7 * NUMBER_BYTES_MAX, "a character is at most four bytes");

void history_init(struct history *history, uint8_t *bytes, uint32_t capacity)
{
    history->bytes = bytes;
    history->capacity = capacity;
    history_clear(history);
}

void history_clear(struct history *history)
{
    history->at = history->first = history->count = 0;
}

/* ---- One line ---- */

static uint8_t *write_number(uint8_t *at, uint32_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static const uint8_t *read_number(const uint8_t *at, uint32_t *value)
{
    uint32_t shift = 0;
    for (*value = 0; (*at & 0x80) != 0; shift += 7)
        *value |= (uint32_t)(*at++ & 0x7F) << shift;
    *value |= (uint32_t)*at++ << shift;
    return at;
}

static uint8_t *write_cell(uint8_t *at, const struct cell *cell, const struct cell *before)
{
    if (cell->ink != before->ink || cell->paper != before->paper) {
        *at++ = 0;
        memcpy(at, &cell->ink, 4);
        memcpy(at + 4, &cell->paper, 4);
        at += STYLE_BYTES - 1;
    }
    return write_number(at, cell->character + 1);
}

static uint32_t used_columns(const struct cell *cells, uint32_t columns)
{
    static const struct cell blank;
    while (columns > 0 && cell_equal(&cells[columns - 1], &blank))
        columns--;
    return columns;
}

/* ---- The ring ---- */

static const struct history_line *oldest(const struct history *history)
{
    return &history->lines[history->first];
}

static void drop_oldest(struct history *history)
{
    history->first = (history->first + 1) % HISTORY_LINES_MAX;
    history->count--;
}

/* Lines lie one behind the other, so those that are in the way are the oldest. */
static bool is_in_the_way(const struct history *history, uint32_t size)
{
    const struct history_line *line = oldest(history);
    return line->offset < history->at + size && history->at < line->offset + line->size;
}

/* Room for `size` bytes at `at`. */
static void make_room(struct history *history, uint32_t size)
{
    if (size > history->capacity - history->at) {
        /* What lies between here and the end is older than what is at the start. */
        while (history->count > 0 && oldest(history)->offset >= history->at)
            drop_oldest(history);
        history->at = 0;
    }
    if (history->count == HISTORY_LINES_MAX)
        drop_oldest(history);
    while (history->count > 0 && is_in_the_way(history, size))
        drop_oldest(history);
}

void history_push(struct history *history, const struct cell *cells, uint32_t columns)
{
    static const struct cell usual;
    columns = used_columns(cells, columns);
    uint32_t room = columns * CELL_BYTES_MAX + 1; /* at most, and each line is somewhere */
    if (room > history->capacity)
        return;
    make_room(history, room);
    uint8_t *start = history->bytes + history->at, *end = start;
    for (uint32_t i = 0; i < columns; i++)
        end = write_cell(end, &cells[i], i == 0 ? &usual : &cells[i - 1]);
    *end = 0;
    uint32_t place = (history->first + history->count++) % HISTORY_LINES_MAX;
    history->lines[place] = (struct history_line){ history->at, (uint32_t)(end - start) + 1 };
    history->at += history->lines[place].size;
}

void history_read(const struct history *history, uint32_t age, struct cell *cells,
                  uint32_t columns)
{
    memset(cells, 0, columns * sizeof(*cells));
    if (age >= history->count)
        return;
    const struct history_line *line =
        &history->lines[(history->first + history->count - 1 - age) % HISTORY_LINES_MAX];
    const uint8_t *at = history->bytes + line->offset, *end = at + line->size - 1;
    struct cell cell = { 0 };
    for (uint32_t i = 0; i < columns && at < end; i++) {
        uint32_t number;
        at = read_number(at, &number);
        if (number == 0) {
            memcpy(&cell.ink, at, 4);
            memcpy(&cell.paper, at + 4, 4);
            at = read_number(at + STYLE_BYTES - 1, &number);
        }
        cell.character = number - 1;
        cells[i] = cell;
    }
}
