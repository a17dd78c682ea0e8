/* From text to items: the grammar, one function a rule. Names are looked up later, by resolve.c. */
#include "tools/wit/parse.h"

#include "tools/wit/name.h"
#include "tools/wit/type.h"

void parser_fail(struct parser *parser, struct wit_place place, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    lexer_fail_values(&parser->lexer, place, format, values);
    va_end(values);
    parser->token = (struct token){ .kind = TOKEN_END };
}

void *parser_take(struct parser *parser, usize count, usize item_size)
{
    void *memory = arena_take(parser->arena, count, item_size);
    if (memory == NULL) {
        lexer_fail_memory(&parser->lexer);
        parser->token = (struct token){ .kind = TOKEN_END };
    }
    return memory;
}

static void advance(struct parser *parser)
{
    parser->token = lexer_next(&parser->lexer);
}

static void fail_expected(struct parser *parser, const char *what)
{
    const struct token *token = &parser->token;
    if (token->kind == TOKEN_END)
        parser_fail(parser, token->place, "expected %s, found the end of the file", what);
    else if (token->text.data[0] == '@')
        parser_fail(parser, token->place, "expected %s: gates like `%b` are not part of Weft's WIT",
                    what, token->text);
    else
        parser_fail(parser, token->place, "expected %s, found `%b`", what, token->text);
}

static bool is_at(const struct parser *parser, const char *text)
{
    return !parser->token.escaped && bytes_equal(parser->token.text, bytes_from_text(text));
}

static bool accept(struct parser *parser, const char *text)
{
    bool there = is_at(parser, text);
    if (there)
        advance(parser);
    return there;
}

static void expect(struct parser *parser, const char *text, const char *what)
{
    if (!accept(parser, text))
        fail_expected(parser, what);
}

static struct bytes take_name(struct parser *parser, const char *what)
{
    struct bytes name = parser->token.text;
    if (parser->token.kind != TOKEN_NAME) {
        fail_expected(parser, what);
        return (struct bytes){ 0 };
    }
    advance(parser);
    return name;
}

/* ---- Types --------------------------------------------------------------------------------- */

static struct wit_type *take_type(struct parser *parser, u32 nesting);

static struct wit_type *new_type(struct parser *parser, enum wit_kind kind)
{
    struct wit_type *type = parser_take(parser, 1, sizeof(*type));
    if (type != NULL)
        *type = (struct wit_type){ .kind = kind, .place = parser->token.place };
    return type;
}

/* A new last part; `*last` is where its address goes. */
static struct wit_part *new_part(struct parser *parser, struct wit_type *owner,
                                 struct wit_part ***last)
{
    struct wit_part *part = parser_take(parser, 1, sizeof(*part));
    if (part == NULL)
        return NULL;
    part->documentation = parser->token.documentation;
    part->place = parser->token.place;
    u32 max = owner->kind == WIT_FLAGS ? WIT_FLAGS_MAX : WIT_PARTS_MAX;
    if (owner->part_count == max)
        parser_fail(parser, part->place, "more than %u parts in one %s", max,
                    owner->kind == WIT_FLAGS ? "set of flags" : "item");
    owner->part_count++;
    **last = part;
    *last = &part->next;
    return part;
}

/* `<` one or more types `>`; `_` counts as a type if `may_lack` says so. */
static void take_type_parts(struct parser *parser, struct wit_type *type, bool may_lack,
                            u32 nesting)
{
    struct wit_part **last = &type->parts;
    expect(parser, "<", "`<`");
    do {
        if (is_at(parser, ">") && type->part_count != 0)
            break;
        struct wit_part *part = new_part(parser, type, &last);
        if (part == NULL)
            return;
        if (!may_lack || !accept(parser, "_"))
            part->type = take_type(parser, nesting + 1);
    } while (accept(parser, ","));
    expect(parser, ">", "`,` or `>`");
}

