/* What the showcase's programs need of the world, answered twice: by the C library on WASI
 * (on_wasi.c), and by the 16 functions of wasm_os (on_wasm_os.c). */
#ifndef PROGRAMS_SHOWCASE_SHOWCASE_H
#define PROGRAMS_SHOWCASE_SHOWCASE_H

#include <stddef.h>
#include <stdint.h>

/* The program itself; its result is the exit status, which wasm_os does not know. */
int showcase(int count, char **arguments);

/* Writes as printf does: %s, %.*s, %d, %u, %x, with l and ll. */
__attribute__((format(printf, 1, 2))) void show(const char *format, ...);

/* In microseconds: since the machine's start, and of CPU time of this program. */
uint64_t uptime(void);
uint64_t time_used(void);

/* The next byte of input, once there is one; below 0: there will be none. */
int read_byte(void);

/* Runs a program to its end: its name and arguments, with blanks between them. What its status is, does not
 * matter. */
enum { RUN_NOT_FOUND = -1, RUN_BROKEN = -2 };
int run(const char *line);

void *block_take(size_t size);
void block_give(void *block);
/* The block with another size and what was in it, perhaps at another place. */
void *block_resize(void *block, size_t old_size, size_t size);

#endif
