/* Lists who handles what in a silo. */
#include "programs/tool/shared/system.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: interface [SILO]\n"
    "Lists the table of a silo, this program's own if none is given: each interface by name, tag and\n"
    "the beginning of its hash, whether it may be used, and the process that handles it (none: the\n"
    "kernel, or nobody yet).\n";

static void print_binding(const struct system_binding *binding)
{
    static const char *const verdicts[] = { "allow", "deny", "ask", "hold" };
    enum { HASH_SHOWN = 6 };
    print_text(binding->name, 20);
    putchar(' ');
    print_text(binding->tag, 12);
    putchar(' ');
    for (uint32_t i = 0; i < HASH_SHOWN && i < binding->interface.size; i++)
        printf("%02x", binding->interface.data[i]);
    printf("  %-7s", verdicts[binding->verdict]);
    if (binding->handler != 0)
        printf(" %" PRIu64, binding->handler);
    putchar('\n');
}

int main(int count, char **arguments)
{
    uint64_t silo = 0;
    struct system_binding_list_error_result result;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count > 2 || (count == 2 && !read_number(arguments[1], &silo))) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    enum weft_status status = system_bindings(system_client(), silo, &result);
    if (status != WEFT_OK)
        return tell_status("interface", status);
    if (result.failed)
        return tell_error("interface", result.error);
    printf("%-20s %-12s %-12s  %-7s %s\n", "INTERFACE", "TAG", "HASH", "VERDICT", "HANDLER");
    for (uint32_t i = 0; i < result.value.count; i++)
        print_binding(&result.value.data[i]);
    return 0;
}
