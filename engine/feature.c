#include "engine/feature.h"

#include "base/base.h"

const char *feature_message(enum feature feature)
{
    static const char *const messages[FEATURE_COUNT] = {
#define FEATURE(id, text) [FEATURE_##id] = "unsupported feature: " text,
#include "engine/feature.def"
#undef FEATURE
    };
    BASE_ASSERT(feature < FEATURE_COUNT);
    return messages[feature];
}
