#include "tools/wit/name.h"

#include "tools/wit/print.h"

#include <stdarg.h>
#include <stdlib.h>

/* Lower case, sorted by who keeps them: C11, C++20, macros of usual headers and of GNU C. */
static const char *const reserved[] = {
    "auto",      "break",     "case",     "char",      "const",     "continue",  "default",
    "do",        "double",    "else",     "enum",      "extern",    "float",     "for",
    "goto",      "if",        "inline",   "int",       "long",      "register",  "restrict",
    "return",    "short",     "signed",   "sizeof",    "static",    "struct",    "switch",
    "typedef",   "union",     "unsigned", "void",      "volatile",  "while",     "alignas",
    "alignof",   "and",       "asm",      "bitand",    "bitor",     "bool",      "catch",
    "class",     "compl",     "concept",  "consteval", "constexpr", "constinit", "decltype",
    "delete",    "explicit",  "export",   "false",     "friend",    "module",    "mutable",
    "namespace", "new",       "noexcept", "not",       "nullptr",   "operator",  "or",
    "private",   "protected", "public",   "requires",  "template",  "this",      "throw",
    "true",      "try",       "typeid",   "typename",  "typeof",    "using",     "virtual",
    "xor",       "assert",    "errno",    "linux",     "stderr",    "stdin",     "stdout",
    "unix",
};

static const char *const reserved_parameters[] = { "client", "result", "send-flags", "writer" };

/* Interfaces whose C names would be those of abi/ and lib/. */
static const char *const reserved_interfaces[] = { "body", "client", "weft" };

static bool is_among(struct bytes name, const char *const *words, usize count)
{
    for (usize i = 0; i < count; i++)
        if (name_equal(name, bytes_from_text(words[i])))
            return true;
    return false;
}

static u8 lower(u8 byte)
{
    return byte >= 'A' && byte <= 'Z' ? (u8)(byte - 'A' + 'a') : byte;
}

