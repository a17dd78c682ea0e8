/* What readers refuse of bodies, and writers of values: each check at its limit and one past it. */
#include "abi/body.h"

#include "interface/shapes.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static _Alignas(8) uint8_t scratch[1 << 16];

/* A reader over exactly these bytes: what is read beyond is an error of the sanitizer's. */
struct body {
    uint8_t *data;
    struct weft_event event;
    struct body_reader reader;
};

static struct body *body_of(const void *bytes, uint32_t size, uint32_t gift_count)
{
    static struct body body;
    free(body.data);
    body.data = malloc(size);
    if (size != 0)
        memcpy(body.data, bytes, size);
    body.event = (struct weft_event){ .size = size, .gift_count = gift_count };
    for (int32_t i = 0; i < WEFT_GIFTS_MAX; i++)
        body.event.gifts[i] = 50 + i;
    body_reader_init(&body.reader, &body.event, body.data);
    body_reader_scratch(&body.reader, scratch, sizeof(scratch));
    return &body;
}

#define BODY(...)                                                                                  \
    body_of((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), 0)
#define BODY_GIFTS(count, ...)                                                                     \
    body_of((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), count)

/* Four bytes of a small number. */
#define W(number) (number) & 0xFF, (number) >> 8 & 0xFF, (number) >> 16 & 0xFF, (number) >> 24

static bool text(struct body *body)
{
    struct shapes_string_list value;
    return shapes_echo_strings_result_decode(&body->reader, &value) && value.count == 1;
}

static bool matrix(struct body *body)
{
    struct shapes_u16_list_list value;
    return shapes_echo_matrix_result_decode(&body->reader, &value);
}

static bool bytes(struct body *body)
{
    struct weft_bytes value;
    return shapes_echo_bytes_result_decode(&body->reader, &value);
}

static bool sets(struct body *body)
{
    struct shapes_sets value;
    return shapes_echo_sets_result_decode(&body->reader, &value);
}

static bool shape(struct body *body)
{
    struct shapes_shape value;
    return shapes_echo_shape_result_decode(&body->reader, &value);
}

static bool option(struct body *body)
{
    struct shapes_u8_option_option value;
    return shapes_echo_options_result_decode(&body->reader, &value);
}

static bool result(struct body *body)
{
    struct shapes_none_color_result value;
    return shapes_thing_rename_result_decode(&body->reader, &value);
}

static bool truths(struct body *body)
{
    struct shapes_bool_list value;
    return shapes_echo_flags_result_decode(&body->reader, &value);
}

static bool letters(struct body *body)
{
    struct shapes_echo_flags_arguments value;
    return shapes_echo_flags_decode(&body->reader, &value);
}

static bool slot(struct body *body)
{
    int32_t value;
    return shapes_thing_self_result_decode(&body->reader, &value) && value == 50;
}

static bool join(struct body *body)
{
    struct shapes_thing_join_arguments value;
    return shapes_thing_join_decode(&body->reader, &value);
}

static bool nothing(struct body *body)
{
    return shapes_nothing_decode(&body->reader);
}

static bool words(struct body *body)
{
    struct shapes_echo_words_arguments value;
    return shapes_echo_words_decode(&body->reader, &value);
}

static bool refused(bool (*decode)(struct body *body), struct body *body)
{
    return !decode(body) && body->reader.status == WEFT_INVALID;
}

/* ---- Sizes and offsets ----------------------------------------------------------------------- */

static void test_records(void)
{
    TAP_OK(nothing(BODY(W(5))), "a request of the index only");
    TAP_OK(refused(nothing, BODY(5, 0, 0)), "an index of three bytes is refused");
    TAP_OK(refused(nothing, body_of("", 0, 0)), "an empty request is refused");
    TAP_OK(refused(nothing, BODY(W(6))), "the index of another function is refused");
    TAP_OK(words(BODY(W(10), W(0), W(0), W(0), W(0), W(0))), "a request with all parameters");
    TAP_OK(refused(words, BODY(W(10), W(0), W(0), W(0), W(0), 0, 0, 0)),
           "one byte less is refused");
    TAP_OK(sets(BODY(0, 0, 0, 0, W(0), W(0))), "an answer with its whole record");
    TAP_OK(refused(sets, BODY(0, 0, 0, 0, W(0), 0, 0, 0)),
           "an answer without its last byte of padding is refused");
    TAP_OK(sets(BODY(0, 0, 0, 0, W(0), W(0), 9)), "bytes behind that nothing names are no matter");
}

