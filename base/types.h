/* The words every room speaks: fixed-width integers, byte views, status.
 * Freestanding: nothing here or in any portable room needs a C library. */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef size_t usize;
typedef float f32;
typedef double f64;

/* The result of everything that can fail. A function that returns one changes nothing on error,
 * unless its header says otherwise. */
enum __attribute__((warn_unused_result)) status {
    STATUS_OK = 0,
    STATUS_NO_MEMORY,   /* the place has no more pages, or the owner's limit is reached */
    STATUS_INVALID,     /* outside bytes break their format; the error says what and where */
    STATUS_UNSUPPORTED, /* well formed, of a feature that is not here */
    STATUS_LIMIT,       /* well formed, beyond a bound of limits.h */
    STATUS_NOT_FOUND,
    STATUS_TRAP, /* guest code trapped; the trap record says what and where */
};

/* A borrowed view of bytes. `(struct bytes){ 0 }` is the empty view. */
struct bytes {
    const u8 *data;
    usize size;
};


/* A function of its own also for the compiler: what seldom happens then costs those who call it no
 * registers on the way that often does. */
#define BASE_APART __attribute__((noinline))
/* A part of each caller: for the few that are called from one place on the way that matters, and
 * from others off it. */
#define BASE_WITHIN inline __attribute__((always_inline))

/* Of what is called seldom by what is done often: it keeps all registers, so that callers need not. */
#define BASE_RARE __attribute__((noinline, cold, preserve_most))

/* For a condition on the way that matters: what it guards is laid aside. */
#define BASE_SELDOM(condition) __builtin_expect((condition) != 0, 0)

#define BASE_ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The structure of which `member` is the field that `pointer` points at. */
#define BASE_CONTAINER_OF(pointer, type, member) \
    ((type *)(void *)((u8 *)(pointer) - offsetof(type, member)))

/* Bytes of a string literal, without its final zero. */
#define BYTES_LITERAL(literal) ((struct bytes){ (const u8 *)(literal), sizeof(literal) - 1 })

static inline u64 u64_min(u64 a, u64 b)
{
    return a < b ? a : b;
}

static inline u64 u64_max(u64 a, u64 b)
{
    return a > b ? a : b;
}

/* `value` rounded up to a multiple of `alignment`, a power of two. The caller sees to overflow. */
static inline u64 u64_align_up(u64 value, u64 alignment)
{
    return (value + alignment - 1) & ~(alignment - 1);
}

/* Size of a zero-terminated string, without the zero. */
usize text_size(const char *text);
struct bytes bytes_from_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_start_with(struct bytes whole, struct bytes start);
/* Less than, equal to or greater than zero, as byte-wise lexical order says. */
int bytes_compare(struct bytes a, struct bytes b);
/* Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7). */
bool bytes_are_utf8(struct bytes text);

#endif
