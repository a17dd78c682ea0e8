/* Finds processes by their names. */
#include "programs/tool/shared/match.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: pgrep [-l] [-x] PATTERN\n"
    "Prints the numbers of the processes in whose names PATTERN, an extended regular expression, is\n"
    "found: of this program's silo, or of silos below. -l: with their names; -x: it has to be the\n"
    "whole name. The status is 1 if there is none.\n";

int main(int count, char **arguments)
{
    struct match_list found;
    bool with_names = false, whole = false;
    int option;
    if (asks_for_help(count, arguments, help))
        return 0;
    while ((option = getopt(count, arguments, "lx")) != -1) {
        if (option == '?')
            return tell_misuse(help, count, arguments);
        with_names = with_names || option == 'l';
        whole = whole || option == 'x';
    }
    if (optind + 1 != count)
        return tell_misuse(help, count, arguments);
    int result = match_processes(help, arguments[optind], whole, &found);
    for (uint32_t i = 0; i < found.count; i++) {
        printf("%" PRIu64, found.data[i].process);
        if (with_names) {
            putchar(' ');
            print_text((struct weft_bytes){ (const uint8_t *)found.data[i].name,
                                            (uint32_t)strlen(found.data[i].name) },
                       0);
        }
        putchar('\n');
    }
    return result;
}
