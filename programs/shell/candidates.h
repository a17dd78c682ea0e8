/* What there is to choose from at Tab. Private to prompt.c. */
#ifndef PROGRAMS_SHELL_CANDIDATES_H
#define PROGRAMS_SHELL_CANDIDATES_H

#include "programs/shell/edit/complete.h"

/* All that begins with what was typed, in order. */
void candidates_list(const struct completion *completion, struct words *candidates);

#endif
