/* What keys make of a line. */
#include "programs/terminal/line.h"
#include "tests/tap.h"

#include <string.h>

static struct line line;
static char shown[65536];
static size_t shown_size;

static void on_echo(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    if (size > sizeof(shown) - shown_size)
        size = sizeof(shown) - shown_size;
    memcpy(shown + shown_size, bytes, size);
    shown_size += size;
}

static void begin(void)
{
    memset(&line, 0, sizeof(line));
    line.echo = on_echo;
}

static bool type(const char *keys)
{
    bool interrupted = false;
    shown_size = 0;
    for (; *keys != 0; keys++)
        interrupted |= line_type(&line, (uint8_t)*keys) == LINE_INTERRUPT;
    return interrupted;
}

static bool reads(const char *expected)
{
    uint8_t buffer[256];
    uint32_t size = line_take(&line, buffer, sizeof(buffer));
    return size == strlen(expected) && memcmp(buffer, expected, size) == 0;
}

static bool showed(const char *expected)
{
    return shown_size == strlen(expected) && memcmp(shown, expected, shown_size) == 0;
}

static void test_lines(void)
{
    begin();
    type("ab");
    TAP_OK(!line_is_ready(&line) && showed("ab"), "a line is shown, and not read before its end");
    type("c\r");
    TAP_OK(line_is_ready(&line) && showed("c\n") && reads("abc\n") && !line_is_ready(&line),
           "then all of it is read");
    type("a\tb\x01\n");
    TAP_OK(showed("a^Ib^A\n") && reads("a\tb\x01\n"), "control characters are shown as two");
    type("one\ntwo\n");
    uint8_t part[2];
    TAP_OK(line_take(&line, part, 2) == 2 && reads("e\ntwo\n"), "lines are read in any pieces");
}

static void test_erasing(void)
{
    begin();
    type("a\xC3\xA4\x7F"
         "b\n");
    TAP_OK(reads("ab\n") && showed("a\xC3\xA4\b \bb\n"),
           "backspace takes a character of two bytes");
    type("\xE4\xB8\x80\x08\n");
    TAP_OK(reads("\n") && showed("\xE4\xB8\x80\b \b\b \b\n"),
           "  one that is wide, from two places");
    type("\x01\x7F\x7F\n");
    TAP_OK(reads("\n") && showed("^A\b \b\b \b\n"),
           "  a control character too; then there is none");
    type("one two  \x17x\n");
    TAP_OK(reads("one x\n"), "^W takes a word");
    type("one\x17\x17x y\x15z\n");
    TAP_OK(reads("z\n"), "^U takes the line");
    type("\xC3\x7F\x80\x80\x80\x80\x80\x7F\x7F\n");
    TAP_OK(line_is_ready(&line) && line_take(&line, (uint8_t[8]){ 0 }, 8) <= 3,
           "what is no UTF-8 is erased too");
}

static void test_end(void)
{
    begin();
    type("ab\x04");
    TAP_OK(reads("ab") && !line_is_ready(&line), "^D behind text ends it");
    type("\x04");
    TAP_OK(line_is_ready(&line) && line_ready_size(&line) == 0 && reads("") &&
               !line_is_ready(&line),
           "at the beginning it is the end of input, once");
    type("x\n\x04y\n\x04");
    TAP_OK(reads("x\n") && reads("") && reads("y\n") && reads("") && !line_is_ready(&line),
           "ends stay where they were typed");
    for (int i = 0; i < 1000; i++)
        type("\x04");
    int count = 0;
    for (; line_is_ready(&line); count++)
        reads("");
    TAP_OK(count == LINE_ENDS_MAX, "not more of them than there is room for");
}

static void test_interrupt(void)
{
    begin();
    TAP_OK(type("one\ntwo\x03") && showed("one\ntwo") && !line_is_ready(&line),
           "^C forgets what was typed");
    line_show_key(&line, "^C");
    TAP_OK(showed("one\ntwo^C"), "  and is shown");
    line_set_mode(&line, true, false);
    TAP_OK(!type("a\x03") && reads("a\x03"), "in raw mode it is a byte");
    line.takes_interrupt = true;
    TAP_OK(type("a\x03") && !line_is_ready(&line), "  unless somebody waits for it");
}

static void test_stop(void)
{
    begin();
    TAP_OK(!type("a\x1a\n") && reads("a\x1a\n"), "^Z is a byte if nobody waits for it");
    line.takes_stop = true;
    type("one\ntw");
    TAP_OK(line_type(&line, 0x1a) == LINE_STOP && !line_is_ready(&line) && line.edited_size == 0,
           "  else it forgets what was typed");
    line_set_mode(&line, true, false);
    TAP_OK(line_type(&line, 0x1a) == LINE_STOP && !line_is_ready(&line), "  in raw mode, too");
}

static void test_modes(void)
{
    begin();
    type("ab");
    line_set_mode(&line, true, true);
    TAP_OK(reads("ab"), "what was edited can be read at once");
    type("\r\x7F\x04\x15");
    TAP_OK(showed("") && reads("\r\x7F\x04\x15"), "bytes come as they are, and nothing is shown");
    line_set_mode(&line, false, true);
    type("secret\x7Fs\n");
    TAP_OK(showed("") && reads("secres\n"), "a line that is not shown");
}

static void test_forgetting(void)
{
    begin();
    line_set_mode(&line, false, true);
    type("read\n\x04" "edited");
    line_forget(&line);
    TAP_OK(!line_is_ready(&line), "what was typed can be forgotten, its end too");
    type("new\n");
    TAP_OK(showed("") && reads("new\n"), "  and the modes stay");
}

static void test_bounds(void)
{
    begin();
    for (int i = 0; i < 5000; i++)
        type("x");
    type("\n");
    TAP_OK(line_ready_size(&line) == LINE_BYTES_MAX, "a line that is too long loses its end");
    for (int i = 0; i < 100; i++)
        type("0123456789012345678901234567890123456789012345678901234567890123456789"
             "0123456789012345678901234567890123456789012345678901234567890123456789"
             "0123456789012345678901234567890123456789012345678901234567890123456789\n");
    TAP_OK(line_ready_size(&line) == LINE_READY_MAX, "so does what nobody reads");
}

int main(void)
{
    test_lines();
    test_erasing();
    test_end();
    test_interrupt();
    test_stop();
    test_modes();
    test_forgetting();
    test_bounds();
    return tap_done();
}
