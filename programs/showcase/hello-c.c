/* A greeting. */
#include "programs/showcase/showcase.h"

int showcase(int count, char **arguments)
{
    show("Hello, %s, from C on Weft\n", count > 1 ? arguments[1] : "world");
    return 0;
}
