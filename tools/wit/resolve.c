/* From what was written to what is meant: names looked up, aliases gone, equal types one and the
 * same, each laid out as the Canonical ABI stores it (Component Model, CanonicalABI,
 * "Despecialization", "Alignment" and "Element Size") and labelled for C. */
#include "tools/wit/name.h"
#include "tools/wit/parse.h"
#include "tools/wit/type.h"

static void fail_at(struct parser *parser, const struct wit_type *type, const char *what)
{
    struct bytes name = type->name.size != 0 ? type->name : BYTES_LITERAL("this type");
    parser_fail(parser, type->place, "`%b` %s", name, what);
}

/* ---- Layout -------------------------------------------------------------------------------- */

static void lay_out(struct wit_type *type, u32 size, u32 alignment)
{
    type->size = (u32)u64_align_up(size, alignment);
    type->alignment = alignment;
}

static void lay_out_fields(struct wit_type *type)
{
    u32 size = 0;
    u32 alignment = 1;
    for (struct wit_part *part = type->parts; part != NULL; part = part->next) {
        part->offset = (u32)u64_align_up(size, part->type->alignment);
        size = part->offset + part->type->size;
        if (part->type->alignment > alignment)
            alignment = part->type->alignment;
    }
    lay_out(type, size, alignment);
}

static void lay_out_cases(struct wit_type *type)
{
    u32 count = type->kind == WIT_VARIANT ? type->part_count : 2;
    u32 largest = 0;
    u32 strictest = 1;
    for (const struct wit_part *part = type->parts; part != NULL; part = part->next) {
        if (part->type == NULL)
            continue;
        if (part->type->size > largest)
            largest = part->type->size;
        if (part->type->alignment > strictest)
            strictest = part->type->alignment;
    }
    u32 case_bytes = type_case_size(count);
    type->payload = (u32)u64_align_up(case_bytes, strictest);
    lay_out(type, type->payload + largest, strictest > case_bytes ? strictest : case_bytes);
}

static void lay_out_type(struct wit_type *type)
{
    switch (type->kind) {
    case WIT_LIST:
        lay_out(type, 8, 4);
        break;
    case WIT_OWN:
    case WIT_BORROW:
        lay_out(type, 4, 4);
        break;
    case WIT_RECORD:
    case WIT_TUPLE:
        lay_out_fields(type);
        break;
    case WIT_OPTION:
    case WIT_RESULT:
    case WIT_VARIANT:
        lay_out_cases(type);
        break;
    case WIT_ENUM:
        lay_out(type, type_case_size(type->part_count), type_case_size(type->part_count));
        break;
    case WIT_FLAGS:
        lay_out(type, type_flags_size(type->part_count), type_flags_size(type->part_count));
        break;
    default:
        if (type->kind <= WIT_STRING)
            lay_out(type, type_primitive_size(type->kind), type_primitive_alignment(type->kind));
    }
}

/* ---- Names --------------------------------------------------------------------------------- */

static struct wit_type *find_item(const struct parser *parser, struct bytes name)
{
    for (struct wit_item *item = parser->interface->items; item != NULL; item = item->next)
        if (item->type != NULL && bytes_equal(item->type->name, name))
            return item->type;
    return NULL;
}

/* The item behind a name and behind the aliases that are only other names for it; NULL after a
 * mistake. */
static struct wit_type *look_up(struct parser *parser, const struct wit_type *reference)
{
    const struct wit_type *at = reference;
    struct wit_type *item = NULL;
    for (u32 steps = 0; at->kind == WIT_NAME; steps++) {
        item = find_item(parser, at->name);
        if (item == NULL)
            parser_fail(parser, at->place, "there is no type `%b`", at->name);
        else if (steps == WIT_ITEMS_MAX)
            fail_at(parser, reference, "stands for itself");
        if (!lexer_ok(&parser->lexer))
            return NULL;
        if (item->kind != WIT_ALIAS)
            break;
        at = item->parts->type;
    }
    return item;
}

