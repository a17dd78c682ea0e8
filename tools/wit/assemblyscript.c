/* An interface in AssemblyScript: a module whose values travel by the reader and writer of
 * lib/assemblyscript/weft.ts, for clients. A type that is a struct in C is a class here, with a
 * coder of its own; a list is an Array. */
#include "tools/wit/emit.h"

static const char *const reserved[] = {
    "abstract", "any",     "as",        "async",     "await",    "bool",   "boolean", "break",
    "case",     "catch",   "class",     "const",     "continue", "debugger", "declare", "default",
    "delete",   "do",      "else",      "enum",      "export",   "extends", "f32",    "f64",
    "false",    "finally", "for",       "from",      "function", "get",    "i16",     "i32",
    "i64",      "i8",      "if",        "implements", "import",  "in",     "instanceof", "interface",
    "is",       "keyof",   "let",       "module",    "namespace", "never", "new",     "null",
    "number",   "of",      "package",   "private",   "protected", "public", "readonly", "return",
    "set",      "static",  "string",    "super",     "switch",   "symbol", "this",    "throw",
    "true",     "try",     "type",      "typeof",    "u16",      "u32",    "u64",     "u8",
    "unique",   "usize",   "isize",     "v128",      "var",      "void",   "weft",    "while",
    "with",     "yield",   "client",    "constructor", "Client", "Array",  "String",  "Uint8Array",
    "tag",      "slot",   "Map",     "Set",     "Math",      "Error",     "Date",     "Function", "Object", "Symbol",
};

static bool is_class(const struct wit_type *type)
{
    return type_is_struct(type) && type->kind != WIT_LIST;
}

/* Recursion is bounded by WIT_NESTING_MAX. */
static void print_type(const struct printer *printer, const struct wit_type *type)
{
    static const char *const primitives[] = {
        [WIT_BOOL] = "bool", [WIT_S8] = "i8",   [WIT_S16] = "i16",  [WIT_S32] = "i32",
        [WIT_S64] = "i64",   [WIT_U8] = "u8",   [WIT_U16] = "u16",  [WIT_U32] = "u32",
        [WIT_U64] = "u64",   [WIT_F32] = "f32", [WIT_F64] = "f64",  [WIT_CHAR] = "u32",
        [WIT_STRING] = "string",
    };
    if (type->kind <= WIT_STRING) {
        print(printer, "%s", primitives[type->kind]);
    } else if (type_is_bytes(type)) {
        print(printer, "Uint8Array");
    } else if (type->kind == WIT_LIST) {
        print(printer, "Array<");
        print_type(printer, type->parts->type);
        print(printer, ">");
    } else if (type->kind == WIT_OWN || type->kind == WIT_BORROW) {
        print(printer, "i32");
    } else if (type->kind == WIT_FLAGS) {
        print(printer, "u32");
    } else {
        print(printer, "%c", type->label);
    }
}

static const struct language assemblyscript = {
    .parameter = NAME_CAMEL,
    .function = NAME_CAMEL,
    .type = NAME_PASCAL,
    .constant = NAME_PASCAL,
    .reserved = reserved,
    .reserved_count = BASE_ARRAY_COUNT(reserved),
    .print_type = print_type,
};

/* ---- Values --------------------------------------------------------------------------------- */

static const char *coder_of(const struct wit_type *type)
{
    return type_is_bytes(type) ? "bytes" : type->kind == WIT_ENUM ? "case" : type_word(type->kind);
}

/* A statement that writes `value` at `at + offset`. */
static void print_put(const struct printer *printer, const struct wit_type *type, u32 offset,
                      struct bytes value)
{
    if (type_is_struct(type)) {
        print(printer, "put%c(writer_, at_ + %u, %b);\n", type->label, offset, value);
        return;
    }
    print(printer, "writer_.%s(at_ + %u, %b", coder_of(type), offset, value);
    if (type->kind == WIT_ENUM || type->kind == WIT_FLAGS)
        print(printer, ", %u", type->part_count);
    print(printer, ");\n");
}

