/* The smallest program for Weft itself. It is in the boot bundle, so that there is one to start. */
#include "lib/main.h"
#include "lib/print.h"

int weft_main(void)
{
    print("Hello from Weft\n");
    return 0;
}
