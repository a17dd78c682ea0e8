/* An interface in Go: a package whose values travel by the coders of lib/go/weft.go, for clients. */
#include "tools/wit/emit.h"

static const char *const reserved[] = {
    "break",  "case",   "chan",   "const",   "continue", "default",   "defer",  "else",
    "fallthrough", "for", "func", "go",      "goto",     "if",        "import", "interface",
    "map",    "package", "range", "return",  "select",   "struct",    "switch", "type",
    "var",    "weft",   "Client", "Open", "Tag",
};

/* What is a struct of the package: a record, a variant, or a tuple, which has no name but a label. */
static bool is_struct(const struct wit_type *type)
{
    return type->kind == WIT_RECORD || type->kind == WIT_VARIANT || type->kind == WIT_TUPLE;
}

static struct bytes struct_name(const struct wit_type *type)
{
    return type->kind == WIT_TUPLE ? type->label : type->name;
}

static void print_type(const struct printer *printer, const struct wit_type *type);

static void print_part_type(const struct printer *printer, const struct wit_part *part)
{
    if (part->type == NULL)
        print(printer, "struct{}");
    else
        print_type(printer, part->type);
}

/* Recursion, here and below, is bounded by WIT_NESTING_MAX. */
static void print_type(const struct printer *printer, const struct wit_type *type)
{
    static const char *const primitives[] = {
        [WIT_BOOL] = "bool",   [WIT_S8] = "int8",     [WIT_S16] = "int16",   [WIT_S32] = "int32",
        [WIT_S64] = "int64",   [WIT_U8] = "uint8",    [WIT_U16] = "uint16",  [WIT_U32] = "uint32",
        [WIT_U64] = "uint64",  [WIT_F32] = "float32", [WIT_F64] = "float64", [WIT_CHAR] = "rune",
        [WIT_STRING] = "string",
    };
    if (type->kind <= WIT_STRING) {
        print(printer, "%s", primitives[type->kind]);
    } else if (type->kind == WIT_OWN || type->kind == WIT_BORROW) {
        print(printer, "weft.Slot");
    } else if (type->kind == WIT_LIST || type->kind == WIT_OPTION) {
        print(printer, type->kind == WIT_LIST ? "[]" : "*");
        print_part_type(printer, type->parts);
    } else if (type->kind == WIT_RESULT) {
        print(printer, "weft.Either[");
        print_part_type(printer, type->parts);
        print(printer, ", ");
        print_part_type(printer, type->parts->next);
        print(printer, "]");
    } else {
        print(printer, "%c", struct_name(type));
    }
}

static const struct language go = {
    .parameter = NAME_CAMEL,
    .function = NAME_PASCAL,
    .type = NAME_PASCAL,
    .constant = NAME_PASCAL,
    .reserved = reserved,
    .reserved_count = BASE_ARRAY_COUNT(reserved),
    .print_type = print_type,
};

/* The expression for the type's coder. */
static void print_coder(const struct printer *printer, const struct wit_type *type)
{
    static const char *const plain[] = {
        [WIT_BOOL] = "Bool", [WIT_S8] = "S8",   [WIT_S16] = "S16", [WIT_S32] = "S32",
        [WIT_S64] = "S64",   [WIT_U8] = "U8",   [WIT_U16] = "U16", [WIT_U32] = "U32",
        [WIT_U64] = "U64",   [WIT_F32] = "F32", [WIT_F64] = "F64", [WIT_CHAR] = "Char",
        [WIT_STRING] = "String", [WIT_OWN] = "Own", [WIT_BORROW] = "Borrow",
    };
    static const char *const generic[] = {
        [WIT_LIST] = "List", [WIT_OPTION] = "Option", [WIT_RESULT] = "Result",
    };
    if (type == NULL) {
        print(printer, "weft.Nothing");
    } else if (type_is_bytes(type)) {
        print(printer, "weft.Bytes");
    } else if (type->kind <= WIT_STRING || type->kind == WIT_OWN || type->kind == WIT_BORROW) {
        print(printer, "weft.%s", plain[type->kind]);
    } else if (type->kind > WIT_BORROW || type->kind == WIT_TUPLE) {
        print(printer, "Coder%c", struct_name(type));
    } else {
        print(printer, "weft.%s(", generic[type->kind]);
        for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
            print_coder(printer, part->type);
            print(printer, part->next == NULL ? "" : ", ");
        }
        print(printer, ")");
    }
}

