/* CIDs as text (multiformats/multibase): written in base32, read in base16, base32 and base58btc. */
#include "kernel/cid.h"

enum { CID_V0_SIZE = 2 + CID_DIGEST_SIZE };

void cid_write(const struct cid *cid, struct writer *text)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    writer_u8(text, 'b');
    u32 bits = 0;
    u32 bit_count = 0;
    for (u32 i = 0; i < cid->size; i++) {
        bits = bits << 8 | cid->bytes[i];
        for (bit_count += 8; bit_count >= 5; bit_count -= 5)
            writer_u8(text, (u8)alphabet[bits >> (bit_count - 5) & 31]);
    }
    if (bit_count != 0)
        writer_u8(text, (u8)alphabet[bits << (5 - bit_count) & 31]);
}

/* The value of a digit in an alphabet; -1 if it is none. */
static int digit_value(const char *alphabet, u8 character)
{
    for (int value = 0; alphabet[value] != 0; value++)
        if ((u8)alphabet[value] == character)
            return value;
    return -1;
}

/* Digits of `width` bits each (4 or 5) to bytes; false for other characters, or if bits that fill
 * no byte are set or could be left out. */
static bool read_power_of_two(struct bytes text, const char *alphabet, u32 width,
                              struct writer *out)
{
    u32 bits = 0;
    u32 bit_count = 0;
    for (usize i = 0; i < text.size; i++) {
        int value = digit_value(alphabet, text.data[i]);
        if (value < 0)
            return false;
        bits = bits << width | (u32)value;
        bit_count += width;
        if (bit_count >= 8) {
            bit_count -= 8;
            writer_u8(out, (u8)(bits >> bit_count));
        }
    }
    return bit_count < width && (bits & ((1u << bit_count) - 1)) == 0;
}

/* Base58 to bytes: the number is kept big-endian at the end of a small buffer. */
static bool read_base58(struct bytes text, struct writer *out)
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    u8 number[64] = { 0 };
    usize zeros = 0;
    while (zeros < text.size && text.data[zeros] == '1')
        zeros++;
    for (usize i = zeros; i < text.size; i++) {
        int digit = digit_value(alphabet, text.data[i]);
        if (digit < 0)
            return false;
        u32 carry = (u32)digit;
        for (usize at = sizeof(number); at-- > 0;) {
            carry += number[at] * 58u;
            number[at] = (u8)carry;
            carry >>= 8;
        }
        if (carry != 0)
            return false;
    }
    usize first = 0;
    while (first < sizeof(number) && number[first] == 0)
        first++;
    for (; zeros > 0; zeros--)
        writer_u8(out, 0);
    writer_bytes(out, (struct bytes){ number + first, sizeof(number) - first });
    return true;
}

/* "Qm...": a bare SHA-256 multihash, always of a DAG-PB node. Kept as the version 1 of its name. */
static bool read_version_0(struct bytes text, struct cid *cid)
{
    u8 buffer[CID_V0_SIZE];
    struct writer out;
    writer_init(&out, buffer, sizeof(buffer));
    if (!read_base58(text, &out) || out.size != CID_V0_SIZE)
        return false;
    if (buffer[0] != CID_HASH_SHA256 || buffer[1] != CID_DIGEST_SIZE)
        return false;
    struct hash digest;
    __builtin_memcpy(digest.bytes, buffer + 2, CID_DIGEST_SIZE);
    *cid = cid_make(CID_CODEC_DAG_PB, CID_HASH_SHA256, &digest);
    return true;
}

static bool read_digits(struct bytes text, struct writer *out)
{
    struct bytes digits = { text.data + 1, text.size - 1 };
    switch (text.data[0]) {
    case 'b':
        return read_power_of_two(digits, "abcdefghijklmnopqrstuvwxyz234567", 5, out);
    case 'B':
        return read_power_of_two(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, out);
    case 'f':
        return read_power_of_two(digits, "0123456789abcdef", 4, out);
    case 'F':
        return read_power_of_two(digits, "0123456789ABCDEF", 4, out);
    case 'z':
        return read_base58(digits, out);
    default:
        return false;
    }
}

bool cid_from_text(struct bytes text, struct cid *cid)
{
    if (text.size < 2 || text.size > 128)
        return false;
    if (text.data[0] == 'Q' && text.data[1] == 'm')
        return read_version_0(text, cid);
    u8 buffer[CID_SIZE];
    struct writer out;
    writer_init(&out, buffer, sizeof(buffer));
    return read_digits(text, &out) && writer_ok(&out) &&
           cid_from_bytes((struct bytes){ buffer, out.size }, cid);
}
