/* Between world.c, puppet.c and recorder.c. Private. */
#ifndef TESTS_SIMULATE_CAST_H
#define TESTS_SIMULATE_CAST_H

#include "tests/simulate/world.h"

/* The conductor and what puppets need; false without memory, then nothing is there. */
bool cast_start(void);
void cast_ended(const struct process_end *end);
/* Lets go of all processes and native handlers. */
void cast_end(void);
void recorders_end(void);
/* Whether a puppet was told to do something that has no end. */
bool cast_computes_for_ever(void);

#endif
