/* A greeting on standard output, by WASI, and two of Weft's own interfaces: the clock is asked for the
 * time since the machine's start, and the operator's log gets a line. */
#include "interface/clock.hpp"
#include "interface/log.hpp"

#include <iostream>

int main(int count, char **arguments)
{
    weft::clock::client clock;
    weft::log::client log;

    std::cout << "Hello, " << (count > 1 ? arguments[1] : "world") << ", from C++\n";
    auto now = clock.monotonic();
    if (!now) {
        std::cerr << "@NAME@: the clock does not answer\n";
        return 1;
    }
    std::cout << "Weft's clock has counted for " << *now / 1000000 << " ms\n";
    log.write(LOG_LEVEL_WARNING, "@NAME@ was here");
    return 0;
}