static bool have_same_parts(const struct wit_type *a, const struct wit_type *b)
{
    const struct wit_part *left = a->parts;
    const struct wit_part *right = b->parts;
    while (left != NULL && right != NULL && left->type == right->type) {
        left = left->next;
        right = right->next;
    }
    return left == NULL && right == NULL;
}

/* The type of the same shape that was met first, or the type itself, now in the list of types. */
static struct wit_type *unify(struct parser *parser, struct wit_type *type)
{
    struct wit_type **last = &parser->interface->types;
    u32 count = 0;
    for (; *last != NULL; last = &(*last)->next, count++)
        if (type->kind <= WIT_BORROW && (*last)->kind == type->kind && have_same_parts(*last, type))
            return *last;
    if (count == WIT_TYPES_MAX)
        parser_fail(parser, type->place, "more than %u types in one interface", (u32)WIT_TYPES_MAX);
    *last = type;
    return type;
}

/* The part of finishing a type that needs its parts finished. */
static struct wit_type *finish(struct parser *parser, struct wit_type *type)
{
    u32 index = 0;
    type->depth = 1;
    type->state = WIT_SEEN;
    for (struct wit_part *part = type->parts; part != NULL; part = part->next) {
        part->member = name_member(parser->arena, type, part, index++);
        if (part->member.data == NULL)
            lexer_fail_memory(&parser->lexer);
        if (part->type == NULL || part->type->kind == WIT_RESOURCE)
            continue;
        if (part->type->depth >= type->depth)
            type->depth = part->type->depth + 1;
        type->borrows |= part->type->borrows;
    }
    type->borrows |= type->kind == WIT_BORROW;
    lay_out_type(type);
    if (type->label.data == NULL)
        type->label = name_label_type(parser->arena, type);
    if (type->label.data == NULL)
        lexer_fail_memory(&parser->lexer);
    else if (type->depth > WIT_NESTING_MAX)
        fail_at(parser, type, "nests deeper than 32 types");
    else if (type->size > WIT_TYPE_SIZE_MAX)
        fail_at(parser, type, "is larger than 4096 bytes: expected lists in place of repetition");
    else if (type->label.size > WIT_LABEL_SIZE_MAX)
        fail_at(parser, type, "has too many types in one: expected records with names");
    return type->kind <= WIT_STRING ? type : unify(parser, type);
}

static struct wit_type *resolve(struct parser *parser, struct wit_type *type, u32 level);

/* What `handle`, an `own` or `borrow`, is of. */
static struct wit_type *resolve_resource(struct parser *parser, const struct wit_type *handle,
                                         struct wit_type *reference)
{
    struct wit_type *item = reference->kind == WIT_NAME ? look_up(parser, reference) : reference;
    if (item != NULL && item->kind != WIT_RESOURCE)
        parser_fail(parser, handle->place, "`%w` is not a resource", reference);
    return item;
}

static struct wit_type *own(struct parser *parser, struct wit_type *resource)
{
    struct wit_type *type = parser_take(parser, 1, sizeof(*type));
    struct wit_part *part = parser_take(parser, 1, sizeof(*part));
    if (type == NULL || part == NULL)
        return NULL;
    part->type = resource;
    *type = (struct wit_type){ .kind = WIT_OWN, .parts = part, .part_count = 1 };
    type->place = resource->place;
    return finish(parser, type);
}

/* What an alias for more than a name stands for. */
static struct wit_type *resolve_alias(struct parser *parser, struct wit_type *alias, u32 level)
{
    alias->state = WIT_SEEING;
    alias->parts->type = resolve(parser, alias->parts->type, level);
    alias->state = WIT_SEEN;
    return alias->parts->type;
}

static struct wit_type *resolve_name(struct parser *parser, struct wit_type *reference, u32 level)
{
    struct wit_type *item = look_up(parser, reference);
    if (item == NULL)
        return NULL;
    if (item->kind == WIT_RESOURCE)
        return own(parser, item);
    if (item->state == WIT_SEEING) {
        fail_at(parser, reference, "would contain itself");
        return NULL;
    }
    return item->kind == WIT_ALIAS ? resolve_alias(parser, item, level)
                                   : resolve(parser, item, level);
}

