/* Numeric instructions as machine code, on values that are edges of something, with operands and
 * results in registers, slots, memory and constants: they give what the interpreter's rows give.
 *
 * Functions of one instruction are put together by hand, and so are their allocations; those that
 * the allocation's verifier would not have are left out. */
#include "engine/compile/evaluate.h"
#include "engine/compile/mark.h"
#include "engine/compile/native.h"
#include "engine/compile/verify.h"
#include "engine/x86_64/features.h"
#include "engine/x86_64/registers.h"
#include "tests/support/code.h"
#include "tests/support/place.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_BYTES = 1 << 16, SLOTS = 4, STACK_WORDS = 1 << 12, LOAD_OFFSET = 40 };

/* ---- Edges ---- */

static const u64 integers[] = {
    0, 1, 2, 3, 7, 10, 31, 32, 33, 63, 64, 255, 641, 0x7F, 0x80, 0x8000, 0x12345678,
    0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 0x123456789ABCDEF0,
    0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000000000000001, 0xFFFFFFFF80000000,
    0xFFFFFFFFFFFFFFF6, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF,
};

static const f64 floats[] = {
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, -0.99, 1.5, 2.5, -2.5, 3.7, 1e-40, 1e-310, 3e38, 1e300, -1e300,
    2147483647.0, 2147483648.0, -2147483648.0, -2147483648.9, -2147483649.0, 4294967295.0,
    4294967295.5, 4294967296.0, 4503599627370497.5, 0x1p63, -0x1p63, 0x1.fffffffffffffp62,
    0x1.0000000000001p63, 0x1p64, 0x1.fffffffffffffp63, -0x1.0000000000001p63,
    __builtin_inf(), -__builtin_inf(),
};

enum { NANS = 4, EDGES_MAX = 64 };

static u64 float_bits(u8 type, u32 n)
{
    static const u64 nans[NANS] = { 0x7FF8000000000000, 0xFFF8000000000001, 0x7FF0000000000001,
                                    0x7FF4000000000000 };
    static const u32 short_nans[NANS] = { 0x7FC00000, 0xFFC00001, 0x7F800001, 0x7FA00000 };
    u64 bits = 0;
    f32 narrow;
    if (n < NANS)
        return type == IR_F64 ? nans[n] : short_nans[n];
    if (type == IR_F64) {
        memcpy(&bits, &floats[n - NANS], sizeof(f64));
        return bits;
    }
    narrow = floats[n - NANS] > 3.4e38 || floats[n - NANS] < -3.4e38 ? 3e38f : (f32)floats[n - NANS];
    memcpy(&bits, &narrow, sizeof(narrow));
    return bits;
}

static u32 edge_count(u8 type)
{
    return type >= IR_F32 ? NANS + BASE_ARRAY_COUNT(floats) : BASE_ARRAY_COUNT(integers);
}

static u64 edge(u8 type, u32 n)
{
    if (type >= IR_F32)
        return float_bits(type, n);
    return type == IR_I64 ? integers[n] : (u32)integers[n];
}

/* ---- One function ---- */

/* How an operand comes. */
enum source_kind { VARIABLE, CONSTANT, LOADED };

struct function_under_test {
    u32 op;
    u8 types[2];
    u8 operands;
    u8 result;
    enum source_kind kinds[2];
    u64 constants[2];
    u16 places[3]; /* of operands and result */
    u16 address;   /* place of an address */
};

static struct place place;
static struct emitter *emitter;
static struct code_memory code;
static struct execution execution;
static u8 memory[64 + 8];
static u64 results[4], stack[STACK_WORDS];
static struct ir ir;
static struct ir_instruction instructions[16];
static u32 lists[4];
static struct ir_block block;
static u16 places[16];
static struct allocation allocation;
static value_type value_types[4];
static struct function_type function_type;
static u32 wrong, cases, compiled;

static u32 add(struct ir_form form)
{
    instructions[ir.count] = ir_keep(&form);
    places[ir.count] = PLACE_NONE;
    return ir.count++;
}

static u32 load_op(u8 type)
{
    static const u16 ops[] = { [IR_I32] = OPCODE_I32_LOAD, [IR_I64] = OPCODE_I64_LOAD,
                               [IR_F32] = OPCODE_F32_LOAD, [IR_F64] = OPCODE_F64_LOAD };
    return ops[type];
}