static void take_generic(struct parser *parser, struct wit_type *type, u32 nesting)
{
    bool is_result = type->kind == WIT_RESULT;
    u32 count = is_result ? 2 : 1;
    advance(parser);
    if (!is_result || is_at(parser, "<"))
        take_type_parts(parser, type, is_result, nesting);
    struct wit_part **last = &type->parts;
    while (*last != NULL)
        last = &(*last)->next;
    while (is_result && type->part_count < 2 && new_part(parser, type, &last) != NULL)
        continue;
    if (type->kind != WIT_TUPLE && type->part_count != count)
        parser_fail(parser, type->place, "`%s` takes %u type%s", type_word(type->kind), count,
                    count == 1 ? "" : "s");
}

/* A type by name: a primitive of the language, or an item to look up later. */
static struct wit_type *take_named_type(struct parser *parser)
{
    struct bytes text = parser->token.escaped ? (struct bytes){ 0 } : parser->token.text;
    enum wit_kind kind = type_find(text, WIT_BOOL, WIT_STRING);
    struct wit_type *type =
        kind == WIT_NAME ? new_type(parser, kind) : &parser->interface->primitives[kind];
    struct bytes name = take_name(parser, "a type");
    if (type != NULL && kind == WIT_NAME)
        type->name = name;
    return type;
}

/* NULL only after a mistake. */
static struct wit_type *take_type(struct parser *parser, u32 nesting)
{
    if (nesting > WIT_NESTING_MAX) {
        parser_fail(parser, parser->token.place, "types nest deeper than %u", (u32)WIT_NESTING_MAX);
        return NULL;
    }
    enum wit_kind generic = type_find(parser->token.text, WIT_LIST, WIT_BORROW);
    if (generic != WIT_NAME && !parser->token.escaped) {
        struct wit_type *type = new_type(parser, generic);
        if (type != NULL)
            take_generic(parser, type, nesting);
        return type;
    }
    struct wit_type *type = take_named_type(parser);
    if (type != NULL && is_at(parser, "<"))
        parser_fail(parser, parser->token.place, "`%w<` is not a type of Weft's WIT", type);
    return type;
}

/* ---- Items --------------------------------------------------------------------------------- */

static void check_part_name(struct parser *parser, const struct wit_type *owner,
                            const struct wit_part *added)
{
    for (const struct wit_part *part = owner->parts; part != added; part = part->next)
        if (name_equal(part->name, added->name)) {
            parser_fail(parser, added->place, "`%b` is there already, at %u:%u", added->name,
                        part->place.line, part->place.column);
            return;
        }
}

/* Named parts with commas between them, up to `close`; what each says after its name depends on
 * the owner's kind. */
static void take_named_parts(struct parser *parser, struct wit_type *owner, const char *close,
                             const char *what)
{
    struct wit_part **last = &owner->parts;
    while (parser->token.kind != TOKEN_END && !is_at(parser, close)) {
        struct wit_part *part = new_part(parser, owner, &last);
        if (part == NULL)
            return;
        part->name = take_name(parser, what);
        check_part_name(parser, owner, part);
        if (owner->kind == WIT_RECORD) {
            expect(parser, ":", "`:`");
            part->type = take_type(parser, 1);
        } else if (owner->kind == WIT_VARIANT && accept(parser, "(")) {
            part->type = take_type(parser, 1);
            expect(parser, ")", "`)`");
        }
        if (!accept(parser, ","))
            break;
    }
    if (owner->part_count == 0 && *close == '}')
        parser_fail(parser, owner->place, "`%b` is empty: expected at least one part", owner->name);
    expect(parser, close, *close == ')' ? "`,` or `)`" : "`,` or `}`");
}

/* Adds an item at the end of the interface. */
static struct wit_item *new_item(struct parser *parser)
{
    struct wit_item *item = parser_take(parser, 1, sizeof(*item));
    struct wit_item **last = &parser->interface->items;
    u32 count = 0;
    for (; *last != NULL; count++)
        last = &(*last)->next;
    if (count == WIT_ITEMS_MAX)
        parser_fail(parser, parser->token.place, "more than %u items in one interface",
                    (u32)WIT_ITEMS_MAX);
    if (item != NULL)
        *last = item;
    return item;
}

