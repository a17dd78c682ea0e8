/* Computations: every numeric operator that the engine has, by its row in opcode.def. */
#include "tests/fuzz/engine/generate.h"

enum {
    COMPUTATIONS_MAX = 96, /* that give one type */
    WIDE_MAX = 24,
};

struct computations {
    u32 count;
    u16 opcodes[COMPUTATIONS_MAX];
};

/* Operands and the result, by letters as in opcode.def; NULL: no computation. */
static const char *signature_text(u32 signature)
{
    static const char *const texts[SIGNATURE_first_refused] = {
        [SIGNATURE_i_i] = "i_i",   [SIGNATURE_i_l] = "i_l",   [SIGNATURE_i_f] = "i_f",
        [SIGNATURE_i_d] = "i_d",   [SIGNATURE_l_i] = "l_i",   [SIGNATURE_l_l] = "l_l",
        [SIGNATURE_l_f] = "l_f",   [SIGNATURE_l_d] = "l_d",   [SIGNATURE_f_i] = "f_i",
        [SIGNATURE_f_l] = "f_l",   [SIGNATURE_f_f] = "f_f",   [SIGNATURE_f_d] = "f_d",
        [SIGNATURE_d_i] = "d_i",   [SIGNATURE_d_l] = "d_l",   [SIGNATURE_d_f] = "d_f",
        [SIGNATURE_d_d] = "d_d",   [SIGNATURE_ii_i] = "ii_i", [SIGNATURE_ll_i] = "ll_i",
        [SIGNATURE_ll_l] = "ll_l", [SIGNATURE_ff_i] = "ff_i", [SIGNATURE_ff_f] = "ff_f",
        [SIGNATURE_dd_i] = "dd_i", [SIGNATURE_dd_d] = "dd_d",
    };
    return signature < SIGNATURE_first_refused ? texts[signature] : NULL;
}

static value_type type_of_letter(char letter)
{
    if (letter == 'i')
        return TYPE_I32;
    return letter == 'l' ? TYPE_I64 : letter == 'f' ? TYPE_F32 : TYPE_F64;
}

static bool gives(u32 opcode, value_type type)
{
    const struct opcode_info *info = &opcode_infos[opcode];
    const char *text = signature_text(info->signature);
    return text != NULL && info->immediate == IMMEDIATE_NONE && info->feature == FEATURE_CORE &&
           type_of_letter(text[text_size(text) - 1]) == type;
}

static const struct computations *computations_of(value_type type)
{
    static struct computations all[4];
    struct computations *list = &all[TYPE_I32 - type];
    if (list->count != 0)
        return list;
    for (u32 opcode = 0; opcode < OPCODE_COUNT && list->count < COMPUTATIONS_MAX; opcode++)
        if (gives(opcode, type))
            list->opcodes[list->count++] = (u16)opcode;
    return list;
}

/* ---- Operands that seldom trap ---- */

static bool divides(u32 opcode)
{
    return (opcode >= OPCODE_I32_DIV_S && opcode <= OPCODE_I32_REM_U) ||
           (opcode >= OPCODE_I64_DIV_S && opcode <= OPCODE_I64_REM_U);
}

static void divisor(struct generator *g, value_type type)
{
    generate_value(g, type);
    if (fuzz_seldom(g->choices, 40))
        return;
    if (type == TYPE_I32) {
        generate_i32(g, 1);
    } else {
        generate_op(g, OPCODE_I64_CONST);
        fuzz_signed_leb(&g->module->code, 1);
    }
    generate_op(g, type == TYPE_I32 ? OPCODE_I32_OR : OPCODE_I64_OR);
}

static bool truncates(u32 opcode)
{
    return (opcode >= OPCODE_I32_TRUNC_F32_S && opcode <= OPCODE_I32_TRUNC_F64_U) ||
           (opcode >= OPCODE_I64_TRUNC_F32_S && opcode <= OPCODE_I64_TRUNC_F64_U);
}

/* A quarter of some unsigned number: what any truncation can take. */
static void quarter(struct generator *g, value_type type)
{
    static const f64 wide = 0.25;
    static const f32 narrow = 0.25f;
    struct fuzz_buffer *code = &g->module->code;
    if (fuzz_seldom(g->choices, 20)) {
        generate_value(g, type);
        return;
    }
    generate_value(g, TYPE_I32);
    generate_op(g, type == TYPE_F32 ? OPCODE_F32_CONVERT_I32_U : OPCODE_F64_CONVERT_I32_U);
    generate_op(g, type == TYPE_F32 ? OPCODE_F32_CONST : OPCODE_F64_CONST);
    if (type == TYPE_F32)
        fuzz_bytes(code, &narrow, sizeof(narrow));
    else
        fuzz_bytes(code, &wide, sizeof(wide));
    generate_op(g, type == TYPE_F32 ? OPCODE_F32_MUL : OPCODE_F64_MUL);
}

/* ---- NaNs ---- */

/* These show all bits of a NaN, or its sign. */
static bool shows(u32 opcode)
{
    return opcode == OPCODE_I32_REINTERPRET_F32 || opcode == OPCODE_I64_REINTERPRET_F64 ||
           opcode == OPCODE_F32_COPYSIGN || opcode == OPCODE_F64_COPYSIGN;
}

/* Whether the bits of a result are known, if those of its operands are. */
static bool keeps(u32 opcode)
{
    bool converts = (opcode >= OPCODE_F32_CONVERT_I32_S && opcode <= OPCODE_F32_CONVERT_I64_U) ||
                    (opcode >= OPCODE_F64_CONVERT_I32_S && opcode <= OPCODE_F64_CONVERT_I64_U);
    return converts || shows(opcode) || opcode == OPCODE_F32_ABS || opcode == OPCODE_F32_NEG ||
           opcode == OPCODE_F64_ABS || opcode == OPCODE_F64_NEG ||
           opcode == OPCODE_F32_REINTERPRET_I32 || opcode == OPCODE_F64_REINTERPRET_I64;
}

/* ---- Computations ---- */

static bool operand(struct generator *g, u32 opcode, value_type type, bool is_last)
{
    if (shows(opcode)) {
        generate_known(g, type);
        return true;
    }
    if (truncates(opcode)) {
        quarter(g, type);
    } else if (divides(opcode) && is_last) {
        divisor(g, type);
    } else {
        return generate_value(g, type) || !fuzz_is_float(type);
    }
    return true;
}

bool generate_computation(struct generator *g, value_type type)
{
    const struct computations *list = computations_of(type);
    u32 opcode = list->opcodes[fuzz_choose(g->choices, list->count)];
    const char *text = signature_text(opcode_infos[opcode].signature);
    bool known = true;
    for (u32 i = 0; text[i] != '_'; i++)
        known = operand(g, opcode, type_of_letter(text[i]), text[i + 1] == '_') && known;
    generate_op(g, opcode);
    return !fuzz_is_float(type) || (known && keeps(opcode));
}

u32 generate_joining(value_type type)
{
    if (type == TYPE_I32)
        return OPCODE_I32_XOR;
    return type == TYPE_I64 ? OPCODE_I64_ADD : type == TYPE_F32 ? OPCODE_F32_ADD : OPCODE_F64_ADD;
}

bool generate_wide(struct generator *g, value_type type)
{
    u32 count = 2 + fuzz_choose(g->choices, WIDE_MAX);
    for (u32 i = 0; i < count; i++)
        if (fuzz_choose(g->choices, 4) == 3)
            generate_value(g, type);
        else
            generate_leaf(g, type);
    for (u32 i = 1; i < count; i++)
        generate_op(g, generate_joining(type));
    return !fuzz_is_float(type);
}
