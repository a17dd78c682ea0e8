/* Pages for lib/ in a program that has the C library: from its heap, which else takes all memory up
 * to the end, as it is when it is used first, for its own. */
#include "lib/pages.h"

#include <stdlib.h>
#include <string.h>

void *pages_take(size_t size)
{
    enum { PAGE_SIZE = 1 << 16 };
    size_t whole = (size + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
    void *pages = whole < size ? NULL : aligned_alloc(PAGE_SIZE, whole);
    if (pages != NULL)
        memset(pages, 0, whole);
    return pages;
}
