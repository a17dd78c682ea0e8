/* The C source of an interface: a coder for each struct that travels, then what each function
 * takes and gives, then the dispatcher. */
#include "tools/wit/emit.h"

/* ---- Values -------------------------------------------------------------------------------- */

/* The ending of the coders in abi/body.h for a type that is no struct of the interface. */
static const char *coder_of(const struct wit_type *type)
{
    switch (type->kind) {
    case WIT_LIST:
        return "bytes";
    case WIT_ENUM:
        return "case";
    default:
        return type_word(type->kind);
    }
}

/* `at`, or what stands behind it by an offset. */
static void print_at(const struct printer *printer, u32 offset)
{
    print(printer, ", at");
    if (offset != 0)
        print(printer, " + %u", offset);
}

/* Writes the member `member` of what `owner` leads to at `at + offset`. */
static void print_put(const struct printer *printer, const struct wit_type *type, u32 offset,
                      const char *owner, struct bytes member)
{
    if (type_is_struct(type))
        print(printer, "put_%n(writer", type->label);
    else
        print(printer, "body_put_%s(writer", coder_of(type));
    print_at(printer, offset);
    print(printer, ", %s%s%b", type_is_struct(type) ? "&" : "", owner, member);
    if (type->kind == WIT_ENUM || type->kind == WIT_FLAGS)
        print(printer, ", %u", type->part_count);
    print(printer, ");\n");
}

static void print_get(const struct printer *printer, const struct wit_type *type, u32 offset,
                      const char *owner, struct bytes member)
{
    if (type_is_struct(type)) {
        print(printer, "get_%n(reader", type->label);
        print_at(printer, offset);
        print(printer, ", &%s%b);\n", owner, member);
        return;
    }
    print(printer, "%s%b = ", owner, member);
    if (type->kind == WIT_ENUM)
        print(printer, "(%t)", type);
    print(printer, "body_get_%s(reader", coder_of(type));
    print_at(printer, offset);
    if (type->kind == WIT_ENUM || type->kind == WIT_FLAGS)
        print(printer, ", %u", type->part_count);
    print(printer, ");\n");
}

/* Either of the two. */
typedef void print_coding(const struct printer *printer, const struct wit_type *type, u32 offset,
                          const char *owner, struct bytes member);

/* ---- Structs ------------------------------------------------------------------------------- */

static void print_fields(const struct printer *printer, const struct wit_type *type,
                         print_coding *print_code)
{
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        print(printer, "    ");
        print_code(printer, part->type, part->offset, "value->", part->member);
    }
}

/* What follows the case of a variant. */
static void print_payloads(const struct printer *printer, const struct wit_type *type,
                           print_coding *print_code)
{
    print(printer, "    switch (value->tag) {\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        print(printer, "    case %P_%N_%N:\n        ", type->label, part->name);
        print_code(printer, part->type, type->payload, "value->", part->member);
        print(printer, "        break;\n");
    }
    print(printer, "    default:\n        break;\n    }\n");
}

/* What follows the case of an option or result, if `condition` holds. */
static void print_payload(const struct printer *printer, const struct wit_type *type,
                          const struct wit_part *part, const char *condition,
                          print_coding *print_code)
{
    if (part->type == NULL)
        return;
    print(printer, "    if (%s)\n        ", condition);
    print_code(printer, part->type, type->payload, "value->", part->member);
}

/* What follows the case of any of the three. */
static void print_followers(const struct printer *printer, const struct wit_type *type,
                            print_coding *print_code)
{
    if (type->kind == WIT_VARIANT) {
        print_payloads(printer, type, print_code);
    } else if (type->kind == WIT_OPTION) {
        print_payload(printer, type, type->parts, "value->present", print_code);
    } else {
        print_payload(printer, type, type->parts, "!value->failed", print_code);
        print_payload(printer, type, type->parts->next, "value->failed", print_code);
    }
}