static void check_type_name(struct parser *parser, const struct wit_type *added)
{
    if (type_find(added->name, WIT_BOOL, WIT_BORROW) != WIT_NAME)
        parser_fail(parser, added->place, "`%b` is a type of WIT's own: choose another name",
                    added->name);
    for (const struct wit_item *item = parser->interface->items; item != NULL; item = item->next) {
        const struct wit_type *there = item->type;
        if (there != NULL && there != added && name_equal(there->name, added->name))
            parser_fail(parser, added->place, "there is a type `%b` already, at %u:%u", added->name,
                        there->place.line, there->place.column);
    }
}

static struct wit_type *new_type_item(struct parser *parser, enum wit_kind kind,
                                      struct bytes documentation)
{
    struct wit_item *item = new_item(parser);
    struct wit_type *type = new_type(parser, kind);
    if (item == NULL || type == NULL)
        return NULL;
    item->type = type;
    type->documentation = documentation;
    type->name = take_name(parser, "a name for the type");
    check_type_name(parser, type);
    return type;
}

/* A function's or constructor's parameters and result, and the `;` behind. */
static void take_signature(struct parser *parser, struct wit_function *function)
{
    function->parameters = new_type(parser, WIT_RECORD);
    if (function->parameters == NULL)
        return;
    expect(parser, "(", "`(`");
    take_named_parts(parser, function->parameters, ")", "a parameter or `)`");
    if (accept(parser, "->")) {
        if (is_at(parser, "("))
            fail_expected(parser, "one type as the result");
        function->result = take_type(parser, 1);
    }
    expect(parser, ";", function->result == NULL ? "`->` or `;`" : "`;`");
}

static void check_function_name(struct parser *parser, const struct wit_function *added)
{
    const struct wit_item *item = parser->interface->items;
    for (; item != NULL; item = item->next) {
        const struct wit_function *there = item->function;
        if (there == NULL || there == added || there->resource != added->resource ||
            !name_equal(there->name, added->name))
            continue;
        bool named = added->name.size != 0;
        parser_fail(parser, added->place, "there is a %s%b%s already, at %u:%u",
                    named ? "function `" : "constructor", added->name, named ? "`" : "",
                    there->place.line, there->place.column);
        return;
    }
}

/* A function of the interface, or of `resource`, whose first token is `first`. */
static void take_function(struct parser *parser, struct wit_type *resource,
                          const struct token *first)
{
    struct wit_item *item = new_item(parser);
    struct wit_function *function = parser_take(parser, 1, sizeof(*function));
    if (item == NULL || function == NULL)
        return;
    item->function = function;
    function->form = resource == NULL ? WIT_FREE : WIT_METHOD;
    function->index = parser->interface->function_count++;
    function->resource = resource;
    function->documentation = first->documentation;
    function->place = first->place;
    if (is_at(parser, "(")) {
        function->form = WIT_CONSTRUCTOR;
    } else {
        function->name = first->text;
        expect(parser, ":", "`:`");
        if (resource != NULL && accept(parser, "static"))
            function->form = WIT_STATIC;
        expect(parser, "func", function->form == WIT_METHOD ? "`func` or `static`" : "`func`");
    }
    check_function_name(parser, function);
    take_signature(parser, function);
}

static void take_resource(struct parser *parser, struct wit_type *resource)
{
    if (accept(parser, ";"))
        return;
    expect(parser, "{", "`{` or `;`");
    while (parser->token.kind != TOKEN_END && !is_at(parser, "}")) {
        struct token first = parser->token;
        take_name(parser, "a method, `constructor` or `}`");
        bool constructor = !first.escaped && bytes_equal(first.text, BYTES_LITERAL("constructor"));
        if (!is_at(parser, ":") && !(constructor && is_at(parser, "(")))
            fail_expected(parser, constructor ? "`(`" : "`:`");
        else
            take_function(parser, resource, &first);
    }
    expect(parser, "}", "a method, `constructor` or `}`");
}