/* An expression that reads it. */
static void print_get(const struct printer *printer, const struct wit_type *type, u32 offset)
{
    if (type_is_struct(type)) {
        print(printer, "get%c(reader_, at_ + %u)", type->label, offset);
        return;
    }
    if (type->kind == WIT_ENUM)
        print(printer, "<%c>", type->label);
    print(printer, "reader_.%s(at_ + %u", coder_of(type), offset);
    if (type->kind == WIT_ENUM || type->kind == WIT_FLAGS)
        print(printer, ", %u", type->part_count);
    print(printer, ")");
}

/* ---- Types ---------------------------------------------------------------------------------- */

/* A case's number where it tells cases apart: what stands before options and results is a bool. */
static void print_tag(const struct printer *printer, const struct wit_type *type, bool put)
{
    u32 count = type->kind == WIT_VARIANT ? type->part_count : 2;
    if (type->kind == WIT_RECORD || type->kind == WIT_TUPLE)
        return;
    if (put)
        print(printer, "  writer_.case(at_, value_.tag, %u);\n", count);
    else
        print(printer, "  value_.tag = reader_.case(at_, %u);\n", count);
}

/* The field for a part, as its member is in C. */
static void print_field(const struct printer *printer, const struct wit_type *type,
                        const struct wit_part *part)
{
    if (type->kind == WIT_RECORD || type->kind == WIT_VARIANT)
        print(printer, "%f", part->name);
    else
        print(printer, "%b", part->member);
}

/* `if` the part is the one that is there. */
static void print_guard(const struct printer *printer, const struct wit_type *type, u32 index)
{
    print(printer, "  ");
    if (type->kind == WIT_VARIANT || type->kind == WIT_RESULT)
        print(printer, "if (value_.tag == %u) ", index);
    if (type->kind == WIT_OPTION)
        print(printer, "if (value_.tag == 1) ");
}

static void print_moves(const struct printer *printer, const struct wit_type *type, bool put)
{
    bool is_product = type->kind == WIT_RECORD || type->kind == WIT_TUPLE;
    u32 index = 0;
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next, index++) {
        u32 offset = is_product ? part->offset : type->payload;
        if (part->type == NULL)
            continue;
        print_guard(printer, type, index);
        if (put) {
            print(printer, "{\n    const part_ = value_.");
            print_field(printer, type, part);
            print(printer, ";\n    ");
            print_put(printer, part->type, offset, BYTES_LITERAL("part_"));
            print(printer, "  }\n");
            continue;
        }
        print(printer, "value_.");
        print_field(printer, type, part);
        print(printer, " = ");
        print_get(printer, part->type, offset);
        print(printer, ";\n");
    }
}

static void print_empty(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_STRING)
        print(printer, "\"\"");
    else if (type->kind == WIT_BOOL)
        print(printer, "false");
    else if (type_is_bytes(type))
        print(printer, "new Uint8Array(0)");
    else if (type_is_struct(type))
        print(printer, "new %y()", type);
    else if (type->kind == WIT_OWN || type->kind == WIT_BORROW)
        print(printer, "-1");
    else if (type->kind == WIT_ENUM)
        print(printer, "%c.%k", type->label, type->parts->name);
    else
        print(printer, "0");
}

/* Tags of a variant, cases of an enum, bits of flags. */
static void print_constants(const struct printer *printer, const struct wit_type *type,
                            const char *suffix)
{
    u32 number = 0;
    print(printer, "export enum %c%s {\n", type->label, suffix);
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next, number++) {
        emit_line_comments(printer, part->documentation, "  ///");
        if (type->kind == WIT_FLAGS)
            print(printer, "  %k = 1 << %u,\n", part->name, number);
        else
            print(printer, "  %k = %u,\n", part->name, number);
    }
    print(printer, "}\n");
}

