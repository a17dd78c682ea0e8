#include "engine/compile/target.h"

#include "engine/execution.h"
#include "engine/x86_64/emit.h"
#include "engine/x86_64/fold.h"

u16 passing_argument(struct passing *passing, u8 type)
{
    static const u8 integers[INTEGER_ARGUMENTS] = { RDI, RSI, RDX, RCX, R8, R9 };
    if (ir_is_float(type) && passing->floats < FLOAT_ARGUMENTS)
        return (u16)(XMM0 + passing->floats++);
    if (!ir_is_float(type) && passing->integers < INTEGER_ARGUMENTS)
        return integers[passing->integers++];
    passing->words++;
    return PLACE_NONE;
}

u16 passing_result(struct passing *passing, u8 type)
{
    static const u8 integers[INTEGER_RESULTS] = { RAX, RDX };
    if (ir_is_float(type) && passing->floats < FLOAT_RESULTS)
        return (u16)(XMM0 + passing->floats++);
    if (!ir_is_float(type) && passing->integers < INTEGER_RESULTS)
        return integers[passing->integers++];
    return PLACE_NONE;
}

/* mov r11d, function; jmp [r15 + natives.lazy] */
static void emit_lazy(u8 *code, u32 function)
{
    u8 bytes[TARGET_LAZY_BYTES + INSTRUCTION_BYTES_MAX];
    struct assembler as = { .start = bytes, .at = bytes, .end = bytes + sizeof(bytes) };
    encode_constant(&as, SCRATCH, function);
    encode(&as, FORM_JUMP, DIGIT_JUMP,
           rm_at(EXECUTION, (i32)offsetof(struct execution, natives.lazy)));
    assembler_align(&as, TARGET_LAZY_BYTES);
    __builtin_memcpy(code, bytes, TARGET_LAZY_BYTES);
}

/* add rsp, frame_bytes */
static bool may_have_left(const u8 *code, u32 before, u32 frame_bytes)
{
    u8 bytes[INSTRUCTION_BYTES_MAX + ASSEMBLER_REST_BYTES];
    struct assembler as = { .start = bytes, .at = bytes, .end = bytes + sizeof(bytes) };
    encode_alu_immediate(&as, ALU_ADD, WIDE, rm_register(RSP), (i32)frame_bytes);
    u32 size = position(&as);
    return frame_bytes != 0 && before >= size && __builtin_memcmp(code - size, bytes, size) == 0;
}

static const char *feature_tell(u32 number, bool *has)
{
    const struct x86_64_features *features = x86_64_features();
    const struct {
        const char *name;
        bool has;
    } rows[] = {
        { "SSE4.1", features->has_sse41 }, { "POPCNT", features->has_popcnt },
        { "LZCNT", features->has_lzcnt },  { "AVX", features->has_avx },
        { "BMI1", features->has_bmi1 },    { "BMI2", features->has_bmi2 },
    };
    if (number >= BASE_ARRAY_COUNT(rows))
        return NULL;
    *has = rows[number].has;
    return rows[number].name;
}

/* Low registers first, because their instructions are shorter. */
const struct target compile_target = {
    .integers = registers_integer,
    .floats = registers_float,
    .callee_saved = registers_kept,
    .few = REGISTER_BIT(RAX) | REGISTER_BIT(RCX) | REGISTER_BIT(RBX) | REGISTER_BIT(XMM0) |
           REGISTER_BIT(XMM0 + 10),
    .order = { RAX, RCX, RDX, RSI, RDI, R8, R9, RBX, RBP, R10, R12, R13,
               XMM0, XMM0 + 1, XMM0 + 2, XMM0 + 3, XMM0 + 4, XMM0 + 5, XMM0 + 6, XMM0 + 7,
               XMM0 + 8, XMM0 + 9, XMM0 + 10, XMM0 + 11, XMM0 + 12, XMM0 + 13, XMM0 + 14 },
    .order_count = 27,
    .fold = fold_function,
    .constrain = constrain_instruction,
    .integer_arguments = INTEGER_ARGUMENTS,
    .float_arguments = FLOAT_ARGUMENTS,
    .integer_results = INTEGER_RESULTS,
    .float_results = FLOAT_RESULTS,
    .emitter_create = emitter_create,
    .emitter_destroy = emitter_destroy,
    .emit = emit_function,
    .may_have_left = may_have_left,
    .emit_lazy = emit_lazy,
    .feature = feature_tell,
};
