/* base/reader.h through its door: LEB128 limits, sticking mistakes, bounded counts. */
#include "base/base.h"
#include "tests/tap.h"

#include <string.h>

static struct reader reader_over(const char *bytes, usize size)
{
    struct reader reader;
    reader_init(&reader, (struct bytes){ (const u8 *)bytes, size });
    return reader;
}

#define READER(literal) reader_over((literal), sizeof(literal) - 1)

static void test_unsigned_leb(void)
{
    struct reader reader = READER("\xFF\xFF\xFF\xFF\x0F");
    TAP_OK(reader_leb_u32(&reader) == UINT32_MAX && reader_ok(&reader), "u32 leb: largest value");
    reader = READER("\xFF\xFF\xFF\xFF\x1F");
    TAP_OK(reader_leb_u32(&reader) == 0 && strcmp(reader.mistake, "integer too large") == 0,
           "u32 leb: one bit past 32 is too large");
    TAP_OK(reader.mistake_offset == 4, "u32 leb: the mistake stands at the byte to blame");
    reader = READER("\x80\x80\x80\x80\x80\x00");
    TAP_OK(reader_leb_u32(&reader) == 0 &&
               strcmp(reader.mistake, "integer representation too long") == 0,
           "u32 leb: six bytes are too long");
    reader = READER("\x80\x80\x80\x80\x00");
    TAP_OK(reader_leb_u32(&reader) == 0 && reader_ok(&reader), "u32 leb: zero in five bytes");
    reader = READER("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
    TAP_OK(reader_leb_u64(&reader) == UINT64_MAX && reader_ok(&reader), "u64 leb: largest value");
    reader = READER("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
    TAP_OK(reader_leb_u64(&reader) == 0 && !reader_ok(&reader), "u64 leb: one bit past 64");
    reader = READER("\x80");
    TAP_OK(reader_leb_u32(&reader) == 0 && strcmp(reader.mistake, "unexpected end") == 0,
           "u32 leb: cut off");
}

static void test_signed_leb(void)
{
    struct reader reader = READER("\x7F");
    TAP_OK(reader_leb_i32(&reader) == -1, "i32 leb: minus one in one byte");
    reader = READER("\x80\x80\x80\x80\x78");
    TAP_OK(reader_leb_i32(&reader) == INT32_MIN && reader_ok(&reader), "i32 leb: smallest value");
    reader = READER("\xFF\xFF\xFF\xFF\x07");
    TAP_OK(reader_leb_i32(&reader) == INT32_MAX && reader_ok(&reader), "i32 leb: largest value");
    reader = READER("\xFF\xFF\xFF\xFF\x0F");
    TAP_OK(reader_leb_i32(&reader) == 0 && !reader_ok(&reader),
           "i32 leb: unused bits that differ from the sign are refused");
    reader = READER("\xFF\xFF\xFF\xFF\xFF\x00");
    TAP_OK(reader_leb_i32(&reader) == 0 &&
               strcmp(reader.mistake, "integer representation too long") == 0,
           "i32 leb: six bytes are too long");
    reader = READER("\xFF\xFF\xFF\xFF\x0F");
    TAP_OK(reader_leb_i33(&reader) == UINT32_MAX && reader_ok(&reader), "i33 leb: 2^32 - 1");
    reader = READER("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7F");
    TAP_OK(reader_leb_i64(&reader) == INT64_MIN && reader_ok(&reader), "i64 leb: smallest value");
    reader = READER("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00");
    TAP_OK(reader_leb_i64(&reader) == INT64_MAX && reader_ok(&reader), "i64 leb: largest value");
}

/* Every value written is read back, at every width. */
static void test_round_trip(void)
{
    u64 wrong = 0;
    for (u32 bit = 0; bit < 64; bit++)
        for (i64 delta = -1; delta <= 1; delta++) {
            u64 value = ((u64)1 << bit) + (u64)delta;
            u8 buffer[16];
            struct writer writer;
            writer_init(&writer, buffer, sizeof(buffer));
            writer_leb_u64(&writer, value);
            struct reader reader;
            reader_init(&reader, (struct bytes){ buffer, writer.size });
            wrong += reader_leb_u64(&reader) != value || !reader_ok(&reader);
        }
    TAP_OK(wrong == 0, "leb: what the writer writes the reader reads");
}

static void test_sticking(void)
{
    struct reader reader = READER("\x01\x02");
    (void)reader_u32(&reader);
    usize offset = reader.mistake_offset;
    reader_fail(&reader, "another");
    TAP_OK(strcmp(reader.mistake, "unexpected end") == 0 && reader.mistake_offset == offset,
           "the first mistake sticks");
    TAP_OK(reader_u8(&reader) == 0 && reader_offset(&reader) == 0,
           "after a mistake reads give zero and move nothing");
}

static void test_counts(void)
{
    struct reader reader = READER("\x03" "abcdef");
    TAP_OK(reader_count(&reader, 2, 10, "too many") == 3, "a count whose items just fit");
    reader = READER("\x03" "abcde");
    TAP_OK(reader_count(&reader, 2, 10, "too many") == 0 && !reader_ok(&reader),
           "a count whose items cannot fit is refused");
    reader = READER("\x03" "abcdef");
    TAP_OK(reader_count(&reader, 0, 2, "too many") == 0 &&
               strcmp(reader.mistake, "too many") == 0 && reader.mistake_offset == 0,
           "a count above the bound names the bound");
}

static void test_parts(void)
{
    struct reader reader = READER("\x01\x02\x03\x04");
    (void)reader_u8(&reader);
    struct reader part = reader_part(&reader, 2);
    TAP_OK(reader_u8(&part) == 2 && reader_u8(&part) == 3 && reader_left(&part) == 0,
           "a part ends where it was cut");
    (void)reader_u8(&part);
    TAP_OK(part.mistake_offset == 3, "offsets in a part count from the whole's start");
    TAP_OK(reader_u8(&reader) == 4, "the parent goes on behind the part");
    part = reader_part(&reader, 1);
    TAP_OK(!reader_ok(&reader) && !reader_ok(&part) && reader_left(&part) == 0,
           "a part beyond the end fails in both");
}

static void test_names(void)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        { "plain", true },         { "\xC3\xA9", true },         { "\xE2\x82\xAC", true },
        { "\xF0\x9F\x98\x80", true }, { "\xC0\x80", false },     { "\xC1\xBF", false },
        { "\xE0\x9F\xBF", false }, { "\xED\xA0\x80", false },    { "\xED\x9F\xBF", true },
        { "\xF0\x8F\xBF\xBF", false }, { "\xF4\x8F\xBF\xBF", true }, { "\xF4\x90\x80\x80", false },
        { "\xF5\x80\x80\x80", false }, { "\x80", false },        { "\xE2\x82", false },
    };
    u32 wrong = 0;
    for (usize i = 0; i < BASE_ARRAY_COUNT(cases); i++)
        wrong += bytes_are_utf8(bytes_from_text(cases[i].text)) != cases[i].good;
    TAP_OK(wrong == 0, "UTF-8: the edges of table 3-7");
    struct reader reader = READER("\x02\xC3\xA9" "x");
    struct bytes name = reader_name(&reader);
    TAP_OK(name.size == 2 && reader_u8(&reader) == 'x', "a name ends at its size");
    reader = READER("\x02\xC3" "x");
    (void)reader_name(&reader);
    TAP_OK(strcmp(reader.mistake, "malformed UTF-8 encoding") == 0 && reader.mistake_offset == 1,
           "a name that is not UTF-8 is refused where it starts");
}

int main(void)
{
    test_unsigned_leb();
    test_signed_leb();
    test_round_trip();
    test_sticking();
    test_counts();
    test_parts();
    test_names();
    return tap_done();
}
