/* What passes to a terminal and what does not, in one piece and byte by byte; what is put right
 * afterwards.
 */
#include "abi/screen_text.h"

#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static uint8_t passed[1 << 16];

static size_t filter_at_once(const char *bytes, size_t size)
{
    struct screen_text text = { 0 };
    return screen_text_filter(&text, (const uint8_t *)bytes, size, passed);
}

static size_t filter_by_bytes(const char *bytes, size_t size)
{
    struct screen_text text = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += screen_text_filter(&text, (const uint8_t *)bytes + i, 1, passed + count);
    return count;
}

static void becomes(const char *bytes, const char *expected, const char *name)
{
    size_t size = strlen(bytes);
    bool is_same = filter_at_once(bytes, size) == strlen(expected) &&
                   memcmp(passed, expected, strlen(expected)) == 0;
    TAP_OK(is_same && filter_by_bytes(bytes, size) == strlen(expected) &&
               memcmp(passed, expected, strlen(expected)) == 0,
           name);
}

static void passes(const char *bytes, const char *name)
{
    becomes(bytes, bytes, name);
}

static void is_taken_out(const char *bytes, const char *name)
{
    char all[256];
    strcpy(all, "a");
    strcat(all, bytes);
    strcat(all, "b");
    becomes(all, "ab", name);
}

static void what_passes(void)
{
    passes("plain text,\ttabs\r\nlines\b\a\f", "text and what moves within it");
    passes("Gr\xc3\xbc\xc3\x9f"
           "e \xe2\x82\xac \xf0\x9f\x98\x80",
           "characters of two, three and four bytes");
    passes("\x1b[1;38;5;200m\x1b[48:2:1:2:3mred\x1b[0m\x1b[m", "colours");
    passes("\x1b[2J\x1b[H\x1b[10;20H\x1b[3A\x1b[K\x1b[2L\x1b[4h\x1b[4l",
           "moves, erasing, lines, insertion");
    passes("\x1b[?1049h\x1b[?25l\x1b[?1;2004h\x1b[?1000;1006h\x1b[2 q\x1b[!p",
           "modes of whole screens");
    passes("\x1b"
           "7\x1b[5;10r\x1bM\x1b"
           "8\x1b(0lqk\x1b(B\x1b=\x1b>\x1b"
           "c",
           "short sequences, lines and corners");
    passes("\x1b[6n", "where the cursor is");
    passes("\x1b]0;a title\a\x1b]2;another\a", "titles");
    becomes("\x1b]2;a title\x1b\\x", "\x1b]2;a title\ax", "a title with the other end mark");
}

static void what_does_not(void)
{
    is_taken_out("\x1b]52;c;cm0gLXJmIC8=\a", "the clipboard");
    is_taken_out("\x1b]4;1;?\a", "colours that are asked for");
    is_taken_out("\x1b]8;;http://example.org\x1b\\", "links");
    is_taken_out("\x1b[21t", "the title as if it were typed");
    is_taken_out("\x1b[8;1;1t", "the size of the window");
    is_taken_out("\x1b[5i", "the printer");
    is_taken_out("\x1b[c\x1b[>c\x1b[0c\x1bZ\x05", "what the terminal is");
    is_taken_out("\x1b[5n\x1b[?6n\x1b[?1$p", "other reports");
    is_taken_out("\x1bP$q\"p\x1b\\", "settings as if they were typed");
    is_taken_out("\x1bPq#0;2;0;0;0\x1b\\\x1b_Ga=T\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\",
                 "strings of any kind");
    is_taken_out("\x1b[?9001h\x1b[?25;9001l\x1b[20h\x1b[>4;1m", "modes that are not known");
    is_taken_out("\xc2\x9b"
                 "\xc2\x9d"
                 "\xc2\x90",
                 "C1 characters, which begin sequences too");
    is_taken_out("\x01\x02\x0e\x0f\x10\x7f", "other control characters");
    is_taken_out("\x1b#8\x1b%@\x1b)0\x1bn\x1bo", "other short sequences");
    is_taken_out("\x1b[999999b", "repeating a million times");
    is_taken_out("\x1b]0;with a \x02 in it\a", "a title that is no plain text");
    is_taken_out("\x1b[1?m\x1b[ 1q\x1b[??25h", "sequences in disorder");
    becomes("a\xff\xc0\x80\xed\xa0\x80z\xf5", "a?\?\?\?\?\?z?", "bytes that are no UTF-8");
    becomes("\xe2\x82"
            "x\xe2\x1b[m",
            "?x?\x1b[m", "characters that end early");
    becomes("\x1b[12\nx", "\nx", "a sequence that a line's end breaks off");
    becomes("\x1b\x1b[1mx", "\x1b[1mx", "an escape behind an escape");
    becomes("\x1b]0;a\x1b[1mx", "\x1b[1mx", "a title that another sequence breaks off");
}

/* A sequence of `size` bytes, all in all, that sets colours: zeros within the one number count only
 * once there are more than five of them, so it consists of separators. */
static size_t colours_of(char *bytes, size_t size)
{
    memset(bytes, 0, size + 1);
    strcpy(bytes, "\x1b[");
    for (size_t i = 2; i + 1 < size; i++)
        bytes[i] = i % 6 == 1 ? ';' : '0';
    bytes[size - 1] = 'm';
    return size;
}