static void test_lists(void)
{
    TAP_OK(bytes(BODY(W(8), W(2), 1, 2)), "a list that ends with the body");
    TAP_OK(refused(bytes, BODY(W(8), W(3), 1, 2)), "a list one byte longer is refused");
    TAP_OK(bytes(BODY(W(8), W(0))), "an empty list at the body's end");
    TAP_OK(refused(bytes, BODY(W(9), W(0))), "an empty list one byte behind it is refused");
    TAP_OK(refused(bytes, BODY(W(0xFFFFFFFFu), W(2), 1, 2)), "an offset near 2^32 is refused");
    TAP_OK(refused(bytes, BODY(W(8), W(0xFFFFFFFFu), 1, 2)), "a count near 2^32 is refused");
    TAP_OK(refused(bytes, BODY(W(8), W(2), 1)), "a list with a byte too few is refused");
    TAP_OK(refused(bytes, BODY(W(0), 0, 0, 0)), "half a list's offset and count is refused");

    TAP_OK(matrix(BODY(W(8), W(1), W(16), W(1), 1, 0)), "a list of lists");
    TAP_OK(refused(matrix, BODY(W(9), W(1), 0, W(16), W(0))),
           "items off their alignment are refused");
    TAP_OK(refused(matrix, BODY(W(8), W(1), W(17), W(1), 0, 1, 0)),
           "items of an inner list off their alignment are refused");
    TAP_OK(refused(matrix, BODY(W(8), W(2), W(16), W(1), 1, 0)),
           "items that do not fit are refused");
    TAP_OK(refused(matrix, BODY(W(8), W(0x20000001u), W(16), W(1))),
           "a count whose bytes overflow 32 bits is refused");
}

/* Lists of one body that lie over each other: as much as the body has room for, then one more. */
static void test_shared_bytes(void)
{
    TAP_OK(matrix(BODY(W(8), W(1), W(0), W(4), W(0), W(0))), "a list may lie over what names it");
    TAP_OK(refused(matrix, BODY(W(8), W(1), W(20), W(3), W(0), W(0))),
           "but not reach behind the body");
    /* 32 bytes, of which the outer list takes 8 and its items 16. */
    TAP_OK(matrix(BODY(W(8), W(2), W(24), W(2), W(24), W(2), W(0), W(0))),
           "lists that share bytes and hold no more than the body");
    TAP_OK(refused(matrix, BODY(W(8), W(2), W(24), W(2), W(24), W(3), W(0), W(0))),
           "lists that hold one item more are refused");
}

static void test_scratch(void)
{
    struct body *body = BODY(W(8), W(2), W(0), W(0), W(0), W(0));
    body_reader_scratch(&body->reader, scratch, 2 * sizeof(struct shapes_u16_list));
    TAP_OK(matrix(body), "scratch for just the items");
    body = BODY(W(8), W(2), W(0), W(0), W(0), W(0));
    body_reader_scratch(&body->reader, scratch, 2 * sizeof(struct shapes_u16_list) - 1);
    TAP_OK(!matrix(body) && body->reader.status == WEFT_NO_MEMORY, "one byte less is too little");
    body = BODY(W(8), W(2), W(0), W(0), W(0), W(0));
    body_reader_scratch(&body->reader, scratch + 1, 2 * sizeof(struct shapes_u16_list) + 7);
    TAP_OK(matrix(body), "scratch is aligned by the reader");
    body = BODY(W(8), W(1), 7);
    body_reader_scratch(&body->reader, NULL, 0);
    TAP_OK(bytes(body), "bytes need no scratch");
}

/* ---- Values ---------------------------------------------------------------------------------- */

