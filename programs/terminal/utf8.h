/* UTF-8, read byte by byte (RFC 3629). What is not well-formed becomes U+FFFD. */
#ifndef PROGRAMS_TERMINAL_UTF8_H
#define PROGRAMS_TERMINAL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_BYTES_MAX = 4, UTF8_REPLACEMENT = 0xFFFD };

/* A character that has begun; all zero: none has. */
struct utf8 {
    uint32_t code_point;
    uint32_t missing; /* bytes */
    uint32_t least;   /* a smaller one has another form */
};

/* Whether the byte belongs to what has begun, or begins something; if not, what has begun is a
 * mistake, and the byte is to be given again. After true: the character that is complete now, or
 * UTF8_NONE. */
enum { UTF8_NONE = UINT32_MAX };
uint32_t utf8_take(struct utf8 *utf8, uint8_t byte, bool *taken);
/* Its bytes; how many. */
size_t utf8_write(uint32_t code_point, uint8_t bytes[UTF8_BYTES_MAX]);
/* Where the last character of the text begins; `size` is not 0. */
size_t utf8_last(const uint8_t *text, size_t size);
/* The character that begins there; U+FFFD if it is none. */
uint32_t utf8_read(const uint8_t *text, size_t size);

#endif
