/* An interface in Rust: a module whose values are those of lib/rust/weft.rs, for clients and
 * handlers. */
#include "tools/wit/emit.h"

static const char *const reserved[] = {
    "abstract", "as",     "async",  "await",   "become", "box",    "break", "const",  "continue",
    "crate",    "do",     "dyn",    "else",    "enum",   "extern", "false", "final",  "fn",
    "for",      "if",     "impl",   "in",      "let",    "loop",   "macro", "match",  "mod",
    "move",     "mut",    "override", "priv",  "pub",    "ref",    "return", "self",  "static",
    "struct",   "super",  "trait",  "true",    "try",    "type",   "typeof", "unsafe", "unsized",
    "use",      "virtual", "where", "while",   "yield",  "weft",   "Client", "Err",   "None",
    "Ok",       "Option", "Result", "Self",    "Server", "Some",   "String", "Vec",
};

static void print_type(const struct printer *printer, const struct wit_type *type);

static void print_part_type(const struct printer *printer, const struct wit_part *part)
{
    if (part->type == NULL)
        print(printer, "()");
    else
        print_type(printer, part->type);
}

/* Recursion is bounded by WIT_NESTING_MAX. */
static void print_type(const struct printer *printer, const struct wit_type *type)
{
    static const char *const primitives[] = {
        [WIT_BOOL] = "bool", [WIT_S8] = "i8",   [WIT_S16] = "i16",  [WIT_S32] = "i32",
        [WIT_S64] = "i64",   [WIT_U8] = "u8",   [WIT_U16] = "u16",  [WIT_U32] = "u32",
        [WIT_U64] = "u64",   [WIT_F32] = "f32", [WIT_F64] = "f64",  [WIT_CHAR] = "char",
        [WIT_STRING] = "String",
    };
    static const char *const generics[] = {
        [WIT_LIST] = "Vec<", [WIT_OPTION] = "Option<", [WIT_RESULT] = "Result<", [WIT_TUPLE] = "(",
    };
    if (type->kind <= WIT_STRING) {
        print(printer, "%s", primitives[type->kind]);
    } else if (type->kind == WIT_BORROW) {
        print(printer, "weft::Borrow");
    } else if (type->kind == WIT_OWN) {
        print(printer, "%c", type->parts->type->name);
    } else if (type->kind > WIT_BORROW) {
        print(printer, "%c", type->name);
    } else {
        print(printer, "%s", generics[type->kind]);
        for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
            print_part_type(printer, part);
            if (part->next != NULL || type->kind == WIT_TUPLE)
                print(printer, ", ");
        }
        print(printer, type->kind == WIT_TUPLE ? ")" : ">");
    }
}

static const struct language rust = {
    .parameter = NAME_SNAKE,
    .function = NAME_SNAKE,
    .type = NAME_PASCAL,
    .constant = NAME_PASCAL,
    .reserved = reserved,
    .reserved_count = BASE_ARRAY_COUNT(reserved),
    .print_type = print_type,
};

/* ---- Types ---------------------------------------------------------------------------------- */

/* A resource by itself has no size: what travels is a slot. */
static void begin_value(const struct printer *printer, const struct wit_type *type)
{
    enum { SLOT_SIZE = 4 };
    bool is_slot = type->kind == WIT_RESOURCE;
    print(printer,
          "\nimpl weft::Value for %c {\n    const SIZE: u32 = %u;\n"
          "    const ALIGNMENT: u32 = %u;\n"
          "    fn put(self, writer_: &mut weft::Writer, at_: u32) {\n",
          type->name, is_slot ? SLOT_SIZE : type->size, is_slot ? SLOT_SIZE : type->alignment);
}

static void begin_get(const struct printer *printer)
{
    print(printer, "    }\n    fn get(reader_: &mut weft::Reader, at_: u32) -> Self {\n");
}