static void test_cases(void)
{
    TAP_OK(option(BODY(1, 1, 255)) && option(BODY(0, 9, 9)), "present is 0 or 1");
    TAP_OK(refused(option, BODY(2, 0, 0)) && refused(option, BODY(1, 2, 0)), "2 is refused");
    TAP_OK(result(BODY(0, 9)) && result(BODY(1, 2)), "failed is 0 or 1");
    TAP_OK(refused(result, BODY(2, 0)), "a third outcome is refused");
    TAP_OK(refused(result, BODY(1, 3)), "an enum's case behind its last is refused");
    TAP_OK(truths(BODY(W(8), W(2), 0, 1)), "bool is 0 or 1");
    TAP_OK(refused(truths, BODY(W(8), W(2), 0, 2)), "a bool of 2 is refused");
    TAP_OK(shape(BODY(5, 0, 0, 0, W(0), 7, 0, 0, 0, W(0))), "a variant's last case");
    TAP_OK(refused(shape, BODY(6, 0, 0, 0, W(0), 7, 0, 0, 0, W(0))), "a case behind is refused");
    TAP_OK(sets(BODY(7, 0, 0xFF, 1, W(0xFFFFFFFFu), 2, 0, 0, 0)), "all flags");
    TAP_OK(refused(sets, BODY(8, 0, 0, 0, W(0), W(0))), "a fourth flag of three is refused");
    TAP_OK(refused(sets, BODY(0, 0, 0, 2, W(0), W(0))), "a tenth flag of nine is refused");
    TAP_OK(refused(sets, BODY(0, 0, 0, 0, W(0), 3, 0, 0, 0)), "a fourth color of three is refused");
}

static bool letter(uint32_t value)
{
    return letters(BODY(W(18), W(0), W(0), W(0), W(0), W(28), W(1), W(value)));
}

static void test_characters(void)
{
    TAP_OK(letter(0) && letter(0xD7FF) && letter(0xE000) && letter(0x10FFFF),
           "the ends of the ranges of Unicode scalar values");
    TAP_OK(!letter(0xD800) && !letter(0xDFFF), "surrogates are refused");
    TAP_OK(!letter(0x110000) && !letter(0xFFFFFFFFu), "what is beyond is refused");
}

static bool text_of(const char *content)
{
    uint8_t whole[64] = { W(8), W(1), W(16) };
    uint32_t size = (uint32_t)strlen(content);
    memcpy(whole + 12, &size, 4);
    memcpy(whole + 16, content, size);
    return text(body_of(whole, 16 + size, 0));
}

