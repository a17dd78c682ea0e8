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

void *block_take(size_t size);
void block_give(void *block);
/* The block with another size and what was in it, perhaps at another place. */
void *block_resize(void *block, size_t old_size, size_t size);

#endif
