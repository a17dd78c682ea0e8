#include "engine/compile/body.h"

/* What follows an opcode, for each kind of immediate: so many LEB128, or something else. */
enum shape {
    SHAPE_NONE = 0,
    ONE = 1,
    SHAPE_BLOCK = ONE, /* types are LEB128 of one byte, or of several */
    SHAPE_LABEL = ONE,
    SHAPE_FUNCTION = ONE,
    SHAPE_LOCAL = ONE,
    SHAPE_GLOBAL = ONE,
    SHAPE_TABLE = ONE,
    SHAPE_MEMORY = ONE,
    SHAPE_DATA = ONE,
    SHAPE_ELEMENT = ONE,
    SHAPE_I32 = ONE,
    SHAPE_I64 = ONE,
    SHAPE_HEAP = ONE,
    TWO = 2,
    SHAPE_TYPE_TABLE = TWO,
    SHAPE_TABLE_TABLE = TWO,
    SHAPE_MEMORY_MEMORY = TWO,
    SHAPE_DATA_MEMORY = TWO,
    SHAPE_ELEMENT_TABLE = TWO,
    SHAPE_ACCESS,
    SHAPE_LABELS,
    SHAPE_TYPES,
    SHAPE_F32,
    SHAPE_F64,
    REFUSED, /* of features that validation refuses */
    SHAPE_TYPE = REFUSED,
    SHAPE_TYPE_FIELD = REFUSED,
    SHAPE_TYPE_COUNT = REFUSED,
    SHAPE_TYPE_DATA = REFUSED,
    SHAPE_TYPE_ELEMENT = REFUSED,
    SHAPE_TYPE_TYPE = REFUSED,
    SHAPE_CAST = REFUSED,
    SHAPE_TAG = REFUSED,
    SHAPE_CATCHES = REFUSED,
    SHAPE_LANE = REFUSED,
    SHAPE_ACCESS_LANE = REFUSED,
    SHAPE_V128 = REFUSED,
    SHAPE_SHUFFLE = REFUSED,
    SHAPE_ZERO = REFUSED,
};

static const u8 shapes[OPCODE_COUNT] = {
#define OPCODE(name, prefix, code, text, immediate, signature, feature) \
    [OPCODE_##name] = SHAPE_##immediate,
#include "engine/opcode.def"
#undef OPCODE
};

static inline const u8 *leb_skip(const u8 *at)
{
    while (*at++ >= 0x80)
        continue;
    return at;
}

static const u8 *skip_access(const u8 *at)
{
    enum { HAS_MEMORY = 0x40 };
    bool has_memory = (*at & HAS_MEMORY) != 0;
    at = leb_skip(leb_skip(at));
    return has_memory ? leb_skip(at) : at;
}

static const u8 *skip_rare(const u8 *at, u32 shape)
{
    switch (shape) {
    case SHAPE_LABELS:
        for (u64 count = body_unsigned(&at) + 1; count != 0; count--)
            at = leb_skip(at);
        return at;
    case SHAPE_TYPES:
        for (u64 count = body_unsigned(&at); count != 0; count--)
            at = leb_skip(at);
        return at;
    case SHAPE_F32:
        return at + 4;
    case SHAPE_F64:
        return at + 8;
    default:
        BASE_ASSERT(false);
        return at;
    }
}

const u8 *body_skip(const u8 *at, u32 opcode)
{
    u32 shape = shapes[opcode];
    if (shape == SHAPE_NONE)
        return at;
    if (shape == ONE)
        return leb_skip(at);
    if (shape == SHAPE_ACCESS)
        return skip_access(at);
    if (shape == TWO)
        return leb_skip(leb_skip(at));
    return skip_rare(at, shape);
}
