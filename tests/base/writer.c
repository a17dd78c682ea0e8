/* base/writer.h through its door: what fits is there, what does not is counted. */
#include "base/base.h"
#include "tests/tap.h"

#include <string.h>

static bool writes(void (*write)(struct writer *), const char *expected)
{
    u8 buffer[64];
    struct writer writer;
    writer_init(&writer, buffer, sizeof(buffer));
    write(&writer);
    return writer_ok(&writer) && strcmp(writer_terminate(&writer), expected) == 0;
}

static void write_decimals(struct writer *writer)
{
    writer_decimal(writer, 0);
    writer_text(writer, " ");
    writer_decimal(writer, UINT64_MAX);
    writer_text(writer, " ");
    writer_signed(writer, INT64_MIN);
}

static void write_hex(struct writer *writer)
{
    writer_hex(writer, 0, 1);
    writer_text(writer, " ");
    writer_hex(writer, 0xABC, 2);
    writer_text(writer, " ");
    writer_hex(writer, 0xABC, 8);
    writer_text(writer, " ");
    writer_hex(writer, UINT64_MAX, 1);
    writer_hex_bytes(writer, BYTES_LITERAL("\x00\xFF"));
}

static void write_numbers(struct writer *writer)
{
    writer_u8(writer, 'a');
    writer_align(writer, 4);
    writer_u32(writer, 0x64636261);
    writer->data[1] = writer->data[2] = writer->data[3] = '.';
}

int main(void)
{
    TAP_OK(writes(write_decimals, "0 18446744073709551615 -9223372036854775808"), "decimals");
    TAP_OK(writes(write_hex, "0 abc 00000abc ffffffffffffffff00ff"), "hexadecimals");
    TAP_OK(writes(write_numbers, "a...abcd"), "little endian and aligned");

    u8 buffer[4] = "wxyz";
    struct writer writer;
    writer_init(&writer, buffer, 3);
    writer_text(&writer, "ab");
    TAP_OK(writer_ok(&writer), "what fits is there");
    writer_text(&writer, "cde");
    TAP_OK(!writer_ok(&writer) && writer.size == 5, "what does not fit is counted");
    TAP_OK(memcmp(buffer, "abcz", 4) == 0, "nothing is written past the end");
    TAP_OK(strcmp(writer_terminate(&writer), "ab") == 0, "a cut text is still terminated");
    writer_init(&writer, NULL, 0);
    writer_u64(&writer, 1);
    TAP_OK(writer.size == 8 && !writer_ok(&writer), "without a buffer it measures");
    return tap_done();
}
