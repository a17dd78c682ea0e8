/* What the manifest says of single programs of people's: whoever handles `permission` is told. */
#ifndef PROGRAMS_INIT_RULINGS_H
#define PROGRAMS_INIT_RULINGS_H

#include "interface/manifest.h"

/* Finds the programs; one that is not there is left out. */
void rulings_prepare(const struct manifest_program_list *programs);
/* Their limits hold in this silo and below. */
bool rulings_limit(uint64_t silo);
/* All of it to this process, before it has any other message. */
void rulings_tell(int32_t process);
/* Whether this service is to be told. */
bool rulings_are_for(const struct manifest_service *service);

#endif