static void print_record(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_part *part;
    print(printer, "#[derive(Debug)]\npub struct %c {\n", type->name);
    for (part = type->parts; part != NULL; part = part->next) {
        emit_line_comments(printer, part->documentation, "    ///");
        print(printer, "    pub %f: %y,\n", part->name, part->type);
    }
    print(printer, "}\n");
    begin_value(printer, type);
    for (part = type->parts; part != NULL; part = part->next)
        print(printer, "        self.%f.put(writer_, at_ + %u);\n", part->name, part->offset);
    begin_get(printer);
    print(printer, "        %c {\n", type->name);
    for (part = type->parts; part != NULL; part = part->next)
        print(printer, "            %f: weft::Value::get(reader_, at_ + %u),\n", part->name,
              part->offset);
    print(printer, "        }\n    }\n}\n");
}

static void print_put_case(const struct printer *printer, const struct wit_type *type,
                           const struct wit_part *part, u32 index)
{
    print(printer, "            %c::%k%s => {\n", type->name, part->name,
          part->type == NULL ? "" : "(value_)");
    print(printer, "                writer_.case(at_, %u, %u);\n", index, type->part_count);
    if (part->type != NULL)
        print(printer, "                value_.put(writer_, at_ + %u);\n", type->payload);
    print(printer, "            }\n");
}

static void print_get_case(const struct printer *printer, const struct wit_type *type,
                           const struct wit_part *part, u32 index)
{
    if (part->next == NULL)
        print(printer, "            _ => ");
    else
        print(printer, "            %u => ", index);
    print(printer, "%c::%k", type->name, part->name);
    if (part->type != NULL)
        print(printer, "(weft::Value::get(reader_, at_ + %u))", type->payload);
    print(printer, ",\n");
}

/* An enum is a variant without anything behind its cases. */
static void print_variant(const struct printer *printer, const struct wit_type *type)
{
    u32 index = 0;
    const struct wit_part *part;
    const char *derived = type->kind == WIT_ENUM ? ", Clone, Copy, PartialEq, Eq" : "";
    print(printer, "#[derive(Debug%s)]\npub enum %c {\n", derived, type->name);
    for (part = type->parts; part != NULL; part = part->next) {
        emit_line_comments(printer, part->documentation, "    ///");
        print(printer, "    %k", part->name);
        if (part->type != NULL)
            print(printer, "(%y)", part->type);
        print(printer, ",\n");
    }
    print(printer, "}\n");
    begin_value(printer, type);
    print(printer, "        match self {\n");
    for (part = type->parts; part != NULL; part = part->next)
        print_put_case(printer, type, part, index++);
    print(printer, "        }\n");
    begin_get(printer);
    print(printer, "        match reader_.case(at_, %u) {\n", type->part_count);
    index = 0;
    for (part = type->parts; part != NULL; part = part->next)
        print_get_case(printer, type, part, index++);
    print(printer, "        }\n    }\n}\n");
}

static void print_flags(const struct printer *printer, const struct wit_type *type)
{
    u32 bit = 0;
    print(printer,
          "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]\npub struct %c(pub u32);\n\n"
          "#[allow(non_upper_case_globals)]\nimpl %c {\n",
          type->name, type->name);
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        emit_line_comments(printer, part->documentation, "    ///");
        print(printer, "    pub const %k: %c = %c(1 << %u);\n", part->name, type->name, type->name,
              bit++);
    }
    print(printer,
          "    pub fn has(self, others: %c) -> bool {\n        self.0 & others.0 == others.0\n"
          "    }\n}\n\n"
          "impl std::ops::BitOr for %c {\n    type Output = %c;\n"
          "    fn bitor(self, other: %c) -> %c {\n        %c(self.0 | other.0)\n    }\n}\n",
          type->name, type->name, type->name, type->name, type->name, type->name);
    begin_value(printer, type);
    print(printer, "        writer_.put(at_, &self.0.to_le_bytes()[..%u]);\n", type->size);
    begin_get(printer);
    print(printer,
          "        let bits_ = u%u::get(reader_, at_) as u32;\n"
          "        if u64::from(bits_) >> %u != 0 {\n            reader_.fail();\n        }\n"
          "        %c(bits_)\n    }\n}\n",
          type->size * 8, type->part_count, type->name);
}

