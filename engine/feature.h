/* What the engine recognises but does not run: such a module is refused with STATUS_UNSUPPORTED
 * and the message of the first such feature that it uses. */
#ifndef ENGINE_FEATURE_H
#define ENGINE_FEATURE_H

enum feature {
#define FEATURE(id, text) FEATURE_##id,
#include "engine/feature.def"
#undef FEATURE
    FEATURE_COUNT
};

/* "unsupported feature: SIMD", the message of the error. */
const char *feature_message(enum feature feature);

#endif