static void limits(void)
{
    char bytes[SCREEN_TEXT_STRING_MAX + 64];
    size_t size = colours_of(bytes, SCREEN_TEXT_HELD_MAX);
    TAP_OK(filter_at_once(bytes, size) == size, "a sequence as long as one may be");
    size = colours_of(bytes, SCREEN_TEXT_HELD_MAX + 1);
    TAP_OK(filter_at_once(bytes, size) == 0, "and one byte more");
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes, "\x1bP", 2);
    TAP_OK(filter_at_once(bytes, 2 + SCREEN_TEXT_STRING_MAX) == 0,
           "a string that never ends is dropped");
    TAP_OK(filter_at_once(bytes, 2 + SCREEN_TEXT_STRING_MAX + 1) == 1, "for a while only");
    memset(bytes, 't', sizeof(bytes));
    memcpy(bytes, "\x1b]0;", 4);
    bytes[SCREEN_TEXT_HELD_MAX - 1] = '\a';
    TAP_OK(filter_at_once(bytes, SCREEN_TEXT_HELD_MAX) == SCREEN_TEXT_HELD_MAX,
           "a title as long as one may be");
    bytes[SCREEN_TEXT_HELD_MAX - 1] = 't';
    bytes[SCREEN_TEXT_HELD_MAX] = '\a';
    TAP_OK(filter_at_once(bytes, SCREEN_TEXT_HELD_MAX + 1) == 0, "and one byte more");
}

static void restores(const char *bytes, const char *expected, const char *name)
{
    struct screen_text text = { 0 };
    uint8_t out[SCREEN_TEXT_RESTORE_MAX];
    screen_text_filter(&text, (const uint8_t *)bytes, strlen(bytes), passed);
    size_t size = screen_text_restore(&text, out);
    bool is_same = size == strlen(expected) && memcmp(out, expected, size) == 0;
    TAP_OK(is_same && screen_text_restore(&text, out) == 0, name);
}

static void afterwards(void)
{
    restores("text\x1b[2J\x1b[5;5H", "", "text and moves leave nothing to be put right");
    restores("\x1b[?1049h\x1b[?25l\x1b[1;31m\x1b[2;5r", "\x1b[r\x1b[m\x1b[?25h\x1b[?1049l",
             "an editor that was killed");
    restores("\x1b[?1049h\x1b[?25l\x1b[1m\x1b[?25h\x1b[?1049l\x1b[0m", "",
             "one that has ended by itself");
    restores("\x1b(0\x1b[4h\x1b[?7l", "\x1b(B\x1b[4l\x1b[?7h",
             "character sets, insertion, ends of lines");
    restores("\x1b]0;half a ti", "", "half a title");
    restores("\x1b[?1;5;6;7;12;25;47;1000h\x1b[?7;25l\x1b[?1002;1003;1004;1006;1047;1048;1049h"
             "\x1b[?2004;2026h\x1b(0\x1b[4h\x1b[1m\x1b[1;2r",
             "\x1b(B\x1b[4l\x1b[r\x1b[m\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?7h\x1b[?12l\x1b[?25h\x1b[?"
             "47l\x1b[?1000l"
             "\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1047l\x1b[?1048l\x1b[?1049l\x1b[?"
             "2004l\x1b[?2026l",
             "all that can be");
}

static void comes_back(const char *bytes, const char *left, const char *back, const char *name)
{
    struct screen_text text = { 0 }, before;
    uint8_t out[SCREEN_TEXT_RESTORE_MAX];
    screen_text_filter(&text, (const uint8_t *)bytes, strlen(bytes), passed);
    before = text;
    bool leaves =
        screen_text_leave(&text, out) == strlen(left) && memcmp(out, left, strlen(left)) == 0;
    bool returns =
        screen_text_return(&text, out) == strlen(back) && memcmp(out, back, strlen(back)) == 0;
    TAP_OK(leaves && returns && memcmp(&before, &text, sizeof(text)) == 0, name);
}

static void meanwhile(void)
{
    comes_back("text", "", "", "who has changed nothing leaves nothing, and brings nothing back");
    comes_back("\x1b[?25l\x1b[?7l\x1b(0\x1b[4h", "\x1b(B\x1b[4l\x1b[?7h\x1b[?25h",
               "\x1b(0\x1b[4h\x1b[?7l\x1b[?25l", "modes come back as they were");
    comes_back("\x1b[?1049h\x1b[1mtext", "\x1b[m\x1b[?1049l",
               "\x1b"
               "7\x1b[?1047h",
               "the other screen comes back with what is on it");
    comes_back("\x1b[?1;5;6;7;12;25;47;1000h\x1b[?7;25l\x1b[?1002;1003;1004;1006;1047;1048;1049h"
               "\x1b[?2004;2026h\x1b(0\x1b[4h",
               "\x1b(B\x1b[4l\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?7h\x1b[?12l\x1b[?25h\x1b[?47l\x1b[?1000l"
               "\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1047l\x1b[?1048l\x1b[?1049l"
               "\x1b[?2004l\x1b[?2026l",
               "\x1b(0\x1b[4h\x1b[?1h\x1b[?5h\x1b[?6h\x1b[?7l\x1b[?12h\x1b[?25l\x1b[?1047h\x1b[?1000h"
               "\x1b[?1002h\x1b[?1003h\x1b[?1004h\x1b[?1006h\x1b[?1047h\x1b[?1048h\x1b"
               "7\x1b[?1047h"
               "\x1b[?2004h\x1b[?2026h",
               "all of it");
}

int main(void)
{
    what_passes();
    what_does_not();
    limits();
    afterwards();
    meanwhile();
    return tap_done();
}
