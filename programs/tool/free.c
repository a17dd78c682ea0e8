/* What memory there is for the processes of its silo. */
#include "programs/tool/shared/system.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
    "usage: free\n"
    "Shows the memory that the processes of this program's silo and of those below have, and\n"
    "how much each of these silos may have, in KiB. The machine's own memory is another matter:\n"
    "what a limit allows need not be there.\n";

int main(int count, char **arguments)
{
    enum { PAGE_KIB = 64 };
    struct system_silo_status_list list;
    take_no_arguments(count, arguments, help);
    enum weft_status status = system_silos(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("free", status);
    printf("%8s %14s %14s %14s  %s\n", "SILO", "LIMIT", "USED", "FREE", "NAME");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct system_silo_status *silo = &list.data[i];
        uint64_t limit = silo->limits.memory_pages, used = silo->memory_pages;
        printf("%8" PRIu64 " %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "  ", silo->silo,
               limit * PAGE_KIB, used * PAGE_KIB, limit > used ? (limit - used) * PAGE_KIB : 0);
        print_text(silo->name, 0);
        putchar('\n');
    }
    return 0;
}
