/* Text for a person, into memory of a fixed size; what does not fit is left out. */
#ifndef PROGRAMS_PERMISSION_WORDING_H
#define PROGRAMS_PERMISSION_WORDING_H

#include "abi/body.h"

struct wording {
    char *bytes;
    uint32_t capacity;
    uint32_t size;
};

void wording_add(struct wording *text, const char *more);
void wording_add_number(struct wording *text, uint64_t number);
/* Somebody else's: what could move the cursor, hide or turn around what follows is shown as a
 * number, and what is long is cut. */
void wording_add_harmless(struct wording *text, struct weft_bytes foreign);
/* A CID as people write it, or hexadecimal digits. */
void wording_add_cid(struct wording *text, struct weft_bytes cid);
void wording_add_hex(struct wording *text, struct weft_bytes bytes);

static inline struct weft_bytes wording_view(const struct wording *text)
{
    return (struct weft_bytes){ (const uint8_t *)text->bytes, text->size };
}

#endif
