#include "engine/x86_64/encode.h"

enum { REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1 };

/* Prefixes, REX and opcode; `bits` are REX's R, X and B. */
static void opcode_put(struct assembler *as, u32 form, u32 bits, bool needs_rex)
{
    static const u8 prefixes[] = { 0, 0x66, 0xF3, 0xF2 };
    x86_room(as);
    if ((form & PREFIX_MASK) != 0)
        x86_byte(as, prefixes[(form & PREFIX_MASK) / PREFIX_66]);
    if ((form & WIDE) != 0)
        bits |= REX_W;
    if (bits != 0 || needs_rex)
        x86_byte(as, (u8)(REX | bits));
    if ((form & MAP_MASK) != 0)
        x86_byte(as, 0x0F);
    if ((form & MAP_MASK) == MAP_0F38)
        x86_byte(as, 0x38);
    else if ((form & MAP_MASK) == MAP_0F3A)
        x86_byte(as, 0x3A);
    x86_byte(as, (u8)form);
}

/* Without REX these numbers of byte registers are ah to bh. */
static bool is_new_byte(u32 form, u32 flag, u32 reg)
{
    return (form & flag) != 0 && reg >= RSP && reg <= RDI;
}

void x86_registers(struct assembler *as, u32 form, u32 reg, u32 rm)
{
    u32 bits = (reg >= 8 ? REX_R : 0u) | (rm >= 8 ? REX_B : 0u);
    opcode_put(as, form, bits, is_new_byte(form, BYTE_REG, reg) || is_new_byte(form, BYTE_RM, rm));
    x86_byte(as, (u8)(0xC0 | (reg & 7) << 3 | (rm & 7)));
}

static void modrm_rip(struct assembler *as, u32 reg, i32 displacement, u32 immediate_bytes)
{
    x86_byte(as, (u8)((reg & 7) << 3 | 5));
    x86_u32(as, (u32)displacement - (x86_position(as) + 4 + immediate_bytes));
}

static void modrm_put(struct assembler *as, u32 reg, struct x86_memory memory)
{
    enum { HAS_SIB = 4 };
    u32 displacement_size = 2;
    if (memory.displacement == 0 && (memory.base & 7) != RBP)
        displacement_size = 0;
    else if (memory.displacement >= INT8_MIN && memory.displacement <= INT8_MAX)
        displacement_size = 1;
    bool has_sib = memory.index != NO_REGISTER || (memory.base & 7) == RSP;
    u32 low = has_sib ? HAS_SIB : memory.base & 7u;
    x86_byte(as, (u8)(displacement_size << 6 | (reg & 7) << 3 | low));
    if (has_sib) {
        u32 index = memory.index == NO_REGISTER ? RSP : memory.index & 7u;
        x86_byte(as, (u8)((u32)memory.scale << 6 | index << 3 | (memory.base & 7u)));
    }
    if (displacement_size == 1)
        x86_byte(as, (u8)memory.displacement);
    else if (displacement_size == 2)
        x86_u32(as, (u32)memory.displacement);
}

void x86_memory(struct assembler *as, u32 form, u32 reg, struct x86_memory memory,
                u32 immediate_bytes)
{
    u32 bits = reg >= 8 ? REX_R : 0u;
    if (memory.base != RIP && memory.base >= 8)
        bits |= REX_B;
    if (memory.index != NO_REGISTER && memory.index >= 8)
        bits |= REX_X;
    opcode_put(as, form, bits, is_new_byte(form, BYTE_REG, reg));
    if (memory.base == RIP)
        modrm_rip(as, reg, memory.displacement, immediate_bytes);
    else
        modrm_put(as, reg, memory);
}

