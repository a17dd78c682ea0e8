/* Text that is put together for a reader. What has no room is left out, and `is_cut` says so. */
#ifndef PROGRAMS_FS_ROOT_TEXT_H
#define PROGRAMS_FS_ROOT_TEXT_H

#include "abi/body.h"

enum { TEXT_MAX = 1 << 18 };

struct text {
    uint32_t size;
    bool is_cut;
    uint8_t data[TEXT_MAX];
};

void text_bytes(struct text *text, struct weft_bytes bytes);
void text_put(struct text *text, const char *string);
void text_number(struct text *text, uint64_t number);
/* As seconds, with three digits behind the point. */
void text_seconds(struct text *text, uint64_t nanoseconds);
void text_hex(struct text *text, struct weft_bytes bytes);
/* Binary CID as text: base32 of RFC 4648, small letters, behind `b`. */
void text_cid(struct text *text, struct weft_bytes cid);
/* `NAME  VALUE` and the end of the line. */
void text_row(struct text *text, const char *name, struct weft_bytes value);
void text_count(struct text *text, const char *name, uint64_t value);

#endif
