/* A tree as text again: for another shell that runs a part of it, and for people. */
#ifndef PROGRAMS_SHELL_LANGUAGE_SHOW_H
#define PROGRAMS_SHELL_LANGUAGE_SHOW_H

#include "programs/shell/language/tree.h"

/* Text that reads as the same tree; it ends with a newline. */
void show_tree(const struct node *node, struct text *text);

#endif
