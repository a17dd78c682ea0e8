#include "programs/shell/edit/near.h"

#include <string.h>

enum { SWAPPED = 1, CHANGED = 2, SHORT_NAME = 5 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* What it takes to make one name of the other: a table with a row for each letter of `a`, of which
 * three are needed at a time. */
static int distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int rows[3][NEAR_NAME_MAX + 1];
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = CHANGED * (int)j;
    for (size_t i = 1; i <= a_size; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i - 1) % 3];
        row[0] = CHANGED * (int)i;
        for (size_t j = 1; j <= b_size; j++) {
            row[j] = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : CHANGED);
            row[j] = least(row[j], least(above[j], row[j - 1]) + CHANGED);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + SWAPPED);
        }
    }
    return rows[a_size % 3][b_size];
}

/* Of a short name almost anything is one change away. */
static int farthest(size_t size)
{
    return size < 3 ? SWAPPED : size < SHORT_NAME ? CHANGED : 2 * CHANGED;
}

const char *near_name(const struct words *names, const char *typed)
{
    size_t size = strlen(typed);
    int nearest = farthest(size) + 1;
    const char *found = NULL;
    if (size > NEAR_NAME_MAX)
        return NULL;
    for (size_t i = 0; i < names->count && i < NEAR_LOOKED_AT_MAX; i++) {
        size_t name_size = strlen(names->data[i]);
        if (name_size > NEAR_NAME_MAX)
            continue;
        int far = distance(typed, size, names->data[i], name_size);
        if (far < nearest) {
            nearest = far;
            found = names->data[i];
        }
    }
    return found;
}