static void print_put_list(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_type *item = type->parts->type;
    print(printer,
          "    struct body_list list = body_put_list(writer, at, value->count, %u, %u);\n"
          "    at = list.offset;\n"
          "    for (uint32_t i = 0; i < list.count; i++, at += %u)\n        ",
          item->size, item->alignment, item->size);
    print_put(printer, item, 0, "value->", type->parts->member);
}

static void print_get_list(const struct printer *printer, const struct wit_type *type)
{
    const struct wit_type *item = type->parts->type;
    print(printer,
          "    struct body_list list = body_get_list(reader, at, %u, %u);\n"
          "    %t *items = body_carve(reader, list.count, sizeof(*items));\n"
          "    *value = (%t){ items, items == NULL ? 0 : list.count };\n"
          "    at = list.offset;\n"
          "    for (uint32_t i = 0; i < value->count; i++, at += %u)\n        ",
          item->size, item->alignment, item, type, item->size);
    print_get(printer, item, 0, "", BYTES_LITERAL("items[i]"));
}

static void print_put_struct(const struct printer *printer, const struct wit_type *type)
{
    print(
        printer,
        "\nstatic void put_%n(struct body_writer *writer, uint32_t at,\n    const %t *value)\n{\n",
        type->label, type);
    if (type->kind == WIT_LIST)
        print_put_list(printer, type);
    else if (type->kind == WIT_RECORD || type->kind == WIT_TUPLE)
        print_fields(printer, type, print_put);
    else if (type->kind == WIT_VARIANT)
        print(printer, "    body_put_case(writer, at, value->tag, %u);\n", type->part_count);
    else
        print(printer, "    body_put_bool(writer, at, value->%s);\n",
              type->kind == WIT_OPTION ? "present" : "failed");
    if (type_has_payload(type))
        print_followers(printer, type, print_put);
    print(printer, "}\n");
}

static void print_get_struct(const struct printer *printer, const struct wit_type *type)
{
    print(printer,
          "\nstatic void get_%n(struct body_reader *reader, uint32_t at,\n    %t *value)\n{\n",
          type->label, type);
    if (type->kind == WIT_LIST)
        print_get_list(printer, type);
    else if (type->kind == WIT_RECORD || type->kind == WIT_TUPLE)
        print_fields(printer, type, print_get);
    else if (type->kind == WIT_VARIANT)
        print(printer,
              "    *value = (%t){ .tag = (enum %p_%n_tag)body_get_case(reader, at, %u) };\n", type,
              type->label, type->part_count);
    else
        print(printer, "    *value = (%t){ .%s = body_get_bool(reader, at) };\n", type,
              type->kind == WIT_OPTION ? "present" : "failed");
    if (type_has_payload(type))
        print_followers(printer, type, print_get);
    print(printer, "}\n");
}

/* ---- Functions ----------------------------------------------------------------------------- */

static void print_encode(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    print(printer, "\n");
    emit_wrapped(printer, function, emit_encode, "\n{\n");
    if (parameters->part_count == 0) {
        print(printer, "    body_put_request(writer, %P_FUNCTION_%N, 0, 1);\n", function->label);
    } else {
        print(printer,
              "    put_%n(writer,\n        body_put_request(writer, %P_FUNCTION_%N, %u, %u),\n"
              "        &(%t){\n",
              parameters->label, function->label, parameters->size, parameters->alignment,
              parameters);
        for (const struct wit_part *part = parameters->parts; part != NULL; part = part->next)
            print(printer, "            .%b = %a,\n", part->member, part->name);
        print(printer, "        });\n");
    }
    print(printer, "    return body_writer_ok(writer);\n}\n");
}

static void print_decode(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    print(printer, "\n");
    emit_wrapped(printer, function, emit_decode, "\n{\n");
    if (parameters->part_count == 0)
        print(printer, "    body_get_request(reader, %P_FUNCTION_%N, 0, 1);\n", function->label);
    else
        print(printer,
              "    uint32_t at = body_get_request(reader, %P_FUNCTION_%N, %u, %u);\n"
              "    get_%n(reader, at, arguments);\n",
              function->label, parameters->size, parameters->alignment, parameters->label);
    print(printer, "    return body_get_end(reader);\n}\n");
}

