/* A failed BASE_ASSERT in a test program or a tool: says where and stops. Weak, so that a program
 * with a platform linked in keeps the platform's own. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

__attribute__((weak)) _Noreturn void base_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
