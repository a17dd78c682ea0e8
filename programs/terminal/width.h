/* How wide characters are. Calls nobody but libvterm. */
#ifndef PROGRAMS_TERMINAL_WIDTH_H
#define PROGRAMS_TERMINAL_WIDTH_H

#include <stdint.h>

/* Places that a character takes: 0 (it changes the one before), 1, or 2. */
uint32_t width_of(uint32_t code_point);

#endif
