#include "tools/wit/print.h"

#include "tools/wit/name.h"

static void print_name(struct writer *writer, struct bytes name, bool capital)
{
    for (usize i = 0; i < name.size; i++) {
        u8 byte = name.data[i];
        if (byte == '-')
            byte = '_';
        else if (capital && byte >= 'a' && byte <= 'z')
            byte = (u8)(byte - 'a' + 'A');
        else if (!capital && byte >= 'A' && byte <= 'Z')
            byte = (u8)(byte - 'A' + 'a');
        writer_u8(writer, byte);
    }
}

static u8 in_case(u8 byte, bool capital)
{
    if (capital)
        return byte >= 'a' && byte <= 'z' ? (u8)(byte - 'a' + 'A') : byte;
    return byte >= 'A' && byte <= 'Z' ? (u8)(byte - 'A' + 'a') : byte;
}

/* The name in a style; labels, which have `_` between words, are no different. */
static struct bytes style_name(struct bytes name, enum name_style style, u8 *text)
{
    usize size = 0;
    bool joined = style == NAME_CAMEL || style == NAME_PASCAL;
    bool capital = style == NAME_UPPER || style == NAME_PASCAL;
    for (usize i = 0; i < name.size; i++) {
        bool separates = name.data[i] == '-' || name.data[i] == '_';
        if (separates && !joined)
            text[size++] = '_';
        else if (!separates)
            text[size++] = in_case(name.data[i], capital);
        if (joined)
            capital = separates;
    }
    return (struct bytes){ text, size };
}

static void print_styled(const struct printer *printer, struct bytes name, enum name_style style)
{
    u8 text[2 * WIT_LABEL_SIZE_MAX];
    const struct language *language = printer->language;
    struct bytes styled = style_name(name, style, text);
    writer_bytes(printer->writer, styled);
    for (usize i = 0; i < language->reserved_count; i++)
        if (bytes_equal(styled, bytes_from_text(language->reserved[i])))
            writer_u8(printer->writer, '_');
}

static void print_in_language(const struct printer *printer, struct bytes name, char use)
{
    const struct language *language = printer->language;
    print_styled(printer, name,
                 use == 'v'   ? language->parameter
                 : use == 'f' ? language->function
                 : use == 'c' ? language->type
                              : language->constant);
}

static void print_c_type(const struct printer *printer, const struct wit_type *type)
{
    if (type->kind <= WIT_STRING)
        print(printer, "%s", type_primitive_in_c(type->kind));
    else if (type_is_bytes(type))
        print(printer, "struct weft_bytes");
    else if (type->kind == WIT_OWN || type->kind == WIT_BORROW)
        print(printer, "int32_t");
    else if (type->kind == WIT_FLAGS)
        print(printer, "uint32_t");
    else
        print(printer, "%s %p_%n", type->kind == WIT_ENUM ? "enum" : "struct", type->label);
}

static void print_parts(const struct printer *printer, const struct wit_type *type)
{
    const char *before = "";
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type != NULL)
            print(printer, "%s%w", before, part->type);
        else if (part->next != NULL)
            print(printer, "_");
        before = ", ";
    }
}

/* Recursion is bounded by WIT_NESTING_MAX, the text by WIT_LABEL_SIZE_MAX. */
static void print_wit_type(const struct printer *printer, const struct wit_type *type)
{
    bool bare_result =
        type->kind == WIT_RESULT && type->parts->type == NULL && type->parts->next->type == NULL;
    if (type->kind > WIT_BORROW) {
        print(printer, "%b", type->name);
        return;
    }
    print(printer, "%s", type_word(type->kind));
    if (type->kind > WIT_STRING && !bare_result) {
        print(printer, "<");
        print_parts(printer, type);
        print(printer, ">");
    }
}

static void print_identifier(const struct printer *printer, struct bytes name, char use)
{
    print_name(printer->writer, name, false);
    if (name_is_reserved(name) || (use == 'a' && name_is_reserved_parameter(name)) ||
        (use == 'm' && name_equal(name, BYTES_LITERAL("tag"))))
        writer_u8(printer->writer, '_');
}

void print(const struct printer *printer, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_values(printer, format, values);
    va_end(values);
}

void print_values(const struct printer *printer, const char *format, va_list values)
{
    struct writer *writer = printer->writer;
    for (const char *at = format; *at != 0; at++) {
        if (*at != '%') {
            writer_u8(writer, (u8)*at);
            continue;
        }
        switch (*++at) {
        case 's':
            writer_text(writer, va_arg(values, const char *));
            break;
        case 'u':
            writer_decimal(writer, va_arg(values, u32));
            break;
        case 'b':
            writer_bytes(writer, va_arg(values, struct bytes));
            break;
        case 'n':
        case 'N':
            print_name(writer, va_arg(values, struct bytes), *at == 'N');
            break;
        case 'p':
        case 'P':
            print_name(writer, printer->interface->name, *at == 'P');
            break;
        case 'i':
        case 'a':
        case 'm':
            print_identifier(printer, va_arg(values, struct bytes), *at);
            break;
        case ',':
            writer_text(writer, printer->comma != NULL ? printer->comma : ", ");
            break;
        case 't':
            print_c_type(printer, va_arg(values, const struct wit_type *));
            break;
        case 'v':
        case 'f':
        case 'c':
        case 'k':
            print_in_language(printer, va_arg(values, struct bytes), *at);
            break;
        case 'y':
            printer->language->print_type(printer, va_arg(values, const struct wit_type *));
            break;
        case 'w':
            print_wit_type(printer, va_arg(values, const struct wit_type *));
            break;
        default:
            writer_u8(writer, (u8)*at);
        }
    }
}

bool print_take_line(struct bytes *documentation, struct bytes *line)
{
    while (documentation->size != 0) {
        const u8 *start = documentation->data;
        usize size = 0;
        while (size < documentation->size && start[size] != '\n')
            size++;
        usize step = size < documentation->size ? size + 1 : size;
        *documentation = (struct bytes){ start + step, documentation->size - step };
        for (; size != 0 && (*start == ' ' || *start == '\t'); size--)
            start++;
        for (; size != 0 && start[size - 1] <= ' '; size--)
            continue;
        if (!bytes_start_with((struct bytes){ start, size }, BYTES_LITERAL("///")))
            continue;
        usize margin = size > 3 && start[3] == ' ' ? 4 : 3;
        *line = (struct bytes){ start + margin, size - margin };
        return true;
    }
    return false;
}
