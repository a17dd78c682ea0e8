#include "tests/spec/spec.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static bool type_is(const json_t *value, const char *type)
{
    return strcmp(text_of(value, "type"), type) == 0;
}

bool value_read(const json_t *value, u64 *slot)
{
    const char *text = text_of(value, "value");
    if (type_is(value, "i32") || type_is(value, "f32"))
        *slot = (u32)strtoull(text, NULL, 10);
    else if (type_is(value, "i64") || type_is(value, "f64"))
        *slot = strtoull(text, NULL, 10);
    else if (type_is(value, "externref"))
        *slot = strtoull(text, NULL, 10) + 1; /* 0 is null */
    else if (type_is(value, "ref.null"))
        *slot = 0;
    else
        return false;
    return true;
}

/* A NaN whose payload is only the highest bit of the mantissa, or has at least that bit. */
static bool nan_matches(const char *kind, u64 bits, u32 mantissa_bits, u32 width)
{
    u64 sign = (u64)1 << (width - 1);
    u64 magnitude = bits & (sign - 1);
    u64 canonical = (sign - 1) & ~(((u64)1 << (mantissa_bits - 1)) - 1);
    if (strcmp(kind, "nan:canonical") == 0)
        return magnitude == canonical;
    return (magnitude & canonical) == canonical;
}

static bool number_matches(const json_t *expected, u64 slot, u32 mantissa_bits, u32 width)
{
    const char *text = text_of(expected, "value");
    if (strncmp(text, "nan:", 4) == 0)
        return nan_matches(text, slot, mantissa_bits, width);
    return slot == strtoull(text, NULL, 10);
}

static bool reference_matches(const json_t *expected, value_type type, u64 slot)
{
    if (type_is(expected, "ref.null"))
        return slot == 0;
    if (type_is(expected, "ref.func"))
        return type == TYPE_FUNCREF && slot != 0;
    if (!type_is(expected, "externref") || type != TYPE_EXTERNREF || slot == 0)
        return false;
    const char *text = text_of(expected, "value");
    return *text == 0 || slot == strtoull(text, NULL, 10) + 1;
}

static bool either_matches(const json_t *expected, value_type type, u64 slot)
{
    usize index;
    json_t *value;
    json_array_foreach(json_object_get(expected, "values"), index, value) {
        if (value_matches(value, type, slot))
            return true;
    }
    return false;
}

bool value_matches(const json_t *expected, value_type type, u64 slot)
{
    if (type_is(expected, "either"))
        return either_matches(expected, type, slot);
    switch (type) {
    case TYPE_I32:
        return type_is(expected, "i32") && number_matches(expected, slot, 0, 0);
    case TYPE_I64:
        return type_is(expected, "i64") && number_matches(expected, slot, 0, 0);
    case TYPE_F32:
        return type_is(expected, "f32") && number_matches(expected, slot, 23, 32);
    case TYPE_F64:
        return type_is(expected, "f64") && number_matches(expected, slot, 52, 64);
    case TYPE_FUNCREF:
    case TYPE_EXTERNREF:
        return reference_matches(expected, type, slot);
    default:
        return false;
    }
}
