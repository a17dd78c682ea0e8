/* base/hash.h against FIPS 180-4's example values, and its hexadecimal reader. */
#include "base/base.h"
#include "tests/tap.h"

#include <string.h>

static bool hashes_to(struct bytes bytes, const char *hex)
{
    struct hash hash = hash_sha256(bytes);
    struct hash expected;
    return hash_from_hex(bytes_from_text(hex), &expected) && hash_equal(&hash, &expected);
}

int main(void)
{
    TAP_OK(hashes_to(BYTES_LITERAL("abc"),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
           "SHA-256 of abc");
    TAP_OK(hashes_to((struct bytes){ 0 },
                     "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"),
           "SHA-256 of nothing; upper-case hexadecimal");
    struct hash hash;
    char digits[65];
    memset(digits, 'a', sizeof(digits));
    TAP_OK(hash_from_hex((struct bytes){ (u8 *)digits, 64 }, &hash), "64 digits");
    TAP_OK(!hash_from_hex((struct bytes){ (u8 *)digits, 63 }, &hash), "63 digits are refused");
    TAP_OK(!hash_from_hex((struct bytes){ (u8 *)digits, 65 }, &hash), "65 digits are refused");
    digits[10] = 'g';
    TAP_OK(!hash_from_hex((struct bytes){ (u8 *)digits, 64 }, &hash), "a letter g is refused");
    TAP_OK(bytes_compare(BYTES_LITERAL("ab"), BYTES_LITERAL("b")) < 0 &&
               bytes_compare(BYTES_LITERAL("ab"), BYTES_LITERAL("a")) > 0 &&
               bytes_compare(BYTES_LITERAL("ab"), BYTES_LITERAL("ab")) == 0,
           "lexical order of bytes");
    return tap_done();
}
