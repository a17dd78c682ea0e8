/* Asks a handler that answers anything, and goes on. */
#include "interface/shapes.hpp"

#include <iostream>

int main()
{
    weft::shapes::client all;
    int counts[2] = { 0, 0 };
    for (int i = 0; i < 1000; i++) {
        counts[bool(all.echo_shapes({}))]++;
        counts[bool(all.echo_outcome({}))]++;
        counts[bool(all.echo_strings({}))]++;
        counts[all.nothing() == WEFT_OK]++;
        auto thing = all.thing_create("");
        counts[bool(thing)]++;
        if (thing)
            weft::shapes::thing(*thing).close();
    }
    std::cout << (counts[0] > 100 && counts[1] > 100 ? "both" : "one") << "\n";
}