/* What `type` means, finished. Each level is one of nesting, so recursion is bounded. NULL only
 * after a mistake. */
static struct wit_type *resolve(struct parser *parser, struct wit_type *type, u32 level)
{
    if (!lexer_ok(&parser->lexer) || type->state == WIT_SEEN)
        return type;
    if (level > WIT_NESTING_MAX) {
        fail_at(parser, type, "nests deeper than 32 types");
        return NULL;
    }
    if (type->kind == WIT_NAME)
        return resolve_name(parser, type, level);
    type->state = WIT_SEEING;
    bool is_handle = type->kind == WIT_OWN || type->kind == WIT_BORROW;
    for (struct wit_part *part = type->parts; part != NULL; part = part->next)
        if (part->type != NULL)
            part->type = is_handle ? resolve_resource(parser, type, part->type)
                                   : resolve(parser, part->type, level + 1);
    return lexer_ok(&parser->lexer) ? finish(parser, type) : NULL;
}

/* ---- Items --------------------------------------------------------------------------------- */

static void resolve_type_item(struct parser *parser, struct wit_type *type)
{
    if (type->kind == WIT_ALIAS && type->parts->type->kind == WIT_NAME)
        look_up(parser, type->parts->type);
    else if (type->kind == WIT_ALIAS)
        resolve_alias(parser, type, 1);
    else if (type->kind != WIT_RESOURCE)
        resolve(parser, type, 1);
}

static void label_resource(struct parser *parser, struct wit_type *resource)
{
    resource->label = name_label_type(parser->arena, resource);
    if (resource->label.data == NULL)
        lexer_fail_memory(&parser->lexer);
}

/* A constructor gives `own<resource>`, or a result of it. */
static void resolve_constructor(struct parser *parser, struct wit_function *function)
{
    const struct wit_type *made = function->result;
    if (made == NULL) {
        function->result = own(parser, function->resource);
        return;
    }
    if (made->kind == WIT_RESULT)
        made = made->parts->type;
    if (function->result->kind != WIT_RESULT || made == NULL || made->kind != WIT_OWN ||
        made->parts->type != function->resource)
        parser_fail(parser, function->place,
                    "a constructor of `%b` gives nothing else: expected no result or "
                    "`result<%b, ...>`",
                    function->resource->name, function->resource->name);
}

/* A function carries the type, and so its parts. */
static void carry(struct wit_type *type)
{
    if (type == NULL || type->carried || type->kind == WIT_RESOURCE)
        return;
    type->carried = true;
    for (struct wit_part *part = type->parts; part != NULL; part = part->next)
        carry(part->type);
}

static void resolve_function(struct parser *parser, struct wit_function *function)
{
    function->label = name_label_function(parser->arena, function);
    function->parameters->label = name_label_arguments(parser->arena, function);
    if (function->label.data == NULL || function->parameters->label.data == NULL)
        lexer_fail_memory(&parser->lexer);
    if (function->result != NULL)
        function->result = resolve(parser, function->result, 1);
    resolve(parser, function->parameters, 1);
    if (!lexer_ok(&parser->lexer))
        return;
    if (function->form == WIT_CONSTRUCTOR)
        resolve_constructor(parser, function);
    if (function->result != NULL && function->result->borrows)
        parser_fail(parser, function->place, "a result cannot hold a `borrow`");
    carry(function->parameters);
    carry(function->result);
}

void resolve_interface(struct parser *parser)
{
    struct wit_interface *interface = parser->interface;
    for (u32 kind = 0; kind <= WIT_STRING; kind++)
        finish(parser, &interface->primitives[kind]);
    struct wit_item *item;
    for (item = interface->items; item != NULL; item = item->next)
        if (item->type != NULL && item->type->kind == WIT_RESOURCE)
            label_resource(parser, item->type);
    for (item = interface->items; item != NULL && lexer_ok(&parser->lexer); item = item->next)
        if (item->type != NULL)
            resolve_type_item(parser, item->type);
    for (item = interface->items; item != NULL && lexer_ok(&parser->lexer); item = item->next)
        if (item->function != NULL)
            resolve_function(parser, item->function);
}
