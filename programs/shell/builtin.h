/* Builtins that have a file of their own, and what they share. Private to the builtins. */
#ifndef PROGRAMS_SHELL_BUILTIN_H
#define PROGRAMS_SHELL_BUILTIN_H

#include "programs/shell/language/text.h"

int builtin_test(struct words *words);
int builtin_read(struct words *words);
int builtin_env(struct words *words);
/* Those that have all these flags, each as a command that sets it again; without the command's name
 * those that have no value are left out. */
void builtin_show_variables(uint32_t flags, const char *command);

#endif
