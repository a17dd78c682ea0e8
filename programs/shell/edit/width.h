/* How many columns of a terminal a character takes. */
#ifndef PROGRAMS_SHELL_EDIT_WIDTH_H
#define PROGRAMS_SHELL_EDIT_WIDTH_H

#include <stdint.h>

/* 0 for what joins the character before it, 2 for wide ones, 1 for others. */
uint32_t width_of(uint32_t character);

#endif
