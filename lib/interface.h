/* Names of interfaces: a header has the hash as text (NAME_INTERFACE_HASH), messages have bytes. */
#ifndef LIB_INTERFACE_H
#define LIB_INTERFACE_H

#include "abi/body.h"

enum { INTERFACE_HASH_BYTES = 32 };

struct interface_hash {
    uint8_t bytes[INTERFACE_HASH_BYTES];
};

struct interface_hash interface_hash(const char *text);

static inline struct weft_bytes interface_bytes(const struct interface_hash *hash)
{
    return (struct weft_bytes){ hash->bytes, INTERFACE_HASH_BYTES };
}

#endif
