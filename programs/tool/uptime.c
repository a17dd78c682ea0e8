/* How long the system has been up, and how busy it was. */
#include "programs/tool/shared/figures.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
    "usage: uptime\n"
    "Tells how long the system has been up, how many processes this program may see, and how\n"
    "much of all CPUs they have used in all that time.\n";

int main(int count, char **arguments)
{
    struct figures figures = { 0 };
    take_no_arguments(count, arguments, help);
    enum weft_status status = figures_take(&figures);
    if (status != WEFT_OK)
        return tell_status("uptime", status);
    uint64_t up_ns = figures.machine.now - figures.machine.started;
    uint64_t up = up_ns / 1000000000;
    double cpu = 0;
    for (uint32_t i = 0; i < figures.silos.count; i++)
        cpu += (double)figures.silos.data[i].cpu;
    printf("up %" PRIu64 " days %02u:%02u:%02u, %" PRIu32 " processes, %.1f%% of %" PRIu32
           " CPUs\n",
           up / 86400, (unsigned)(up / 3600 % 24), (unsigned)(up / 60 % 60), (unsigned)(up % 60),
           figures.processes.count, 100 * cpu / ((double)up_ns + 1) / figures.machine.cpus,
           figures.machine.cpus);
    return 0;
}
