/* The words of `interface`, each a function that gives the exit status. */
#ifndef PROGRAMS_TOOL_INTERFACE_INTERFACE_H
#define PROGRAMS_TOOL_INTERFACE_INTERFACE_H

#include "programs/tool/shared/system.h"

/* The table of a silo; 0: of the outermost that can be seen, the session's. */
int interface_list(uint64_t silo);
/* Who talks to whom, as text or as a picture. */
int interface_graph(bool as_picture);

#endif