/* ---- Types ---------------------------------------------------------------------------------- */

/* A field's name: that of the part, which in a tuple has but a number. */
static void print_field(const struct printer *printer, const struct wit_type *type,
                        const struct wit_part *part)
{
    if (type->kind == WIT_TUPLE)
        print(printer, "F%b", (struct bytes){ part->member.data + 1, part->member.size - 1 });
    else
        print(printer, "%f", part->name);
}

static void print_fields(const struct printer *printer, const struct wit_type *type)
{
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        emit_line_comments(printer, part->documentation, "\t//");
        print(printer, "\t");
        print_field(printer, type, part);
        print(printer, " %y\n", part->type);
    }
    print(printer, "}\n");
}

static void begin_coder(const struct printer *printer, const struct wit_type *type)
{
    print(printer,
          "\nvar Coder%c = weft.Coder[%c]{%u, %u,\n"
          "\tfunc(writer *weft.Writer, at uint32, value %c) {\n",
          struct_name(type), struct_name(type), type->size, type->alignment, struct_name(type));
}

static void begin_get(const struct printer *printer, const struct wit_type *type)
{
    print(printer, "\t},\n\tfunc(reader *weft.Reader, at uint32) (value %c) {\n",
          struct_name(type));
}

static void print_move(const struct printer *printer, const struct wit_type *type,
                       const struct wit_part *part, bool put)
{
    u32 offset = type->kind == WIT_VARIANT ? type->payload : part->offset;
    print(printer, "\t\t");
    if (!put) {
        print(printer, "value.");
        print_field(printer, type, part);
        print(printer, " = ");
    }
    print_coder(printer, part->type);
    print(printer, put ? ".Put(writer, at+%u, value." : ".Get(reader, at+%u", offset);
    if (put)
        print_field(printer, type, part);
    print(printer, ")\n");
}

static void print_record(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_part *part;
    print(printer, "type %c struct {\n", struct_name(type));
    print_fields(printer, type);
    begin_coder(printer, type);
    for (part = type->parts; part != NULL; part = part->next)
        print_move(printer, type, part, true);
    begin_get(printer, type);
    for (part = type->parts; part != NULL; part = part->next)
        print_move(printer, type, part, false);
    print(printer, "\t\treturn value\n\t}}\n");
}

static void print_constants(const struct printer *printer, const struct wit_type *type,
                            const char *suffix)
{
    u32 number = 0;
    print(printer, "\nconst (\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next, number++) {
        emit_line_comments(printer, part->documentation, "\t//");
        print(printer, "\t%c%k %c%s = ", type->name, part->name, type->name, suffix);
        print(printer, type->kind == WIT_FLAGS ? "1 << %u\n" : "%u\n", number);
    }
    print(printer, ")\n");
}

static void print_payloads(const struct printer *printer, const struct wit_type *type, bool put)
{
    print(printer, "\t\tswitch value.Tag {\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        print(printer, "\t\tcase %c%k:\n\t", type->name, part->name);
        print_move(printer, type, part, put);
    }
    print(printer, "\t\t}\n");
}

static void print_variant(const struct printer *printer, const struct wit_type *type)
{
    print(printer, "type %c struct {\n\tTag %cTag\n", type->name, type->name);
    print_fields(printer, type);
    print(printer, "\ntype %cTag uint32\n", type->name);
    print_constants(printer, type, "Tag");
    begin_coder(printer, type);
    print(printer, "\t\twriter.Case(at, uint32(value.Tag), %u)\n", type->part_count);
    print_payloads(printer, type, true);
    begin_get(printer, type);
    print(printer, "\t\tvalue.Tag = %cTag(reader.Case(at, %u))\n", type->name, type->part_count);
    print_payloads(printer, type, false);
    print(printer, "\t\treturn value\n\t}}\n");
}

