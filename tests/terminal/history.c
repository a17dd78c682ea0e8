/* Lines that have left the screen: kept in little memory, the oldest lost first. */
#include "programs/terminal/history.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 100 };

static struct history history;
static struct cell line[COLUMNS], found[COLUMNS];

/* A line that its number tells, with many styles if `colourful`. */
static void make(uint32_t number, uint32_t columns, bool colourful)
{
    srand(number);
    memset(line, 0, sizeof(line));
    for (uint32_t i = 0; i < columns; i++) {
        line[i].character = 1 + (uint32_t)rand() % ((1 << CELL_CHARACTER_BITS) - 2);
        line[i].ink = colourful ? (uint32_t)rand() : number;
        line[i].paper = colourful ? (uint32_t)rand() : number / 2;
    }
}

static bool has(uint32_t age, uint32_t number, uint32_t columns, bool colourful)
{
    make(number, columns, colourful);
    history_read(&history, age, found, COLUMNS);
    return memcmp(line, found, sizeof(line)) == 0;
}

static void test_memory(uint32_t capacity, uint32_t columns, bool colourful, const char *name)
{
    enum { PUSHED = 3000 };
    uint8_t *bytes = malloc(capacity);
    bool all = true;
    history_init(&history, bytes, capacity);
    for (uint32_t i = 0; i < PUSHED; i++) {
        make(i, columns, colourful);
        history_push(&history, line, COLUMNS);
        all = all && history.count > 0 && has(0, i, columns, colourful) &&
              has(history.count - 1, i + 1 - history.count, columns, colourful) &&
              has(history.count / 2, i - history.count / 2, columns, colourful);
    }
    TAP_OK(all, name);
    history_read(&history, history.count, found, COLUMNS);
    make(0, 0, false);
    TAP_OK(memcmp(line, found, sizeof(line)) == 0, "  and behind the oldest is nothing");
    free(bytes);
}

int main(void)
{
    test_memory(1 << 20, 80, false, "lines of one style");
    test_memory(50000, COLUMNS, true, "lines of many styles, in little memory");
    test_memory(2000, COLUMNS, true, "memory for one line");
    test_memory(1500, 3, true, "memory for a dozen short lines");
    uint8_t *bytes = malloc(1000000);
    history_init(&history, bytes, 1000000);
    for (uint32_t i = 0; i < 2 * HISTORY_LINES_MAX; i++) {
        make(i, i % 3, false);
        history_push(&history, line, COLUMNS);
    }
    TAP_OK(history.count == HISTORY_LINES_MAX && has(0, 2 * HISTORY_LINES_MAX - 1, 1, false) &&
               has(HISTORY_LINES_MAX - 1, HISTORY_LINES_MAX, HISTORY_LINES_MAX % 3, false),
           "ten thousand lines, and no more");
    history_init(&history, bytes, 100);
    make(1, COLUMNS, true);
    history_push(&history, line, COLUMNS);
    TAP_OK(history.count == 0, "a line that is too large is not kept");
    free(bytes);
    return tap_done();
}
