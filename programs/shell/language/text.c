#include "programs/shell/language/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- Memory -------------------------------------------------------------------------------------
 */

void *take_again(void *memory, size_t size)
{
    void *larger = realloc(memory, size == 0 ? 1 : size);
    if (larger == NULL)
        __builtin_trap();
    return larger;
}

void *take(size_t size)
{
    void *memory = take_again(NULL, size);
    memset(memory, 0, size);
    return memory;
}

char *take_copy(const char *bytes, size_t size)
{
    char *copy = take_again(NULL, size + 1);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

struct region_block {
    struct region_block *next;
    size_t size;
    max_align_t bytes[];
};

void *region_take(struct region *region, size_t size)
{
    enum { BLOCK = 4096, ALIGNMENT = _Alignof(max_align_t) };
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (size > region->left) {
        size_t wanted = size > BLOCK ? size : BLOCK;
        struct region_block *block = take(sizeof(*block) + wanted);
        block->next = region->blocks;
        block->size = wanted;
        region->blocks = block;
        region->left = wanted;
    }
    char *start = (char *)region->blocks->bytes + region->blocks->size - region->left;
    region->left -= size;
    return start;
}

char *region_copy(struct region *region, const char *bytes, size_t size)
{
    char *copy = region_take(region, size + 1);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

void region_free(struct region *region)
{
    while (region->blocks != NULL) {
        struct region_block *next = region->blocks->next;
        free(region->blocks);
        region->blocks = next;
    }
    region->left = 0;
}

/* ---- Text ---------------------------------------------------------------------------------------
 */

void text_add(struct text *text, const char *bytes, size_t size)
{
    if (text->capacity - text->size <= size) {
        size_t capacity = text->capacity * 2 + size + 16;
        text->data = take_again(text->data, capacity);
        text->capacity = capacity;
    }
    if (size != 0)
        memcpy(text->data + text->size, bytes, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void text_add_char(struct text *text, char value)
{
    if (text->capacity - text->size <= 1) {
        text_add(text, &value, 1);
        return;
    }
    text->data[text->size++] = value;
    text->data[text->size] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_add_number(struct text *text, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (number < 0)
        digits[--at] = '-';
    text_add(text, digits + at, sizeof(digits) - at);
}

static bool is_plain(const char *bytes)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:./,%@^";
    return bytes[0] != '\0' && strspn(bytes, plain) == strlen(bytes);
}

static bool needs_escape(const char *bytes)
{
    for (; *bytes != '\0'; bytes++)
        if ((unsigned char)*bytes >= 0x80 && utf8_size(bytes) > 1)
            bytes += utf8_size(bytes) - 1;
        else if ((unsigned char)*bytes >= 0x7f ||
                 ((unsigned char)*bytes < 0x20 && *bytes != '\n' && *bytes != '\t'))
            return true;
    return false;
}

static void add_escaped(struct text *text, const char *bytes)
{
    static const char digits[] = "01234567";
    text_add_string(text, "$'");
    for (; *bytes != '\0'; bytes++) {
        unsigned char value = (unsigned char)*bytes;
        if (value == '\'' || value == '\\')
            text_add_char(text, '\\');
        if (value >= 0x20 && value < 0x7f) {
            text_add_char(text, (char)value);
            continue;
        }
        char octal[] = { '\\', digits[value >> 6], digits[value >> 3 & 7], digits[value & 7] };
        text_add(text, octal, sizeof(octal));
    }
    text_add_char(text, '\'');
}

void text_add_quoted(struct text *text, const char *bytes)
{
    if (is_plain(bytes))
        text_add_string(text, bytes);
    else
        text_add_in_quotes(text, bytes);
}

void text_add_in_quotes(struct text *text, const char *bytes)
{
    if (needs_escape(bytes)) {
        add_escaped(text, bytes);
        return;
    }
    text_add_char(text, '\'');
    for (; *bytes != '\0'; bytes++)
        if (*bytes == '\'')
            text_add_string(text, "'\\''");
        else
            text_add_char(text, *bytes);
    text_add_char(text, '\'');
}

const char *text_string(const struct text *text)
{
    return text->data == NULL ? "" : text->data;
}

char *text_release(struct text *text)
{
    char *data = text->data == NULL ? take_copy("", 0) : text->data;
    *text = (struct text){ 0 };
    return data;
}

void text_clear(struct text *text)
{
    text->size = 0;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){ 0 };
}

void words_add(struct words *words, char *owned)
{
    if (words->count == words->capacity) {
        words->capacity = words->capacity * 2 + 8;
        words->data = take_again(words->data, words->capacity * sizeof(char *));
    }
    words->data[words->count++] = owned;
}

void words_add_copy(struct words *words, const char *string)
{
    words_add(words, take_copy(string, strlen(string)));
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->data[i]);
    free(words->data);
    *words = (struct words){ 0 };
}

/* ---- Characters ---------------------------------------------------------------------------------
 */

size_t utf8_size(const char *string)
{
    unsigned char first = (unsigned char)string[0];
    size_t size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first >= 0xf5)
        return 1;
    for (size_t i = 1; i < size; i++)
        if (((unsigned char)string[i] & 0xc0) != 0x80)
            return 1;
    unsigned char second = (unsigned char)string[1];
    bool valid = !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0) &&
                 !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second >= 0x90);
    return valid ? size : 1;
}

uint32_t utf8_value(const char *string)
{
    size_t size = utf8_size(string);
    uint32_t value = (unsigned char)string[0];
    if (size == 1)
        return value;
    value &= 0x7fu >> size;
    for (size_t i = 1; i < size; i++)
        value = value << 6 | ((unsigned char)string[i] & 0x3f);
    return value;
}

bool is_name_start(char value)
{
    return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') || value == '_';
}

bool is_name_part(char value)
{
    return is_name_start(value) || (value >= '0' && value <= '9');
}

size_t name_size(const char *string)
{
    size_t size = 0;
    if (is_name_start(string[0]))
        while (is_name_part(string[size]))
            size++;
    return size;
}

bool is_blank(char value)
{
    return value == ' ' || value == '\t';
}
