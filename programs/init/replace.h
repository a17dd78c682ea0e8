/* A new process in the place of a running one: decision 0084.
 *
 *   new one starts -> it waits for messages -> rows hold -> old one has nothing to do -> it ends
 *   -> rows lead to the new one
 *
 * Up to its end the old one can go on: then its rows lead to it again. */
#ifndef PROGRAMS_INIT_REPLACE_H
#define PROGRAMS_INIT_REPLACE_H

#include "programs/init/service.h"

/* Begins it, of a service that runs. False: the new process could not be started. */
bool replace_begin(struct service *service, const struct program *program);
/* The old process has ended, meant or not, while there was a new one. */
void replace_on_end_of_old(struct service *service);
/* The system ends: the new one is of no use any more. */
void replace_break_off(struct service *service);

#endif
