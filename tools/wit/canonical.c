/* The canonical text: see wit.h for its form. */
#include "tools/wit/print.h"

static void print_fields(const struct printer *printer, const struct wit_type *record)
{
    const char *before = "";
    for (const struct wit_part *field = record->parts; field != NULL; field = field->next) {
        print(printer, "%s%b: %w", before, field->name, field->type);
        before = ", ";
    }
}

static void print_cases(const struct printer *printer, const struct wit_type *type)
{
    const char *before = "";
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        print(printer, "%s%b", before, part->name);
        if (part->type != NULL)
            print(printer, "(%w)", part->type);
        before = ", ";
    }
}

static void print_type_item(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_ALIAS)
        return;
    print(printer, "%s %b", type_word(type->kind), type->name);
    if (type->kind != WIT_RESOURCE) {
        print(printer, " { ");
        if (type->kind == WIT_RECORD)
            print_fields(printer, type);
        else
            print_cases(printer, type);
        print(printer, " }");
    }
    print(printer, "\n");
}

static void print_function_item(const struct printer *printer, const struct wit_function *function)
{
    static const char *const words[] = {
        [WIT_FREE] = "func",
        [WIT_METHOD] = "method",
        [WIT_STATIC] = "static",
        [WIT_CONSTRUCTOR] = "constructor",
    };
    print(printer, "%s ", words[function->form]);
    if (function->resource != NULL)
        print(printer, "%b", function->resource->name);
    if (function->form == WIT_METHOD || function->form == WIT_STATIC)
        print(printer, ".");
    print(printer, "%b(", function->name);
    print_fields(printer, function->parameters);
    print(printer, ")");
    if (function->result != NULL)
        print(printer, " -> %w", function->result);
    print(printer, "\n");
}

void wit_print_canonical(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer, "weft-interface 1\ninterface %b\n", interface->name);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next) {
        if (item->type != NULL)
            print_type_item(&printer, item->type);
        else
            print_function_item(&printer, item->function);
    }
}

void wit_print_hash(const struct wit_interface *interface, struct writer *writer)
{
    writer_hex_bytes(writer, (struct bytes){ interface->hash.bytes, HASH_SIZE });
    writer_text(writer, "\n");
}
