/* `test`. Private to the builtins. */
#ifndef PROGRAMS_SHELL_TEST_H
#define PROGRAMS_SHELL_TEST_H

#include "programs/shell/language/text.h"

int builtin_test(struct words *words);

#endif
