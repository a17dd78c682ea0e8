/* What `printf` and `echo` print (POSIX.1-2017, XCU printf, XBD 5). */
#ifndef PROGRAMS_SHELL_LANGUAGE_FORMAT_H
#define PROGRAMS_SHELL_LANGUAGE_FORMAT_H

#include "programs/shell/language/text.h"

/* The format with the arguments, again and again as long as there are some. False: an argument is
 * no number, or a conversion is none; `mistake` then says which. */
bool format_print(const char *format, char *const *arguments, size_t count, struct text *text,
                  struct text *mistake);
/* Text with the escapes of `echo` and %b; false: \c was there, and nothing follows. */
bool format_escapes(const char *from, struct text *text);

#endif
