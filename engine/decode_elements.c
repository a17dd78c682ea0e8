#include "engine/const_expression.h"
#include "engine/decode.h"
#include "engine/limits.h"

/* Bits of an element segment's form (WebAssembly 3.0, 5.5.12). */
enum {
    ELEMENT_NOT_ACTIVE = 1,
    ELEMENT_HAS_TABLE = 2,   /* of an active one; else it is table 0 */
    ELEMENT_DECLARATIVE = 2, /* of one that is not active; else it is passive */
    ELEMENT_EXPRESSIONS = 4, /* else function indices */
    ELEMENT_FORM_MAX = 7,
    ELEMENT_KIND_FUNCTION = 0,
};

static void decode_element_place(struct decoder *decoder, u32 form, struct element_segment *segment)
{
    struct reader *reader = &decoder->reader;
    usize offset = reader_offset(reader);
    if ((form & ELEMENT_NOT_ACTIVE) != 0) {
        segment->mode =
            (form & ELEMENT_DECLARATIVE) != 0 ? SEGMENT_DECLARATIVE : SEGMENT_PASSIVE;
        return;
    }
    segment->mode = SEGMENT_ACTIVE;
    segment->table = (form & ELEMENT_HAS_TABLE) != 0 ? reader_leb_u32(reader) : 0;
    if (segment->table >= decoder->module->table_count)
        reader_fail_at(reader, "unknown table", offset);
    segment->offset = const_expression_decode(decoder, TYPE_I32);
}

/* The type of the elements; forms 0 and 4 leave it out. */
static value_type decode_element_type(struct decoder *decoder, u32 form)
{
    struct reader *reader = &decoder->reader;
    if ((form & ~(u32)ELEMENT_EXPRESSIONS) == 0)
        return TYPE_FUNCREF;
    if ((form & ELEMENT_EXPRESSIONS) != 0)
        return decode_reference_type(decoder);
    if (reader_u8(reader) != ELEMENT_KIND_FUNCTION)
        reader_fail(reader, "malformed element kind");
    return TYPE_FUNCREF;
}

static void decode_element_functions(struct decoder *decoder, struct element_segment *segment)
{
    struct module *module = decoder->module;
    segment->count =
        decode_count(decoder, 1, LIMIT_ELEMENTS_IN_SEGMENT, "too many elements in a segment");
    u32 *functions = decode_take(decoder, segment->count, sizeof(*functions));
    for (u32 i = 0; i < segment->count && reader_ok(&decoder->reader); i++) {
        functions[i] = decode_index(decoder, module->function_count, "unknown function");
        if (reader_ok(&decoder->reader))
            module->functions[functions[i]].referenced = true;
    }
    segment->functions = functions;
}

static void decode_element_expressions(struct decoder *decoder, struct element_segment *segment)
{
    segment->count =
        decode_count(decoder, 1, LIMIT_ELEMENTS_IN_SEGMENT, "too many elements in a segment");
    struct const_expression *expressions =
        decode_take(decoder, segment->count, sizeof(*expressions));
    for (u32 i = 0; i < segment->count && reader_ok(&decoder->reader); i++)
        expressions[i] = const_expression_decode(decoder, segment->type);
    segment->expressions = expressions;
}

static void decode_element_segment(struct decoder *decoder, struct element_segment *segment)
{
    struct reader *reader = &decoder->reader;
    const struct module *module = decoder->module;
    usize offset = reader_offset(reader);
    u32 form = reader_leb_u32(reader);
    if (form > ELEMENT_FORM_MAX)
        reader_fail_at(reader, "malformed element segment kind", offset);
    decode_element_place(decoder, form, segment);
    segment->type = decode_element_type(decoder, form);
    bool fits = segment->mode != SEGMENT_ACTIVE || !reader_ok(reader) ||
                module->tables[segment->table].type.element == segment->type;
    if (!fits)
        reader_fail_at(reader, "type mismatch", offset);
    if ((form & ELEMENT_EXPRESSIONS) != 0)
        decode_element_expressions(decoder, segment);
    else
        decode_element_functions(decoder, segment);
}

void decode_element_section(struct decoder *decoder)
{
    struct module *module = decoder->module;
    u32 count =
        decode_count(decoder, 3, LIMIT_ELEMENT_SEGMENTS, "too many element segments");
    module->elements = decode_take(decoder, count, sizeof(*module->elements));
    for (u32 i = 0; i < count && reader_ok(&decoder->reader); i++)
        decode_element_segment(decoder, &module->elements[module->element_count++]);
}