static value_type type_of(u8 type)
{
    static const value_type types[] = { [IR_I32] = TYPE_I32, [IR_I64] = TYPE_I64,
                                        [IR_F32] = TYPE_F32, [IR_F64] = TYPE_F64 };
    return types[type];
}

/* Arguments: an address, then those operands that are variable. */
static void arguments_add(const struct function_under_test *f, u32 *operands)
{
    u32 count = 0;
    u32 address = add((struct ir_form){ .op = IR_ARGUMENT, .type = IR_I32 });
    places[address] = f->address;
    value_types[count++] = TYPE_I32;
    for (u32 n = 0; n < f->operands; n++) {
        if (f->kinds[n] != VARIABLE)
            continue;
        operands[n] = add((struct ir_form){ .op = IR_ARGUMENT, .type = f->types[n], .c = count });
        places[operands[n]] = f->places[n];
        value_types[count++] = type_of(f->types[n]);
    }
    for (u32 n = 0; n < f->operands; n++) {
        if (f->kinds[n] == CONSTANT)
            operands[n] = add(ir_constant(f->types[n], f->constants[n]));
        if (f->kinds[n] == LOADED)
            operands[n] = add((struct ir_form){
                .op = (u16)load_op(f->types[n]), .type = f->types[n], .a = address, .c = LOAD_OFFSET });
        if (f->kinds[n] == LOADED)
            places[operands[n]] = f->places[n];
    }
    function_type = (struct function_type){ .parameter_count = count, .types = value_types };
}

static bool is_never_trapping(const struct function_under_test *f)
{
    bool is_division = (f->op >= OPCODE_I32_DIV_S && f->op <= OPCODE_I32_REM_U) ||
                       (f->op >= OPCODE_I64_DIV_S && f->op <= OPCODE_I64_REM_U);
    u64 ones = f->types[1] == IR_I64 ? UINT64_MAX : UINT32_MAX;
    bool is_divided = f->op == OPCODE_I32_DIV_S || f->op == OPCODE_I64_DIV_S;
    return is_division && f->kinds[1] == CONSTANT && f->constants[1] != 0 &&
           !(is_divided && f->constants[1] == ones);
}

static bool is_float(u8 type)
{
    return type == IR_F32 || type == IR_F64;
}

static void build(const struct function_under_test *f)
{
    static struct module module;
    u32 operands[2] = { 0 };
    struct marker marker = { .source = &place.engine.source };
    ir = (struct ir){ .module = &module, .type = &function_type, .code = instructions,
                      .blocks = &block, .block_count = 1, .lists = lists, .list_count = 1 };
    memset(instructions, 0, sizeof(instructions));
    add((struct ir_form){ .op = IR_BLOCK });
    arguments_add(f, operands);
    lists[0] = add((struct ir_form){ .op = (u16)f->op, .type = f->result, .a = operands[0],
                                            .b = f->operands > 1 ? operands[1] : 0,
                                            .c = is_never_trapping(f) ? IR_NEVER_TRAPS : 0 });
    places[lists[0]] = f->places[2];
    add((struct ir_form){ .op = IR_RETURN, .list = 0, .list_count = 1 });
    block = (struct ir_block){ .end = ir.count, .loop = IR_NO_LOOP };
    mark_run(&marker, &ir);
    mark_destroy(&marker);
    compile_target.fold(&ir);
    allocation = (struct allocation){ .places = places, .slot_count = SLOTS };
    for (u32 n = 0; n < ir.count; n++) {
        if (instructions[n].folded || instructions[n].uses == 0)
            places[n] = PLACE_NONE;
        if (places[n] < PLACE_SLOT)
            allocation.used |= REGISTER_BIT(places[n]);
    }
}

/* Whether there is such a function. */
static bool compile(const struct function_under_test *f)
{
    struct verifier verifier = { .source = &place.engine.source };
    struct emission emission = { .write = code.write, .run = code.run, .capacity = CODE_BYTES,
                                 .entries = code.run, .sought = UINT32_MAX };
    build(f);
    if (!verify_allocation(&verifier, &ir, &compile_target, &allocation))
        return false;
    compiled++;
    return compile_target.emit(emitter, &ir, &allocation, &emission) == STATUS_OK;
}

