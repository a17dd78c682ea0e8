/* Bodies of messages: writing them, and reading what a stranger wrote.
 *
 * The generated code of an interface (`interface/NAME.h`) is the caller of nearly all of this; a
 * handler or client sets up a writer or reader and hands it to that code. The same code runs in
 * the kernel, in native handlers and in programs: it is freestanding and never allocates.
 *
 * A body is a tree of values in the memory layout of the Component Model's Canonical ABI, little
 * endian, with offsets from the body's first byte in place of pointers:
 *
 *   request   u32 function index, then at the next multiple of its alignment the record of
 *             the parameters
 *   answer    the result at offset 0; no byte if the function has none
 *   string    u32 offset, u32 size: UTF-8        list    u32 offset, u32 count: items in a row
 *   own       u32 index among the gifts that travel with the message: the slot moves
 *   borrow    the same, but the sender keeps the slot: a second one to the same place travels
 *
 * In both directions the first mistake sticks in `status`: nothing more is written or read after
 * it, so a coder goes straight on and looks once at the end.
 *
 * What a reader holds to, so that a hostile body costs its sender only:
 *   - every offset, size and alignment is checked before a byte is read;
 *   - bool is 0 or 1, char a Unicode scalar value, a string well-formed UTF-8, a case among the
 *     cases, no unknown flag;
 *   - lists may share bytes, but all that is read holds together no more bytes than the body, so
 *     time and memory are linear in its size;
 *   - each gift is named exactly once. While `decoded` is false, all of them are still with whoever
 *     set up the reader, and his to close.
 *
 * A decoded string or list<u8> points into the body; other lists are carved from the scratch
 * memory that the owner of the reader gave. Four bytes of scratch, aligned to 8, for each byte of
 * the body always suffice; an interface without such lists needs none. */
#ifndef ABI_BODY_H
#define ABI_BODY_H

#include "abi/weft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string or list<u8>: borrowed. */
struct weft_bytes {
    const uint8_t *data;
    uint32_t size;
};

/* The bytes of a string literal, without its final zero. */
#define WEFT_BYTES(literal) ((struct weft_bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

enum { BODY_SCRATCH_FACTOR = 4 };

struct body_writer {
    uint8_t *data;
    uint32_t capacity;
    uint32_t size;           /* of the body so far */
    enum weft_status status; /* WEFT_TOO_LARGE: does not fit. WEFT_LIMIT: too many gifts.
                                WEFT_BAD_SLOT: a gift is none. WEFT_INVALID: a value that its
                                type does not have */
    uint32_t gift_count;
    int32_t gifts[WEFT_GIFTS_MAX]; /* to be sent with the body, in the order of their indexes */
};

struct body_reader {
    const uint8_t *data;
    uint32_t size;
    uint32_t lists_left;     /* bytes that lists may still hold */
    enum weft_status status; /* WEFT_INVALID: malformed. WEFT_NO_MEMORY: too little scratch */
    const int32_t *gifts;
    uint32_t gift_count;
    uint32_t gifts_named; /* one bit a gift */
    bool decoded;         /* to the end without a mistake: the gifts went to who asked for that */
    uint8_t *scratch;     /* what is left of it */
    size_t scratch_size;
};

/* Where a list lies in a body that is being written or read. */
struct body_list {
    uint32_t offset;
    uint32_t count;
};

/* A writer is used for one body at a time: an encoder begins anew at offset 0. */
void body_writer_init(struct body_writer *writer, void *data, uint32_t capacity);
/* `event` gives size and gifts; both it and `data` are borrowed for as long as the reader and what
 * it decodes are used. */
void body_reader_init(struct body_reader *reader, const struct weft_event *event, const void *data);
void body_reader_scratch(struct body_reader *reader, void *scratch, size_t size);

static inline bool body_writer_ok(const struct body_writer *writer)
{
    return writer->status == WEFT_OK;
}

static inline bool body_reader_ok(const struct body_reader *reader)
{
    return reader->status == WEFT_OK;
}

/* Whether text is what a string may be. */
bool body_is_utf8(struct weft_bytes text);

void body_writer_fail(struct body_writer *writer, enum weft_status status);
void body_reader_fail(struct body_reader *reader, enum weft_status status);

/* Begin a request or an answer: all earlier content and mistakes are forgotten. Gives the offset
 * of the record of parameters, or of the result, of `size` zero bytes. */
uint32_t body_put_request(struct body_writer *writer, uint32_t function, uint32_t size,
                          uint32_t alignment);
