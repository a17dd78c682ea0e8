/* runapp: a program within a program. Its own heap and numbers are as they were afterwards. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    uint64_t seed = 42;
    char *mine = malloc(100);
    seedrng(&seed);
    int first = rng();
    for (int i = 0; i < 100; i++)
        mine[i] = (char)i;
    check(runapp("getargs one  two") == 0, "a program that runs");
    check(runapp("malloc") == 0, "one that uses memory");
    check(ptrsize(mine) == 100 && mine[99] == 99, "this program's block is still its own");
    char *other = malloc(100);
    check(other >= mine + 100 || other + 100 <= mine, "and no other takes its place");
    seedrng(&seed);
    check(rng() == first, "numbers are not disturbed");
    check(runapp("no_such_program") == -1, "a program that is not there");
    check(runapp("") == -1, "no name at all");
    check(runapp((const char *)0xFFFFFFF0) == -1, "text that is nowhere");
    check(runapp("abort") == -2, "one that ends itself");
}
