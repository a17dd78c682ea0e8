#include "engine/walk.h"

u32 walk_opcode(struct reader *reader)
{
    static const struct {
        u32 base;
        u32 count;
    } prefixes[] = {
        { PREFIX_FB, PREFIX_FC - PREFIX_FB },
        { PREFIX_FC, PREFIX_FE - PREFIX_FC },
        { PREFIX_FD, OPCODE_COUNT - PREFIX_FD },
        { PREFIX_FE, PREFIX_FD - PREFIX_FE },
    };
    u32 opcode = reader_u8(reader);
    if (opcode >= 0xFB && opcode <= 0xFE) {
        u32 code = reader_leb_u32(reader);
        bool known = code < prefixes[opcode - 0xFB].count;
        opcode = known ? prefixes[opcode - 0xFB].base + code : OPCODE_COUNT;
    }
    bool exists = opcode < OPCODE_COUNT && opcode_infos[opcode].signature != 0;
    return exists ? opcode : OPCODE_COUNT;
}

void walk_init(struct walk *walk, const struct module_function *function)
{
    *walk = (struct walk){ 0 };
    reader_init(&walk->reader, function->body);
    u32 groups = reader_leb_u32(&walk->reader);
    for (u32 i = 0; i < groups && reader_ok(&walk->reader); i++) {
        (void)reader_leb_u32(&walk->reader);
        (void)reader_u8(&walk->reader);
    }
}

static void walk_labels(struct reader *reader)
{
    u32 count = reader_leb_u32(reader);
    for (u32 i = 0; i < count && reader_ok(reader); i++)
        (void)reader_leb_u32(reader);
    (void)reader_leb_u32(reader);
}

static void walk_access(struct reader *reader)
{
    enum { HAS_MEMORY = 0x40 };
    u32 flags = reader_leb_u32(reader);
    if ((flags & HAS_MEMORY) != 0)
        (void)reader_leb_u32(reader);
    (void)reader_leb_u64(reader);
}

/* Immediates that do not start with an index. */
static void walk_other_immediate(struct reader *reader, u32 immediate)
{
    switch (immediate) {
    case IMMEDIATE_NONE:
        return;
    case IMMEDIATE_BLOCK:
        (void)reader_leb_i33(reader);
        return;
    case IMMEDIATE_LABELS:
        return walk_labels(reader);
    case IMMEDIATE_TYPES:
        (void)reader_bytes(reader, reader_leb_u32(reader));
        return;
    case IMMEDIATE_ACCESS:
        return walk_access(reader);
    case IMMEDIATE_I32:
        (void)reader_leb_i32(reader);
        return;
    case IMMEDIATE_I64:
        (void)reader_leb_i64(reader);
        return;
    case IMMEDIATE_F32:
        (void)reader_u32(reader);
        return;
    case IMMEDIATE_F64:
        (void)reader_u64(reader);
        return;
    case IMMEDIATE_HEAP:
        (void)reader_u8(reader);
        return;
    default:
        BASE_ASSERT(false); /* of a refused feature: not in a validated body */
    }
}

static void walk_immediate(struct walk *walk, u32 immediate)
{
    switch (immediate) {
    case IMMEDIATE_TYPE_TABLE:
    case IMMEDIATE_TABLE_TABLE:
    case IMMEDIATE_MEMORY_MEMORY:
    case IMMEDIATE_DATA_MEMORY:
    case IMMEDIATE_ELEMENT_TABLE:
        walk->index = reader_leb_u32(&walk->reader);
        (void)reader_leb_u32(&walk->reader);
        break;
    case IMMEDIATE_LABEL:
    case IMMEDIATE_FUNCTION:
    case IMMEDIATE_LOCAL:
    case IMMEDIATE_GLOBAL:
    case IMMEDIATE_TABLE:
    case IMMEDIATE_MEMORY:
    case IMMEDIATE_DATA:
    case IMMEDIATE_ELEMENT:
        walk->index = reader_leb_u32(&walk->reader);
        break;
    default:
        walk_other_immediate(&walk->reader, immediate);
    }
}

bool walk_next(struct walk *walk)
{
    if (reader_left(&walk->reader) == 0)
        return false;
    walk->opcode = walk_opcode(&walk->reader);
    BASE_ASSERT(walk->opcode != OPCODE_COUNT);
    walk_immediate(walk, opcode_infos[walk->opcode].immediate);
    return reader_ok(&walk->reader);
}
