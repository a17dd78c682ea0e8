/* A reader of outside bytes in which the first mistake sticks.
 *
 * After a mistake every read gives zero and moves nothing, so a decoder reads straight on and looks
 * at `reader_ok` once at its end; loops are bounded with `reader_count`. The reader borrows its
 * bytes and the mistake's text (a literal). */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/types.h"

struct reader {
    const u8 *start;      /* first byte of the whole input: offsets in mistakes count from here */
    const u8 *at;         /* next byte */
    const u8 *end;        /* one past the last byte that may be read */
    const char *mistake;  /* NULL while all is well */
    usize mistake_offset; /* where it stands, in bytes from `start` */
};

void reader_init(struct reader *reader, struct bytes bytes);
/* A reader of the next `size` bytes, with offsets as in the parent, which moves past them. */
struct reader reader_part(struct reader *reader, usize size);

/* Records a mistake at the current byte (`_at`: at `offset`) unless one is recorded already. */
void reader_fail(struct reader *reader, const char *mistake);
void reader_fail_at(struct reader *reader, const char *mistake, usize offset);

static inline bool reader_ok(const struct reader *reader)
{
    return reader->mistake == NULL;
}

static inline usize reader_left(const struct reader *reader)
{
    return (usize)(reader->end - reader->at);
}

static inline usize reader_offset(const struct reader *reader)
{
    return (usize)(reader->at - reader->start);
}

u8 reader_u8(struct reader *reader);
u32 reader_u32(struct reader *reader); /* four bytes, little endian */
u64 reader_u64(struct reader *reader); /* eight bytes, little endian */
struct bytes reader_bytes(struct reader *reader, usize size);

/* LEB128 (WebAssembly 3.0, 5.2.2): at most ceil(N/7) bytes, unused bits must be zero (or sign). */
u32 reader_leb_u32(struct reader *reader);
u64 reader_leb_u64(struct reader *reader);
i32 reader_leb_i32(struct reader *reader);
i64 reader_leb_i33(struct reader *reader);
i64 reader_leb_i64(struct reader *reader);

/* A count of items of at least `item_size_min` bytes each: fails if the bytes that are left, or
 * `max`, could not hold them, so a loop or allocation by it is bounded by the input. */
u32 reader_count(struct reader *reader, usize item_size_min, u32 max, const char *what);

/* A count of bytes and the bytes, well-formed UTF-8 (WebAssembly 3.0, 5.2.4). */
struct bytes reader_name(struct reader *reader);

#endif