void x86_vex(struct assembler *as, u32 form, const u32 reg_vector[2], u32 rm)
{
    u32 reg = reg_vector[0];
    x86_room(as);
    x86_byte(as, 0xC4);
    x86_byte(as, (u8)((reg < 8 ? 0x80 : 0) | 0x40 | (rm < 8 ? 0x20 : 0) | (form & MAP_MASK) >> 8));
    static const u8 prefixes[] = { 0, 1, 2, 3 };
    x86_byte(as, (u8)(((form & WIDE) != 0 ? 0x80 : 0) | (~reg_vector[1] & 15) << 3 |
                      prefixes[(form & PREFIX_MASK) / PREFIX_66]));
    x86_byte(as, (u8)form);
    x86_byte(as, (u8)(0xC0 | (reg & 7) << 3 | (rm & 7)));
}

static bool is_byte(i32 value)
{
    return value >= INT8_MIN && value <= INT8_MAX;
}

static void immediate_put(struct assembler *as, i32 immediate)
{
    if (is_byte(immediate))
        x86_byte(as, (u8)immediate);
    else
        x86_u32(as, (u32)immediate);
}

void x86_alu_immediate(struct assembler *as, u32 wide_operation, u32 rm, i32 immediate)
{
    u32 wide = wide_operation & WIDE;
    x86_registers(as, (is_byte(immediate) ? 0x83 : 0x81) | wide, wide_operation & 7, rm);
    immediate_put(as, immediate);
}

void x86_alu_memory_immediate(struct assembler *as, u32 wide_operation, struct x86_memory memory,
                              i32 immediate)
{
    u32 wide = wide_operation & WIDE;
    x86_memory(as, (is_byte(immediate) ? 0x83 : 0x81) | wide, wide_operation & 7, memory,
               is_byte(immediate) ? 1 : 4);
    immediate_put(as, immediate);
}

void x86_shift_immediate(struct assembler *as, u32 wide_operation, u32 rm, u8 count)
{
    x86_registers(as, 0xC1 | (wide_operation & WIDE), wide_operation & 7, rm);
    x86_byte(as, count);
}

void x86_constant(struct assembler *as, u32 reg, u64 bits, bool keep_flags)
{
    u32 high_bit = reg >= 8 ? REX_B : 0u;
    if (bits == 0 && !keep_flags) {
        x86_registers(as, 0x31, reg, reg);
    } else if (bits <= UINT32_MAX) {
        opcode_put(as, 0xB8 | (reg & 7), high_bit, false);
        x86_u32(as, (u32)bits);
    } else if ((i64)bits == (i32)bits) {
        x86_registers(as, 0xC7 | WIDE, 0, reg);
        x86_u32(as, (u32)bits);
    } else {
        opcode_put(as, 0xB8 | (reg & 7) | WIDE, high_bit, false);
        x86_u64(as, bits);
    }
}

/* ---- Jumps ---- */

u32 x86_jump(struct assembler *as)
{
    x86_room(as);
    x86_byte(as, 0xE9);
    x86_u32(as, 0);
    return x86_position(as) - 4;
}

u32 x86_jump_if(struct assembler *as, enum condition condition)
{
    x86_room(as);
    x86_byte(as, 0x0F);
    x86_byte(as, (u8)(0x80 | condition));
    x86_u32(as, 0);
    return x86_position(as) - 4;
}

u32 x86_jump_short_if(struct assembler *as, enum condition condition)
{
    x86_room(as);
    x86_byte(as, (u8)(0x70 | condition));
    x86_byte(as, 0);
    return x86_position(as) - 1;
}

u32 x86_jump_short(struct assembler *as)
{
    x86_room(as);
    x86_byte(as, 0xEB);
    x86_byte(as, 0);
    return x86_position(as) - 1;
}

void x86_link(struct assembler *as, u32 displacement_at, u32 target)
{
    u32 displacement = target - (displacement_at + 4);
    if (!as->full)
        __builtin_memcpy(as->start + displacement_at, &displacement, sizeof(displacement));
}

void x86_link_short(struct assembler *as, u32 displacement_at)
{
    u32 distance = x86_position(as) - (displacement_at + 1);
    BASE_ASSERT(as->full || distance <= INT8_MAX);
    if (!as->full)
        as->start[displacement_at] = (u8)distance;
}
