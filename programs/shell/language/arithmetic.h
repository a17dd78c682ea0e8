/* Arithmetic of `$((..))`: the expressions of C on 64-bit numbers (POSIX.1-2017, XCU 2.6.4). */
#ifndef PROGRAMS_SHELL_LANGUAGE_ARITHMETIC_H
#define PROGRAMS_SHELL_LANGUAGE_ARITHMETIC_H

#include <stdint.h>

struct arithmetic {
    /* Set by the caller. The value of a variable, NULL: it has none; and a new one for it. */
    const char *(*get)(void *context, const char *name);
    void (*set)(void *context, const char *name, int64_t value);
    void *context;
    /* NULL, or what is wrong. */
    const char *mistake;
};

int64_t arithmetic_evaluate(struct arithmetic *arithmetic, const char *expression);

#endif
