/* The bytes of a body that has been validated: whatever is read is there and well formed, so
 * nothing is checked twice. (WebAssembly 3.0, 5.2.2 and 5.4.) */
#ifndef ENGINE_COMPILE_BODY_H
#define ENGINE_COMPILE_BODY_H

#include "base/base.h"
#include "engine/opcode.h"

static inline u64 body_unsigned(const u8 **at)
{
    u64 byte = *(*at)++;
    u64 value = byte & 0x7F;
    for (u32 shift = 7; __builtin_expect(byte >= 0x80, 0); shift += 7) {
        byte = *(*at)++;
        value |= (byte & 0x7F) << shift;
    }
    return value;
}

static inline i64 body_signed(const u8 **at)
{
    const u8 *start = *at;
    u64 value = body_unsigned(at);
    u32 bits = 7 * (u32)(*at - start);
    u32 above = bits < 64 ? 64 - bits : 0;
    return (i64)(value << above) >> above;
}

/* Its code and prefix. */
static inline u32 body_opcode(const u8 **at)
{
    static const u16 bases[] = { PREFIX_FB, PREFIX_FC, PREFIX_FD, PREFIX_FE };
    enum { FIRST_PREFIX = 0xFB };
    u32 code = *(*at)++;
    if (__builtin_expect(code < FIRST_PREFIX, 1))
        return code;
    return bases[code - FIRST_PREFIX] + (u32)body_unsigned(at);
}

/* Behind the immediates of an instruction, from behind its opcode. */
const u8 *body_skip(const u8 *at, u32 opcode);

#endif
