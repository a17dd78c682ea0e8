/* A writer into a fixed buffer that never writes past its end.
 *
 * What does not fit is counted but not written, so a first pass with no buffer measures, and
 * `writer_ok` looked at once at the end says whether all of it is there. */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include "base/types.h"

struct writer {
    u8 *data;
    usize capacity;
    usize size; /* bytes that were asked to be written: above `capacity` some are missing */
};

void writer_init(struct writer *writer, void *data, usize capacity);

static inline bool writer_ok(const struct writer *writer)
{
    return writer->size <= writer->capacity;
}

void writer_u8(struct writer *writer, u8 value);
void writer_u32(struct writer *writer, u32 value); /* little endian */
void writer_u64(struct writer *writer, u64 value);
void writer_leb_u64(struct writer *writer, u64 value);
void writer_bytes(struct writer *writer, struct bytes bytes);
/* Zero bytes until `size` is a multiple of `alignment`, a power of two. */
void writer_align(struct writer *writer, usize alignment);

void writer_text(struct writer *writer, const char *text);
void writer_decimal(struct writer *writer, u64 value);
void writer_signed(struct writer *writer, i64 value);
/* Lower-case hexadecimal, at least `digits` digits. */
void writer_hex(struct writer *writer, u64 value, u32 digits);
void writer_hex_bytes(struct writer *writer, struct bytes bytes);

/* A zero after the text, in place of its last byte if need be; gives the text. Needs capacity. */
const char *writer_terminate(struct writer *writer);

#endif