/* ---- What comes of it ---- */

static enum trap run(const struct function_under_test *f, const u64 *values, u64 *result)
{
    struct native_call call = { .entry = code.run, .memory = memory };
    u32 integer = 1, number = 0;
    call.integers[0] = 8;
    for (u32 n = 0; n < f->operands; n++) {
        if (f->kinds[n] == LOADED)
            memcpy(memory + 8 + LOAD_OFFSET, &values[n], sizeof(u64));
        else if (f->kinds[n] == VARIABLE && is_float(f->types[n]))
            call.floats[number++] = values[n];
        else if (f->kinds[n] == VARIABLE)
            call.integers[integer++] = values[n];
    }
    execution.guest_sp = (u64)(uintptr_t)(stack + STACK_WORDS);
    enum trap trap = native_enter(&execution, &call);
    *result = is_float(f->result) ? call.floats[0] : call.integers[0];
    if (f->result == IR_F32)
        *result = (u32)*result;
    return trap;
}

static bool is_quiet_nan(u8 type, u64 bits)
{
    u64 mask = type == IR_F64 ? 0x7FF8000000000000 : 0x7FC00000;
    return (bits & mask) == mask;
}

static bool is_nan(u8 type, u64 bits)
{
    u64 infinity = type == IR_F64 ? 0x7FF0000000000000 : 0x7F800000;
    u64 size = type == IR_F64 ? bits & INT64_MAX : bits & INT32_MAX;
    return is_float(type) && size > infinity;
}

static bool keeps_payload(u32 op)
{
    return op == OPCODE_F32_ABS || op == OPCODE_F32_NEG || op == OPCODE_F32_COPYSIGN ||
           op == OPCODE_F64_ABS || op == OPCODE_F64_NEG || op == OPCODE_F64_COPYSIGN ||
           (op >= OPCODE_I32_REINTERPRET_F32 && op <= OPCODE_F64_REINTERPRET_I64);
}

static enum trap expected_trap(const struct function_under_test *f, const u64 *values)
{
    if (f->operands == 2)
        return values[1] == 0 ? TRAP_INTEGER_DIVIDE_BY_ZERO : TRAP_INTEGER_OVERFLOW;
    return is_nan(f->types[0], values[0]) ? TRAP_INVALID_CONVERSION : TRAP_INTEGER_OVERFLOW;
}

static void tell(const struct function_under_test *f, const u64 *values, enum trap trap,
                 const u64 *got_expected)
{
    if (wrong++ >= 10)
        return;
    printf("# opcode 0x%x of 0x%llx 0x%llx: 0x%llx, not 0x%llx, trap %u; kinds %u %u, places %u %u %u "
           "%u\n",
           f->op, (unsigned long long)values[0], (unsigned long long)values[1],
           (unsigned long long)got_expected[0], (unsigned long long)got_expected[1], trap,
           f->kinds[0], f->kinds[1], f->places[0], f->places[1], f->places[2], f->address);
}

static void check(const struct function_under_test *f, const u64 *values)
{
    u64 got_expected[2] = { 0 };
    bool is_right;
    enum trap trap = run(f, values, &got_expected[0]);
    cases++;
    if (!evaluate(f->op, values[0], values[1], &got_expected[1]))
        is_right = trap == expected_trap(f, values);
    else if (is_nan(f->result, got_expected[1]) && !keeps_payload(f->op))
        is_right = trap == TRAP_NONE && is_quiet_nan(f->result, got_expected[0]);
    else
        is_right = trap == TRAP_NONE && got_expected[0] == got_expected[1];
    if (!is_right)
        tell(f, values, trap, got_expected);
}

static void check_all(const struct function_under_test *f)
{
    u32 seconds = f->operands > 1 ? edge_count(f->types[1]) : 1;
    for (u32 a = 0; a < edge_count(f->types[0]); a++) {
        if (f->kinds[0] == CONSTANT && edge(f->types[0], a) != f->constants[0])
            continue;
        for (u32 b = 0; b < seconds; b++) {
            u64 values[2] = { edge(f->types[0], a), f->operands > 1 ? edge(f->types[1], b) : 0 };
            if (f->operands < 2 || f->kinds[1] != CONSTANT || values[1] == f->constants[1])
                check(f, values);
        }
    }
}

