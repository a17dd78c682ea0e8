/* Text for a person, into memory of a fixed size; what does not fit is left out. */
#ifndef PROGRAMS_PERMISSION_TEXT_H
#define PROGRAMS_PERMISSION_TEXT_H

#include "abi/body.h"

struct text {
    char *bytes;
    uint32_t capacity;
    uint32_t size;
};

void text_add(struct text *text, const char *more);
void text_add_number(struct text *text, uint64_t number);
/* Somebody else's: what could move the cursor, hide or turn around what follows is shown as a
 * number, and what is long is cut. */
void text_add_harmless(struct text *text, struct weft_bytes foreign);
/* A CID as people write it, or hexadecimal digits. */
void text_add_cid(struct text *text, struct weft_bytes cid);
void text_add_hex(struct text *text, struct weft_bytes bytes);

static inline struct weft_bytes text_view(const struct text *text)
{
    return (struct weft_bytes){ (const uint8_t *)text->bytes, text->size };
}

#endif
