/* An interface in C++: classes over the C for programs. Values are those of C, but strings and lists
 * are views. */
#include "tools/wit/emit.h"

/* Its names are those of C, which keeps out words of C++, too. */
static void print_type(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_STRING)
        print(printer, "std::string_view");
    else if (type->kind == WIT_LIST)
        print(printer, "std::span<const %t>", type->parts->type);
    else
        print(printer, "%t", type);
}

static const struct language cpp = {
    .print_type = print_type,
};

static void print_argument(const struct printer *printer, const struct wit_part *part)
{
    const struct wit_type *type = part->type;
    if (type->kind == WIT_STRING || type_is_bytes(type))
        print(printer, ", weft::bytes_of(%a)", part->name);
    else if (type->kind == WIT_LIST)
        print(printer, ", { %a.data(), static_cast<std::uint32_t>(%a.size()) }", part->name,
              part->name);
    else
        print(printer, ", %a", part->name);
}

/* The C value `result` as what is given. */
static void print_value(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_STRING)
        print(printer, "weft::text_of(result)");
    else if (type_is_bytes(type))
        print(printer, "weft::span_of(result)");
    else if (type->kind == WIT_LIST)
        print(printer, "{ result.data, result.count }");
    else
        print(printer, "result");
}

static void print_call(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_part *part;
    const struct wit_type *result = function->result;
    emit_line_comments(printer, function->documentation, "    ///");
    if (result == NULL)
        print(printer, "    weft_status ");
    else
        print(printer, "    answer<%y> ", result);
    bool is_method = function->form == WIT_METHOD;
    print(printer, "%i(", is_method ? function->name : function->label);
    for (part = function->parameters->parts; part != NULL; part = part->next)
        print(printer, "%s%y %a", part == function->parameters->parts ? "" : ", ", part->type,
              part->name);
    print(printer, ")\n    {\n");
    if (result != NULL)
        print(printer, "        %t result{};\n", result);
    print(printer, "        weft_status status_ = %p_%n(raw()", function->label);
    for (part = function->parameters->parts; part != NULL; part = part->next)
        print_argument(printer, part);
    if (result == NULL) {
        print(printer, ");\n        return status_;\n    }\n");
        return;
    }
    print(printer, ", &result);\n        if (status_ != WEFT_OK)\n"
                   "            return { status_, {} };\n        return { status_, ");
    print_value(printer, result);
    print(printer, " };\n    }\n");
}

/* Calls through an object's slot, or all others, through the interface's. */
static void print_calls(const struct printer *printer, const struct wit_type *object)
{
    for (const struct wit_item *item = printer->interface->items; item != NULL; item = item->next) {
        const struct wit_function *function = item->function;
        if (function == NULL)
            continue;
        bool is_method = function->form == WIT_METHOD;
        if (object == NULL ? !is_method : is_method && function->resource == object)
            print_call(printer, function);
    }
    print(printer, "};\n");
}

static void print_object(const struct printer *printer, const struct wit_type *type)
{
    print(printer, "\n");
    emit_line_comments(printer, type->documentation, "///");
    print(printer,
          "class %i : public caller {\n  public:\n"
          "    explicit %i(std::int32_t slot, std::uint32_t capacity = default_capacity)\n"
          "        : caller(slot, capacity)\n    {\n    }\n",
          type->name, type->name);
    print_calls(printer, type);
}

void wit_print_cpp(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface, .language = &cpp };
    print(&printer,
          "/* Interface `%b` for C++, made by tools/wit: do not edit. */\n"
          "#ifndef INTERFACE_%P_HPP\n#define INTERFACE_%P_HPP\n\n"
          "#include \"lib/cpp/weft.hpp\"\n\nextern \"C\" {\n"
          "#include \"interface/%p_program.h\"\n}\n\n"
          "namespace weft::%i {\n\n"
          "/// The interface, by the slot that the silo has for it.\n"
          "class client : public caller {\n  public:\n"
          "    explicit client(std::uint32_t capacity = default_capacity)\n"
          "        : caller(%p_slot(), capacity)\n    {\n    }\n"
          "    client(std::int32_t slot, std::uint32_t capacity) : caller(slot, capacity) {}\n",
          interface->name, interface->name);
    print_calls(&printer, NULL);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->type != NULL && item->type->kind == WIT_RESOURCE)
            print_object(&printer, item->type);
    print(&printer, "\n}\n\n#endif\n");
}
