/* A tree as text again: for another shell that runs a part of it, and for people. */
#ifndef PROGRAMS_SHELL_LANGUAGE_SHOW_H
#define PROGRAMS_SHELL_LANGUAGE_SHOW_H

#include "programs/shell/language/tree.h"

/* The line of the source that the tree's first word is on. */
uint32_t show_line(const struct node *node);
/* Text that reads as the same tree, and on the same lines if it begins on that line; it ends with a
 * newline. */
void show_tree(const struct node *node, struct text *text);

#endif
