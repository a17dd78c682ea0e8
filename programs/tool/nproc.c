/* How many CPUs may run programs. */
#include "programs/tool/shared/figures.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] = "usage: nproc\n"
                           "Prints how many CPUs may run programs.\n";

int main(int count, char **arguments)
{
    struct weft_client client = figures_client();
    struct statistics_machine_figures machine;
    take_no_arguments(count, arguments, help);
    enum weft_status status = statistics_machine(&client, &machine);
    if (status != WEFT_OK)
        return tell_status("nproc", status);
    printf("%" PRIu32 "\n", machine.cpus);
    return 0;
}
