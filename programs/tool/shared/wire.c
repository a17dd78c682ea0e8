/* Values out of bodies. */
#include "programs/tool/shared/wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    ITEMS_SHOWN = 8,
    TEXT_SHOWN = 48,
    BYTES_SHOWN = 16,
};

struct body {
    const uint8_t *bytes;
    uint32_t size;
    struct wire_text *text;
};

static void show(const struct body *body, const struct wire_type *type, uint32_t at);

/* ---- Text ---------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void put(struct wire_text *text, const char *format,
                                                      ...)
{
    if (text->size >= WIRE_TEXT_MAX)
        return;
    va_list rest;
    va_start(rest, format);
    int size = vsnprintf(text->bytes + text->size, WIRE_TEXT_MAX + 1 - text->size, format, rest);
    va_end(rest);
    text->size += size > 0 ? (uint32_t)size : 0;
    if (text->size < WIRE_TEXT_MAX)
        return;
    text->size = WIRE_TEXT_MAX;
    memcpy(text->bytes + WIRE_TEXT_MAX - 3, "...", 4);
}

static void put_name(struct wire_text *text, struct wire_name name)
{
    put(text, "%.*s", (int)name.size, name.text);
}

static void put_hex(struct wire_text *text, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size && i < BYTES_SHOWN; i++)
        put(text, "%02x", bytes[i]);
    if (size > BYTES_SHOWN)
        put(text, "... (%" PRIu32 " bytes)", size);
}

/* What cannot stand in a line of text is escaped, so that nobody writes to a terminal this way. */
static void put_quoted(struct wire_text *text, const uint8_t *bytes, uint32_t size)
{
    put(text, "\"");
    for (uint32_t i = 0; i < size && i < TEXT_SHOWN; i++) {
        if (bytes[i] == '\n')
            put(text, "\\n");
        else if (bytes[i] == '"' || bytes[i] == '\\')
            put(text, "\\%c", bytes[i]);
        else if (bytes[i] < ' ' || bytes[i] >= 0x7F)
            put(text, "\\x%02x", bytes[i]);
        else
            put(text, "%c", bytes[i]);
    }
    put(text, "\"");
    if (size > TEXT_SHOWN)
        put(text, "... (%" PRIu32 " bytes)", size);
}

/* ---- Bytes --------------------------------------------------------------------------------- */

static bool is_inside(const struct body *body, uint64_t at, uint64_t size)
{
    return at <= body->size && size <= body->size - at;
}

/* Little endian; the type's place is inside. */
static uint64_t get(const struct body *body, uint32_t at, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = size; i > 0; i--)
        value = value << 8 | body->bytes[at + i - 1];
    return value;
}

