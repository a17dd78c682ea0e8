#include "lib/interface.h"

static uint8_t from_hex(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

struct interface_hash interface_hash(const char *text)
{
    struct interface_hash hash;
    for (uint32_t i = 0; i < INTERFACE_HASH_BYTES; i++)
        hash.bytes[i] = (uint8_t)(from_hex(text[2 * i]) << 4 | from_hex(text[2 * i + 1]));
    return hash;
}
