/* getargs: the program's name and its arguments, each with its zero, and one zero more. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    const char *at = getargs();
    int count = 0;
    check(at != (const char *)-1, "there are arguments");
    while (*at != 0) {
        if (count++ != 0) {
            say("argument: ");
            say(at);
            say("\n");
        }
        while (*at++ != 0)
            ;
    }
    check(count >= 1, "the first is the program's name");
    check(getargs() != getargs(), "each answer is the caller's own");
}
