/* base/hash.h against FIPS 180-4's example values and BearSSL, and its hexadecimal reader. */
#include "base/base.h"
#include "tests/tap.h"

#include <string.h>

static bool hashes_to(struct bytes bytes, const char *hex)
{
    struct hash hash = hash_sha256(bytes);
    struct hash expected;
    return hash_from_hex(bytes_from_text(hex), &expected) && hash_equal(&hash, &expected);
}

enum { TEXT_BYTES = 500 };

/* In pieces of that size, as BearSSL alone does it in one. */
static bool is_as_bearssl(const u8 *text, usize size, usize piece)
{
    br_sha256_context oracle;
    struct hash expected;
    br_sha256_init(&oracle);
    br_sha256_update(&oracle, text, size);
    br_sha256_out(&oracle, expected.bytes);
    struct hash_stream stream;
    hash_stream_init(&stream);
    for (usize at = 0; at < size; at += piece)
        hash_stream_add(&stream, (struct bytes){ text + at, u64_min(piece, size - at) });
    struct hash hash = hash_stream_finish(&stream);
    return hash_equal(&hash, &expected);
}

static void check_pieces(void)
{
    u8 text[TEXT_BYTES];
    bool is_equal = true;
    for (u32 i = 0; i < TEXT_BYTES; i++)
        text[i] = (u8)(i * 167 + (i >> 3));
    for (usize size = 0; size <= TEXT_BYTES; size++)
        for (usize piece = 1; piece <= TEXT_BYTES; piece += piece < 130 ? 1 : 61)
            is_equal &= is_as_bearssl(text, size, piece);
    TAP_OK(is_equal, "texts of each size, in pieces of most sizes, hash as by BearSSL");
}

int main(void)
{
    check_pieces();
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