static uint32_t align_up(uint32_t value, uint32_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

/* ---- Values -------------------------------------------------------------------------------- */

static void show_float(const struct body *body, uint32_t at, uint32_t size)
{
    uint64_t bits = get(body, at, size);
    float narrow;
    double wide;
    uint32_t low = (uint32_t)bits;
    memcpy(&narrow, &low, sizeof(narrow));
    memcpy(&wide, &bits, sizeof(wide));
    put(body->text, "%g", size == 4 ? (double)narrow : wide);
}

static void show_number(const struct body *body, const struct wire_type *type, uint32_t at)
{
    uint64_t value = get(body, at, type->size);
    unsigned unused = 64 - 8 * type->size;
    if (type->kind == WIRE_BOOL)
        put(body->text, value == 1 ? "true" : value == 0 ? "false" : "?");
    else if (type->kind == WIRE_F32 || type->kind == WIRE_F64)
        show_float(body, at, type->size);
    else if (type->kind == WIRE_CHAR)
        put(body->text, "U+%04" PRIX64, value);
    else if (type->kind == WIRE_SLOT)
        put(body->text, "slot#%" PRIu64, value);
    else if (type->kind == WIRE_S8 || type->kind == WIRE_S16 || type->kind == WIRE_S32 ||
             type->kind == WIRE_S64)
        put(body->text, "%" PRId64, (int64_t)(value << unused) >> unused);
    else
        put(body->text, "%" PRIu64, value);
}

static void show_list(const struct body *body, const struct wire_type *type, uint32_t at)
{
    uint32_t offset = (uint32_t)get(body, at, 4), count = (uint32_t)get(body, at + 4, 4);
    const struct wire_type *item = type->kind == WIRE_STRING ? NULL : type->parts->type;
    uint32_t size = item == NULL ? 1 : item->size;
    if (!is_inside(body, offset, (uint64_t)count * size)) {
        put(body->text, "?(%" PRIu32 " at %" PRIu32 ")", count, offset);
    } else if (item == NULL) {
        put_quoted(body->text, body->bytes + offset, count);
    } else if (item->kind == WIRE_U8) {
        put(body->text, "[");
        put_hex(body->text, body->bytes + offset, count);
        put(body->text, "]");
    } else {
        put(body->text, "[");
        for (uint32_t i = 0; i < count && i < ITEMS_SHOWN; i++) {
            put(body->text, i == 0 ? "" : ", ");
            show(body, item, offset + i * size);
        }
        if (count > ITEMS_SHOWN)
            put(body->text, ", ... (%" PRIu32 ")", count);
        put(body->text, "]");
    }
}

static void show_fields(const struct body *body, const struct wire_type *type, uint32_t at)
{
    const char *before = "";
    for (const struct wire_part *part = type->parts; part != NULL; part = part->next) {
        at = align_up(at, part->type->alignment);
        put(body->text, "%s", before);
        put_name(body->text, part->name);
        if (part->name.size != 0)
            put(body->text, "=");
        show(body, part->type, at);
        at += part->type->size;
        before = ", ";
    }
}

static const struct wire_part *part_at(const struct wire_type *type, uint64_t index)
{
    const struct wire_part *part = type->parts;
    for (; part != NULL && index != 0; index--)
        part = part->next;
    return part;
}

static void show_case(const struct body *body, const struct wire_type *type, uint32_t at)
{
    uint32_t bytes = type->part_count <= 256 ? 1 : type->part_count <= 65536 ? 2 : 4;
    uint64_t index = get(body, at, bytes);
    const struct wire_part *part = part_at(type, index);
    if (part == NULL) {
        put(body->text, "?(case %" PRIu64 ")", index);
        return;
    }
    put_name(body->text, part->name);
    if (part->type == NULL)
        return;
    put(body->text, "(");
    show(body, part->type, at + type->payload);
    put(body->text, ")");
}

static void show_choice(const struct body *body, const struct wire_type *type, uint32_t at)
{
    uint64_t index = get(body, at, 1);
    bool is_option = type->kind == WIRE_OPTION;
    const struct wire_part *part = is_option ? type->parts : part_at(type, index);
    if (index > 1 || part == NULL) {
        put(body->text, "?(case %" PRIu64 ")", index);
        return;
    }
    if (is_option && index == 0) {
        put(body->text, "none");
        return;
    }
    put(body->text, is_option ? "some" : index == 0 ? "ok" : "error");
    if (part->type == NULL)
        return;
    put(body->text, "(");
    show(body, part->type, at + type->payload);
    put(body->text, ")");
}

static void show_flags(const struct body *body, const struct wire_type *type, uint32_t at)
{
    uint64_t bits = get(body, at, type->size);
    const char *before = "";
    put(body->text, "{");
    for (const struct wire_part *part = type->parts; part != NULL; part = part->next) {
        if (bits & 1) {
            put(body->text, "%s", before);
            put_name(body->text, part->name);
            before = "|";
        }
        bits >>= 1;
    }
    put(body->text, bits == 0 ? "}" : "%s?}", before);
}

/* Types nest as deep as a definition says, which is bounded; text stops what would be too much. */
static void show(const struct body *body, const struct wire_type *type, uint32_t at)
{
    if (body->text->size >= WIRE_TEXT_MAX)
        return;
    if (!is_inside(body, at, type->size)) {
        put(body->text, "?");
        return;
    }
    switch (type->kind) {
    case WIRE_STRING:
    case WIRE_LIST:
        show_list(body, type, at);
        return;
    case WIRE_OPTION:
    case WIRE_RESULT:
        show_choice(body, type, at);
        return;
    case WIRE_RECORD:
        put(body->text, "{");
        show_fields(body, type, at);
        put(body->text, "}");
        return;
    case WIRE_VARIANT:
        show_case(body, type, at);
        return;
    case WIRE_FLAGS:
        show_flags(body, type, at);
        return;
    default:
        show_number(body, type, at);
    }
}

/* ---- Messages ------------------------------------------------------------------------------ */

static const struct wire_function *function_at(const struct wire_interface *interface,
                                               uint32_t index)
{
    const struct wire_function *function = interface == NULL ? NULL : interface->functions;
    for (; function != NULL && index != 0; index--)
        function = function->next;
    return function;
}

const struct wire_function *wire_request(const struct wire_interface *interface,
                                         const uint8_t *body, uint32_t size, struct wire_text *text)
{
    struct body what = { body, size, text };
    text->size = 0;
    text->bytes[0] = '\0';
    const struct wire_function *function =
        size < 4 ? NULL : function_at(interface, (uint32_t)get(&what, 0, 4));
    if (function == NULL) {
        put(text, "?");
        put_hex(text, body, size);
        return NULL;
    }
    put_name(text, function->name);
    put(text, "(");
    uint32_t at = align_up(4, function->parameters->alignment);
    if (is_inside(&what, at, function->parameters->size))
        show_fields(&what, function->parameters, at);
    else if (function->parameters->part_count != 0)
        put(text, "?");
    put(text, ")");
    return function;
}

void wire_answer(const struct wire_function *function, const uint8_t *body, uint32_t size,
                 struct wire_text *text)
{
    struct body what = { body, size, text };
    text->size = 0;
    text->bytes[0] = '\0';
    if (function != NULL && function->result != NULL)
        show(&what, function->result, 0);
    else
        put_hex(text, body, size);
}
