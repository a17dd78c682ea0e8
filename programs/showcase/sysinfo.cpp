/* How long the machine and this program have run. */
extern "C" {
#include "programs/showcase/showcase.h"
}

int showcase(int, char **)
{
    unsigned long long now = uptime(), used = time_used();
    show("time since the start: %llu microseconds\n", now);
    show("time of this program: %llu microseconds\n", used);
    return now >= used ? 0 : 1;
}
