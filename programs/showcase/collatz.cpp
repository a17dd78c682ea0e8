/* Whether each number from 1 on comes down to 1: halved if it is even, else tripled and one more. */
extern "C" {
#include "programs/showcase/showcase.h"
}

#include <cstdlib>

static bool comes_down(uint64_t number)
{
    while (number != 1) {
        if (number > (UINT64_MAX - 1) / 3)
            return false;
        number = number % 2 == 0 ? number / 2 : 3 * number + 1;
    }
    return true;
}

int showcase(int count, char **arguments)
{
    long most = count == 2 ? std::atol(arguments[1]) : 0;
    if (most < 1) {
        show("usage: collatz NUMBER\n");
        return 2;
    }
    for (long number = 1; number <= most; number++)
        show("%ld %s\n", number, comes_down(static_cast<uint64_t>(number)) ? "comes down" : "goes too far");
    return 0;
}
