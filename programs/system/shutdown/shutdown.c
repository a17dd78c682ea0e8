/* Switches the machine off. */
#include "lib/main.h"
#include "programs/system/shutdown/end.h"

int weft_main(void)
{
    return end_system(POWER_END_OFF,
                      "usage: shutdown [--patience SECONDS]\n"
                      "Switches the machine off as soon as every program that waits for the end has\n"
                      "ended, after SECONDS (10 if not given, at most 60) in any case.\n");
}
