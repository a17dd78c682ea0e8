/* Bytes that grow, and memory with one lifetime. Nothing here fails: without memory the shell ends
 * with a trap, as it could do nothing sensible then. */
#ifndef PROGRAMS_SHELL_LANGUAGE_TEXT_H
#define PROGRAMS_SHELL_LANGUAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* malloc and realloc that do not fail. */
void *take(size_t size);
void *take_again(void *memory, size_t size);
char *take_copy(const char *bytes, size_t size);

/* From zero; `data` has a zero behind its bytes as soon as something was added. */
struct text {
    char *data;
    size_t size, capacity;
};

void text_add(struct text *text, const char *bytes, size_t size);
void text_add_char(struct text *text, char value);
void text_add_string(struct text *text, const char *string);
void text_add_number(struct text *text, int64_t number);
/* As one word of the shell's language that means these bytes; UTF-8 whatever they are. */
void text_add_quoted(struct text *text, const char *bytes);
/* The same, and in quotes even if none are needed. */
void text_add_in_quotes(struct text *text, const char *bytes);
/* The bytes as a string; never NULL, borrowed. */
const char *text_string(const struct text *text);
/* The string, which is the caller's to free now; the text is empty. */
char *text_release(struct text *text);
void text_clear(struct text *text);
void text_free(struct text *text);

/* Strings that grow in number. The list owns its array and the strings. */
struct words {
    char **data;
    size_t count, capacity;
};

void words_add(struct words *words, char *owned);
void words_add_copy(struct words *words, const char *string);
void words_free(struct words *words);

struct region {
    struct region_block *blocks;
    size_t left;
};

void *region_take(struct region *region, size_t size);
char *region_copy(struct region *region, const char *bytes, size_t size);
void region_free(struct region *region);

/* Bytes of the UTF-8 character at the start of a string that is not empty; 1 where there is none.
 */
size_t utf8_size(const char *string);
/* Its value; a byte that begins none is itself. */
uint32_t utf8_value(const char *string);

bool is_name_start(char value);
bool is_name_part(char value);
/* How many bytes at the start are a name: 0 if none. */
size_t name_size(const char *string);
bool is_blank(char value);

#endif
