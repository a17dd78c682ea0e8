/* The first Fibonacci numbers. */
#include "programs/showcase/showcase.h"

#include <stdlib.h>

int showcase(int count, char **arguments)
{
    enum { TERMS_MAX = 93 }; /* the next one has more than 64 bits */
    int terms = count == 2 ? atoi(arguments[1]) : 0;
    uint64_t one = 0, next = 1;
    if (count != 2) {
        show("usage: fib TERMS\n");
        return 2;
    }
    if (terms < 1 || terms > TERMS_MAX) {
        show("fib: the number of terms is 1 to %d\n", TERMS_MAX);
        return 2;
    }
    for (int i = 0; i < terms; i++) {
        show("%llu\n", (unsigned long long)one);
        uint64_t sum = one + next;
        one = next;
        next = sum;
    }
    return 0;
}