static void print_resource(const struct printer *printer, const struct wit_type *type)
{
    print(printer, "#[derive(Debug)]\npub struct %c(pub weft::Slot);\n", type->name);
    begin_value(printer, type);
    print(printer, "        self.0.put(writer_, at_);\n");
    begin_get(printer);
    print(printer, "        %c(weft::Slot::get(reader_, at_))\n    }\n}\n", type->name);
}

static void print_declaration(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_ALIAS)
        return;
    print(printer, "\n");
    emit_line_comments(printer, type->documentation, "///");
    if (type->kind == WIT_RECORD)
        print_record(printer, type);
    else if (type->kind == WIT_FLAGS)
        print_flags(printer, type);
    else if (type->kind == WIT_RESOURCE)
        print_resource(printer, type);
    else
        print_variant(printer, type);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static void print_result_type(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "Result<");
    if (function->result == NULL)
        print(printer, "()");
    else
        print(printer, "%y", function->result);
    print(printer, ", weft::Status>");
}

static struct bytes function_name(const struct wit_function *function)
{
    return function->form == WIT_CONSTRUCTOR ? BYTES_LITERAL("create") : function->name;
}

static void print_put_parameter(const struct printer *printer, const struct wit_part *part, u32 at)
{
    if (part->type->kind == WIT_STRING)
        print(printer, "        writer_.bytes(at_ + %u, %v.as_bytes());\n", at, part->name);
    else if (type_is_bytes(part->type))
        print(printer, "        writer_.bytes(at_ + %u, %v);\n", at, part->name);
    else
        print(printer, "        weft::Value::put(%v, &mut writer_, at_ + %u);\n", part->name, at);
}

/* Through the object's slot, or the interface's. */
static void print_call(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    const struct wit_part *part;
    bool has_object = function->resource == NULL || function->form == WIT_METHOD;
    emit_line_comments(printer, function->documentation, "    ///");
    print(printer, "    pub fn %f(%s", function_name(function), has_object ? "&self" : "");
    for (part = parameters->parts; part != NULL; part = part->next) {
        print(printer, "%s%v: ", has_object || part != parameters->parts ? ", " : "", part->name);
        if (part->type->kind == WIT_STRING || type_is_bytes(part->type))
            print(printer, part->type->kind == WIT_STRING ? "&str" : "&[u8]");
        else
            print(printer, "%y", part->type);
    }
    print(printer, ") -> ");
    print_result_type(printer, function);
    print(printer, " {\n        let (%swriter_, %s) = weft::Writer::request(%u, %u, %u);\n",
          parameters->parts == NULL ? "" : "mut ", parameters->parts == NULL ? "_" : "at_",
          function->index, parameters->size, parameters->parts == NULL ? 1 : parameters->alignment);
    for (part = parameters->parts; part != NULL; part = part->next)
        print_put_parameter(printer, part, part->offset);
    print(printer, "        weft::ask(%s, writer_)\n    }\n",
          has_object ? "&self.0" : "&client().0");
}

static void print_calls(const struct printer *printer, const struct wit_interface *interface,
                        const struct wit_type *resource)
{
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL && item->function->resource == resource)
            print_call(printer, item->function);
    print(printer, "}\n");
}

/* ---- Handlers ------------------------------------------------------------------------------- */

static void print_handler(const struct printer *printer, const struct wit_function *function)
{
    emit_line_comments(printer, function->documentation, "    ///");
    print(printer, "    fn %f(&mut self, from_: &weft::Event", function->label);
    const struct wit_part *part = function->parameters->parts;
    for (; part != NULL; part = part->next)
        print(printer, ", %v: %y", part->name, part->type);
    print(printer, ") -> ");
    print_result_type(printer, function);
    print(printer, " {\n        Err(weft::Status::Unsupported)\n    }\n");
}

