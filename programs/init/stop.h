/* The end of the system, in order: the session first, then the services, in the reverse of the order
 * in which they were started, so that each has what it uses as long as it lives. */
#ifndef PROGRAMS_INIT_STOP_H
#define PROGRAMS_INIT_STOP_H

#include <stdint.h>

/* Begins it. It is over at the deadline at the latest; then init ends. */
void stop_begin(uint64_t deadline_ns);
/* Goes on behind a service that has ended. */
void stop_next(void);
/* When it is over; 0: it has not begun. */
uint64_t stop_deadline(void);

/* What init ends with. */
void stop_set_status(int status);

#endif
