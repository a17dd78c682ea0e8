/* The definitions of the system's own interfaces, as data: made by the build from abi/interface. */
#ifndef PROGRAMS_TOOL_SHARED_DEFINITIONS_H
#define PROGRAMS_TOOL_SHARED_DEFINITIONS_H

#include <stdint.h>

struct definition {
    const char *hash; /* 64 hexadecimal digits */
    const char *text; /* canonical: see tools/wit/wit.h */
};

extern const struct definition definitions[];
extern const uint32_t definition_count;

/* By the first eight bytes of the hash, little endian; NULL: it is none of the system's own. */
const struct definition *definition_of(uint64_t id);
/* By name. */
const struct definition *definition_named(const char *name);
uint64_t definition_id(const struct definition *definition);

/* What people call it, or its id in hexadecimal: valid until the fourth call from now. */
const char *interface_name(uint64_t id);

#endif
