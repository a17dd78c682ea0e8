/* Lists the processes of its silo and of those below. */
#include "programs/tool/shared/figures.h"
#include "programs/tool/shared/usage.h"
#include "programs/tool/shared/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: ps [-ef|aux]\n"
    "Lists the processes that this program may see: those of its silo and of the silos below.\n"
    "MEMORY is in KiB, CPU in seconds; MESSAGES are sent and not answered, or wait to be taken.\n"
    "STATE: stopped is one that is suspended, by itself or with its silo. All is always shown, so\n"
    "the letters a, e, f, u, w, x and A, by which it is asked for elsewhere, change nothing.\n";

/* Asked for by the page, as processes are; what cannot be told is not. */
static const char *state_of(uint64_t process)
{
    static struct statistics_process_figures_list page;
    struct weft_client client = figures_client();
    if (page.count == 0 || process > page.data[page.count - 1].process)
        if (statistics_processes(&client, process, WALK_PAGE, &page) != WEFT_OK)
            page.count = 0;
    for (uint32_t i = 0; i < page.count; i++)
        if (page.data[i].process == process)
            return page.data[i].suspended ? "stopped" : "running";
    return "-";
}

static void print_process(const struct system_process_status *process)
{
    enum { PAGE_KIB = 64 };
    printf("%8" PRIu64 " %6" PRIu64 " %10" PRIu64 " %7" PRIu32 " %6" PRIu32 " %8" PRIu32 " %8.3f %-8s ",
           process->process, process->silo, process->memory_pages * PAGE_KIB, process->threads,
           process->slots, process->messages, (double)process->cpu / 1e9,
           state_of(process->process));
    print_text(process->name.size != 0 ? process->name : process->program, 0);
    putchar('\n');
}

int main(int count, char **arguments)
{
    struct process_walk walk = { 0 };
    const struct system_process_status *process = walk_process(&walk);
    if (asks_for_help(count, arguments, help))
        return 0;
    for (int i = 1; i < count; i++)
        if (strspn(arguments[i], "-aefuwxA") != strlen(arguments[i]))
            return tell_wrong(help, arguments[i], "it lists all that it may see, and nothing else");
    if (process == NULL)
        return tell_status("ps", walk.status);
    printf("%8s %6s %10s %7s %6s %8s %8s %-8s %s\n", "PROCESS", "SILO", "MEMORY", "THREADS", "SLOTS",
           "MESSAGES", "CPU", "STATE", "PROGRAM");
    for (; process != NULL; process = walk_process(&walk))
        print_process(process);
    return walk.status == WEFT_OK ? 0 : tell_status("ps", walk.status);
}
