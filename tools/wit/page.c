/* The reference page of an interface, in Markdown. */
#include "tools/wit/print.h"

void wit_print_page(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { writer, interface };
    print(&printer, "# Interface `%b`\n", interface->name);
}
