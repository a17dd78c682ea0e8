/* A greeting. */
extern "C" {
#include "programs/showcase/showcase.h"
}

#include <string_view>

int showcase(int count, char **arguments)
{
    std::string_view name = count > 1 ? arguments[1] : "world";
    show("Hello, %.*s, from C++ on Weft\n", static_cast<int>(name.size()), name.data());
    return 0;
}