static void print_class(const struct printer *printer, const struct wit_type *type)
{
    print(printer, "export class %c {\n", type->label);
    if (type->kind == WIT_OPTION)
        print(printer, "  /// 1: there is a value.\n");
    if (type->kind == WIT_RESULT)
        print(printer, "  /// 1: there is an error.\n");
    if (type->kind != WIT_RECORD && type->kind != WIT_TUPLE)
        print(printer, "  tag: u32 = 0;\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        emit_line_comments(printer, part->documentation, "  ///");
        print(printer, "  ");
        print_field(printer, type, part);
        print(printer, ": %y = ", part->type);
        print_empty(printer, part->type);
        print(printer, ";\n");
    }
    print(printer, "}\n");
}

static void print_class_coders(const struct printer *printer, const struct wit_type *type)
{
    print(printer,
          "\nfunction put%c(writer_: weft.Writer, at_: u32, value_: %c): void {\n", type->label,
          type->label);
    print_tag(printer, type, true);
    print_moves(printer, type, true);
    print(printer,
          "}\n\nfunction get%c(reader_: weft.Reader, at_: u32): %c {\n"
          "  const value_ = new %c();\n",
          type->label, type->label, type->label);
    print_tag(printer, type, false);
    print_moves(printer, type, false);
    print(printer, "  return value_;\n}\n");
}

static void print_list_coders(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_type *item = type->parts->type;
    print(printer,
          "\nfunction put%c(writer_: weft.Writer, to_: u32, value_: %y): void {\n"
          "  let at_ = writer_.list(to_, value_.length, %u, %u);\n"
          "  for (let i_ = 0; i_ < value_.length; i_++, at_ += %u) ",
          type->label, type, item->size, item->alignment, item->size);
    print_put(printer, item, 0, BYTES_LITERAL("value_[i_]"));
    print(printer,
          "}\n\nfunction get%c(reader_: weft.Reader, from_: u32): %y {\n"
          "  const count_ = reader_.list(from_, %u, %u);\n"
          "  const value_ = new %y();\n  let at_ = reader_.u32(from_);\n"
          "  for (let i_: u32 = 0; i_ < count_; i_++, at_ += %u) value_.push(",
          type->label, type, item->size, item->alignment, type, item->size);
    print_get(printer, item, 0);
    print(printer, ");\n  return value_;\n}\n");
}

static void print_declaration(const struct printer *printer, const struct wit_type *type)
{
    bool is_parameters = type->kind == WIT_RECORD && type->name.size == 0;
    bool is_constants = type->kind == WIT_ENUM || type->kind == WIT_FLAGS;
    if (is_parameters || (!type_is_struct(type) && !is_constants))
        return;
    print(printer, "\n");
    emit_line_comments(printer, type->documentation, "///");
    if (type->kind == WIT_VARIANT)
        print_constants(printer, type, "Tag");
    if (is_constants)
        print_constants(printer, type, "");
    if (is_class(type)) {
        print_class(printer, type);
        print_class_coders(printer, type);
    } else if (type->kind == WIT_LIST) {
        print_list_coders(printer, type);
    }
}

/* ---- Calls ---------------------------------------------------------------------------------- */

/* The text of a name in the language. */
static struct bytes compose(const struct printer *printer, const char *format, struct bytes name,
                            u8 text[2 * WIT_LABEL_SIZE_MAX])
{
    struct writer writer;
    writer_init(&writer, text, 2 * WIT_LABEL_SIZE_MAX);
    print(&(struct printer){ .writer = &writer, .language = printer->language }, format, name);
    return (struct bytes){ text, writer.size };
}

static void print_put_parameter(const struct printer *printer, const struct wit_part *part)
{
    u8 text[2 * WIT_LABEL_SIZE_MAX];
    print_put(printer, part->type, part->offset, compose(printer, "%v", part->name, text));
}

