/* Text for readers: numbers, CIDs, and where there is no more room. */
#include "programs/fs/root/text.h"
#include "tests/tap.h"

#include <string.h>

static struct text text;

static void begin(void)
{
    text.size = 0;
    text.is_cut = false;
}

static bool is(const char *expected)
{
    bool same = !text.is_cut && text.size == strlen(expected) &&
                memcmp(text.data, expected, text.size) == 0;
    begin();
    return same;
}

static void test_numbers(void)
{
    text_number(&text, 0);
    text_put(&text, " ");
    text_number(&text, UINT64_MAX);
    TAP_OK(is("0 18446744073709551615"), "the least number and the largest");
    text_seconds(&text, 0);
    text_put(&text, " ");
    text_seconds(&text, 61007999999);
    TAP_OK(is("0.000 61.007"), "seconds have three digits behind the point");
    text_count(&text, "total", 7);
    text_row(&text, "name", (struct weft_bytes){ (const uint8_t *)"x", 1 });
    TAP_OK(is("total\t7\nname\tx\n"), "rows");
}

static void test_bytes(void)
{
    static const uint8_t bytes[] = { 0x00, 0x0F, 0xA5, 0xFF };
    text_hex(&text, (struct weft_bytes){ bytes, sizeof(bytes) });
    TAP_OK(is("000fa5ff"), "hexadecimal");
    static const char *const words[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
    static const char *const expected[] = { "b",        "bmy",       "bmzxq",      "bmzxw6",
                                            "bmzxw6yq", "bmzxw6ytb", "bmzxw6ytboi" };
    bool all = true;
    for (unsigned i = 0; i < 7; i++) {
        uint32_t size = (uint32_t)strlen(words[i]);
        text_cid(&text, (struct weft_bytes){ (const uint8_t *)words[i], size });
        all = is(expected[i]) && all;
    }
    TAP_OK(all, "the examples of RFC 4648, section 10, in small letters and without padding");
}

static void test_room(void)
{
    static uint8_t most[TEXT_MAX];
    text_bytes(&text, (struct weft_bytes){ most, TEXT_MAX });
    TAP_OK(text.size == TEXT_MAX && !text.is_cut, "as much as there is room for");
    text_put(&text, "");
    TAP_OK(!text.is_cut, "nothing more fits always");
    text_number(&text, 1);
    TAP_OK(text.size == TEXT_MAX && text.is_cut, "one byte more is left out, and said to be");
    begin();
    text_bytes(&text, (struct weft_bytes){ most, TEXT_MAX - 1 });
    text_put(&text, "12");
    text_put(&text, "3");
    TAP_OK(text.size == TEXT_MAX - 1 && text.is_cut,
           "what comes behind something that was left out is, too");
    begin();
}

int main(void)
{
    test_numbers();
    test_bytes();
    test_room();
    return tap_done();
}
