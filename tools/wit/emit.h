/* Pieces of C that more than one view has. Private to tools/wit. */
#ifndef TOOLS_WIT_EMIT_H
#define TOOLS_WIT_EMIT_H

#include "tools/wit/print.h"

/* A comment before a declaration, behind `margin`; nothing if there is no documentation. */
void emit_documentation(const struct printer *printer, struct bytes documentation,
                        const char *margin);
/* The lines of documentation inside of a comment, each on a new line behind `margin`. */
void emit_documentation_lines(const struct printer *printer, struct bytes documentation,
                              const char *margin);

/* `, TYPE NAME` for each parameter. */
void emit_parameters(const struct printer *printer, const struct wit_function *function);

/* Prototypes without what ends them. */
void emit_encode_prototype(const struct printer *printer, const struct wit_function *function);
void emit_decode_prototype(const struct printer *printer, const struct wit_function *function);
void emit_result_encode_prototype(const struct printer *printer,
                                  const struct wit_function *function);
void emit_result_decode_prototype(const struct printer *printer,
                                  const struct wit_function *function);
void emit_dispatch_prototype(const struct printer *printer);
/* The member of the server that handles the function. */
void emit_handler(const struct printer *printer, const struct wit_function *function);

#endif
