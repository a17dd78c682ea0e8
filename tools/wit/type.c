#include "tools/wit/type.h"

static const struct kind {
    const char *word;
    const char *in_c; /* of a primitive kind, as are size and alignment */
    u8 size;
    u8 alignment;
} kinds[] = {
    [WIT_BOOL] = { "bool", "bool", 1, 1 },
    [WIT_S8] = { "s8", "int8_t", 1, 1 },
    [WIT_S16] = { "s16", "int16_t", 2, 2 },
    [WIT_S32] = { "s32", "int32_t", 4, 4 },
    [WIT_S64] = { "s64", "int64_t", 8, 8 },
    [WIT_U8] = { "u8", "uint8_t", 1, 1 },
    [WIT_U16] = { "u16", "uint16_t", 2, 2 },
    [WIT_U32] = { "u32", "uint32_t", 4, 4 },
    [WIT_U64] = { "u64", "uint64_t", 8, 8 },
    [WIT_F32] = { "f32", "float", 4, 4 },
    [WIT_F64] = { "f64", "double", 8, 8 },
    [WIT_CHAR] = { "char", "uint32_t", 4, 4 },
    [WIT_STRING] = { "string", "struct weft_bytes", 8, 4 },
    [WIT_LIST] = { .word = "list" },
    [WIT_OPTION] = { .word = "option" },
    [WIT_RESULT] = { .word = "result" },
    [WIT_TUPLE] = { .word = "tuple" },
    [WIT_OWN] = { .word = "own" },
    [WIT_BORROW] = { .word = "borrow" },
    [WIT_RECORD] = { .word = "record" },
    [WIT_VARIANT] = { .word = "variant" },
    [WIT_ENUM] = { .word = "enum" },
    [WIT_FLAGS] = { .word = "flags" },
    [WIT_RESOURCE] = { .word = "resource" },
    [WIT_ALIAS] = { .word = "type" },
};

const char *type_word(enum wit_kind kind)
{
    return kinds[kind].word;
}

enum wit_kind type_find(struct bytes word, enum wit_kind first, enum wit_kind last)
{
    for (enum wit_kind kind = first; kind <= last; kind++)
        if (bytes_equal(word, bytes_from_text(kinds[kind].word)))
            return kind;
    return WIT_NAME;
}

const char *type_primitive_in_c(enum wit_kind kind)
{
    return kinds[kind].in_c;
}

u32 type_primitive_size(enum wit_kind kind)
{
    return kinds[kind].size;
}

u32 type_primitive_alignment(enum wit_kind kind)
{
    return kinds[kind].alignment;
}

u32 type_case_size(u32 case_count)
{
    return case_count <= 0x100 ? 1 : case_count <= 0x10000 ? 2 : 4;
}

u32 type_flags_size(u32 flag_count)
{
    return flag_count <= 8 ? 1 : flag_count <= 16 ? 2 : 4;
}

bool type_is_bytes(const struct wit_type *type)
{
    return type->kind == WIT_LIST && type->parts->type->kind == WIT_U8;
}

bool type_is_struct(const struct wit_type *type)
{
    switch (type->kind) {
    case WIT_LIST:
        return !type_is_bytes(type);
    case WIT_OPTION:
    case WIT_RESULT:
    case WIT_TUPLE:
    case WIT_RECORD:
    case WIT_VARIANT:
        return true;
    default:
        return false;
    }
}

bool type_has_payload(const struct wit_type *type)
{
    bool has_case =
        type->kind == WIT_VARIANT || type->kind == WIT_OPTION || type->kind == WIT_RESULT;
    return has_case && type->size > type->payload;
}
