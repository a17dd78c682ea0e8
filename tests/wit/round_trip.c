/* Random values of every shape: encoded, decoded and encoded again, they give the same bytes, and
 * the decoder needs no more scratch than abi/body.h promises. */
#include "interface/shapes.h"
#include "tests/tap.h"
#include "tests/wit/support/parsed.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 2000,
    ITEMS_MAX = 6,
    CAPACITY = 1 << 16,
};

static u64 state = 7;

/* Memory for the lists of one value. */
static struct {
    _Alignas(8) u8 data[CAPACITY];
    usize size;
} pool;

static void *pool_take(usize count, usize item_size)
{
    void *items = pool.data + pool.size;
    pool.size = (pool.size + count * item_size + 7) & ~(usize)7;
    BASE_ASSERT(pool.size <= sizeof(pool.data));
    return items;
}

/* Mostly small numbers and edges, sometimes any. */
static u64 random_number(void)
{
    static const u64 edges[] = { 0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, UINT64_MAX };
    return random_below(&state, 2) == 0 ? edges[random_below(&state, 8)] : random_next(&state);
}

static bool random_bool(void)
{
    return random_below(&state, 2) != 0;
}

static double random_double(void)
{
    u64 bits = random_number();
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static struct weft_bytes random_text(void)
{
    static const char *const texts[] = { "", "a", "weft", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80" };
    struct bytes text = bytes_from_text(texts[random_below(&state, 4)]);
    return (struct weft_bytes){ text.data, (u32)text.size };
}

static u32 random_letter(void)
{
    static const u32 letters[] = { 0, 'a', 0xD7FF, 0xE000, 0x10FFFF };
    return letters[random_below(&state, 5)];
}

static enum shapes_color random_color(void)
{
    return (enum shapes_color)random_below(&state, 3);
}

static u32 random_count(void)
{
    return random_below(&state, ITEMS_MAX + 1);
}

static struct shapes_primitives random_primitives(void)
{
    return (struct shapes_primitives){
        .truth = random_bool(),
        .s8 = (i8)random_number(),
        .s16 = (i16)random_number(),
        .u8 = (u8)random_number(),
        .s32 = (i32)random_number(),
        .u16 = (u16)random_number(),
        .s64 = (i64)random_number(),
        .u32 = (u32)random_number(),
        .f32 = (float)random_below(&state, 1000),
        .u64 = random_number(),
        .letter = random_letter(),
        .f64 = random_double(),
        .text = random_text(),
    };
}

static struct shapes_s32_s32_tuple_list random_corners(void)
{
    u32 count = random_count();
    struct shapes_s32_s32_tuple *corners = pool_take(count, sizeof(*corners));
    for (u32 i = 0; i < count; i++)
        corners[i] = (struct shapes_s32_s32_tuple){ (i32)random_number(), (i32)random_number() };
    return (struct shapes_s32_s32_tuple_list){ corners, count };
}

static struct shapes_shape random_shape(void)
{
    struct shapes_shape shape = { .tag = (enum shapes_shape_tag)random_below(&state, 6) };
    switch (shape.tag) {
    case SHAPES_SHAPE_POINT:
        break;
    case SHAPES_SHAPE_CIRCLE:
        shape.circle = random_double();
        break;
    case SHAPES_SHAPE_NAMED:
        shape.named = random_text();
        break;
    case SHAPES_SHAPE_CORNERS:
        shape.corners = random_corners();
        break;
    case SHAPES_SHAPE_NESTED:
        shape.nested.present = random_bool();
        if (shape.nested.present)
            shape.nested.value = random_color();
        break;
    case SHAPES_SHAPE_TAG:
        shape.tag_ = (u8)random_number();
        break;
    }
    return shape;
}

/* ---- One round ------------------------------------------------------------------------------- */

static u8 first[CAPACITY];
static u8 second[CAPACITY];
static _Alignas(8) u8 scratch[BODY_SCRATCH_FACTOR * CAPACITY];

/* A reader over what was written, with just as much scratch as is promised to suffice. */
static struct body_reader reader_of(struct body_writer *written, struct weft_event *event)
{
    struct body_reader reader;
    *event = (struct weft_event){ .size = written->size, .gift_count = written->gift_count };
    memcpy(event->gifts, written->gifts, sizeof(event->gifts));
    body_reader_init(&reader, event, written->data);
    body_reader_scratch(&reader, scratch, BODY_SCRATCH_FACTOR * (usize)written->size);
    return reader;
}

static bool same(const struct body_writer *a, const struct body_writer *b)
{
    return body_writer_ok(a) && body_writer_ok(b) && a->size == b->size &&
           memcmp(a->data, b->data, a->size) == 0 && a->gift_count == b->gift_count &&
           memcmp(a->gifts, b->gifts, a->gift_count * sizeof(a->gifts[0])) == 0;
}

/* Both coders of a function's result, and the check of what they give. */
#define RESULT_ROUND(function, type, value)                                                        \
    static bool round_##function(void)                                                             \
    {                                                                                              \
        struct body_writer before, after;                                                          \
        struct weft_event event;                                                                   \
        type given = value;                                                                        \
        type taken;                                                                                \
        body_writer_init(&before, first, sizeof(first));                                           \
        body_writer_init(&after, second, sizeof(second));                                          \
        if (!shapes_##function##_result_encode(&before, &given))                                   \
            return false;                                                                          \
        struct body_reader reader = reader_of(&before, &event);                                    \
        return shapes_##function##_result_decode(&reader, &taken) &&                               \
               shapes_##function##_result_encode(&after, &taken) && same(&before, &after);         \
    }

static struct shapes_shape_list random_shapes(void)
{
    u32 count = random_count();
    struct shapes_shape *shapes = pool_take(count, sizeof(*shapes));
    for (u32 i = 0; i < count; i++)
        shapes[i] = random_shape();
    return (struct shapes_shape_list){ shapes, count };
}

static struct shapes_u16_list_list random_matrix(void)
{
    u32 count = random_count();
    struct shapes_u16_list *rows = pool_take(count, sizeof(*rows));
    for (u32 i = 0; i < count; i++) {
        u32 columns = random_count();
        u16 *row = pool_take(columns, sizeof(*row));
        for (u32 j = 0; j < columns; j++)
            row[j] = (u16)random_number();
        rows[i] = (struct shapes_u16_list){ row, columns };
    }
    return (struct shapes_u16_list_list){ rows, count };
}

static struct shapes_primitives_shape_result random_outcome(void)
{
    struct shapes_primitives_shape_result outcome = { .failed = random_bool() };
    if (outcome.failed)
        outcome.error = random_shape();
    else
        outcome.value = random_primitives();
    return outcome;
}

static struct shapes_u8_option_option random_option(void)
{
    struct shapes_u8_option_option option = { .present = random_bool() };
    option.value.present = option.present && random_bool();
    option.value.value = option.value.present ? (u8)random_number() : 0;
    return option;
}

static struct shapes_string_list random_strings(void)
{
    u32 count = random_count();
    struct weft_bytes *strings = pool_take(count, sizeof(*strings));
    for (u32 i = 0; i < count; i++)
        strings[i] = random_text();
    return (struct shapes_string_list){ strings, count };
}

static struct shapes_bool_list random_truths(void)
{
    u32 count = random_count();
    bool *truths = pool_take(count, sizeof(*truths));
    for (u32 i = 0; i < count; i++)
        truths[i] = random_bool();
    return (struct shapes_bool_list){ truths, count };
}

static struct shapes_sets random_sets(void)
{
    return (struct shapes_sets){ (u32)random_number() & 7, (u32)random_number() & 0x1FF,
                                 (u32)random_number(), random_color() };
}

static struct shapes_none_color_result random_failure(void)
{
    struct shapes_none_color_result result = { .failed = random_bool() };
    if (result.failed)
        result.error = random_color();
    return result;
}

static struct shapes_u8_u64_string_tuple random_tuple(void)
{
    return (struct shapes_u8_u64_string_tuple){ (u8)random_number(), random_number(),
                                                random_text() };
}

RESULT_ROUND(echo_primitives, struct shapes_primitives, random_primitives())
RESULT_ROUND(echo_sets, struct shapes_sets, random_sets())
RESULT_ROUND(echo_shape, struct shapes_shape, random_shape())
RESULT_ROUND(echo_shapes, struct shapes_shape_list, random_shapes())
RESULT_ROUND(echo_matrix, struct shapes_u16_list_list, random_matrix())
RESULT_ROUND(echo_outcome, struct shapes_primitives_shape_result, random_outcome())
RESULT_ROUND(echo_options, struct shapes_u8_option_option, random_option())
RESULT_ROUND(echo_bytes, struct weft_bytes, random_text())
RESULT_ROUND(echo_tuple, struct shapes_u8_u64_string_tuple, random_tuple())
RESULT_ROUND(echo_strings, struct shapes_string_list, random_strings())
RESULT_ROUND(echo_flags, struct shapes_bool_list, random_truths())
RESULT_ROUND(thing_rename, struct shapes_none_color_result, random_failure())
RESULT_ROUND(thing_create, int32_t, (int32_t)random_below(&state, 1000))

/* Parameters of several kinds at once, gifts among them. */
static bool round_parameters(void)
{
    struct body_writer before, after;
    struct weft_event event;
    struct shapes_thing_join_arguments join;
    int32_t parts[WEFT_GIFTS_MAX];
    u32 count = random_below(&state, WEFT_GIFTS_MAX + 1);
    for (u32 i = 0; i < count; i++)
        parts[i] = (int32_t)random_below(&state, 100);
    body_writer_init(&before, first, sizeof(first));
    body_writer_init(&after, second, sizeof(second));
    if (!shapes_thing_join_encode(&before, (struct shapes_thing_list){ parts, count }))
        return false;
    struct body_reader reader = reader_of(&before, &event);
    return shapes_thing_join_decode(&reader, &join) && join.parts.count == count &&
           (count == 0 || memcmp(join.parts.data, parts, count * sizeof(parts[0])) == 0) &&
           shapes_thing_join_encode(&after, join.parts) && same(&before, &after);
}

static bool round_flags(void)
{
    struct body_writer before, after;
    struct weft_event event;
    struct shapes_echo_flags_arguments taken;
    u32 few[] = { 7, 0, 5 };
    u32 letters[] = { random_letter(), random_letter() };
    body_writer_init(&before, first, sizeof(first));
    body_writer_init(&after, second, sizeof(second));
    if (!shapes_echo_flags_encode(&before, (struct shapes_few_list){ few, random_below(&state, 4) },
                                  random_truths(), (struct shapes_char_list){ letters, 2 }))
        return false;
    struct body_reader reader = reader_of(&before, &event);
    return shapes_echo_flags_decode(&reader, &taken) &&
           shapes_echo_flags_encode(&after, taken.value, taken.truths, taken.letters) &&
           same(&before, &after);
}

static void run(bool (*round)(void), const char *name)
{
    u32 wrong = 0;
    for (u32 i = 0; i < ROUNDS; i++) {
        pool.size = 0;
        wrong += !round();
    }
    TAP_OK(wrong == 0, name);
}

int main(void)
{
    run(round_echo_primitives, "a record of primitives, its values any");
    run(round_echo_sets, "flags and enums");
    run(round_echo_shape, "a variant");
    run(round_echo_shapes, "a list of variants");
    run(round_echo_matrix, "a list of lists");
    run(round_echo_outcome, "a result");
    run(round_echo_options, "an option of an option");
    run(round_echo_bytes, "bytes");
    run(round_echo_tuple, "a tuple");
    run(round_echo_strings, "a list of strings");
    run(round_echo_flags, "a list of truths");
    run(round_thing_rename, "a result without a value");
    run(round_thing_create, "a slot");
    run(round_parameters, "a list of slots as a parameter");
    run(round_flags, "lists of flags, truths and characters as parameters");
    return tap_done();
}
