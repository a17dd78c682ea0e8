/* Linking: what an instance's imports are resolved to, checked and put in place. */
#ifndef ENGINE_LINK_H
#define ENGINE_LINK_H

#include "engine/instance.h"

/* Fills the imported parts of the instance's arrays; `host` has room for an object for each import
 * from the host. On failure `error` names the import:
 * STATUS_NOT_FOUND "unknown import", STATUS_INVALID "incompatible import type" (WebAssembly 3.0,
 * 4.7.2 with the matching of 3.3). */
enum status link_imports(struct instance *instance, const struct import_value *values,
                         struct function *host, struct engine_error *error);

#endif