/* ---- Places ---- */

static const u16 integer_places[] = { RAX, RCX, RDX, R12, R13, PLACE_SLOT + 1 };
static const u16 float_places[] = { XMM0, XMM0 + 1, XMM0 + 12, PLACE_SLOT + 1 };

static u32 place_count(u8 type)
{
    return is_float(type) ? BASE_ARRAY_COUNT(float_places) : BASE_ARRAY_COUNT(integer_places);
}

static u16 place_at(u8 type, u32 n, u32 own)
{
    u16 chosen = is_float(type) ? float_places[n] : integer_places[n];
    return chosen >= PLACE_SLOT ? (u16)(chosen + own) : chosen;
}

static void check_places(struct function_under_test *f)
{
    u32 seconds = f->operands > 1 ? place_count(f->types[1]) : 1;
    for (u32 a = 0; a < place_count(f->types[0]); a++) {
        for (u32 b = 0; b < seconds; b++) {
            for (u32 result = 0; result < place_count(f->result); result++) {
                f->places[0] = place_at(f->types[0], a, 0);
                f->places[1] = f->operands > 1 ? place_at(f->types[1], b, 1) : (u16)PLACE_NONE;
                f->places[2] = place_at(f->result, result, result & a & 1);
                if (compile(f))
                    check_all(f);
            }
        }
    }
}

/* With constants only a few places matter, with loads those of the address too. */
static void check_few_places(struct function_under_test *f)
{
    static const u16 addresses[] = { RCX, PLACE_SLOT + 3 };
    for (u32 n = 0; n < 8; n++) {
        for (u32 k = 0; k < 2; k++) {
            u32 last = (n & 1) != 0 ? place_count(f->types[0]) - 1 : 0;
            u32 last_result = (n & 2) != 0 ? place_count(f->result) - 1 : (n & 4) != 0 ? 1 : 0;
            f->address = addresses[k];
            f->places[0] = place_at(f->types[0], last, 0);
            f->places[1] = f->operands > 1 ? place_at(f->types[1], last, 1) : (u16)PLACE_NONE;
            f->places[2] = place_at(f->result, last_result, 0);
            if (compile(f))
                check_all(f);
        }
    }
    f->address = RBX;
}

/* ---- Opcodes ---- */

static bool types_of(struct function_under_test *f)
{
    static const u8 first[SIGNATURE_first_refused] = {
        [SIGNATURE_i_i] = IR_I32,  [SIGNATURE_i_l] = IR_I32,  [SIGNATURE_i_f] = IR_I32,
        [SIGNATURE_i_d] = IR_I32,  [SIGNATURE_l_i] = IR_I64,  [SIGNATURE_l_l] = IR_I64,
        [SIGNATURE_l_f] = IR_I64,  [SIGNATURE_l_d] = IR_I64,  [SIGNATURE_f_i] = IR_F32,
        [SIGNATURE_f_l] = IR_F32,  [SIGNATURE_f_f] = IR_F32,  [SIGNATURE_f_d] = IR_F32,
        [SIGNATURE_d_i] = IR_F64,  [SIGNATURE_d_l] = IR_F64,  [SIGNATURE_d_f] = IR_F64,
        [SIGNATURE_d_d] = IR_F64,  [SIGNATURE_ii_i] = IR_I32, [SIGNATURE_ll_i] = IR_I64,
        [SIGNATURE_ll_l] = IR_I64, [SIGNATURE_ff_i] = IR_F32, [SIGNATURE_ff_f] = IR_F32,
        [SIGNATURE_dd_i] = IR_F64, [SIGNATURE_dd_d] = IR_F64,
    };
    bool is_numeric = (f->op >= OPCODE_I32_EQZ && f->op <= OPCODE_I64_EXTEND32_S) ||
                      (f->op >= OPCODE_I32_TRUNC_SAT_F32_S && f->op <= OPCODE_I64_TRUNC_SAT_F64_U);
    u8 signature = opcode_infos[f->op].signature;
    if (!is_numeric || signature >= SIGNATURE_first_refused || first[signature] == IR_NONE)
        return false;
    f->operands = signature >= SIGNATURE_first_binary ? 2 : 1;
    f->types[0] = first[signature];
    f->types[1] = first[signature];
    f->result = (u8)evaluate_type(f->op);
    return true;
}

