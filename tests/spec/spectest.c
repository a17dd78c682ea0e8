/* The host module that the suite imports from: functions that take and ignore values, and a
 * Wasm module for the rest, as only an instance can export a global, table or memory. */
#include "tests/spec/spec.h"

static const u8 module_bytes_of_spectest[] = {
    0x00, 'a', 's', 'm', 1, 0, 0, 0, /* header */
    4, 5, 1, 0x70, 1, 10, 20,        /* table of 10 to 20 funcref */
    5, 4, 1, 1, 1, 2,                /* memory of 1 to 2 pages */
    6, 33, 4,                        /* globals: 666, and 666.6 for floats */
    0x7F, 0, 0x41, 0x9A, 0x05, 0x0B, /* i32 */
    0x7E, 0, 0x42, 0x9A, 0x05, 0x0B, /* i64 */
    0x7D, 0, 0x43, 0x66, 0xA6, 0x26, 0x44, 0x0B,                         /* f32 */
    0x7C, 0, 0x44, 0xCD, 0xCC, 0xCC, 0xCC, 0xCC, 0xD4, 0x84, 0x40, 0x0B, /* f64 */
    7, 70, 6,                                                            /* exports */
    5, 't', 'a', 'b', 'l', 'e', 1, 0,                                    /* */
    6, 'm', 'e', 'm', 'o', 'r', 'y', 2, 0,                               /* */
    10, 'g', 'l', 'o', 'b', 'a', 'l', '_', 'i', '3', '2', 3, 0,          /* */
    10, 'g', 'l', 'o', 'b', 'a', 'l', '_', 'i', '6', '4', 3, 1,          /* */
    10, 'g', 'l', 'o', 'b', 'a', 'l', '_', 'f', '3', '2', 3, 2,          /* */
    10, 'g', 'l', 'o', 'b', 'a', 'l', '_', 'f', '6', '4', 3, 3,          /* */
};

struct bytes spectest_module(void)
{
    return (struct bytes){ module_bytes_of_spectest, sizeof(module_bytes_of_spectest) };
}

static enum trap print(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    (void)context;
    (void)slots;
    return TRAP_NONE;
}

bool spectest_function(struct bytes name, struct import_value *value)
{
    static const value_type i32[] = { TYPE_I32 };
    static const value_type i64[] = { TYPE_I64 };
    static const value_type f32[] = { TYPE_F32 };
    static const value_type f64[] = { TYPE_F64 };
    static const value_type i32_f32[] = { TYPE_I32, TYPE_F32 };
    static const value_type f64_f64[] = { TYPE_F64, TYPE_F64 };
    static const struct {
        const char *name;
        struct function_type type;
    } functions[] = {
        { "print", { 0, 0, i32, 0, 0 } },
        { "print_i32", { 1, 0, i32, 0, 0 } },
        { "print_i64", { 1, 0, i64, 0, 0 } },
        { "print_f32", { 1, 0, f32, 0, 0 } },
        { "print_f64", { 1, 0, f64, 0, 0 } },
        { "print_i32_f32", { 2, 0, i32_f32, 0, 0 } },
        { "print_f64_f64", { 2, 0, f64_f64, 0, 0 } },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(functions); i++)
        if (bytes_equal(bytes_from_text(functions[i].name), name)) {
            *value = (struct import_value){ .kind = EXTERN_FUNCTION, .host = print };
            value->host_type = &functions[i].type;
            return true;
        }
    return false;
}
