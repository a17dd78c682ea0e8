/* cputime: microseconds of this program's own. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    int first = cputime();
    int wall = timesinceboot();
    volatile int work = 0;
    while (cputime() - first < 2000)
        work++;
    check(first >= 0, "a time");
    check(cputime() > first, "work takes time");
    check(timesinceboot() - wall >= 1000, "no faster than time goes by");
    check(cputime() <= timesinceboot(), "less than since the boot");
}
