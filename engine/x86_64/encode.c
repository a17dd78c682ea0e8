#include "engine/x86_64/encode.h"

enum { REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1 };

/* ---- Bytes ---- */

static BASE_RARE void assembler_fill(struct assembler *as)
{
    as->full = true;
    as->start = as->rest;
    as->at = as->rest;
    as->end = as->rest + ASSEMBLER_REST_BYTES;
}

void assembler_room(struct assembler *as)
{
    if (__builtin_expect(as->end - as->at < INSTRUCTION_BYTES_MAX, 0))
        assembler_fill(as);
}

static inline void put_byte(struct assembler *as, u32 byte)
{
    *as->at++ = (u8)byte;
}

/* Gives where it ends. */
static inline u8 *written_u32(u8 *at, u32 value)
{
    __builtin_memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

static inline void put_u32(struct assembler *as, u32 value)
{
    as->at = written_u32(as->at, value);
}

void assembler_put(struct assembler *as, u64 value, u32 bytes)
{
    assembler_room(as);
    for (u32 n = 0; n < bytes; n++)
        put_byte(as, (u32)(value >> 8 * n) & UINT8_MAX);
}

void assembler_align(struct assembler *as, u32 alignment)
{
    /* nop, of 1 to 8 bytes (volume 2, NOP). */
    static const u8 nops[8][8] = {
        { 0x90 },
        { 0x66, 0x90 },
        { 0x0F, 0x1F, 0x00 },
        { 0x0F, 0x1F, 0x40, 0x00 },
        { 0x0F, 0x1F, 0x44, 0x00, 0x00 },
        { 0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00 },
        { 0x0F, 0x1F, 0x80, 0x00, 0x00, 0x00, 0x00 },
        { 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
    };
    u32 left = -position(as) & (alignment - 1);
    assembler_room(as);
    while (left != 0 && !as->full) {
        u32 bytes = left < 8 ? left : 8;
        for (u32 n = 0; n < bytes; n++)
            put_byte(as, nops[bytes - 1][n]);
        left -= bytes;
    }
}

static void pool_use_add(struct assembler *as, u32 at)
{
    if (as->pool_use_count == as->pool_use_capacity)
        as->full = true;
    else
        as->pool_uses[as->pool_use_count++] = at;
}

void assembler_link_pool(struct assembler *as, u32 pool)
{
    for (u32 n = 0; n < as->pool_use_count && !as->full; n++) {
        u32 displacement;
        u8 *at = as->start + as->pool_uses[n];
        __builtin_memcpy(&displacement, at, sizeof(displacement));
        displacement += pool;
        __builtin_memcpy(at, &displacement, sizeof(displacement));
    }
}

/* ---- ModRM ---- */

/* What comes next is hard to guess, so bytes that may not count are written all the same, and written
 * over: there is room for an instruction. Each part is given where its bytes begin, and gives where
 * they end. */

/* Relative to the next instruction. */
static BASE_RARE u8 *rip_put(struct assembler *as, u8 *at, u32 form, u32 reg, struct rm rm)
{
    *at++ = (u8)((reg & 7) << 3 | 5);
    u32 displacement = (u32)(at - as->start);
    if (rm.base == BASE_POOL)
        pool_use_add(as, displacement);
    return written_u32(at, (u32)rm.displacement - (displacement + 4 + (form >> IMMEDIATE_SHIFT)));
}

/* Without a base there is always a SIB byte and a displacement of four bytes. */
static BASE_RARE u8 *absolute_put(u8 *at, u32 reg, struct rm rm)
{
    *at++ = (u8)((reg & 7) << 3 | 4);
    *at++ = (u8)((u32)rm.scale << 6 | (rm.index & 7u) << 3 | 5);
    return written_u32(at, (u32)rm.displacement);
}

static inline u8 *based_put(u8 *at, u32 reg, struct rm rm)
{
    enum { HAS_SIB = 4 };
    u32 base = rm.base & 7u;
    bool is_byte = rm.displacement == (i8)rm.displacement;
    bool is_none = rm.displacement == 0 && base != RBP;
    u32 size = is_none ? 0 : is_byte ? 1 : 2;
    bool has_sib = rm.index != NO_REGISTER || base == RSP;
    at[0] = (u8)(size << 6 | (reg & 7) << 3 | (has_sib ? (u32)HAS_SIB : base));
    at[1] = (u8)((u32)rm.scale << 6 | (rm.index & 7u) << 3 | base);
    at += 1 + has_sib;
    (void)written_u32(at, (u32)rm.displacement);
    return at + size + (size & 2);
}

static inline u8 *modrm_put(struct assembler *as, u8 *at, u32 form, u32 reg, struct rm rm)
{
    if (!rm.is_memory) {
        *at = (u8)(0xC0 | (reg & 7) << 3 | (rm.base & 7u));
        return at + 1;
    }
    if (BASE_SELDOM(rm.base == NO_REGISTER))
        return absolute_put(at, reg, rm);
    if (BASE_SELDOM(rm.base > NO_REGISTER))
        return rip_put(as, at, form, reg, rm);
    return based_put(at, reg, rm);
}

/* R, X and B of REX. What is no register has none of these bits. */
static inline u32 high_bits(u32 reg, struct rm rm)
{
    return (reg & 8) / 8 * REX_R | (rm.base & 8u) / 8 * REX_B | (rm.index & 8u) / 8 * REX_X;
}

/* ---- Prefixes and opcodes ---- */

static inline u32 prefix_of(u32 form)
{
    return (form & PREFIX_MASK) / PREFIX_66;
}

static BASE_RARE u8 *opcode_put_long(u8 *at, u32 form, u32 rex)
{
    static const u8 prefixes[] = { 0, 0x66, 0xF3, 0xF2 };
    static const u8 escapes[] = { 0, 0, 0x38, 0x3A };
    u32 map = (form & MAP_MASK) / MAP_0F;
    *at = prefixes[prefix_of(form)];
    at += prefix_of(form) != 0;
    *at = (u8)rex;
    at += rex != 0;
    *at = 0x0F;
    at += map != 0;
    *at = escapes[map];
    at += map > 1;
    *at = (u8)form;
    return at + 1;
}

/* `rex` is 0 if there is none. */
static inline u8 *opcode_put(u8 *at, u32 form, u32 rex)
{
    if (BASE_SELDOM(form & (PREFIX_MASK | MAP_MASK)))
        return opcode_put_long(at, form, rex);
    *at = (u8)rex;
    at += rex != 0;
    *at = (u8)form;
    return at + 1;
}

/* Without REX these numbers of byte registers are ah to bh. */
static inline bool is_new_byte(u32 reg)
{
    return reg >= RSP && reg <= RDI;
}

static BASE_RARE u32 rex_of_bytes(u32 form, u32 reg, struct rm rm)
{
    bool is_needed = ((form & BYTE_REG) != 0 && is_new_byte(reg)) ||
                     ((form & BYTE_RM) != 0 && !rm.is_memory && is_new_byte(rm.base));
    return is_needed ? REX : 0;
}

static BASE_WITHIN u8 *encoded(struct assembler *as, u32 form, u32 reg, struct rm rm)
{
    assembler_room(as);
    u32 bits = high_bits(reg, rm) | (form & WIDE) / WIDE * REX_W;
    u32 rex = bits != 0 ? REX | bits : 0;
    if (BASE_SELDOM(form & (BYTE_REG | BYTE_RM)))
        rex |= rex_of_bytes(form, reg, rm);
    return modrm_put(as, opcode_put(as->at, form, rex), form, reg, rm);
}

void encode(struct assembler *as, u32 form, u32 reg, struct rm rm)
{
    as->at = encoded(as, form, reg, rm);
}

void encode_immediate(struct assembler *as, u32 form, u32 reg, struct rm rm, u64 immediate)
{
    u8 *at = encoded(as, form, reg, rm);
    (void)written_u32(at, (u32)immediate);
    as->at = at + (form >> IMMEDIATE_SHIFT);
}

void encode_plain(struct assembler *as, u32 form)
{
    assembler_room(as);
    as->at = opcode_put(as->at, form, (form & WIDE) != 0 ? REX | REX_W : 0);
}

/* ---- VEX (2.3) ---- */

static void vex_put(struct assembler *as, u32 form, u32 bits, u32 vector)
{
    u32 inverted = ~bits & 7;
    u32 last = (~vector & 15) << 3 | prefix_of(form);
    if ((bits & (REX_X | REX_B)) == 0 && (form & (WIDE | MAP_MASK)) == MAP_0F) {
        put_byte(as, 0xC5);
        put_byte(as, (inverted & REX_R) << 5 | last);
        return;
    }
    put_byte(as, 0xC4);
    put_byte(as, inverted << 5 | (form & MAP_MASK) >> 8);
    put_byte(as, ((form & WIDE) != 0 ? 0x80u : 0u) | last);
}

void encode_vex(struct assembler *as, u32 form, u32 reg, u32 vector, struct rm rm)
{
    assembler_room(as);
    vex_put(as, form, high_bits(reg, rm), vector);
    put_byte(as, form & UINT8_MAX);
    as->at = modrm_put(as, as->at, form, reg, rm);
}

void encode_vex_immediate(struct assembler *as, u32 form, const u32 reg_vector[2], struct rm rm,
                          u64 immediate)
{
    encode_vex(as, form, reg_vector[0], reg_vector[1], rm);
    assembler_put(as, immediate, form >> IMMEDIATE_SHIFT);
}

/* ---- Families with short forms of their own ---- */

static inline bool fits_byte(i32 value)
{
    return value >= INT8_MIN && value <= INT8_MAX;
}

void encode_alu_immediate(struct assembler *as, enum alu alu, u32 wide, struct rm rm, i32 immediate)
{
    if (fits_byte(immediate)) {
        encode_immediate(as, 0x83 | IMMEDIATE_8 | wide, alu, rm, (u8)immediate);
    } else if (rm_is_register(rm, RAX)) {
        encode_plain(as, ((u32)alu << 3 | 5) | wide);
        assembler_put(as, (u32)immediate, 4);
    } else {
        encode_immediate(as, 0x81 | IMMEDIATE_32 | wide, alu, rm, (u32)immediate);
    }
}

void encode_alu_narrow(struct assembler *as, enum alu alu, u32 size, struct rm rm, i8 immediate)
{
    u32 opcode = size == PREFIX_66 ? 0x83 : 0x80;
    encode_immediate(as, opcode | IMMEDIATE_8 | size, alu, rm, (u8)immediate);
}

void encode_shift_immediate(struct assembler *as, enum shift shift, u32 wide, struct rm rm,
                            u32 count)
{
    if (count == 1)
        encode(as, 0xD1 | wide, shift, rm);
    else
        encode_immediate(as, 0xC1 | IMMEDIATE_8 | wide, shift, rm, count);
}

/* The sign is of matter for the flags, and of 64 bits the upper half: so a byte does only for what
 * has neither. */
void encode_test_immediate(struct assembler *as, u32 wide, struct rm rm, i32 immediate)
{
    bool is_low = immediate >= 0 && immediate <= INT8_MAX;
    if (is_low && rm_is_register(rm, RAX)) {
        encode_plain(as, 0xA8);
        assembler_put(as, (u8)immediate, 1);
    } else if (is_low && !rm.is_memory) {
        encode_immediate(as, FORM_TEST_IMMEDIATE_8, 0, rm, (u8)immediate);
    } else if (rm_is_register(rm, RAX)) {
        encode_plain(as, 0xA9 | (immediate >= 0 ? 0 : wide));
        assembler_put(as, (u32)immediate, 4);
    } else {
        bool is_narrow = immediate >= 0 && !rm.is_memory;
        encode_immediate(as, FORM_TEST_IMMEDIATE | (is_narrow ? 0 : wide), 0, rm, (u32)immediate);
    }
}

void encode_imul_immediate(struct assembler *as, u32 wide, u32 reg, struct rm rm, i32 immediate)
{
    u32 form = fits_byte(immediate) ? FORM_IMUL_IMMEDIATE_8 : FORM_IMUL_IMMEDIATE;
    encode_immediate(as, form | wide, reg, rm, (u32)immediate);
}

void encode_constant(struct assembler *as, u32 reg, u64 bits)
{
    u32 form = 0xB8 | (reg & 7);
    if (bits > UINT32_MAX && (i64)bits == (i32)bits) {
        encode_immediate(as, FORM_MOV_IMMEDIATE | WIDE, 0, rm_register(reg), (u32)bits);
        return;
    }
    bool is_long = bits > UINT32_MAX;
    u32 rex = (is_long ? REX | REX_W : 0) | (reg >= 8 ? REX | REX_B : 0);
    assembler_room(as);
    as->at = opcode_put(as->at, form, rex);
    assembler_put(as, bits, is_long ? 8 : 4);
}

/* ---- Jumps ---- */

void encode_jump_back(struct assembler *as, enum code_condition condition, u32 target)
{
    assembler_room(as);
    i32 distance = (i32)(target - (position(as) + 2));
    if (distance >= INT8_MIN) {
        put_byte(as, condition == COND_ALWAYS ? 0xEBu : 0x70u | condition);
        put_byte(as, (u8)distance);
        return;
    }
    encode_link(as, encode_jump(as, condition), target);
}

u32 encode_jump(struct assembler *as, enum code_condition condition)
{
    assembler_room(as);
    if (condition == COND_ALWAYS) {
        put_byte(as, 0xE9);
    } else {
        put_byte(as, 0x0F);
        put_byte(as, 0x80u | condition);
    }
    put_u32(as, 0);
    return position(as) - 4;
}

u32 encode_jump_short(struct assembler *as, enum code_condition condition)
{
    assembler_room(as);
    put_byte(as, condition == COND_ALWAYS ? 0xEBu : 0x70u | condition);
    put_byte(as, 0);
    return position(as) - 1;
}

u32 encode_call(struct assembler *as)
{
    assembler_room(as);
    put_byte(as, 0xE8);
    put_u32(as, 0);
    return position(as) - 4;
}

void encode_link(struct assembler *as, u32 jump, u32 target)
{
    u32 displacement = target - (jump + 4);
    if (!as->full)
        __builtin_memcpy(as->start + jump, &displacement, sizeof(displacement));
}

void encode_link_short(struct assembler *as, u32 jump)
{
    if (as->full)
        return;
    u32 distance = position(as) - (jump + 1);
    BASE_ASSERT(distance <= INT8_MAX);
    as->start[jump] = (u8)distance;
}
