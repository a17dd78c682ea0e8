/* Numbers of 32 and 64 bits, as text. */
#include "programs/showcase/showcase.h"

#include <limits.h>

int showcase(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    show("%lld %lld %lld\n", LLONG_MIN, -1LL, LLONG_MAX);
    show("%d %lld %d %lld\n", INT_MIN, 1LL << 40, INT_MAX, -(1LL << 40));
    show("%llu %llx %u\n", ULLONG_MAX, 0x123456789abcdefLL, UINT_MAX);
    return 0;
}