static void take_type_item(struct parser *parser, enum wit_kind kind, struct bytes documentation)
{
    struct wit_type *type = new_type_item(parser, kind, documentation);
    if (type == NULL)
        return;
    if (kind == WIT_RESOURCE) {
        take_resource(parser, type);
    } else if (kind == WIT_ALIAS) {
        struct wit_part **last = &type->parts;
        expect(parser, "=", "`=`");
        struct wit_part *part = new_part(parser, type, &last);
        if (part != NULL)
            part->type = take_type(parser, 1);
        expect(parser, ";", "`;`");
    } else {
        expect(parser, "{", "`{`");
        take_named_parts(parser, type, "}",
                         kind == WIT_RECORD  ? "a field or `}`"
                         : kind == WIT_FLAGS ? "a flag or `}`"
                                             : "a case or `}`");
    }
}

static void take_item(struct parser *parser)
{
    struct token first = parser->token;
    take_name(parser, "a type, a function or `}`");
    enum wit_kind kind = first.escaped ? WIT_NAME : type_find(first.text, WIT_RECORD, WIT_ALIAS);
    if (is_at(parser, ":"))
        take_function(parser, NULL, &first);
    else if (kind != WIT_NAME)
        take_type_item(parser, kind, first.documentation);
    else if (lexer_ok(&parser->lexer) && bytes_equal(first.text, BYTES_LITERAL("use")))
        parser_fail(parser, first.place,
                    "`use` has nothing to take from, as a file holds one interface: define the "
                    "type here");
    else
        fail_expected(parser, "`:` and a function behind its name");
}

/* ---- The file ------------------------------------------------------------------------------ */

static void take_package(struct parser *parser)
{
    expect(parser, "package", "`package`");
    const u8 *start = parser->token.text.data;
    take_name(parser, "the package's name");
    expect(parser, ":", "`:`");
    struct bytes last = take_name(parser, "the package's name");
    if (parser->token.kind == TOKEN_SIGN && parser->token.text.data[0] == '@') {
        last = parser->token.text;
        advance(parser);
    }
    expect(parser, ";", "`;`");
    if (lexer_ok(&parser->lexer))
        parser->interface->package =
            (struct bytes){ start, (usize)(last.data + last.size - start) };
}

static void take_file(struct parser *parser)
{
    struct wit_interface *interface = parser->interface;
    take_package(parser);
    interface->documentation = parser->token.documentation;
    expect(parser, "interface", "`interface`");
    interface->place = parser->token.place;
    interface->name = take_name(parser, "the interface's name");
    expect(parser, "{", "`{`");
    while (parser->token.kind != TOKEN_END && !is_at(parser, "}"))
        take_item(parser);
    expect(parser, "}", "a type, a function or `}`");
    if (parser->token.kind != TOKEN_END)
        fail_expected(parser, "the end of the file, as it holds one interface");
    if (interface->function_count == 0)
        parser_fail(parser, interface->place, "`%b` has no function: expected at least one",
                    interface->name);
}

/* The canonical text and its hash. */
static void name_interface(struct parser *parser)
{
    struct wit_interface *interface = parser->interface;
    struct writer writer;
    writer_init(&writer, NULL, 0);
    wit_print_canonical(interface, &writer);
    usize size = writer.size;
    u8 *text = parser_take(parser, size, 1);
    if (text == NULL)
        return;
    writer_init(&writer, text, size);
    wit_print_canonical(interface, &writer);
    interface->canonical = (struct bytes){ text, size };
    interface->hash = hash_sha256(interface->canonical);
}

enum status wit_parse(struct arena *arena, struct bytes text, struct wit_interface **interface,
                      struct wit_error *error)
{
    struct parser parser = { .arena = arena };
    lexer_init(&parser.lexer, text, error);
    parser.interface = parser_take(&parser, 1, sizeof(*parser.interface));
    if (parser.interface == NULL)
        return STATUS_NO_MEMORY;
    for (enum wit_kind kind = 0; kind <= WIT_STRING; kind++)
        parser.interface->primitives[kind].kind = kind;
    advance(&parser);
    take_file(&parser);
    if (lexer_ok(&parser.lexer))
        resolve_interface(&parser);
    if (lexer_ok(&parser.lexer))
        name_check(&parser.lexer, arena, parser.interface);
    if (lexer_ok(&parser.lexer))
        name_interface(&parser);
    if (!lexer_ok(&parser.lexer))
        return parser.lexer.status;
    *interface = parser.interface;
    return STATUS_OK;
}
