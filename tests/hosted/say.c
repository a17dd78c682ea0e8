/* platform/hosted/say.h: words of programs cannot move the terminal's cursor or break JSON. */
#include "platform/hosted/say.h"
#include "tests/tap.h"

#include <string.h>

static bool harmless(const char *text, usize size, const char *expected)
{
    u8 shown[256];
    struct writer writer;
    writer_init(&writer, shown, sizeof(shown));
    say_write_harmless(&writer, (struct bytes){ (const u8 *)text, size });
    return strcmp(writer_terminate(&writer), expected) == 0;
}

static bool json(const char *text, usize size, const char *expected)
{
    u8 shown[256];
    struct writer writer;
    writer_init(&writer, shown, sizeof(shown));
    say_write_json(&writer, (struct bytes){ (const u8 *)text, size });
    return strcmp(writer_terminate(&writer), expected) == 0;
}

#define TEXT(literal) (literal), sizeof(literal) - 1

int main(void)
{
    TAP_OK(harmless(TEXT("plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x8D\x8E"),
                    "plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x8D\x8E"),
           "text in UTF-8 stays");
    TAP_OK(harmless(TEXT("a\nb"), "a\nb"), "lines stay");
    TAP_OK(harmless(TEXT("\x1B[2J\x07\x7F\r"), "\\x1b[2J\\x07\\x7f\\x0d"), "controls are escaped");
    TAP_OK(harmless(TEXT("\xC2\x9B"
                         "2J"),
                    "\\xc2\\x9b2J"),
           "also those of the second block");
    TAP_OK(harmless(TEXT("\xFF\xC3"), "\\xff\\xc3"), "and what is no UTF-8, or cut off");
    TAP_OK(harmless(TEXT("\0"), "\\x00"), "and zeros");
    TAP_OK(json(TEXT("say \"a\\b\""), "say \\\"a\\\\b\\\""), "JSON: quotes and backslashes");
    TAP_OK(json(TEXT("a\nb\x1B"), "a\\nb\\u001b"), "JSON: controls");
    TAP_OK(json(TEXT("\xFF\xC3\xA4"), "\\ufffd\xC3\xA4"), "JSON: what is no UTF-8");
    return tap_done();
}
