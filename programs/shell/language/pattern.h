/* Patterns of the shell (POSIX.1-2017, XCU 2.13): * ? [..] and a backslash before what is meant as
 * it is. */
#ifndef PROGRAMS_SHELL_LANGUAGE_PATTERN_H
#define PROGRAMS_SHELL_LANGUAGE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the whole string matches. Time at most the product of both sizes. */
bool pattern_matches(const char *pattern, const char *string, size_t size);
/* Whether it has anything but characters that stand for themselves. */
bool pattern_is_special(const char *pattern);
/* How many bytes at the start match at most; `none` if nothing does. Time at most the product of
 * both sizes. */
size_t pattern_longest(const char *pattern, const char *string, size_t none);
/* How much of the string is to be removed: the shortest or longest start, or end, that matches;
 * `none` if nothing does. */
size_t pattern_prefix(const char *pattern, const char *string, bool longest, size_t none);
size_t pattern_suffix(const char *pattern, const char *string, bool longest, size_t none);

#endif
