/* CIDs as a manifest has them, in text. */
#include "programs/init/program.h"
#include "tests/tap.h"

#include <string.h>

/* Of no bytes at all: raw, SHA-256. */
static const char empty[] = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

static struct bundle_program cid;

static bool reads(const char *text, uint32_t size)
{
    return program_cid_of_text((struct weft_bytes){ (const uint8_t *)text, size }, &cid);
}

int main(void)
{
    static const uint8_t expected[] = { 0x01, 0x55, 0x12, 0x20, 0xe3, 0xb0, 0xc4, 0x42,
                                        0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8 };
    char text[sizeof(empty)];
    bool all = true;
    TAP_OK(reads(empty, 59) && cid.cid_size == 36 &&
               memcmp(cid.cid, expected, sizeof(expected)) == 0 && cid.cid[35] == 0x55,
           "the bytes of a CID");
    for (uint32_t size = 0; size < 59; size++)
        all = all && !reads(empty, size);
    TAP_OK(all && !reads(empty, 60), "one that is too short or too long is none");
    memcpy(text, empty, sizeof(empty));
    static const char wrong[] = "A018-=/\xff";
    for (uint32_t i = 0; i < 59; i++) {
        for (const char *letter = wrong; *letter != 0; letter++) {
            text[i] = *letter;
            all = all && !reads(text, 59);
        }
        text[i] = empty[i];
    }
    TAP_OK(all && reads(text, 59), "nor one with another letter, anywhere");
    text[58] = 'v';
    TAP_OK(!reads(text, 59), "nor one with bits left over");
    text[58] = empty[58];
    text[1] = 'b';
    TAP_OK(!reads(text, 59), "nor one of another version");
    return tap_done();
}
