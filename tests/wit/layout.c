/* The bytes of bodies against bodies written by hand from the Canonical ABI, so that writer and
 * reader cannot be wrong together. Each row of a body says what its bytes are. */
#include "interface/shapes.h"
#include "interface/tally.h"
#include "tests/tap.h"

#include <string.h>

static uint8_t buffer[512];
static uint8_t scratch[4 * sizeof(buffer)] __attribute__((aligned(8)));

static struct body_writer begin(void)
{
    struct body_writer writer;
    memset(buffer, 0xEE, sizeof(buffer));
    body_writer_init(&writer, buffer, sizeof(buffer));
    return writer;
}

static bool wrote(const struct body_writer *writer, const uint8_t *expected, uint32_t size)
{
    bool same =
        body_writer_ok(writer) && writer->size == size && memcmp(writer->data, expected, size) == 0;
    for (uint32_t i = 0; !same && i < writer->size; i++)
        printf("%s%02x%s", i % 8 == 0 ? "# " : " ", writer->data[i],
               i % 8 == 7 || i + 1 == writer->size ? "\n" : "");
    return same;
}

static struct body_reader read_back(const struct weft_event *event)
{
    struct body_reader reader;
    body_reader_init(&reader, event, buffer);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    return reader;
}

static void test_primitives(void)
{
    static const uint8_t expected[] = {
        6,    0,    0,    0,    0,    0,    0,    0,    /* function index, padding */
        1,    0xFE, 0xFD, 0xFF, 4,    0,    0,    0,    /* truth, s8, s16, u8 */
        0xFB, 0xFF, 0xFF, 0xFF, 6,    0,    0,    0,    /* s32, u16 */
        0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, /* s64 */
        8,    0,    0,    0,    0,    0,    0x80, 0x3F, /* u32, f32 */
        9,    0,    0,    0,    0,    0,    0,    0x80, /* u64 */
        0xE9, 0,    0,    0,    0,    0,    0,    0,    /* letter */
        0,    0,    0,    0,    0,    0,    0xF0, 0x3F, /* f64 */
        72,   0,    0,    0,    3,    0,    0,    0,    /* text: offset, size */
        'a',  0xC3, 0xA9,                               /* its bytes */
    };
    struct shapes_primitives value = {
        .truth = true,
        .s8 = -2,
        .s16 = -3,
        .u8 = 4,
        .s32 = -5,
        .u16 = 6,
        .s64 = -7,
        .u32 = 8,
        .f32 = 1,
        .u64 = 0x8000000000000009,
        .letter = 0xE9,
        .f64 = 1,
        .text = WEFT_BYTES("a\xC3\xA9"),
    };
    struct body_writer writer = begin();
    shapes_echo_primitives_encode(&writer, value);
    TAP_OK(wrote(&writer, expected, sizeof(expected)), "a record of each primitive");
}

static void test_sets(void)
{
    static const uint8_t expected[] = {
        7, 0, 0,    0,    /* function index */
        5, 0, 0x00, 0x01, /* few: one byte; some: two */
        1, 0, 0,    0x80, /* many: four */
        2, 0, 0,    0,    /* color, padding */
    };
    struct shapes_sets value = {
        .few = SHAPES_FEW_A | SHAPES_FEW_C,
        .some = SHAPES_SOME_F8,
        .many = SHAPES_MANY_G0 | SHAPES_MANY_G31,
        .color = SHAPES_COLOR_BLUE,
    };
    struct body_writer writer = begin();
    shapes_echo_sets_encode(&writer, value);
    TAP_OK(wrote(&writer, expected, sizeof(expected)), "flags of each size and an enum");
}

static void test_variant(void)
{
    static const uint8_t circle[] = {
        1, 0, 0, 0, 0, 0, 0, 0,    /* case, padding to the payloads' alignment */
        0, 0, 0, 0, 0, 0, 0, 0xC0, /* -2.0 */
    };
    static const uint8_t corners[] = {
        3,    0,    0,    0,    0, 0, 0, 0,    /* case */
        16,   0,    0,    0,    2, 0, 0, 0,    /* list: offset, count */
        1,    0,    0,    0,    2, 0, 0, 0,    /* first tuple */
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x80, /* second */
    };
    static const uint8_t nested[] = {
        4, 0, 0, 0, 0, 0, 0, 0, /* case */
        1, 1, 0, 0, 0, 0, 0, 0, /* present, green */
    };
    const struct shapes_s32_s32_tuple points[] = { { 1, 2 }, { -1, INT32_MIN } };
    struct shapes_shape value = { .tag = SHAPES_SHAPE_CIRCLE, .circle = -2 };
    struct body_writer writer = begin();
    shapes_echo_shape_result_encode(&writer, &value);
    TAP_OK(wrote(&writer, circle, sizeof(circle)), "a variant with a number");
    writer = begin();
    value = (struct shapes_shape){ .tag = SHAPES_SHAPE_CORNERS, .corners = { points, 2 } };
    shapes_echo_shape_result_encode(&writer, &value);
    TAP_OK(wrote(&writer, corners, sizeof(corners)), "a variant with a list of tuples");
    writer = begin();
    value =
        (struct shapes_shape){ .tag = SHAPES_SHAPE_NESTED, .nested = { true, SHAPES_COLOR_GREEN } };
    shapes_echo_shape_result_encode(&writer, &value);
    TAP_OK(wrote(&writer, nested, sizeof(nested)), "a variant with an option of an enum");
}

