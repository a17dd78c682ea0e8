/* What CPUs offer that is turned on wherever they do: help against mistakes, and the means of
 * arch/x86_64. Private to the PC platform. */
#ifndef PLATFORM_PC_FEATURES_H
#define PLATFORM_PC_FEATURES_H

#include "base/base.h"

struct cpu_feature {
    const char *name;
    bool offered; /* by this CPU */
    bool enabled; /* on it, as its registers say */
};

enum { CPU_FEATURE_COUNT = 11 };

/* On every CPU, before it has to do with other than its own stack: turns on what it offers, and looks
 * whether it is. */
void features_enable(void);
/* Of the running CPU, by a number below CPU_FEATURE_COUNT. */
struct cpu_feature features_get(u32 number);

#endif
