#include "engine/opcode.h"

const struct opcode_info opcode_infos[OPCODE_COUNT] = {
#define OPCODE(name, prefix, code, text, immediate, signature, feature) \
    [OPCODE_##name] = { SIGNATURE_##signature, IMMEDIATE_##immediate, FEATURE_##feature },
#include "engine/opcode.def"
#undef OPCODE
};
