/* Processes of services: what each is started with, and where. */
#ifndef PROGRAMS_INIT_PROCESS_H
#define PROGRAMS_INIT_PROCESS_H

#include "programs/init/service.h"

/* Random numbers that stay the same from one process of the service to the next; 0: it may not use
 * `random`, or there are none yet. */
uint64_t process_seed(const struct service *service);
/* False: there is none, and `life` has none. */
bool process_start(const struct service *service, const struct program *program, struct life *life);
/* It has ended: with it goes what it has started. */
void process_forget(struct life *life);
/* While the service is replaced there are two, if it has limits of its own. */
bool process_allow_two(const struct service *service, bool is_doubled);

#endif
