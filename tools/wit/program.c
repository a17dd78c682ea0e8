/* What only programs have of an interface: its slot, its calls, its answers. */
#include "tools/wit/emit.h"

static void print_call_prototype(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "enum weft_status %p_%n(struct weft_client *client", function->label);
    emit_parameters(printer, function);
    if (function->result != NULL)
        print(printer, "%,%t *result", function->result);
    print(printer, ")");
}

static void print_send_prototype(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "int64_t %p_%n_send(struct weft_client *client", function->label);
    emit_parameters(printer, function);
    print(printer, "%,uint32_t send_flags)");
}

static void print_answer_prototype(const struct printer *printer,
                                   const struct wit_function *function)
{
    print(printer, "enum weft_status %p_%n_answer(struct body_writer *writer%,int64_t message",
          function->label);
    if (function->result != NULL)
        print(printer, "%,const %t *result", function->result);
    print(printer, ")");
}

static void print_prototypes(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "\n");
    emit_documentation(printer, function->documentation, "");
    emit_wrapped(printer, function, print_call_prototype, ";\n");
    emit_wrapped(printer, function, print_send_prototype, ";\n");
    emit_wrapped(printer, function, print_answer_prototype, ";\n");
}

static const char header_comment[] =
    "\n"
    "/* The slot that the silo's binding table has for this interface. */\n"
    "__attribute__((import_module(\"weft:interface\"), import_name(%P_IMPORT)))\n"
    "int32_t %p_slot(void);\n"
    "\n"
    "/* Of each function: a call that waits for the answer; the request alone, whose id, or\n"
    " * negated status, it gives; the answer of a handler to such a request. See lib/client.h. A\n"
    " * method is called through the slot of its object, any other function through the\n"
    " * interface's. */\n";

void wit_print_program_header(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer,
          "/* Interface `%b` for programs, made by tools/wit: do not edit. */\n"
          "#ifndef INTERFACE_%P_PROGRAM_H\n#define INTERFACE_%P_PROGRAM_H\n\n"
          "#include \"interface/%p.h\"\n#include \"lib/client.h\"\n",
          interface->name);
    print(&printer, header_comment);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_prototypes(&printer, item->function);
    print(&printer, "\n#endif\n");
}

/* Encodes the request into the client's buffer. */
static void print_encode(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "    %p_%n_encode(client_begin(client)", function->label);
    const struct wit_part *part = function->parameters->parts;
    for (; part != NULL; part = part->next)
        print(printer, ", %a", part->name);
    print(printer, ");\n");
}

static void print_function(const struct printer *printer, const struct wit_function *function)
{
    const char *result = function->result == NULL ? "" : ", result";
    print(printer, "\n");
    emit_wrapped(printer, function, print_call_prototype, "\n{\n");
    print_encode(printer, function);
    print(printer,
          "    if (client_call(client))\n"
          "        %p_%n_result_decode(&client->answer%s);\n"
          "    return client_end(client);\n}\n\n",
          function->label, result);
    emit_wrapped(printer, function, print_send_prototype, "\n{\n");
    print_encode(printer, function);
    print(printer, "    return client_send(client, send_flags);\n}\n\n");
    emit_wrapped(printer, function, print_answer_prototype, "\n{\n");
    print(printer,
          "    %p_%n_result_encode(writer%s);\n"
          "    return client_answer(writer, message);\n}\n",
          function->label, result);
}

void wit_print_program_source(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer,
          "/* Interface `%b` for programs, made by tools/wit: do not edit. */\n"
          "#include \"interface/%p_program.h\"\n",
          interface->name);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_function(&printer, item->function);
}
