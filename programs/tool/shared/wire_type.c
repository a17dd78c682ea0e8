/* Types and functions out of canonical text. */
#include <stdlib.h>
#include <string.h>

#include "programs/tool/shared/wire.h"

enum { NESTING_MAX = 40 };

struct parser {
    const char *text;
    const char *at;
    bool failed;
    unsigned depth;
    struct wire_interface *interface;
};

static const struct wire_type *parse_type(struct parser *parser);

/* ---- Words --------------------------------------------------------------------------------- */

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
}

static bool takes(struct parser *parser, const char *word)
{
    size_t size = strlen(word);
    if (strncmp(parser->at, word, size) != 0)
        return false;
    parser->at += size;
    return true;
}

static void expect(struct parser *parser, const char *word)
{
    parser->failed |= !takes(parser, word);
}

static struct wire_name parse_name(struct parser *parser)
{
    struct wire_name name = { parser->at, 0 };
    while (is_name_byte(*parser->at))
        parser->at++;
    name.size = (uint32_t)(parser->at - name.text);
    parser->failed |= name.size == 0;
    return name;
}

static bool is_word(struct wire_name name, const char *word)
{
    return strlen(word) == name.size && memcmp(name.text, word, name.size) == 0;
}

/* ---- Making types -------------------------------------------------------------------------- */

static struct wire_type *new_type(struct parser *parser, enum wire_kind kind, uint32_t size)
{
    struct wire_type *type = calloc(1, sizeof(*type));
    if (type == NULL) {
        parser->failed = true;
        return NULL;
    }
    type->kind = kind;
    type->size = size;
    type->alignment = size;
    type->next = parser->interface->types;
    parser->interface->types = type;
    return type;
}

static void add_part(struct parser *parser, struct wire_type *type, struct wire_name name,
                     const struct wire_type *of)
{
    struct wire_part *part = type == NULL ? NULL : calloc(1, sizeof(*part));
    if (part == NULL) {
        parser->failed = true;
        return;
    }
    struct wire_part **end = &type->parts;
    while (*end != NULL)
        end = &(*end)->next;
    *part = (struct wire_part){ .name = name, .type = of };
    *end = part;
    type->part_count++;
}

static uint32_t align_up(uint32_t value, uint32_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

static uint32_t case_bytes(uint32_t count)
{
    return count <= 256 ? 1 : count <= 65536 ? 2 : 4;
}

static void lay_out_record(struct wire_type *type)
{
    uint32_t size = 0;
    type->alignment = 1;
    for (const struct wire_part *part = type->parts; part != NULL; part = part->next) {
        size = align_up(size, part->type->alignment) + part->type->size;
        if (part->type->alignment > type->alignment)
            type->alignment = part->type->alignment;
    }
    type->size = align_up(size, type->alignment);
}

static void lay_out_cases(struct wire_type *type, uint32_t count)
{
    uint32_t largest = 0, strictest = 1;
    for (const struct wire_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        if (part->type->size > largest)
            largest = part->type->size;
        if (part->type->alignment > strictest)
            strictest = part->type->alignment;
    }
    uint32_t bytes = case_bytes(count);
    type->payload = align_up(bytes, strictest);
    type->alignment = strictest > bytes ? strictest : bytes;
    type->size = align_up(type->payload + largest, type->alignment);
}

static void lay_out(struct parser *parser, struct wire_type *type)
{
    if (parser->failed || type == NULL)
        return;
    if (type->kind == WIRE_RECORD)
        lay_out_record(type);
    else if (type->kind == WIRE_OPTION || type->kind == WIRE_RESULT)
        lay_out_cases(type, 2);
    else if (type->kind == WIRE_VARIANT)
        lay_out_cases(type, type->part_count);
    else if (type->kind == WIRE_FLAGS)
        type->size = type->alignment = type->part_count <= 8 ? 1 : type->part_count <= 16 ? 2 : 4;
}

/* ---- Types --------------------------------------------------------------------------------- */

static const struct wire_type *parse_primitive(struct parser *parser, struct wire_name name)
{
    static const struct {
        const char *word;
        uint8_t kind;
        uint8_t size;
    } words[] = {
        { "bool", WIRE_BOOL, 1 },     { "u8", WIRE_U8, 1 },   { "s8", WIRE_S8, 1 },
        { "u16", WIRE_U16, 2 },       { "s16", WIRE_S16, 2 }, { "u32", WIRE_U32, 4 },
        { "s32", WIRE_S32, 4 },       { "u64", WIRE_U64, 8 }, { "s64", WIRE_S64, 8 },
        { "f32", WIRE_F32, 4 },       { "f64", WIRE_F64, 8 }, { "char", WIRE_CHAR, 4 },
        { "string", WIRE_STRING, 8 },
    };
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!is_word(name, words[i].word))
            continue;
        struct wire_type *type = new_type(parser, (enum wire_kind)words[i].kind, words[i].size);
        if (type != NULL && type->kind == WIRE_STRING)
            type->alignment = 4;
        return type;
    }
    return NULL;
}

/* `list<...>` and its like, behind the word. */
static const struct wire_type *parse_generic(struct parser *parser, enum wire_kind kind,
                                             uint32_t size)
{
    struct wire_type *type = new_type(parser, kind, size);
    if (type != NULL && kind == WIRE_LIST)
        type->alignment = 4;
    while (!parser->failed) {
        bool is_nothing = takes(parser, "_");
        add_part(parser, type, (struct wire_name){ 0 }, is_nothing ? NULL : parse_type(parser));
        if (!takes(parser, ", "))
            break;
    }
    expect(parser, ">");
    if (kind == WIRE_RESULT && type != NULL && type->part_count == 1)
        add_part(parser, type, (struct wire_name){ 0 }, NULL);
    lay_out(parser, type);
    return type;
}

