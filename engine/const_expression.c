#include "engine/const_expression.h"

#include "engine/limits.h"
#include "engine/walk.h"

/* ---- Validation ---- */

struct const_checker {
    struct decoder *decoder;
    usize offset; /* of the instruction at hand */
    u32 depth;
    value_type operands[LIMIT_CONST_OPERANDS];
};

static void checker_fail(struct const_checker *checker, const char *message)
{
    reader_fail_at(&checker->decoder->reader, message, checker->offset);
}

static void checker_push(struct const_checker *checker, value_type type)
{
    if (checker->depth == LIMIT_CONST_OPERANDS)
        decode_fail(checker->decoder, STATUS_LIMIT, "constant expression too deep");
    else
        checker->operands[checker->depth++] = type;
}

static void checker_binary(struct const_checker *checker, value_type type)
{
    const value_type *operands = checker->operands + checker->depth;
    if (checker->depth < 2 || operands[-1] != type || operands[-2] != type)
        checker_fail(checker, "type mismatch");
    else
        checker->depth--;
}

static void check_global_get(struct const_checker *checker)
{
    const struct module *module = checker->decoder->module;
    u32 index = decode_index(checker->decoder, module->global_count, "unknown global");
    if (!reader_ok(&checker->decoder->reader))
        return;
    struct global_type type = module->globals[index].type;
    if (type.mutable)
        checker_fail(checker, "constant expression required");
    checker_push(checker, type.type);
}

static void check_ref_func(struct const_checker *checker)
{
    struct module *module = checker->decoder->module;
    u32 index = decode_index(checker->decoder, module->function_count, "unknown function");
    if (!reader_ok(&checker->decoder->reader))
        return;
    module->functions[index].referenced = true;
    checker_push(checker, TYPE_FUNCREF);
}

/* An instruction that has no place here: of a feature, not constant, or none at all. */
static void check_other(struct const_checker *checker, u32 opcode)
{
    if (opcode == OPCODE_COUNT)
        checker_fail(checker, "illegal opcode");
    else if (opcode_infos[opcode].feature != FEATURE_CORE)
        decode_unsupported(checker->decoder, (enum feature)opcode_infos[opcode].feature);
    else
        checker_fail(checker, "constant expression required");
}

static void check_instruction(struct const_checker *checker, u32 opcode)
{
    struct reader *reader = &checker->decoder->reader;
    switch (opcode) {
    case OPCODE_I32_CONST:
        (void)reader_leb_i32(reader);
        return checker_push(checker, TYPE_I32);
    case OPCODE_I64_CONST:
        (void)reader_leb_i64(reader);
        return checker_push(checker, TYPE_I64);
    case OPCODE_F32_CONST:
        (void)reader_u32(reader);
        return checker_push(checker, TYPE_F32);
    case OPCODE_F64_CONST:
        (void)reader_u64(reader);
        return checker_push(checker, TYPE_F64);
    case OPCODE_I32_ADD:
    case OPCODE_I32_SUB:
    case OPCODE_I32_MUL:
        return checker_binary(checker, TYPE_I32);
    case OPCODE_I64_ADD:
    case OPCODE_I64_SUB:
    case OPCODE_I64_MUL:
        return checker_binary(checker, TYPE_I64);
    case OPCODE_GLOBAL_GET:
        return check_global_get(checker);
    case OPCODE_REF_NULL:
        return checker_push(checker, decode_heap_type(checker->decoder));
    case OPCODE_REF_FUNC:
        return check_ref_func(checker);
    default:
        return check_other(checker, opcode);
    }
}

struct const_expression const_expression_decode(struct decoder *decoder, value_type type)
{
    struct reader *reader = &decoder->reader;
    struct const_checker checker = { .decoder = decoder };
    struct const_expression expression = { .offset = reader_offset(reader) };
    const u8 *start = reader->at;
    for (;;) {
        checker.offset = reader_offset(reader);
        u32 opcode = walk_opcode(reader);
        if (!reader_ok(reader))
            return expression;
        if (opcode == OPCODE_END)
            break;
        check_instruction(&checker, opcode);
    }
    if (checker.depth != 1 || checker.operands[0] != type)
        checker_fail(&checker, "type mismatch");
    expression.bytes = (struct bytes){ start, (usize)(reader->at - start) };
    return expression;
}

/* ---- Evaluation of what has been validated ---- */

static u64 function_reference(const struct instance *instance, u32 index)
{
    return (u64)(uintptr_t)instance->functions[index];
}

static u64 evaluate_operand(const struct instance *instance, u32 opcode, struct reader *reader)
{
    switch (opcode) {
    case OPCODE_I32_CONST:
        return (u32)reader_leb_i32(reader);
    case OPCODE_I64_CONST:
        return (u64)reader_leb_i64(reader);
    case OPCODE_F32_CONST:
        return reader_u32(reader);
    case OPCODE_F64_CONST:
        return reader_u64(reader);
    case OPCODE_GLOBAL_GET:
        return *instance->globals[reader_leb_u32(reader)];
    case OPCODE_REF_FUNC:
        return function_reference(instance, reader_leb_u32(reader));
    default: /* OPCODE_REF_NULL */
        (void)reader_u8(reader);
        return 0;
    }
}

static u64 evaluate_binary(u32 opcode, u64 a, u64 b)
{
    switch (opcode) {
    case OPCODE_I32_ADD:
        return (u32)(a + b);
    case OPCODE_I32_SUB:
        return (u32)(a - b);
    case OPCODE_I32_MUL:
        return (u32)(a * b);
    case OPCODE_I64_ADD:
        return a + b;
    case OPCODE_I64_SUB:
        return a - b;
    default: /* OPCODE_I64_MUL */
        return a * b;
    }
}

static bool is_binary(u32 opcode)
{
    return (opcode >= OPCODE_I32_ADD && opcode <= OPCODE_I32_MUL) ||
           (opcode >= OPCODE_I64_ADD && opcode <= OPCODE_I64_MUL);
}

u64 const_expression_evaluate(const struct instance *instance,
                              const struct const_expression *expression)
{
    u64 operands[LIMIT_CONST_OPERANDS];
    u32 depth = 0;
    struct reader reader;
    reader_init(&reader, expression->bytes);
    for (u32 opcode; (opcode = walk_opcode(&reader)) != OPCODE_END;) {
        if (is_binary(opcode)) {
            depth--;
            operands[depth - 1] = evaluate_binary(opcode, operands[depth - 1], operands[depth]);
        } else {
            operands[depth++] = evaluate_operand(instance, opcode, &reader);
        }
    }
    BASE_ASSERT(reader_ok(&reader) && depth == 1);
    return operands[0];
}

u32 const_expression_function(const struct const_expression *expression)
{
    struct reader reader;
    reader_init(&reader, expression->bytes);
    return reader_u8(&reader) == OPCODE_REF_FUNC ? reader_leb_u32(&reader) : UINT32_MAX;
}
