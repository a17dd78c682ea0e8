/* The reference page of an interface, in Markdown: its names, functions and types, each with what
 * the file says of it and with its bytes. */
#include "tools/wit/print.h"

static void print_text(const struct printer *printer, struct bytes documentation)
{
    struct bytes line;
    bool any = documentation.size != 0;
    while (print_take_line(&documentation, &line))
        print(printer, "%b\n", line);
    if (any)
        print(printer, "\n");
}

/* Documentation on one line of a table, where `|` would end the cell. */
static void print_cell(const struct printer *printer, struct bytes documentation)
{
    struct bytes line;
    const char *before = "";
    while (print_take_line(&documentation, &line)) {
        print(printer, "%s", before);
        for (usize i = 0; i < line.size; i++)
            print(printer, line.data[i] == '|' ? "\\%b" : "%b", (struct bytes){ line.data + i, 1 });
        before = " ";
    }
}

/* ---- Bytes --------------------------------------------------------------------------------- */

static void print_row(const struct printer *printer, u32 offset, u32 size)
{
    print(printer, "| %u | %u | ", offset, size);
}

static void print_table_head(const struct printer *printer)
{
    print(printer, "| offset | size | what | |\n|---:|---:|---|---|\n");
}

static void print_fields(const struct printer *printer, const struct wit_type *type, u32 start)
{
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        print_row(printer, start + part->offset, part->type->size);
        if (part->name.size != 0)
            print(printer, "`%b`: ", part->name);
        print(printer, "`%w` | ", part->type);
        print_cell(printer, part->documentation);
        print(printer, " |\n");
    }
}

/* The case of a variant, option or result, and what may follow it. */
static void print_cases(const struct printer *printer, const struct wit_type *type)
{
    u32 case_bytes = type_case_size(type->part_count);
    u32 number = type->kind == WIT_OPTION ? 1 : 0;
    print_row(printer, 0, case_bytes);
    print(printer, "which case | |\n");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next, number++) {
        if (part->type != NULL)
            print_row(printer, type->payload, part->type->size);
        else
            print(printer, "| | | ");
        print(printer, "case %u", number);
        if (part->name.size != 0)
            print(printer, ", `%b`", part->name);
        else
            print(printer, ", %b", part->member);
        if (part->type != NULL)
            print(printer, ": `%w`", part->type);
        print(printer, " | ");
        print_cell(printer, part->documentation);
        print(printer, " |\n");
    }
}

static void print_constants(const struct printer *printer, const struct wit_type *type)
{
    u32 number = 0;
    print(printer, "| %s | name | |\n|---:|---|---|\n", type->kind == WIT_FLAGS ? "bit" : "number");
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        print(printer, "| %u | `%b` | ", number++, part->name);
        print_cell(printer, part->documentation);
        print(printer, " |\n");
    }
}

static void print_result_bytes(const struct printer *printer, const struct wit_type *result)
{
    print_table_head(printer);
    if (result->kind == WIT_VARIANT || result->kind == WIT_OPTION || result->kind == WIT_RESULT) {
        print_cases(printer, result);
    } else if (result->kind == WIT_TUPLE || result->kind == WIT_RECORD) {
        print_fields(printer, result, 0);
    } else {
        print_row(printer, 0, result->size);
        print(printer, "`%w` | |\n", result);
    }
}

/* ---- Functions and types ------------------------------------------------------------------- */

static void print_signature(const struct printer *printer, const struct wit_function *function)
{
    const char *before = "";
    print(printer, "```wit\n");
    if (function->form == WIT_CONSTRUCTOR)
        print(printer, "constructor(");
    else
        print(printer, "%b: %sfunc(", function->name,
              function->form == WIT_STATIC ? "static " : "");
    const struct wit_part *part = function->parameters->parts;
    for (; part != NULL; part = part->next) {
        print(printer, "%s%b: %w", before, part->name, part->type);
        before = ", ";
    }
    print(printer, ")");
    if (function->result != NULL)
        print(printer, " -> %w", function->result);
    print(printer, "\n```\n\n");
}

static void print_function(const struct printer *printer, const struct wit_function *function)
{
    const struct wit_type *parameters = function->parameters;
    print(printer, "### `%p_%n`\n\n", function->label);
    print_text(printer, function->documentation);
    print_signature(printer, function);
    u32 start = (u32)u64_align_up(4, parameters->alignment);
    print(printer, "Request, %u bytes and what lists hold%s:\n\n",
          parameters->part_count == 0 ? 4 : start + parameters->size,
          function->form == WIT_METHOD ? "; through the slot of the object" : "");
    print_table_head(printer);
    print_row(printer, 0, 4);
    print(printer, "function index: %u | |\n", function->index);
    if (parameters->part_count != 0)
        print_fields(printer, parameters, start);
    if (function->result == NULL) {
        print(printer, "\nAnswer: no bytes.\n\n");
        return;
    }
    print(printer, "\nAnswer, %u bytes and what lists hold:\n\n", function->result->size);
    print_result_bytes(printer, function->result);
    print(printer, "\n");
}

static void print_type(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind == WIT_ALIAS)
        return;
    print(printer, "### %s `%b`\n\n", type_word(type->kind), type->name);
    print_text(printer, type->documentation);
    if (type->kind == WIT_RESOURCE) {
        print(printer, "A slot: it travels as a gift, and in the body as its index, 4 bytes.\n\n");
        return;
    }
    print(printer, "%u byte%s, aligned to %u.\n\n", type->size, type->size == 1 ? "" : "s",
          type->alignment);
    if (type->kind == WIT_ENUM || type->kind == WIT_FLAGS) {
        print_constants(printer, type);
    } else {
        print_table_head(printer);
        if (type->kind == WIT_RECORD)
            print_fields(printer, type, 0);
        else
            print_cases(printer, type);
    }
    print(printer, "\n");
}

void wit_print_page(const struct wit_interface *interface, struct writer *writer)
{
    struct printer printer = { .writer = writer, .interface = interface };
    print(&printer, "# Interface `%b`\n\n", interface->name);
    print_text(&printer, interface->documentation);
    print(&printer, "Package `%b`. A program imports it from `weft:interface` as\n\n    %b@",
          interface->package, interface->name);
    wit_print_hash(interface, writer);
    print(&printer, "\nHow bodies are laid out: docs/interfaces.md.\n\n## Functions\n\n");
    const struct wit_item *item;
    for (item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            print_function(&printer, item->function);
    for (item = interface->items; item != NULL; item = item->next)
        if (item->type != NULL)
            break;
    if (item != NULL)
        print(&printer, "## Types\n\n");
    for (; item != NULL; item = item->next)
        if (item->type != NULL)
            print_type(&printer, item->type);
}
