#include "tools/wit/emit.h"

enum { LINE_SIZE_MAX = 98 };

/* Text that cannot end, or seem to begin, the comment that it is in. */
static void print_harmless(struct writer *writer, struct bytes text)
{
    for (usize i = 0; i < text.size; i++) {
        u8 before = i == 0 ? 0 : text.data[i - 1];
        if ((before == '*' && text.data[i] == '/') || (before == '/' && text.data[i] == '*'))
            writer_u8(writer, ' ');
        writer_u8(writer, text.data[i]);
    }
}

void emit_documentation_lines(const struct printer *printer, struct bytes documentation,
                              const char *margin)
{
    struct bytes line;
    while (print_take_line(&documentation, &line)) {
        print(printer, "\n%s%s", margin, line.size != 0 ? " " : "");
        print_harmless(printer->writer, line);
    }
}

void emit_documentation(const struct printer *printer, struct bytes documentation,
                        const char *margin)
{
    struct bytes line;
    const char *before = "/* ";
    while (print_take_line(&documentation, &line)) {
        print(printer, "%s%s", margin, before);
        print_harmless(printer->writer, line);
        if (documentation.size == 0)
            print(printer, " */");
        print(printer, "\n");
        before = " * ";
    }
}

void emit_line_comments(const struct printer *printer, struct bytes documentation,
                        const char *mark)
{
    struct bytes line;
    while (print_take_line(&documentation, &line))
        print(printer, "%s%s%b\n", mark, line.size != 0 ? " " : "", line);
}

void emit_parameters(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_part *part = function->parameters->parts;
    for (; part != NULL; part = part->next)
        print(printer, "%,%t %a", part->type, part->name);
}

void emit_encode(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "bool %p_%n_encode(struct body_writer *writer", function->label);
    emit_parameters(printer, function);
    print(printer, ")");
}

void emit_decode(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "bool %p_%n_decode(struct body_reader *reader", function->label);
    if (function->parameters->part_count != 0)
        print(printer, "%,%t *arguments", function->parameters);
    print(printer, ")");
}

void emit_result_encode(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "bool %p_%n_result_encode(struct body_writer *writer", function->label);
    if (function->result != NULL)
        print(printer, "%,const %t *result", function->result);
    print(printer, ")");
}

void emit_result_decode(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "bool %p_%n_result_decode(struct body_reader *reader", function->label);
    if (function->result != NULL)
        print(printer, "%,%t *result", function->result);
    print(printer, ")");
}

void emit_handler(const struct printer *printer, const struct wit_function *function)
{
    print(printer, "enum weft_status (*%i)(void *context%,const struct weft_event *event",
          function->label);
    if (function->parameters->part_count != 0)
        print(printer, "%,const %t *arguments", function->parameters);
    print(printer, ")");
}

void emit_wrapped(const struct printer *printer, const struct wit_function *function,
                  emit_prototype *emit, const char *end)
{
    struct writer measure;
    writer_init(&measure, NULL, 0);
    struct printer wrapping = *printer;
    wrapping.writer = &measure;
    emit(&wrapping, function);
    wrapping.writer = printer->writer;
    wrapping.comma = measure.size > LINE_SIZE_MAX ? ",\n    " : NULL;
    emit(&wrapping, function);
    print(printer, "%s", end);
}

void emit_dispatch(const struct printer *printer)
{
    print(printer, "enum weft_status %p_dispatch(const struct %p_server *server, void *context,\n"
                   "    const struct weft_event *event, struct body_reader *reader)");
}
