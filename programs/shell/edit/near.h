/* Names that somebody may have meant who typed another. */
#ifndef PROGRAMS_SHELL_EDIT_NEAR_H
#define PROGRAMS_SHELL_EDIT_NEAR_H

#include "programs/shell/language/text.h"

enum { NEAR_NAME_MAX = 32, NEAR_LOOKED_AT_MAX = 4096 };

/* The nearest of the names, the first of several; NULL: none is near. Two letters the wrong way round
 * are nearer than one that is missing, added or another. Names longer than NEAR_NAME_MAX, and those
 * behind the first NEAR_LOOKED_AT_MAX, are not looked at. */
const char *near_name(const struct words *names, const char *typed);

#endif
