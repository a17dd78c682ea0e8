#include "base/base.h"
#include "base/hash_blocks.h"

void hash_stream_init(struct hash_stream *stream)
{
    br_sha256_init(&stream->context);
}

static void part_add(struct hash_stream *stream, struct bytes *bytes, usize size)
{
    br_sha256_update(&stream->context, bytes->data, size);
    *bytes = (struct bytes){ bytes->data + size, bytes->size - size };
}

/* Whole blocks go to the CPU's own instructions, if it has any; the rest is BearSSL's. */
void hash_stream_add(struct hash_stream *stream, struct bytes bytes)
{
    if (bytes.size == 0)
        return;
    usize before = (usize)(-stream->context.count % HASH_BLOCK_BYTES);
    part_add(stream, &bytes, (usize)u64_min(before, bytes.size));
    usize whole = bytes.size / HASH_BLOCK_BYTES;
    usize done = hash_blocks(stream->context.val, bytes.data, whole) * HASH_BLOCK_BYTES;
    stream->context.count += done;
    bytes = (struct bytes){ bytes.data + done, bytes.size - done };
    part_add(stream, &bytes, bytes.size);
}

struct hash hash_stream_finish(const struct hash_stream *stream)
{
    struct hash hash;
    br_sha256_out(&stream->context, hash.bytes);
    return hash;
}

struct hash hash_sha256(struct bytes bytes)
{
    struct hash_stream stream;
    hash_stream_init(&stream);
    hash_stream_add(&stream, bytes);
    return hash_stream_finish(&stream);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return __builtin_memcmp(a, b, sizeof(*a)) == 0;
}

static int hex_digit(u8 character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    u8 lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool hash_from_hex(struct bytes text, struct hash *hash)
{
    struct hash result = { 0 };
    if (text.size != 2 * HASH_SIZE)
        return false;
    for (usize i = 0; i < text.size; i++) {
        int digit = hex_digit(text.data[i]);
        if (digit < 0)
            return false;
        result.bytes[i / 2] = (u8)(result.bytes[i / 2] << 4 | digit);
    }
    *hash = result;
    return true;
}