static void print_dispatch(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    const struct wit_part *part;
    print(printer, "        %u => {\n            let %s = reader_.request(%u, %u);\n",
          function->index, parameters->parts == NULL ? "_" : "at_", parameters->size,
          parameters->parts == NULL ? 1 : parameters->alignment);
    u32 number = 0;
    for (part = parameters->parts; part != NULL; part = part->next)
        print(printer, "            let value%u_: %y = weft::Value::get(reader_, at_ + %u);\n",
              number++, part->type, part->offset);
    print(printer, "            if !reader_.end()%s {\n"
                   "                return Err(weft::Status::Invalid);\n            }\n",
          function->form == WIT_METHOD ? " || from_.badge == 0" : "");
    print(printer, "            server_.%f(from_", function->label);
    number = 0;
    for (part = parameters->parts; part != NULL; part = part->next)
        print(printer, ", value%u_", number++);
    print(printer, ").map(weft::Writer::answer)\n        }\n");
}

static void print_server(const struct printer *printer, const struct wit_interface *interface)
{
    const struct wit_item *item;
    print(printer, "\n/// A handler: what it does not have is answered with `Unsupported`. A "
                   "method's object is\n/// `from_.badge`.\n#[allow(unused_variables)]\npub trait Server {\n");
    for (item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_handler(printer, item->function);
    print(printer,
          "}\n\n/// Handles messages until nothing can come any more.\n"
          "pub fn serve(server_: &mut impl Server) -> weft::Status {\n"
          "    weft::serve(|function_, from_, reader_| match function_ {\n");
    for (item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_dispatch(printer, item->function);
    print(printer, "        _ => Err(weft::Status::Invalid),\n    })\n}\n");
}

static void print_constants(const struct printer *printer, const struct wit_interface *interface)
{
    print(printer, "\n/// The interface's name to the kernel.\npub const HASH: [u8; 32] = [");
    for (u32 i = 0; i < HASH_SIZE; i++)
        print(printer, "%s%u", i == 0 ? "" : ", ", (u32)interface->hash.bytes[i]);
    print(printer, "];\n\n");
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print(printer, "pub const FUNCTION_%N: u32 = %u;\n", item->function->label,
                  item->function->index);
    print(printer, "\nmod import {\n    #[link(wasm_import_module = \"weft:interface\")]\n"
                   "    extern \"C\" {\n        #[link_name = \"%b@",
          interface->name);
    writer_hex_bytes(printer->writer, (struct bytes){ interface->hash.bytes, HASH_SIZE });
    print(printer, "\"]\n        pub fn slot() -> i32;\n    }\n}\n");
}

void wit_print_rust(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface, .language = &rust };
    print(&printer, "// Interface `%b` for Rust, made by tools/wit: do not edit.\n",
          interface->name);
    print(&printer, "#[allow(unused_imports)]\nuse weft::Value as _;\n");
    print_constants(&printer, interface);
    print(&printer, "\n/// The interface, by the slot that the silo has for it.\n"
                    "pub struct Client(pub std::mem::ManuallyDrop<weft::Slot>);\n\n"
                    "pub fn client() -> Client {\n"
                    "    let slot_ = weft::Slot::from_number(unsafe { import::slot() });\n"
                    "    Client(std::mem::ManuallyDrop::new(slot_))\n}\n\nimpl Client {\n");
    print_calls(&printer, interface, NULL);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        if (item->type == NULL)
            continue;
        print_declaration(&printer, item->type);
        if (item->type->kind == WIT_RESOURCE) {
            print(&printer, "\nimpl %c {\n", item->type->name);
            print_calls(&printer, interface, item->type);
        }
    }
    print_server(&printer, interface);
}
