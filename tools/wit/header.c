/* The C header of an interface: constants, types, prototypes, the server. */
#include "tools/wit/emit.h"

static void print_names(const struct printer *printer, const struct wit_interface *interface)
{
    u64 id = 0;
    for (u32 i = 8; i-- > 0;)
        id = id << 8 | interface->hash.bytes[i];
    print(printer, "#define %P_INTERFACE_NAME \"%b\"\n", interface->name);
    print(printer, "#define %P_INTERFACE_HASH \"");
    writer_hex_bytes(printer->writer, (struct bytes){ interface->hash.bytes, HASH_SIZE });
    print(printer, "\"\n/* As in an event. */\n#define %P_INTERFACE_ID UINT64_C(0x");
    writer_hex(printer->writer, id, 16);
    print(printer, ")\n/* As a program imports it. */\n"
                   "#define %P_IMPORT %P_INTERFACE_NAME \"@\" %P_INTERFACE_HASH\n\n");
}

static void print_functions(const struct printer *printer, const struct wit_interface *interface)
{
    print(printer, "/* The index that begins a request. */\nenum %p_function {\n");
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print(printer, "    %P_FUNCTION_%N = %u,\n", item->function->label,
                  item->function->index);
    print(printer, "};\n");
}

/* ---- Types --------------------------------------------------------------------------------- */

/* The constants of an enum, flags or the tags of a variant. */
static void print_constants(const struct printer *printer, const struct wit_type *type)
{
    u32 number = 0;
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        emit_documentation(printer, part->documentation, "    ");
        print(printer, "    %P_%N_%N = ", type->label, part->name);
        print(printer, type->kind == WIT_FLAGS ? "1u << %u,\n" : "%u,\n", number++);
    }
}

static void print_fields(const struct printer *printer, const struct wit_type *type)
{
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        emit_documentation(printer, part->documentation, "    ");
        print(printer, "    %t %b;\n", part->type, part->member);
    }
}

static void print_variant(const struct printer *printer, const struct wit_type *type)
{
    bool has_payload = false;
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next)
        has_payload |= part->type != NULL;
    print(printer, "enum %p_%n_tag {\n", type->label);
    print_constants(printer, type);
    print(printer, "};\n\n");
    emit_documentation(printer, type->documentation, "");
    print(printer, "struct %p_%n {\n    enum %p_%n_tag tag;\n", type->label, type->label);
    if (has_payload)
        print(printer, "    union {\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next)
        if (part->type != NULL)
            print(printer, "        %t %b;\n", part->type, part->member);
    if (has_payload)
        print(printer, "    };\n");
}

static void print_result(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_type *value = type->parts->type;
    const struct wit_type *error = type->parts->next->type;
    const char *margin = value != NULL && error != NULL ? "        " : "    ";
    print(printer, "    bool failed;\n");
    if (value != NULL && error != NULL)
        print(printer, "    union {\n");
    if (value != NULL)
        print(printer, "%s%t value;\n", margin, value);
    if (error != NULL)
        print(printer, "%s%t error;\n", margin, error);
    if (value != NULL && error != NULL)
        print(printer, "    };\n");
}

static void print_struct(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_VARIANT) {
        print(printer, "\n");
        print_variant(printer, type);
        print(printer, "};\n");
        return;
    }
    print(printer, "\n");
    emit_documentation(printer, type->documentation, "");
    print(printer, "struct %p_%n {\n", type->label);
    if (type->kind == WIT_RECORD || type->kind == WIT_TUPLE)
        print_fields(printer, type);
    else if (type->kind == WIT_RESULT)
        print_result(printer, type);
    else if (type->kind == WIT_OPTION)
        print(printer, "    bool present;\n    %t value;\n", type->parts->type);
    else
        print(printer, "    const %t *data;\n    uint32_t count;\n", type->parts->type);
    print(printer, "};\n");
}

static void print_type(const struct printer *printer, const struct wit_type *type)
{
    bool is_enum = type->kind == WIT_ENUM || type->kind == WIT_FLAGS;
    if (type_is_struct(type) && type->part_count != 0) {
        print_struct(printer, type);
    } else if (is_enum) {
        print(printer, "\n");
        emit_documentation(printer, type->documentation, "");
        if (type->kind == WIT_FLAGS)
            print(printer, "enum { /* %b: a uint32_t */\n", type->name);
        else
            print(printer, "enum %p_%n {\n", type->label);
        print_constants(printer, type);
        print(printer, "};\n");
    }
}

/* ---- Functions ----------------------------------------------------------------------------- */

static void print_prototypes(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "\n");
    emit_documentation(printer, function->documentation, "");
    emit_wrapped(printer, function, emit_encode, ";\n");
    emit_wrapped(printer, function, emit_decode, ";\n");
    emit_wrapped(printer, function, emit_result_encode, ";\n");
    emit_wrapped(printer, function, emit_result_decode, ";\n");
}

static const char coders_comment[] =
    "\n"
    "/* Of each function: a whole request, its arguments, a whole answer, its result. They\n"
    " * give false on a mistake; its status is in the writer or reader, and what was decoded\n"
    " * then means nothing. */\n";

static const char server_comment[] =
    "\n"
    "/* The functions of a handler; NULL: unsupported. Each answers the event itself, now or\n"
    " * later, and gives WEFT_OK; or it gives a status for the caller of the dispatcher to\n"
    " * answer with. The arguments live as long as the body and the reader's scratch. The\n"
    " * event's badge says which object a method is for; that it is one of the method's\n"
    " * resource is for the handler to check, and whether a function that is no method may be\n"
    " * called through a slot with a badge. */\n";

static const char dispatch_comment[] =
    "\n"
    "/* Finds the function that a message is for, decodes its arguments and calls it. `reader`\n"
    " * is over the message's body, with scratch if the interface has lists to decode. What is\n"
    " * not WEFT_OK is for the caller to answer with: WEFT_INVALID (malformed, no such\n"
    " * function, a method without a badge), WEFT_NO_MEMORY (too little scratch),\n"
    " * WEFT_UNSUPPORTED, or what the handler said. The handler owns the message's gifts if the\n"
    " * reader's `decoded` is true afterwards; if not, they are the caller's to close. */\n";

static void print_server(const struct printer *printer, const struct wit_interface *interface)
{
    print(printer, "%sstruct %p_server {\n", server_comment);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        if (item->function == NULL)
            continue;
        print(printer, "    ");
        emit_wrapped(printer, item->function, emit_handler, ";\n");
    }
    print(printer, "};\n%s", dispatch_comment);
    emit_dispatch(printer);
    print(printer, ";\n");
}

void wit_print_header(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer, "/* Interface `%b`, made by tools/wit: do not edit. See abi/body.h.",
          interface->name);
    emit_documentation_lines(&printer, interface->documentation, " *");
    print(&printer, " */\n#ifndef INTERFACE_%P_H\n#define INTERFACE_%P_H\n\n"
                    "#include \"abi/body.h\"\n\n");
    print_names(&printer, interface);
    print_functions(&printer, interface);
    for (const struct wit_type *type = interface->types; type != NULL; type = type->next)
        print_type(&printer, type);
    print(&printer, "%s", coders_comment);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_prototypes(&printer, item->function);
    print_server(&printer, interface);
    print(&printer, "\n#endif\n");
}