bool name_equal(struct bytes a, struct bytes b)
{
    if (a.size != b.size)
        return false;
    for (usize i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool name_is_reserved(struct bytes name)
{
    return is_among(name, reserved, BASE_ARRAY_COUNT(reserved));
}

bool name_is_reserved_parameter(struct bytes name)
{
    return is_among(name, reserved_parameters, BASE_ARRAY_COUNT(reserved_parameters));
}

/* What `format` makes, in the arena; `.data` is NULL when there is no memory. */
static struct bytes compose(struct arena *arena, const struct wit_interface *interface,
                            const char *format, va_list values)
{
    struct writer writer;
    struct printer printer = { .writer = &writer, .interface = interface };
    va_list again;
    va_copy(again, values);
    writer_init(&writer, NULL, 0);
    print_values(&printer, format, again);
    va_end(again);
    usize size = writer.size;
    u8 *data = arena_take(arena, size, 1);
    if (data == NULL)
        return (struct bytes){ 0 };
    writer_init(&writer, data, size);
    print_values(&printer, format, values);
    return (struct bytes){ data, size };
}

static struct bytes label(struct arena *arena, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    struct bytes text = compose(arena, NULL, format, values);
    va_end(values);
    return text;
}

struct bytes name_member(struct arena *arena, const struct wit_type *owner,
                         const struct wit_part *part, u32 index)
{
    switch (owner->kind) {
    case WIT_RECORD:
        return label(arena, "%i", part->name);
    case WIT_VARIANT:
        return label(arena, "%m", part->name);
    case WIT_TUPLE:
        return label(arena, "f%u", index);
    case WIT_RESULT:
        return index == 0 ? BYTES_LITERAL("value") : BYTES_LITERAL("error");
    case WIT_OPTION:
        return BYTES_LITERAL("value");
    default:
        return BYTES_LITERAL("data[i]");
    }
}

/* The labels of the parts, with `_` behind each. */
static struct bytes join_parts(struct arena *arena, const struct wit_type *type)
{
    struct bytes text = { arena_take(arena, 0, 1), 0 };
    for (const struct wit_part *part = type->parts; part != NULL && text.data != NULL;
         part = part->next)
        text = label(arena, "%b%b_", text,
                     part->type == NULL ? BYTES_LITERAL("none") : part->type->label);
    return text;
}

struct bytes name_label_type(struct arena *arena, const struct wit_type *type)
{
    if (type->kind <= WIT_STRING)
        return bytes_from_text(type_word(type->kind));
    if (type->name.size != 0)
        return label(arena, "%n", type->name);
    if (type_is_bytes(type))
        return BYTES_LITERAL("bytes");
    if (type->kind == WIT_OWN)
        return type->parts->type->label;
    struct bytes parts = join_parts(arena, type);
    return parts.data == NULL ? parts : label(arena, "%b%s", parts, type_word(type->kind));
}

struct bytes name_label_function(struct arena *arena, const struct wit_function *function)
{
    struct bytes name =
        function->form == WIT_CONSTRUCTOR ? BYTES_LITERAL("create") : function->name;
    return function->resource == NULL ? label(arena, "%n", name)
                                      : label(arena, "%n_%n", function->resource->name, name);
}

struct bytes name_label_arguments(struct arena *arena, const struct wit_function *function)
{
    return label(arena, "%n_arguments", function->label);
}

/* ---- No two things with one name ----------------------------------------------------------- */

struct declared {
    struct declared *next;
    struct bytes name; /* of a struct or enum with its word before it */
    struct wit_place place;
};

struct declarations {
    struct lexer *lexer;
    struct arena *arena;
    const struct wit_interface *interface;
    struct wit_place place; /* of the item that is being declared */
    struct declared *first;
    usize count;
};

static void declare(struct declarations *all, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    struct bytes name = compose(all->arena, all->interface, format, values);
    va_end(values);
    struct declared *declared = arena_take(all->arena, 1, sizeof(*declared));
    if (name.data == NULL || declared == NULL) {
        lexer_fail_memory(all->lexer);
        return;
    }
    *declared = (struct declared){ all->first, name, all->place };
    all->first = declared;
    all->count++;
}

static void declare_type(struct declarations *all, const struct wit_type *type)
{
    bool has_cases = type->kind == WIT_VARIANT || type->kind == WIT_ENUM || type->kind == WIT_FLAGS;
    all->place = type->place;
    if (type_is_struct(type) || type->kind == WIT_ENUM)
        declare(all, "struct %p_%n", type->label);
    if (type->kind == WIT_VARIANT)
        declare(all, "struct %p_%n_tag", type->label);
    for (const struct wit_part *part = type->parts; has_cases && part != NULL; part = part->next) {
        all->place = part->place;
        declare(all, "%P_%N_%N", type->label, part->name);
    }
}

static void declare_function(struct declarations *all, const struct wit_function *function)
{
    static const char *const suffixes[] = {
        "", "_encode", "_decode", "_result_encode", "_result_decode", "_send", "_answer"
    };
    all->place = function->place;
    declare(all, "%P_FUNCTION_%N", function->label);
    for (usize i = 0; i < BASE_ARRAY_COUNT(suffixes); i++)
        declare(all, "%p_%n%s", function->label, suffixes[i]);
}

static void declare_all(struct declarations *all)
{
    static const char *const fixed[] = {
        "struct %p_function", "struct %p_server",  "%p_dispatch",     "%p_slot",
        "%P_INTERFACE_NAME",  "%P_INTERFACE_HASH", "%P_INTERFACE_ID", "%P_IMPORT",
    };
    const struct wit_interface *interface = all->interface;
    all->place = interface->place;
    for (usize i = 0; i < BASE_ARRAY_COUNT(fixed); i++)
        declare(all, fixed[i]);
    for (const struct wit_type *type = interface->types; type != NULL; type = type->next)
        declare_type(all, type);
    for (const struct wit_item *item = interface->items; item != NULL; item = item->next)
        if (item->function != NULL)
            declare_function(all, item->function);
}

static int compare_declared(const void *a, const void *b)
{
    const struct declared *left = *(const struct declared *const *)a;
    const struct declared *right = *(const struct declared *const *)b;
    int order = bytes_compare(left->name, right->name);
    if (order == 0 && left->place.line != right->place.line)
        order = left->place.line < right->place.line ? -1 : 1;
    if (order == 0)
        order = left->place.column < right->place.column ? -1 : 1;
    return order;
}

static void fail_at_first_twin(struct lexer *lexer, struct declared *const *sorted, usize count)
{
    const struct declared *twin = NULL;
    const struct declared *earlier = NULL;
    for (usize i = 1; i < count; i++) {
        if (!bytes_equal(sorted[i]->name, sorted[i - 1]->name))
            continue;
        if (twin == NULL || sorted[i]->place.line < twin->place.line) {
            twin = sorted[i];
            earlier = sorted[i - 1];
        }
    }
    if (twin != NULL)
        lexer_fail(lexer, twin->place,
                   "its name in C, `%b`, is also that of what stands at %u:%u: rename one",
                   twin->name, earlier->place.line, earlier->place.column);
}

void name_check(struct lexer *lexer, struct arena *arena, const struct wit_interface *interface)
{
    struct declarations all = { .lexer = lexer, .arena = arena, .interface = interface };
    if (is_among(interface->name, reserved_interfaces, BASE_ARRAY_COUNT(reserved_interfaces)))
        lexer_fail(lexer, interface->place,
                   "an interface cannot be called `%b`: its C names would be Weft's own",
                   interface->name);
    declare_all(&all);
    struct declared **sorted = arena_take(arena, all.count, sizeof(struct declared *));
    if (sorted == NULL)
        lexer_fail_memory(lexer);
    if (!lexer_ok(lexer))
        return;
    usize count = 0;
    for (struct declared *declared = all.first; declared != NULL; declared = declared->next)
        sorted[count++] = declared;
    qsort(sorted, count, sizeof(*sorted), compare_declared);
    fail_at_first_twin(lexer, sorted, count);
}