static void test_lists(void)
{
    static const uint8_t expected[] = {
        8,  0, 0, 0, 3, 0, 0, 0, /* three rows */
        32, 0, 0, 0, 1, 0, 0, 0, /* the first row: one number */
        0,  0, 0, 0, 0, 0, 0, 0, /* the second: none */
        34, 0, 0, 0, 2, 0, 0, 0, /* the third */
        1,  2, 3, 4, 5, 6,       /* the numbers of the first, then of the third */
    };
    const uint16_t first[] = { 0x0201 };
    const uint16_t third[] = { 0x0403, 0x0605 };
    const struct shapes_u16_list rows[] = { { first, 1 }, { NULL, 0 }, { third, 2 } };
    struct shapes_u16_list_list value = { rows, 3 };
    struct body_writer writer = begin();
    shapes_echo_matrix_result_encode(&writer, &value);
    TAP_OK(wrote(&writer, expected, sizeof(expected)), "a list of lists");
}

static void test_parameters(void)
{
    static const uint8_t expected[] = {
        10, 0, 0, 0, 0, 0, 0, 0, /* function index, padding */
        1,  2, 3, 4, 5, 0, 0, 0, /* words, client, result, padding */
        6,  0, 0, 0, 0, 0, 0, 0, /* at */
    };
    struct body_writer writer = begin();
    struct shapes_words words = { 1, 2, 3 };
    shapes_echo_words_encode(&writer, words, 4, 5, 6);
    TAP_OK(wrote(&writer, expected, sizeof(expected)), "parameters are one record");
    static const uint8_t nothing[] = { 5, 0, 0, 0 };
    writer = begin();
    shapes_nothing_encode(&writer);
    TAP_OK(wrote(&writer, nothing, sizeof(nothing)), "without parameters only the index");
    writer = begin();
    TAP_OK(shapes_nothing_result_encode(&writer) && writer.size == 0,
           "without a result the answer is empty");
}

static void test_options(void)
{
    static const uint8_t request[] = {
        13, 0, 0, 0, 0, 0, 0, 0, /* function index, padding */
        1,  1, 7, 0, 0, 0, 0, 0, /* present, present, 7; padding */
        1,  0, 0, 0, 0, 0, 0, 0, /* present, padding */
        8,  0, 0, 0, 0, 0, 0, 0, /* 8 */
    };
    static const uint8_t failed[] = { 1, 0, 0, 0, 0, 0, 0, 0 };
    static const uint8_t succeeded[] = { 0, 0, 0, 0, 9, 0, 0, 0 };
    struct body_writer writer = begin();
    shapes_echo_options_encode(&writer, (struct shapes_u8_option_option){ true, { true, 7 } },
                               (struct shapes_u64_option){ true, 8 });
    TAP_OK(wrote(&writer, request, sizeof(request)), "options of options");
    writer = begin();
    shapes_echo_results_result_encode(&writer, &(struct shapes_u32_none_result){ .failed = true });
    TAP_OK(wrote(&writer, failed, sizeof(failed)), "a result that failed is as large");
    writer = begin();
    shapes_echo_results_result_encode(&writer, &(struct shapes_u32_none_result){ .value = 9 });
    TAP_OK(wrote(&writer, succeeded, sizeof(succeeded)), "a result with a value");
}

static void test_gifts(void)
{
    static const uint8_t request[] = {
        3, 0, 0, 0,             /* function index */
        0, 0, 0, 0,             /* to: gift 0 */
        1, 0, 0, 0, 1, 0, 0, 0, /* with: present, gift 1 */
    };
    struct body_writer writer = begin();
    shapes_thing_give_encode(&writer, 40, (struct shapes_thing_option){ true, 41 });
    TAP_OK(wrote(&writer, request, sizeof(request)), "slots are indexes of gifts");
    TAP_OK(writer.gift_count == 2 && writer.gifts[0] == 40 + WEFT_GIFT_COPY &&
               writer.gifts[1] == 41,
           "a borrowed slot goes as a copy, an owned one goes itself");

    struct weft_event event = { .size = writer.size, .gift_count = 2, .gifts = { 70, 71 } };
    struct body_reader reader = read_back(&event);
    struct shapes_thing_give_arguments arguments;
    TAP_OK(shapes_thing_give_decode(&reader, &arguments) && arguments.to == 70 &&
               arguments.with.present && arguments.with.value == 71,
           "they arrive as the receiver's slots");
}

/* The bytes that docs/interfaces.md shows. */
static void test_page(void)
{
    static const uint8_t add[] = {
        1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0,
    };
    static const uint8_t value[] = {
        0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0,
    };
    static const uint8_t error[] = {
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    static const uint8_t names[] = {
        8, 0, 0, 0, 2, 0, 0, 0, 24, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 'a', 'b', 'c',
    };
    const struct weft_bytes texts[] = { WEFT_BYTES("a"), WEFT_BYTES("bc") };
    struct body_writer writer = begin();
    tally_count_add_encode(&writer, 7);
    TAP_OK(wrote(&writer, add, sizeof(add)), "the request on the page");
    writer = begin();
    tally_count_add_result_encode(&writer, &(struct tally_u64_error_result){ .value = 12 });
    TAP_OK(wrote(&writer, value, sizeof(value)), "the answer on the page");
    writer = begin();
    tally_count_add_result_encode(&writer, &(struct tally_u64_error_result){
                                               .failed = true, .error = TALLY_ERROR_TOO_LARGE });
    TAP_OK(wrote(&writer, error, sizeof(error)), "the error on the page");
    writer = begin();
    tally_names_result_encode(&writer, &(struct tally_string_list){ texts, 2 });
    TAP_OK(wrote(&writer, names, sizeof(names)), "the list on the page");
}

int main(void)
{
    test_page();
    test_primitives();
    test_sets();
    test_variant();
    test_lists();
    test_parameters();
    test_options();
    test_gifts();
    return tap_done();
}