static void test_strings(void)
{
    TAP_OK(text_of("\x7F\xC2\x80\xDF\xBF"), "one and two bytes of UTF-8");
    TAP_OK(text_of("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), "three bytes");
    TAP_OK(text_of("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), "four bytes");
    TAP_OK(!text_of("\x80") && !text_of("\xBF"), "a lone continuation is refused");
    TAP_OK(!text_of("\xC0\x80") && !text_of("\xC1\xBF") && !text_of("\xE0\x9F\xBF") &&
               !text_of("\xF0\x8F\xBF\xBF"),
           "overlong forms are refused");
    TAP_OK(!text_of("\xED\xA0\x80") && !text_of("\xED\xBF\xBF"), "surrogates are refused");
    TAP_OK(!text_of("\xF4\x90\x80\x80") && !text_of("\xF5\x80\x80\x80"),
           "what is beyond Unicode is refused");
    TAP_OK(!text_of("\xC2") && !text_of("\xE1\x80") && !text_of("\xF1\x80\x80"),
           "a sequence that the end cuts is refused");
    TAP_OK(!text_of("\xC2\x41") && !text_of("\xE1\x80\x41") && !text_of("\xF1\x80\x80\x41"),
           "a sequence that another character cuts is refused");
}

/* ---- Gifts ----------------------------------------------------------------------------------- */

static void test_gifts(void)
{
    TAP_OK(slot(BODY_GIFTS(1, W(0))), "the only gift");
    TAP_OK(refused(slot, BODY_GIFTS(1, W(1))), "a gift behind the last is refused");
    TAP_OK(refused(slot, BODY(W(0))), "a gift that did not come is refused");
    TAP_OK(refused(slot, BODY_GIFTS(2, W(0))), "a gift that nothing names is refused");
    TAP_OK(refused(nothing, BODY_GIFTS(1, W(5))), "also where nothing could name one");
    TAP_OK(join(BODY_GIFTS(2, W(1), W(12), W(2), W(1), W(0))), "gifts in another order");
    TAP_OK(refused(join, BODY_GIFTS(2, W(1), W(12), W(2), W(1), W(1))),
           "a gift that is named twice is refused");
    TAP_OK(join(BODY_GIFTS(8, W(1), W(12), W(8), W(0), W(1), W(2), W(3), W(4), W(5), W(6), W(7))),
           "all eight gifts");
    TAP_OK(refused(join, BODY_GIFTS(9, W(1), W(12), W(8), W(0), W(1), W(2), W(3), W(4), W(5), W(6),
                                    W(7))),
           "a count of nine gifts is refused");
}

/* ---- Writers --------------------------------------------------------------------------------- */

static uint8_t buffer[256];

static struct body_writer writer_of(uint32_t capacity)
{
    struct body_writer writer;
    body_writer_init(&writer, buffer, capacity);
    return writer;
}

static enum weft_status write_shape(struct shapes_shape value)
{
    struct body_writer writer = writer_of(sizeof(buffer));
    shapes_echo_shape_result_encode(&writer, &value);
    return writer.status;
}

static enum weft_status write_gifts(uint32_t count, int32_t first)
{
    int32_t parts[WEFT_GIFTS_MAX + 1] = { first };
    struct body_writer writer = writer_of(sizeof(buffer));
    shapes_thing_join_encode(&writer, (struct shapes_thing_list){ parts, count });
    return writer.status;
}

static void test_writers(void)
{
    struct body_writer writer = writer_of(10);
    TAP_OK(shapes_echo_bytes_result_encode(&writer, &WEFT_BYTES("ab")) && writer.size == 10,
           "a body that just fits");
    writer = writer_of(9);
    TAP_OK(!shapes_echo_bytes_result_encode(&writer, &WEFT_BYTES("ab")) &&
               writer.status == WEFT_TOO_LARGE,
           "one byte less of room is too little");
    writer = writer_of(3);
    TAP_OK(!shapes_nothing_encode(&writer) && writer.status == WEFT_TOO_LARGE,
           "no room for the index");
    writer = writer_of(7);
    TAP_OK(!shapes_echo_words_encode(&writer, (struct shapes_words){ 0 }, 0, 0, 0) &&
               writer.status == WEFT_TOO_LARGE,
           "no room for the padding");
    writer = writer_of(10);
    shapes_echo_bytes_result_encode(&writer, &WEFT_BYTES("abc"));
    TAP_OK(shapes_echo_bytes_result_encode(&writer, &WEFT_BYTES("ab")),
           "a writer that failed begins anew");

    TAP_OK(write_shape((struct shapes_shape){ .tag = SHAPES_SHAPE_TAG }) == WEFT_OK &&
               write_shape((struct shapes_shape){ .tag = (enum shapes_shape_tag)6 }) ==
                   WEFT_INVALID,
           "a case that there is not is not written");
    TAP_OK(write_shape((struct shapes_shape){ .tag = SHAPES_SHAPE_NAMED,
                                              .named = WEFT_BYTES("\xFF") }) == WEFT_INVALID,
           "text that is not UTF-8 is not written");
    TAP_OK(write_gifts(8, 0) == WEFT_OK && write_gifts(9, 0) == WEFT_LIMIT,
           "eight gifts, not nine");
    TAP_OK(write_gifts(1, WEFT_NO_SLOT) == WEFT_BAD_SLOT &&
               write_gifts(1, WEFT_GIFT_COPY) == WEFT_BAD_SLOT &&
               write_gifts(1, WEFT_GIFT_COPY - 1) == WEFT_OK,
           "what is no slot is not given");
    struct shapes_sets wrong = { .few = 8 };
    writer = writer_of(sizeof(buffer));
    TAP_OK(!shapes_echo_sets_result_encode(&writer, &wrong) && writer.status == WEFT_INVALID,
           "a flag that there is not is not written");
}

int main(void)
{
    test_records();
    test_lists();
    test_shared_bytes();
    test_scratch();
    test_cases();
    test_characters();
    test_strings();
    test_gifts();
    test_writers();
    return tap_done();
}
