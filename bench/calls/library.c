/* What the caller's namespace `library` is answered by. */
#include "lib/weft.h"

WEFT_EXPORT("add") int32_t add(int32_t a, int32_t b);

int32_t add(int32_t a, int32_t b)
{
    return a + b;
}
