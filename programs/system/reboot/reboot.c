/* Has the machine start again. */
#include "lib/main.h"
#include "programs/system/shutdown/end.h"

int weft_main(void)
{
    return end_system(POWER_END_RESTART,
                      "usage: reboot [--patience SECONDS]\n"
                      "Starts the machine again as soon as every program that waits for the end has\n"
                      "ended, after SECONDS (10 if not given, at most 60) in any case.\n");
}