static void print_number(const struct printer *printer, const struct wit_type *type)
{
    bool flags = type->kind == WIT_FLAGS;
    print(printer, "type %c uint32\n", type->name);
    print_constants(printer, type, "");
    begin_coder(printer, type);
    print(printer, "\t\twriter.%s(at, uint32(value), %u", flags ? "Flags" : "Case",
          type->part_count);
    if (flags)
        print(printer, ", %u", type->size);
    print(printer, ")\n");
    begin_get(printer, type);
    print(printer, "\t\treturn %c(reader.%s(at, %u", type->name, flags ? "Flags" : "Case",
          type->part_count);
    if (flags)
        print(printer, ", %u", type->size);
    print(printer, "))\n\t}}\n");
}

static void print_declaration(const struct printer *printer, const struct wit_type *type)
{
    bool is_parameters = type->kind == WIT_RECORD && type->name.size == 0;
    bool is_number = type->kind == WIT_ENUM || type->kind == WIT_FLAGS;
    if (is_parameters || (!is_struct(type) && !is_number))
        return;
    print(printer, "\n");
    emit_line_comments(printer, type->documentation, "//");
    if (type->kind == WIT_VARIANT)
        print_variant(printer, type);
    else if (is_number)
        print_number(printer, type);
    else
        print_record(printer, type);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static void print_prototype(const struct printer *printer, const struct wit_function *function)
{
    bool has_object = function->form == WIT_METHOD;
    bool is_static = function->resource != NULL && !has_object;
    struct bytes owner = has_object ? function->resource->name : BYTES_LITERAL("client");
    print(printer, has_object ? "func (self_ %c) " : "func (self_ Client) ", owner);
    if (is_static)
        print(printer, "%f(", function->label);
    else
        print(printer, "%f(", function->name);
    const char *before = "";
    for (const struct wit_part *part = function->parameters->parts; part != NULL;
         part = part->next) {
        print(printer, "%s%v %y", before, part->name, part->type);
        before = ", ";
    }
    if (function->result == NULL)
        print(printer, ") error {\n");
    else
        print(printer, ") (%y, error) {\n", function->result);
}

static void print_call(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    print(printer, "\n");
    emit_line_comments(printer, function->documentation, "//");
    print_prototype(printer, function);
    print(printer, "\twriter_, %s := weft.Request(%u, %u, %u)\n",
          parameters->parts == NULL ? "_" : "at_", function->index, parameters->size,
          parameters->parts == NULL ? 1 : parameters->alignment);
    for (const struct wit_part *part = parameters->parts; part != NULL; part = part->next) {
        print(printer, "\t");
        print_coder(printer, part->type);
        print(printer, ".Put(writer_, at_+%u, %v)\n", part->offset, part->name);
    }
    if (function->result == NULL) {
        print(printer, "\treturn weft.Tell(weft.Slot(self_), writer_)\n}\n");
        return;
    }
    print(printer, "\treturn weft.Ask(weft.Slot(self_), writer_, ");
    print_coder(printer, function->result);
    print(printer, ")\n}\n");
}

static void print_client(const struct printer *printer, const struct wit_interface *interface)
{
    print(printer, "\n//go:wasmimport weft:interface %b@", interface->name);
    writer_hex_bytes(printer->writer, (struct bytes){ interface->hash.bytes, HASH_SIZE });
    print(printer, "\nfunc slot_() int32\n\n"
                   "// Client calls the interface.\ntype Client weft.Slot\n\n"
                   "// Open gives the slot that the silo has for the interface.\n"
                   "func Open() Client {\n\treturn Client(slot_())\n}\n");
}

void wit_print_go(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface, .language = &go };
    print(&printer,
          "// Package %p is the interface `%b`, made by tools/wit: do not edit.\npackage %p\n\n"
          "import \"weft\"\n",
          interface->name);
    print_client(&printer, interface);
    for (const struct wit_type *type = interface->types; type != NULL; type = type->next)
        print_declaration(&printer, type);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        if (item->type != NULL && item->type->kind == WIT_RESOURCE) {
            print(&printer, "\n");
            emit_line_comments(&printer, item->type->documentation, "//");
            print(&printer, "type %c weft.Slot\n", item->type->name);
        }
        if (item->function != NULL)
            print_call(&printer, item->function);
    }
}
