/* Pieces of C that more than one view has. Private to tools/wit. */
#ifndef TOOLS_WIT_EMIT_H
#define TOOLS_WIT_EMIT_H

#include "tools/wit/print.h"

/* A comment before a declaration, behind `margin`; nothing if there is no documentation. */
void emit_documentation(const struct printer *printer, struct bytes documentation,
                        const char *margin);
/* The same in lines that each begin with `mark`, for other languages than C. */
void emit_line_comments(const struct printer *printer, struct bytes documentation,
                        const char *mark);
/* The lines of documentation inside of a comment, each on a new line behind `margin`. */
void emit_documentation_lines(const struct printer *printer, struct bytes documentation,
                              const char *margin);

/* A prototype, without what ends it, that is about a function of the interface. */
typedef void emit_prototype(const struct printer *printer, const struct wit_function *function);

/* `, TYPE NAME` for each parameter. */
emit_prototype emit_parameters;

emit_prototype emit_encode;
emit_prototype emit_decode;
emit_prototype emit_result_encode;
emit_prototype emit_result_decode;
/* The member of the server that handles the function. */
emit_prototype emit_handler;

/* The prototype and what ends it, one parameter a line if it is too long for one line. */
void emit_wrapped(const struct printer *printer, const struct wit_function *function,
                  emit_prototype *emit, const char *end);

void emit_dispatch(const struct printer *printer);

#endif