static void check_opcode(u32 op)
{
    struct function_under_test f = { .op = op, .address = RBX };
    if (!types_of(&f))
        return;
    check_places(&f);
    for (u32 n = 0; n < f.operands; n++) {
        f.kinds[0] = f.kinds[1] = VARIABLE;
        f.kinds[n] = LOADED;
        check_few_places(&f);
        f.kinds[n] = CONSTANT;
        for (u32 k = 0; k < edge_count(f.types[n]); k++) {
            f.constants[n] = edge(f.types[n], k);
            check_few_places(&f);
        }
    }
}

/* ---- Divisors ---- */

static u64 random_next(void)
{
    static u64 state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> (state & 63);
}

/* Around the multiples of the divisor where a quotient that is nearly right shows: near the ends. */
static void check_dividends(const struct function_under_test *f)
{
    u64 mask = f->result == IR_I64 ? UINT64_MAX : UINT32_MAX;
    bool is_signed = f->op == OPCODE_I32_DIV_S || f->op == OPCODE_I32_REM_S ||
                     f->op == OPCODE_I64_DIV_S || f->op == OPCODE_I64_REM_S;
    u64 most = is_signed ? mask >> 1 : mask;
    u64 size = f->constants[1];
    if (is_signed && size > most)
        size = -size & mask;
    for (u32 n = 0; n < 32; n++) {
        u64 multiple = n < 8 ? (most / size - n) * size : random_next() % (most / size | 1) * size;
        for (u32 k = 0; k < 3; k++) {
            const u64 values[2][2] = { { (multiple + k - 1) & mask, f->constants[1] },
                                       { -(multiple + k - 1) & mask, f->constants[1] } };
            check(f, values[0]);
            check(f, values[1]);
        }
    }
}

static void check_divisor(u32 op, u64 divisor)
{
    struct function_under_test f = { .op = op, .address = RBX, .kinds = { VARIABLE, CONSTANT } };
    if (!types_of(&f))
        return;
    f.constants[1] = f.result == IR_I64 ? divisor : (u32)divisor;
    if (f.constants[1] == 0)
        return;
    for (u32 n = 0; n < 2; n++) {
        f.places[0] = n == 0 ? R12 : PLACE_SLOT;
        f.places[1] = PLACE_NONE;
        f.places[2] = n == 0 ? RAX : PLACE_SLOT + 1;
        if (compile(&f))
            check_dividends(&f);
    }
}

static void test_divisors(void)
{
    wrong = cases = compiled = 0;
    if (compile_target.emitter_create(&place.engine.source, &emitter) != STATUS_OK)
        abort();
    for (u32 op = OPCODE_I32_DIV_S; op <= OPCODE_I64_REM_U; op++) {
        bool is_division = op <= OPCODE_I32_REM_U || op >= OPCODE_I64_DIV_S;
        for (u64 n = 1; n < 1500 && is_division; n++) {
            check_divisor(op, n);
            check_divisor(op, -n);
            check_divisor(op, random_next());
            check_divisor(op, ((u64)1 << n % 64) + n / 64 - 8);
        }
    }
    compile_target.emitter_destroy(emitter);
    printf("# %u functions, %u calls\n", compiled, cases);
    TAP_OK(wrong == 0 && cases > 100000, "division by all kinds of constants is exact");
}

static void check_opcodes(const char *name)
{
    wrong = cases = compiled = 0;
    if (compile_target.emitter_create(&place.engine.source, &emitter) != STATUS_OK)
        abort();
    for (u32 op = 0; op < OPCODE_COUNT; op++)
        check_opcode(op);
    compile_target.emitter_destroy(emitter);
    printf("# %u functions, %u calls\n", compiled, cases);
    TAP_OK(wrong == 0 && cases > 100000, name);
}

int main(void)
{
    place_init(&place);
    if (!code_map(CODE_BYTES, &code))
        return 1;
    execution.results = results;
    execution.natives.trap = (const void *)(uintptr_t)native_trap;
    check_opcodes("with what this CPU has, numeric instructions do what they should");
    test_divisors();
    *x86_64_features() = (struct x86_64_features){ 0 };
    check_opcodes("so they do with no more than the baseline");
    code_unmap(&code);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
