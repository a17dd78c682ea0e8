/* The functions that wasm_os gives its programs, and what these examples share: lines and checks.
 */
#ifndef PROGRAMS_EXAMPLE_WASM_OS_WASM_OS_H
#define PROGRAMS_EXAMPLE_WASM_OS_WASM_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void putchar(int byte);
void s_putchar(int byte);
int getchar(void);
void abort(const void *message, const void *file, int line, int column);
int runapp(const char *command);
const char *getargs(void);
int timesinceboot(void);
int cputime(void);
void *malloc(int size);
void free(void *block);
int ptrsize(const void *block);
int memmove(const void *from, void *to, int size);
int memset(void *start, int size, int value);
int memcpy(const void *from, void *to, int size);
int seedrng(const uint64_t *seed);
int rng(void);

/* Where a program begins. */
void _start(void);

static inline void say(const char *text)
{
    while (*text != 0)
        putchar(*text++);
}

static inline void say_number(int number)
{
    if (number >= 10)
        say_number(number / 10);
    putchar('0' + number % 10);
}

/* A failed check ends the program. */
static inline void check(bool passed, const char *what)
{
    say(passed ? "ok: " : "FAILED: ");
    say(what);
    say("\n");
    if (!passed)
        abort(NULL, NULL, 0, 0);
}

static inline bool same(const char *a, const char *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

#endif
