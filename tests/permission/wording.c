/* What a person is shown, and what is made of what they type. */
#include "programs/permission/person.h"
#include "programs/permission/wording.h"
#include "tests/tap.h"

#include <string.h>

static char bytes[512];

static bool shows(const char *foreign, const char *expected)
{
    struct wording text = { bytes, sizeof(bytes), 0 };
    wording_add_harmless(&text,
                      (struct weft_bytes){ (const uint8_t *)foreign, (uint32_t)strlen(foreign) });
    return text.size == strlen(expected) && memcmp(bytes, expected, text.size) == 0;
}

static void test_harmless(void)
{
    TAP_OK(shows("sudoku", "sudoku") && shows("d\xc3\xa9j\xc3\xa0 \xe6\x97\xa5",
                                             "d\xc3\xa9j\xc3\xa0 \xe6\x97\xa5"),
           "names are shown as they are");
    TAP_OK(shows("a\x1b[2Jb\n\x7f", "a\\x1b[2Jb\\x0a\\x7f"), "control characters are not");
    TAP_OK(shows("\xc2\x9b", "\\xc2\\x9b"), "nor those of two bytes");
    TAP_OK(shows("a\xe2\x80\xae\xef\xbb\xbf", "a\\xe2\\x80\\xae\\xef\\xbb\\xbf"),
           "nor what turns text around or is not seen");
    TAP_OK(shows("\xc1\x9b\xe0\x80\x9b\xff\xe6\x97",
                 "\\xc1\\x9b\\xe0\\x80\\x9b\\xff\\xe6\\x97"),
           "nor what is no text");
    char longer[66];
    memset(longer, 'x', 65);
    longer[65] = '\0';
    TAP_OK(!shows(longer, longer) && memcmp(bytes + 64, "...", 3) == 0, "long ones are cut");
    longer[64] = '\0';
    TAP_OK(shows(longer, longer), "those that are just as long are not");
}

static void test_bounds(void)
{
    struct wording text = { bytes, 5, 0 };
    wording_add(&text, "1234");
    wording_add_number(&text, 567);
    wording_add_harmless(&text, WEFT_BYTES("\x1b"));
    TAP_OK(text.size == 5 && memcmp(bytes, "12345", 5) == 0, "what does not fit is left out");
}

static void test_cid(void)
{
    static const uint8_t cid[36] = { 0x01, 0x55, 0x12, 0x20, 0xe3, 0xb0, 0xc4, 0x42, 0x98,
                                     0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f,
                                     0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93,
                                     0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };
    static const char expected[] = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    struct wording text = { bytes, sizeof(bytes), 0 };
    wording_add_cid(&text, (struct weft_bytes){ cid, sizeof(cid) });
    TAP_OK(text.size == sizeof(expected) - 1 && memcmp(bytes, expected, text.size) == 0,
           "a CID as IPFS prints it: that of nothing");
}

static bool reads(const char *line, bool has_substitute, enum reply expected)
{
    bool is_understood;
    enum reply reply = person_read(
        (struct weft_bytes){ (const uint8_t *)line, (uint32_t)strlen(line) }, has_substitute,
        &is_understood);
    return is_understood && reply == expected;
}

static bool is_nothing(const char *line, bool has_substitute)
{
    bool is_understood = true;
    person_read((struct weft_bytes){ (const uint8_t *)line, (uint32_t)strlen(line) },
                has_substitute, &is_understood);
    return !is_understood;
}

static void test_replies(void)
{
    TAP_OK(reads("once", true, REPLY_ONCE) && reads(" Always ", true, REPLY_ALWAYS) &&
               reads("NEVER\r", false, REPLY_NEVER) &&
               reads("substitute", true, REPLY_SUBSTITUTE),
           "the four answers, in any letters");
    TAP_OK(reads("o", true, REPLY_ONCE) && reads("a", true, REPLY_ALWAYS) &&
               reads("n", true, REPLY_NEVER) && reads("s", true, REPLY_SUBSTITUTE),
           "and by their first letters");
    TAP_OK(is_nothing("", true) && is_nothing("ls", true) && is_nothing("onc", true) &&
               is_nothing("always!", true) && is_nothing("once upon a time", true) &&
               is_nothing("\x1b[1;1Ro", true),
           "all else is none");
    TAP_OK(is_nothing("s", false), "nor is what was not offered");
}

int main(void)
{
    test_harmless();
    test_bounds();
    test_cid();
    test_replies();
    return tap_done();
}
