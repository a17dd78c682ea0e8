/* The end of the system, as services and the session see it: init answers `power` for them, so that
 * each is told when it is its turn. */
#ifndef PROGRAMS_INIT_POWER_H
#define PROGRAMS_INIT_POWER_H

#include "lib/server.h"

/* The badge that its messages come with. */
enum { POWER_BADGE = 2 };

/* In this silo. False, and told, if it cannot be. */
bool power_bind(uint64_t silo);
void power_on_message(struct weft_server *server);
/* A message that was taken back, perhaps one of these. */
void power_on_withdrawn(int64_t id);

/* Whether this process has asked and has not been told. */
bool power_is_asked(uint64_t process);
/* Tells a process of the end, which may go on until then. False: it has not asked. */
bool power_tell(uint64_t process, uint64_t until_ns);
/* Who has asked and has not been told: the `index`-th process; 0: there is none. */
uint64_t power_asker(uint32_t index);

#endif
