/* What memory there is for the processes of its silo. */
#include "programs/tool/shared/usage.h"
#include "programs/tool/shared/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: free [-h]\n"
    "Shows the memory that the processes of this program's silo and of those below have, and\n"
    "how much each of these silos may have, in KiB; -h: in units that suit. The machine's own\n"
    "memory is another matter: what a limit allows need not be there, and `none` is no limit.\n";

static void print_amount(uint64_t pages, bool for_people)
{
    enum { PAGE_KIB = 64 };
    char text[AMOUNT_TEXT] = "none";
    if (pages < NO_LIMIT)
        write_amount(text, pages * PAGE_KIB, for_people);
    printf(" %14s", text);
}

static void print_silo(const struct system_silo_status *silo, bool for_people)
{
    uint64_t limit = silo->limits.memory_pages, used = silo->memory_pages;
    printf("%8" PRIu64, silo->silo);
    print_amount(limit, for_people);
    print_amount(used, for_people);
    print_amount(limit >= NO_LIMIT ? limit : limit > used ? limit - used : 0, for_people);
    printf("  ");
    print_text(silo->name, 0);
    putchar('\n');
}

int main(int count, char **arguments)
{
    struct silo_walk walk = { 0 };
    const struct system_silo_status *silo;
    bool for_people = count == 2 && strcmp(arguments[1], "-h") == 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count > 1 + for_people)
        return tell_misuse(help, count, arguments);
    printf("%8s %14s %14s %14s  %s\n", "SILO", "LIMIT", "USED", "FREE", "NAME");
    while ((silo = walk_silo(&walk)) != NULL)
        print_silo(silo, for_people);
    return walk.status == WEFT_OK ? 0 : tell_status("free", walk.status);
}
