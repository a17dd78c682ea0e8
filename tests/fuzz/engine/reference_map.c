/* Where the blocks of a module's code end. */
#include "tests/fuzz/engine/reference_control.h"

#include <stdlib.h>

static u32 leb_size(const u8 *at)
{
    u32 size = 1;
    while (*at++ >= 0x80)
        size++;
    return size;
}

static u32 lebs_size(const u8 *at, u32 count)
{
    u32 size = 0;
    for (u32 i = 0; i < count; i++)
        size += leb_size(at + size);
    return size;
}

/* Bytes of the immediate at `at`, of the opcodes that are generated. */
static u32 immediate_size(u32 opcode, const u8 *at)
{
    enum { HAS_MEMORY = 0x40 };
    switch (opcode_infos[opcode].immediate) {
    case IMMEDIATE_NONE:
        return 0;
    case IMMEDIATE_F32:
        return sizeof(f32);
    case IMMEDIATE_F64:
        return sizeof(f64);
    case IMMEDIATE_TYPE_TABLE:
    case IMMEDIATE_TABLE_TABLE:
    case IMMEDIATE_MEMORY_MEMORY:
    case IMMEDIATE_DATA_MEMORY:
    case IMMEDIATE_ELEMENT_TABLE:
        return lebs_size(at, 2);
    case IMMEDIATE_ACCESS:
        return lebs_size(at, (*at & HAS_MEMORY) != 0 ? 3 : 2);
    case IMMEDIATE_TYPES:
        return lebs_size(at, *at + 1u);
    case IMMEDIATE_LABELS:
        return lebs_size(at, *at + 2u); /* counts are small */
    default:
        return leb_size(at);
    }
}

u32 reference_opcode(const u8 **at)
{
    u32 opcode = *(*at)++;
    return opcode == 0xFC ? PREFIX_FC + *(*at)++ : opcode;
}

void reference_map(struct reference_instance *instance)
{
    const struct fuzz_buffer *code = &instance->module->code;
    u32 *open = calloc(code->size + 1, sizeof(u32));
    u32 depth = 0;
    instance->ends = calloc(code->size + 1, sizeof(u32));
    instance->elses = calloc(code->size + 1, sizeof(u32));
    instance->seen = calloc(code->size + 1, sizeof(bool));
    BASE_ASSERT(open != NULL && instance->ends != NULL);
    BASE_ASSERT(instance->elses != NULL && instance->seen != NULL);
    for (const u8 *at = code->data, *end = at + code->size; at < end;) {
        u32 offset = (u32)(at - code->data);
        u32 opcode = reference_opcode(&at);
        at += immediate_size(opcode, at);
        fuzz_statistics.instructions++;
        if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF)
            open[depth++] = offset;
        else if (opcode == OPCODE_ELSE)
            instance->elses[open[depth - 1]] = offset;
        else if (opcode == OPCODE_END && depth != 0)
            instance->ends[open[--depth]] = offset;
    }
    BASE_ASSERT(depth == 0);
    free(open);
}
