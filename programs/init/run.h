/* The life of a service's process: its start, its heart beat, its end, and what comes then. */
#ifndef PROGRAMS_INIT_RUN_H
#define PROGRAMS_INIT_RUN_H

#include "programs/init/service.h"

void run_start(struct service *service);
/* It starts with the first message. */
void run_listen(struct service *service);
/* It does not run any more, for this reason. A service without a program leaves its clients what
 * they would have without it. */
void run_give_up(struct service *service, const char *why);

/* Has its process end for a purpose, which is done then. It finishes what it has taken until
 * `until_ns`; who has asked `power` for the end is told. */
void run_wind_down(struct service *service, enum purpose purpose, uint64_t until_ns);
/* It need not end: what was waited for is forgotten. One that was told already is started again. */
void run_go_on(struct service *service);
/* As run_wind_down, without waiting. */
void run_kill(struct service *service, enum purpose purpose);

/* Ends it at once, as one that has failed, and says why. */
void run_fail(struct service *service, const char *why);

/* A process that stands for this service from now on, with its end, heart beat and rows. */
void run_adopt(struct service *service, struct life life);
/* What is waited for on behalf of a process that is no more, or is not the service's any more. */
void run_forget(struct service *service);

/* Answers who asked for what is done now, or cannot be; nobody may have. */
void run_tell_asker(struct service *service, bool is_well, enum services_error error);

#endif
