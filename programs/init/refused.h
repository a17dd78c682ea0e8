/* Services that end when they use what they were not given: init is who hears of refusals in their
 * silos. */
#ifndef PROGRAMS_INIT_REFUSED_H
#define PROGRAMS_INIT_REFUSED_H

#include "lib/server.h"
#include "programs/init/service.h"

/* Messages about the service with number N come with this badge and N more. */
enum { REFUSED_BADGE = 1 << 16 };

/* If its row wants that. False, and told, if it cannot be. */
bool refused_bind(const struct service *service);
void refused_on_message(struct weft_server *server);

#endif
