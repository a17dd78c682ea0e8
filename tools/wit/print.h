/* Text from templates: what the views of an interface are made with. Private to tools/wit.
 *
 *   %s  const char *         %u  u32          %%  a percent sign
 *   %b  struct bytes, as it is
 *   %n  struct bytes, a WIT name as a C name: `open-at` gives `open_at`
 *   %N  the same for constants: `OPEN_AT`
 *   %i  the same for a field: `_` follows what C or C++ keeps for itself
 *   %a  the same for a parameter (argument) beside those that generated functions have
 *   %m  the same for the member of a union, which stands beside `tag`
 *   %p  the interface's name in C; takes no value. %P: for constants
 *   %,  what stands between two parameters; takes no value
 *   %t  const struct wit_type *, as a C type
 *   %w  const struct wit_type *, as WIT with aliases resolved
 *
 * And in another language than C, as its table says, with `_` behind what it keeps for itself:
 *
 *   %v  struct bytes, a WIT name as that of a parameter        %f  of a function or field
 *   %c  as that of a type                                      %k  of a case
 *   %y  const struct wit_type *, as a type */
#ifndef TOOLS_WIT_PRINT_H
#define TOOLS_WIT_PRINT_H

#include "tools/wit/type.h"

#include <stdarg.h>

enum name_style { NAME_SNAKE, NAME_CAMEL, NAME_PASCAL, NAME_UPPER };

struct printer;

/* How a language other than C writes what the interface names. */
struct language {
    enum name_style parameter, function, type, constant;
    const char *const *reserved; /* words, and names that generated code uses itself */
    usize reserved_count;
    void (*print_type)(const struct printer *printer, const struct wit_type *type);
};

struct printer {
    struct writer *writer;
    const struct wit_interface *interface; /* NULL: %p %P %t are not used */
    const char *comma;                     /* NULL: a comma and a space */
    const struct language *language;       /* NULL: C */
};

void print(const struct printer *printer, const char *format, ...);
void print_values(const struct printer *printer, const char *format, va_list values);

/* Takes the next line, without slashes, from documentation; false at its end. */
bool print_take_line(struct bytes *documentation, struct bytes *line);

#endif
