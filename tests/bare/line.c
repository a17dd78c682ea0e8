/* What keys make of a line. */
#include "platform/bare/line.h"
#include "tests/tap.h"

static struct line line;
static u8 shown[65536];
static struct writer echo;

static bool type(const char *keys)
{
    bool interrupted = false;
    writer_init(&echo, shown, sizeof(shown));
    for (; *keys != 0; keys++)
        interrupted |= line_type(&line, (u8)*keys, &echo) == LINE_INTERRUPT;
    return interrupted;
}

static bool reads(const char *expected)
{
    u8 buffer[256];
    u32 size = line_take(&line, buffer, sizeof(buffer));
    return bytes_equal((struct bytes){ buffer, size }, bytes_from_text(expected));
}

static bool showed(const char *expected)
{
    return bytes_equal((struct bytes){ shown, echo.size }, bytes_from_text(expected));
}

static void test_lines(void)
{
    type("ab");
    TAP_OK(!line_is_ready(&line) && showed("ab"),
           "a line is not to be read before its end, but shown");
    type("c\r");
    TAP_OK(line_is_ready(&line) && reads("abc\n") && !line_is_ready(&line), "then all of it is");
    type("a\xC3\xA4\x7F"
         "b\n");
    TAP_OK(reads("ab\n") && showed("a\xC3\xA4\b \bb\n"),
           "backspace takes a character of two bytes");
    type("\x7F\bx\n");
    TAP_OK(reads("x\n") && showed("x\n"), "and nothing where there is none");
    type("one two\x15three\n");
    TAP_OK(reads("three\n"), "^U takes the line");
}

static void test_ends(void)
{
    type("\x04");
    TAP_OK(line_is_ready(&line) && reads("") && !line_is_ready(&line),
           "^D on an empty line is the end, once");
    type("ab\x04");
    TAP_OK(reads("ab") && !line_is_ready(&line), "after text it only sends that");
    type("ab\n\x04");
    TAP_OK(reads("ab\n") && line_is_ready(&line) && reads(""), "text comes before the end");
    TAP_OK(type("abc\x03") && !line_is_ready(&line), "^C interrupts");
    type("d\n");
    TAP_OK(reads("d\n"), "and the line so far is forgotten");
}

static void test_modes(void)
{
    line.raw = true;
    type("a\r\x7F\x04");
    TAP_OK(reads("a\r\x7F\x04"), "raw, each key is to be read as it is");
    TAP_OK(type("\x03") && !line_is_ready(&line), "but for ^C");
    line.raw = false;
    line.no_echo = true;
    type("secret\x7F\n");
    TAP_OK(echo.size == 0 && reads("secre\n"), "without echo nothing is shown");
    line.no_echo = false;
}

static void test_bounds(void)
{
    writer_init(&echo, shown, sizeof(shown));
    for (u32 i = 0; i < 2 * LINE_BYTES_MAX; i++)
        line_type(&line, 'x', &echo);
    line_type(&line, '\n', &echo);
    TAP_OK(line.ready_size == LINE_BYTES_MAX && echo.size == LINE_BYTES_MAX,
           "a line has its bound");
    for (u32 i = 0; i < 2 * LINE_READY_MAX; i++)
        line_type(&line, '\n', &echo);
    TAP_OK(line.ready_size == LINE_READY_MAX, "and so has what nobody reads");
    while (line.ready_size > 0)
        reads("");
    type("fine\n");
    TAP_OK(reads("fine\n"), "afterwards it works as before");
}

int main(void)
{
    test_lines();
    test_ends();
    test_modes();
    test_bounds();
    return tap_done();
}