uint32_t body_put_answer(struct body_writer *writer, uint32_t size);

/* The value of a type at `at`, inside of what was begun or of a list's items. */
void body_put_bool(struct body_writer *writer, uint32_t at, bool value);
void body_put_u8(struct body_writer *writer, uint32_t at, uint8_t value);
void body_put_u16(struct body_writer *writer, uint32_t at, uint16_t value);
void body_put_u32(struct body_writer *writer, uint32_t at, uint32_t value);
void body_put_u64(struct body_writer *writer, uint32_t at, uint64_t value);
void body_put_s8(struct body_writer *writer, uint32_t at, int8_t value);
void body_put_s16(struct body_writer *writer, uint32_t at, int16_t value);
void body_put_s32(struct body_writer *writer, uint32_t at, int32_t value);
void body_put_s64(struct body_writer *writer, uint32_t at, int64_t value);
void body_put_f32(struct body_writer *writer, uint32_t at, float value);
void body_put_f64(struct body_writer *writer, uint32_t at, double value);
void body_put_char(struct body_writer *writer, uint32_t at, uint32_t value);
void body_put_string(struct body_writer *writer, uint32_t at, struct weft_bytes value);
void body_put_bytes(struct body_writer *writer, uint32_t at, struct weft_bytes value);
/* A slot that leaves with the message; one of which a copy leaves. */
void body_put_own(struct body_writer *writer, uint32_t at, int32_t slot);
void body_put_borrow(struct body_writer *writer, uint32_t at, int32_t slot);
/* Which of `count` cases of an enum or variant: 1, 2 or 4 bytes, by the count. */
void body_put_case(struct body_writer *writer, uint32_t at, uint32_t value, uint32_t count);
/* `count` flags, 32 at most: 1, 2 or 4 bytes, by the count. */
void body_put_flags(struct body_writer *writer, uint32_t at, uint32_t value, uint32_t count);
/* Makes room for `count` items of `size` bytes each and names it at `at`; count 0 on failure. */
struct body_list body_put_list(struct body_writer *writer, uint32_t at, uint32_t count,
                               uint32_t size, uint32_t alignment);

/* The function index of a request; fails if the body has none. */
uint32_t body_get_function(struct body_reader *reader);
/* Begin a request or an answer: gives the offset of the record of parameters, or of the result. */
uint32_t body_get_request(struct body_reader *reader, uint32_t function, uint32_t size,
                          uint32_t alignment);
uint32_t body_get_answer(struct body_reader *reader, uint32_t size);
/* The end of decoding: fails if a gift was not named. Whether all is well. */
bool body_get_end(struct body_reader *reader);

/* The value of a type at `at`; zero after a mistake. */
bool body_get_bool(struct body_reader *reader, uint32_t at);
uint8_t body_get_u8(struct body_reader *reader, uint32_t at);
uint16_t body_get_u16(struct body_reader *reader, uint32_t at);
uint32_t body_get_u32(struct body_reader *reader, uint32_t at);
uint64_t body_get_u64(struct body_reader *reader, uint32_t at);
int8_t body_get_s8(struct body_reader *reader, uint32_t at);
int16_t body_get_s16(struct body_reader *reader, uint32_t at);
int32_t body_get_s32(struct body_reader *reader, uint32_t at);
int64_t body_get_s64(struct body_reader *reader, uint32_t at);
float body_get_f32(struct body_reader *reader, uint32_t at);
double body_get_f64(struct body_reader *reader, uint32_t at);
uint32_t body_get_char(struct body_reader *reader, uint32_t at);
struct weft_bytes body_get_string(struct body_reader *reader, uint32_t at);
struct weft_bytes body_get_bytes(struct body_reader *reader, uint32_t at);
/* A slot that came with the message, now the receiver's; WEFT_NO_SLOT after a mistake. */
int32_t body_get_own(struct body_reader *reader, uint32_t at);
int32_t body_get_borrow(struct body_reader *reader, uint32_t at);
uint32_t body_get_case(struct body_reader *reader, uint32_t at, uint32_t count);
uint32_t body_get_flags(struct body_reader *reader, uint32_t at, uint32_t count);
/* A list of items of `size` bytes each; count 0 after a mistake. */
struct body_list body_get_list(struct body_reader *reader, uint32_t at, uint32_t size,
                               uint32_t alignment);
/* Scratch memory for `count` decoded items, aligned to 8; NULL for none or after a mistake. */
void *body_carve(struct body_reader *reader, uint32_t count, size_t item_size);

#endif
