/* Test Anything Protocol for plain test programs: `TAP_OK(condition, "fact")` a check, and
 * `return tap_done();` at the end of main. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>

/* One of each in a program, whichever of its files check something. */
__attribute__((weak)) int tap_count;
__attribute__((weak)) int tap_failed;

static inline bool tap_ok(bool passed, const char *name, const char *file, int line)
{
    tap_count++;
    printf("%sok %d - %s\n", passed ? "" : "not ", tap_count, name);
    if (!passed) {
        tap_failed++;
        printf("# failed at %s:%d\n", file, line);
    }
    return passed;
}

#define TAP_OK(condition, name) tap_ok((condition), (name), __FILE__, __LINE__)

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    fflush(stdout);
    return tap_failed != 0 || tap_count == 0;
}

#endif
