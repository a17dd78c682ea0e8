/* The words of `interface`, each a function that gives the exit status. */
#ifndef PROGRAMS_TOOL_INTERFACE_INTERFACE_H
#define PROGRAMS_TOOL_INTERFACE_INTERFACE_H

#include "programs/tool/shared/system.h"

/* Who talks to whom, as text or as a picture. */
int interface_graph(bool as_picture);

#endif
