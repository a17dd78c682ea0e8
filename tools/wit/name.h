/* Names in C, and that no two things get the same. Private to tools/wit. */
#ifndef TOOLS_WIT_NAME_H
#define TOOLS_WIT_NAME_H

#include "tools/wit/lex.h"

/* WIT tells names apart without regard to case. */
bool name_equal(struct bytes a, struct bytes b);
/* Whether C or C++ keeps the word for itself, or a usual header has it as a macro. */
bool name_is_reserved(struct bytes name);
/* Whether generated functions have a parameter or local of that name themselves. */
bool name_is_reserved_parameter(struct bytes name);

/* The member of a struct that holds part `index` of the type. This and the labels have `.data` NULL
 * when there is no memory. */
struct bytes name_member(struct arena *arena, const struct wit_type *owner,
                         const struct wit_part *part, u32 index);
/* The label of a type, after those of its parts. */
struct bytes name_label_type(struct arena *arena, const struct wit_type *type);
struct bytes name_label_function(struct arena *arena, const struct wit_function *function);
struct bytes name_label_arguments(struct arena *arena, const struct wit_function *function);

/* Fails if two things that the generated C declares would have one name. */
void name_check(struct lexer *lexer, struct arena *arena, const struct wit_interface *interface);

#endif
