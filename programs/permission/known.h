/* The system's interfaces in a person's words: one row each. */
#ifndef PROGRAMS_PERMISSION_KNOWN_H
#define PROGRAMS_PERMISSION_KNOWN_H

#include "abi/body.h"

struct known {
    const char *name;
    const char *hash;       /* 64 hexadecimal digits */
    const char *wants;      /* "PROGRAM wants to ..." */
    const char *could;      /* "It could ..." */
    bool is_usual;          /* nobody is asked unless that was wished */
    const char *substitute; /* a program of the boot bundle, or NULL */
    const char *instead;    /* what that is, for a person */
};

extern const struct known known_interfaces[];
extern const uint32_t known_interface_count;

/* NULL: it is none of the system's. */
const struct known *known_by_hash(struct weft_bytes hash);
const struct known *known_by_name(const char *name);

#endif
