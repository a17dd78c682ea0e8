/* The libraries of the boot bundle, by the import namespaces that they answer. Private to the
 * platforms. */
#ifndef PLATFORM_COMMON_LIBRARIES_H
#define PLATFORM_COMMON_LIBRARIES_H

#include "kernel/kernel.h"

struct bundled_library {
    const char *import_namespace;
    const char *path;
};

extern const struct bundled_library bundled_libraries[];
extern const u32 bundled_library_count;

/* The library for a namespace; NULL if the bundle has none. */
const struct bundled_library *bundled_library_find(struct bytes import_namespace);
/* Whether these programs, or those that they may start, could import the namespace. */
bool library_is_needed(struct bytes import_namespace, struct program *const *programs,
                       u32 program_count);
/* Namespaces that the system itself answers. */
bool namespace_is_own(struct bytes import_namespace);

#endif
