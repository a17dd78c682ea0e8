/* Hashes that name things: SHA-256 (FIPS 180-4), by BearSSL, and by the CPU where it can. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/types.h"

#include <bearssl.h>

enum { HASH_SIZE = 32 };

struct hash {
    u8 bytes[HASH_SIZE];
};

struct hash hash_sha256(struct bytes bytes);
bool hash_equal(const struct hash *a, const struct hash *b);
/* 64 hexadecimal digits, either case, to a hash; false if it is anything else. */
bool hash_from_hex(struct bytes text, struct hash *hash);

/* The same, piece by piece. */
struct hash_stream {
    br_sha256_context context;
};

void hash_stream_init(struct hash_stream *stream);
void hash_stream_add(struct hash_stream *stream, struct bytes bytes);
struct hash hash_stream_finish(const struct hash_stream *stream);

#endif
