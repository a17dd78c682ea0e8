/* timesinceboot: microseconds that go on. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    int first = timesinceboot();
    int last = first;
    bool goes_on = true;
    for (int i = 0; i < 1000; i++) {
        int now = timesinceboot();
        goes_on = goes_on && now >= last;
        last = now;
    }
    check(first >= 0, "a time");
    check(goes_on, "never goes back");
    check(last > first, "goes on");
}
