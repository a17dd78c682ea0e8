/* The interfaces that the system itself knows by name, and which of them a program may use without
 * an option. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_INTERFACES_H
#define PLATFORM_HOSTED_INTERFACES_H

#include "base/base.h"

struct known_interface {
    const char *name;
    const char *hash;  /* 64 digits */
    bool allowed;      /* without an option */
    const char *grant; /* the option that grants it */
};

extern const struct known_interface known_interfaces[];
extern const u32 known_interface_count;

/* By name; NULL if there is none. */
const struct known_interface *known_interface_find(struct bytes name);

#endif