/* The braces of a type with a name. */
static const struct wire_type *parse_braces(struct parser *parser, enum wire_kind kind)
{
    struct wire_type *type = new_type(parser, kind, 0);
    expect(parser, " { ");
    while (!parser->failed) {
        struct wire_name name = parse_name(parser);
        const struct wire_type *of = NULL;
        if (takes(parser, ": ")) {
            of = parse_type(parser);
        } else if (takes(parser, "(")) {
            of = parse_type(parser);
            expect(parser, ")");
        }
        parser->failed |= kind == WIRE_RECORD && of == NULL;
        add_part(parser, type, name, of);
        if (!takes(parser, ", "))
            break;
    }
    expect(parser, " }");
    lay_out(parser, type);
    return type;
}

/* A type of the file, which is parsed again wherever it is named: definitions are small. */
static const struct wire_type *parse_named(struct parser *parser, struct wire_name name)
{
    static const struct {
        const char *word;
        enum wire_kind kind;
    } words[] = {
        { "record ", WIRE_RECORD },
        { "variant ", WIRE_VARIANT },
        { "enum ", WIRE_VARIANT },
        { "flags ", WIRE_FLAGS },
    };
    const char *back = parser->at;
    for (const char *line = parser->text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            size_t size = strlen(words[i].word);
            if (strncmp(line, words[i].word, size) != 0 ||
                strncmp(line + size, name.text, name.size) != 0 || line[size + name.size] != ' ')
                continue;
            parser->at = line + size + name.size;
            const struct wire_type *type = parse_braces(parser, words[i].kind);
            parser->at = back;
            return type;
        }
    }
    parser->failed = true;
    return NULL;
}

static const struct wire_type *parse_slot(struct parser *parser)
{
    parse_name(parser);
    expect(parser, ">");
    return new_type(parser, WIRE_SLOT, 4);
}

static const struct wire_type *parse_result(struct parser *parser)
{
    if (takes(parser, "<"))
        return parse_generic(parser, WIRE_RESULT, 0);
    struct wire_type *type = new_type(parser, WIRE_RESULT, 0);
    add_part(parser, type, (struct wire_name){ 0 }, NULL);
    add_part(parser, type, (struct wire_name){ 0 }, NULL);
    lay_out(parser, type);
    return type;
}

static const struct wire_type *parse_unnested(struct parser *parser)
{
    if (takes(parser, "list<"))
        return parse_generic(parser, WIRE_LIST, 8);
    if (takes(parser, "option<"))
        return parse_generic(parser, WIRE_OPTION, 0);
    if (takes(parser, "tuple<"))
        return parse_generic(parser, WIRE_RECORD, 0);
    if (takes(parser, "own<") || takes(parser, "borrow<"))
        return parse_slot(parser);
    struct wire_name name = parse_name(parser);
    if (is_word(name, "result"))
        return parse_result(parser);
    const struct wire_type *type = parse_primitive(parser, name);
    return type != NULL || parser->failed ? type : parse_named(parser, name);
}

static const struct wire_type *parse_type(struct parser *parser)
{
    if (parser->failed || parser->depth == NESTING_MAX) {
        parser->failed = true;
        return NULL;
    }
    parser->depth++;
    const struct wire_type *type = parse_unnested(parser);
    parser->depth--;
    parser->failed |= type == NULL;
    return type;
}

/* ---- Functions ----------------------------------------------------------------------------- */

static struct wire_function *parse_function(struct parser *parser)
{
    struct wire_function *function = calloc(1, sizeof(*function));
    struct wire_type *parameters = new_type(parser, WIRE_RECORD, 0);
    if (function == NULL) {
        parser->failed = true;
        return NULL;
    }
    function->name = parse_name(parser);
    function->parameters = parameters;
    expect(parser, "(");
    while (!parser->failed && *parser->at != ')') {
        struct wire_name name = parse_name(parser);
        expect(parser, ": ");
        add_part(parser, parameters, name, parse_type(parser));
        if (!takes(parser, ", "))
            break;
    }
    expect(parser, ")");
    if (takes(parser, " -> "))
        function->result = parse_type(parser);
    lay_out(parser, parameters);
    return function;
}

static bool begins_function(struct parser *parser)
{
    return takes(parser, "func ") || takes(parser, "method ") || takes(parser, "static ") ||
           takes(parser, "constructor ");
}

bool wire_parse(const char *text, struct wire_interface *interface)
{
    struct parser parser = { .text = text, .interface = interface };
    struct wire_function **end = &interface->functions;
    *interface = (struct wire_interface){ 0 };
    parser.failed = strncmp(text, "weft-interface 1\n", 17) != 0;
    for (const char *line = strchr(text, '\n'); line != NULL && !parser.failed;
         line = strchr(line, '\n')) {
        parser.at = ++line;
        if (!begins_function(&parser))
            continue;
        *end = parse_function(&parser);
        if (*end != NULL)
            end = &(*end)->next;
    }
    if (parser.failed)
        wire_forget(interface);
    return !parser.failed;
}

static void forget_parts(struct wire_part *part)
{
    while (part != NULL) {
        struct wire_part *next = part->next;
        free(part);
        part = next;
    }
}

void wire_forget(struct wire_interface *interface)
{
    while (interface->types != NULL) {
        struct wire_type *type = interface->types;
        interface->types = type->next;
        forget_parts(type->parts);
        free(type);
    }
    while (interface->functions != NULL) {
        struct wire_function *function = interface->functions;
        interface->functions = function->next;
        free(function);
    }
}