static void print_result_encode(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *result = function->result;
    print(printer, "\n");
    emit_wrapped(printer, function, emit_result_encode, "\n{\n");
    if (result == NULL)
        print(printer, "    body_put_answer(writer, 0);\n");
    else
        print(printer, "    uint32_t at = body_put_answer(writer, %u);\n    ", result->size);
    if (result != NULL && type_is_struct(result))
        print(printer, "put_%n(writer, at, result);\n", result->label);
    else if (result != NULL)
        print_put(printer, result, 0, "*", BYTES_LITERAL("result"));
    print(printer, "    return body_writer_ok(writer);\n}\n");
}

static void print_result_decode(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *result = function->result;
    print(printer, "\n");
    emit_wrapped(printer, function, emit_result_decode, "\n{\n");
    if (result == NULL)
        print(printer, "    body_get_answer(reader, 0);\n");
    else
        print(printer, "    uint32_t at = body_get_answer(reader, %u);\n    ", result->size);
    if (result != NULL && type_is_struct(result))
        print(printer, "get_%n(reader, at, result);\n", result->label);
    else if (result != NULL)
        print_get(printer, result, 0, "*", BYTES_LITERAL("result"));
    print(printer, "    return body_get_end(reader);\n}\n");
}

/* ---- Dispatch ------------------------------------------------------------------------------ */

static void print_call(const struct printer *printer, const struct wit_function *function)
{
    bool takes = function->parameters->part_count != 0;
    print(printer,
          "\nstatic enum weft_status call_%n(const struct %p_server *server, void *context,\n"
          "    const struct weft_event *event, struct body_reader *reader)\n{\n",
          function->label);
    if (takes)
        print(printer, "    %t arguments;\n", function->parameters);
    if (function->form == WIT_METHOD)
        print(printer, "    if (event->badge == 0)\n        return WEFT_INVALID;\n");
    print(printer,
          "    if (server->%i == NULL)\n        return WEFT_UNSUPPORTED;\n"
          "    if (!%p_%n_decode(reader%s))\n        return reader->status;\n"
          "    return server->%i(context, event%s);\n}\n",
          function->label, function->label, takes ? ", &arguments" : "", function->label,
          takes ? ", &arguments" : "");
}

static void print_dispatch(const struct printer *printer, const struct wit_interface *interface)
{
    print(printer, "\n");
    emit_dispatch(printer);
    print(printer,
          "\n{\n    static enum weft_status (*const calls[])(const struct %p_server *server,\n"
          "        void *context, const struct weft_event *event, struct body_reader *reader) = "
          "{\n");
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print(printer, "        call_%n,\n", item->function->label);
    print(printer,
          "    };\n"
          "    uint32_t function = body_get_function(reader);\n"
          "    if (!body_reader_ok(reader) || function >= %u)\n"
          "        return WEFT_INVALID;\n"
          "    return calls[function](server, context, event, reader);\n}\n",
          interface->function_count);
}

void wit_print_source(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer,
          "/* Interface `%b`, made by tools/wit: do not edit. */\n#include \"interface/%p.h\"\n",
          interface->name);
    for (const struct wit_type *type = interface->types; type != NULL; type = type->next)
        if (type->carried && type_is_struct(type) && type->part_count != 0) {
            print_put_struct(&printer, type);
            print_get_struct(&printer, type);
        }
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        if (item->function == NULL)
            continue;
        print_encode(&printer, item->function);
        print_decode(&printer, item->function);
        print_result_encode(&printer, item->function);
        print_result_decode(&printer, item->function);
        print_call(&printer, item->function);
    }
    print_dispatch(&printer, interface);
}
