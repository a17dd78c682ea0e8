/* memory.copy and memory.fill of a few bytes, as loads and stores.
 *
 * Everything is loaded before anything is stored, so ranges may overlap. The store behind all
 * others comes first: if it is in bounds they all are, so nothing is written when one is not. */
#include "engine/compile/build.h"

#include "engine/limits.h"

enum {
    INLINE_BYTES_MAX = 32,
    PIECES_MAX = INLINE_BYTES_MAX / 8,
};

/* The widest access that so many bytes are made of, by ones that may overlap. */
struct width {
    u32 bytes;
    u16 load, store; /* opcodes of i64 */
};

static const struct width *width_of(u32 bytes)
{
    static const struct width widths[] = {
        { 8, OPCODE_I64_LOAD, OPCODE_I64_STORE },
        { 4, OPCODE_I64_LOAD32_U, OPCODE_I64_STORE32 },
        { 2, OPCODE_I64_LOAD16_U, OPCODE_I64_STORE16 },
        { 1, OPCODE_I64_LOAD8_U, OPCODE_I64_STORE8 },
    };
    const struct width *width = widths;
    while (width->bytes > bytes)
        width++;
    return width;
}

/* Where pieces of that width begin; how many there are. */
static u32 pieces_of(u32 bytes, u32 width, u32 *starts)
{
    u32 count = 0;
    for (u32 start = 0; start + width <= bytes; start += width)
        starts[count++] = start;
    if (bytes % width != 0)
        starts[count++] = bytes - width;
    return count;
}

static void store(struct builder *b, const struct width *width, const u32 memory_offset[2],
                  const u32 address_value[2])
{
    builder_add(b, (struct ir_form){ .op = width->store,
                                             .a = address_value[0],
                                             .b = address_value[1],
                                            .memory = memory_offset[0] & (LIMIT_MEMORIES - 1),
                                            .c = memory_offset[1] });
}

static bool is_small(const struct builder *b, u32 count, u64 *bytes)
{
    return fold_constant(b, count, bytes) && *bytes != 0 && *bytes <= INLINE_BYTES_MAX;
}

bool builder_copy_inline(struct builder *b, const u32 *operands, u32 to, u32 from)
{
    u64 bytes;
    if (!is_small(b, operands[2], &bytes))
        return false;
    const struct width *width = width_of((u32)bytes);
    u32 starts[PIECES_MAX];
    u32 values[PIECES_MAX];
    u32 count = pieces_of((u32)bytes, width->bytes, starts);
    for (u32 n = 0; n < count; n++)
        values[n] = number_value(b,
                                 (struct ir_form){ .op = width->load,
                                                           .type = IR_I64,
                                                           .a = operands[1],
                                                           .memory = from & (LIMIT_MEMORIES - 1),
                                                           .c = starts[n] },
                                 b->memory_epoch);
    for (u32 n = count; n-- != 0;)
        store(b, width, (const u32[]){ to, starts[n] }, (const u32[]){ operands[0], values[n] });
    b->memory_epoch = ++b->epochs;
    return true;
}

/* The low byte, eight times. */
static u32 byte_repeated(struct builder *b, u32 value)
{
    u32 wide = fold_unary(b, OPCODE_I64_EXTEND_I32_U, value);
    u32 byte = fold_binary(b, OPCODE_I64_AND, wide, builder_constant(b, IR_I64, UINT8_MAX));
    return fold_binary(b, OPCODE_I64_MUL, byte,
                       builder_constant(b, IR_I64, 0x0101010101010101));
}

bool builder_fill_inline(struct builder *b, const u32 *operands, u32 memory)
{
    u64 bytes;
    if (!is_small(b, operands[2], &bytes))
        return false;
    const struct width *width = width_of((u32)bytes);
    u32 starts[PIECES_MAX];
    u32 value = byte_repeated(b, operands[1]);
    for (u32 n = pieces_of((u32)bytes, width->bytes, starts); n-- != 0;)
        store(b, width, (const u32[]){ memory, starts[n] }, (const u32[]){ operands[0], value });
    b->memory_epoch = ++b->epochs;
    return true;
}
