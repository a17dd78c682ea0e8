#include "programs/shell/language/pattern.h"

#include "programs/shell/language/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- Brackets -----------------------------------------------------------------------------------
 */

static bool is_in_range(uint32_t value, uint32_t low, uint32_t high)
{
    return low <= value && value <= high;
}

static bool is_of_class(const char *name, size_t size, uint32_t value)
{
    static const char *const names[] = { "alpha", "digit", "alnum", "upper", "lower", "space",
                                         "blank", "punct", "print", "graph", "cntrl", "xdigit" };
    size_t class = 0;
    bool upper = is_in_range(value, 'A', 'Z'), lower = is_in_range(value, 'a', 'z');
    bool digit = is_in_range(value, '0', '9');
    while (class < sizeof(names) / sizeof(names[0]) &&
           (strlen(names[class]) != size || strncmp(names[class], name, size) != 0))
        class ++;
    const bool of[] = {
        upper || lower,
        digit,
        upper || lower || digit,
        upper,
        lower,
        value == ' ' || is_in_range(value, '\t', '\r'),
        value == ' ' || value == '\t',
        is_in_range(value, '!', '~') && !(upper || lower || digit),
        is_in_range(value, ' ', '~'),
        is_in_range(value, '!', '~'),
        value < ' ' || value == 0x7f,
        digit || is_in_range(value, 'A', 'F') || is_in_range(value, 'a', 'f'),
        false,
    };
    return of[class];
}

/* One character of a bracket, which a backslash may come before. */
static uint32_t bracket_character(const char *pattern, size_t *at)
{
    if (pattern[*at] == '\\' && pattern[*at + 1] != '\0')
        ++*at;
    uint32_t value = utf8_value(pattern + *at);
    *at += utf8_size(pattern + *at);
    return value;
}

/* Where a class [:NAME:] ends that begins at `at`; 0: there is none. */
static size_t class_end(const char *pattern, size_t at)
{
    if (pattern[at] != '[' || pattern[at + 1] != ':')
        return 0;
    const char *end = strstr(pattern + at + 2, ":]");
    return end == NULL ? 0 : (size_t)(end - pattern) + 2;
}

/* Where the bracket at `at` ends, past its end; 0: it is none and stands for itself. */
static size_t bracket_end(const char *pattern, size_t at)
{
    at++;
    at += pattern[at] == '!' || pattern[at] == '^';
    bool is_first = true;
    while (pattern[at] != ']' || is_first) {
        if (pattern[at] == '\0')
            return 0;
        size_t end = class_end(pattern, at);
        if (end != 0)
            at = end;
        else
            bracket_character(pattern, &at);
        is_first = false;
    }
    return at + 1;
}

static bool bracket_matches(const char *pattern, size_t at, size_t end, uint32_t value)
{
    bool negates = pattern[at + 1] == '!' || pattern[at + 1] == '^';
    bool found = false;
    at += 1 + negates;
    while (at < end - 1) {
        size_t past = class_end(pattern, at);
        if (past != 0) {
            found |= is_of_class(pattern + at + 2, past - at - 4, value);
            at = past;
            continue;
        }
        uint32_t low = bracket_character(pattern, &at);
        uint32_t high = low;
        if (pattern[at] == '-' && at + 1 < end - 1) {
            at++;
            high = bracket_character(pattern, &at);
        }
        found |= is_in_range(value, low, high);
    }
    return found != negates;
}

/* ---- Whole patterns -----------------------------------------------------------------------------
 */

/* The width of the string's character at `place`. */
static size_t width_at(const char *string, size_t size, size_t place)
{
    size_t width = utf8_size(string + place);
    return width > size - place ? 1 : width;
}

/* Whether the pattern's character at `at`, which is no star, matches the string's next one; then
 * both go past it. */
static bool step(const char *pattern, size_t *at, const char *string, size_t size, size_t *place)
{
    if (*place >= size || pattern[*at] == '\0')
        return false;
    size_t width = width_at(string, size, *place);
    size_t end = pattern[*at] == '[' ? bracket_end(pattern, *at) : 0;
    if (pattern[*at] == '?') {
        ++*at;
    } else if (end != 0) {
        if (!bracket_matches(pattern, *at, end,
                             width == 1 ? (unsigned char)string[*place]
                                        : utf8_value(string + *place)))
            return false;
        *at = end;
    } else {
        size_t literal = *at + (pattern[*at] == '\\' && pattern[*at + 1] != '\0');
        if (strncmp(pattern + literal, string + *place, width) != 0)
            return false;
        *at = literal + width;
    }
    *place += width;
    return true;
}

bool pattern_matches(const char *pattern, const char *string, size_t size)
{
    size_t at = 0, place = 0;
    size_t star = SIZE_MAX, star_place = 0;
    while (place < size || pattern[at] != '\0') {
        if (pattern[at] == '*') {
            star = ++at;
            star_place = place;
        } else if (!step(pattern, &at, string, size, &place)) {
            if (star == SIZE_MAX || star_place >= size)
                return false;
            at = star;
            place = ++star_place;
        }
    }
    return true;
}

bool pattern_is_special(const char *pattern)
{
    for (size_t at = 0; pattern[at] != '\0'; at++) {
        if (pattern[at] == '*' || pattern[at] == '?' ||
            (pattern[at] == '[' && bracket_end(pattern, at) != 0))
            return true;
        if (pattern[at] == '\\' && pattern[at + 1] != '\0')
            at++;
    }
    return false;
}

/* Places in a pattern where a match may go on. */
struct places {
    bool *is;
    size_t count;
};

static void places_add(struct places *places, const char *pattern, size_t at)
{
    for (;; at++) {
        places->count += !places->is[at];
        places->is[at] = true;
        if (pattern[at] != '*')
            return;
    }
}

/* All places that one more character leads to. */
static void places_step(const char *pattern, const char *string, size_t width,
                        const struct places *from, struct places *to)
{
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        size_t at = i, place = 0;
        if (from->is[i] && (pattern[i] == '*' || step(pattern, &at, string, width, &place)))
            places_add(to, pattern, at);
    }
}

size_t pattern_longest(const char *pattern, const char *string, size_t none)
{
    size_t pattern_size = strlen(pattern), size = strlen(string);
    bool *memory = take(2 * (pattern_size + 1));
    struct places now = { memory, 0 }, next = { memory + pattern_size + 1, 0 };
    size_t longest = none, place = 0;
    places_add(&now, pattern, 0);
    while (now.count != 0) {
        if (now.is[pattern_size])
            longest = place;
        if (place == size)
            break;
        size_t width = width_at(string, size, place);
        next.count = 0;
        memset(next.is, 0, pattern_size + 1);
        places_step(pattern, string + place, width, &now, &next);
        place += width;
        struct places swap = now;
        now = next;
        next = swap;
    }
    free(memory);
    return longest;
}

size_t pattern_prefix(const char *pattern, const char *string, bool longest, size_t none)
{
    size_t size = strlen(string);
    for (size_t i = 0; i <= size; i++) {
        size_t count = longest ? size - i : i;
        if (pattern_matches(pattern, string, count))
            return count;
    }
    return none;
}

size_t pattern_suffix(const char *pattern, const char *string, bool longest, size_t none)
{
    size_t size = strlen(string);
    for (size_t i = 0; i <= size; i++) {
        size_t count = longest ? size - i : i;
        if (pattern_matches(pattern, string + size - count, count))
            return count;
    }
    return none;
}
