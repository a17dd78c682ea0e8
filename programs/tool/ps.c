/* Lists the processes of its silo and of those below. */
#include "programs/tool/shared/system.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
    "usage: ps\n"
    "Lists the processes that this program may see: those of its silo and of the silos below.\n"
    "MEMORY is in KiB, CPU in seconds; MESSAGES are sent and not answered, or wait to be taken.\n";

static void print_process(const struct system_process_status *process)
{
    enum { PAGE_KIB = 64 };
    printf("%8" PRIu64 " %6" PRIu64 " %10" PRIu64 " %7" PRIu32 " %6" PRIu32 " %8" PRIu32 " %8.3f  ",
           process->process, process->silo, process->memory_pages * PAGE_KIB, process->threads,
           process->slots, process->messages, (double)process->cpu / 1e9);
    print_text(process->name.size != 0 ? process->name : process->program, 0);
    putchar('\n');
}

int main(int count, char **arguments)
{
    struct system_process_status_list list;
    take_no_arguments(count, arguments, help);
    enum weft_status status = system_processes(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("ps", status);
    printf("%8s %6s %10s %7s %6s %8s %8s  %s\n", "PROCESS", "SILO", "MEMORY", "THREADS", "SLOTS",
           "MESSAGES", "CPU", "PROGRAM");
    for (uint32_t i = 0; i < list.count; i++)
        print_process(&list.data[i]);
    return 0;
}