static void print_call(const struct printer *printer, const struct wit_function *function)
{
    static const struct bytes create = BYTES_LITERAL("create");
    const struct wit_type *parameters = function->parameters;
    const struct wit_part *part;
    bool has_object = function->resource == NULL || function->form == WIT_METHOD;
    emit_line_comments(printer, function->documentation, "  ///");
    print(printer, "  %s%f(", has_object ? "" : "static ",
          function->form == WIT_CONSTRUCTOR ? create : function->name);
    for (part = parameters->parts; part != NULL; part = part->next)
        print(printer, "%s%v: %y", part == parameters->parts ? "" : ", ", part->name, part->type);
    if (function->result == NULL)
        print(printer, "): weft.Status {\n");
    else
        print(printer, "): weft.Answer<%y> {\n", function->result);
    print(printer, "    const writer_ = new weft.Writer(%u, %u, %u);\n    const at_ = writer_.at;\n",
          function->index, parameters->size, parameters->parts == NULL ? 1 : parameters->alignment);
    for (part = parameters->parts; part != NULL; part = part->next) {
        print(printer, "    ");
        print_put_parameter(printer, part);
    }
    print(printer, "    const reader_ = weft.ask(%s, writer_, %u);\n",
          has_object ? "this.slot" : "client().slot",
          function->result == NULL ? 0 : function->result->size);
    if (function->result == NULL) {
        print(printer, "    return weft.finishNothing(reader_);\n  }\n");
        return;
    }
    print(printer, "    return weft.finish<%y>(reader_, ", function->result);
    print(printer, "decode%u_(reader_));\n  }\n", function->index);
}

/* What a function gives, read from the beginning of an answer. */
static void print_decode(const struct printer *printer, const struct wit_function *function)
{
    if (function->result == NULL)
        return;
    print(printer, "\nfunction decode%u_(reader_: weft.Reader): %y {\n  const at_: u32 = 0;\n"
                   "  return ",
          function->index, function->result);
    print_get(printer, function->result, 0);
    print(printer, ";\n}\n");
}

static void print_class_of_calls(const struct printer *printer, struct bytes name,
                                 const struct wit_type *resource)
{
    print(printer, "export class %b {\n  constructor(public slot: i32) {}\n", name);
    for (const struct wit_item *item = printer->interface->items; item != NULL; item = item->next)
        if (item->function != NULL && item->function->resource == resource)
            print_call(printer, item->function);
    print(printer, "}\n");
}

static void print_resource(const struct printer *printer, const struct wit_type *type)
{
    u8 text[2 * WIT_LABEL_SIZE_MAX];
    print(printer, "\n");
    emit_line_comments(printer, type->documentation, "///");
    print_class_of_calls(printer, compose(printer, "%c", type->name, text), type);
}

void wit_print_assemblyscript(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer,
                               .interface = interface,
                               .language = &assemblyscript };
    const struct wit_item *item;
    print(&printer,
          "// Interface `%b` for AssemblyScript, made by tools/wit: do not edit.\n"
          "import * as weft from \"./weft\";\n\n@external(\"weft:interface\", \"%b@",
          interface->name, interface->name);
    writer_hex_bytes(writer, (struct bytes){ interface->hash.bytes, HASH_SIZE });
    print(&printer, "\")\ndeclare function slot_(): i32;\n\n"
                    "/// The interface, by the slot that the silo has for it.\n"
                    "export function client(): Client {\n  return new Client(slot_());\n}\n\n");
    print_class_of_calls(&printer, BYTES_LITERAL("Client"), NULL);
    for (const struct wit_type *type = interface->types; type != NULL; type = type->next)
        print_declaration(&printer, type);
    for (item = interface->items; item != NULL; item = item->next) {
        if (item->type != NULL && item->type->kind == WIT_RESOURCE)
            print_resource(&printer, item->type);
        if (item->function != NULL)
            print_decode(&printer, item->function);
    }
}
