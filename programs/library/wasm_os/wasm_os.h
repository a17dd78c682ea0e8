/* The ABI of wasm_os (https://github.com/IntegralPilot/wasm_os) as a Weft library: the 16 functions
 * of import module `env`, with names and argument orders as programs for it expect them, and
 * without the faults of their first implementation (docs/decisions/0041-wasm-os-mended.md).
 *
 * The program exports its memory as `memory` and is entered by `main` or `_start`. Standard input
 * and output are the start record's streams; the serial port is standard error. */
#ifndef PROGRAMS_LIBRARY_WASM_OS_WASM_OS_H
#define PROGRAMS_LIBRARY_WASM_OS_WASM_OS_H

#include "lib/client.h"

/* Functions that give a number give this when they fail. */
enum { WASM_OS_FAILED = -1 };

WEFT_EXPORT("putchar") void os_putchar(int32_t byte);
WEFT_EXPORT("s_putchar") void os_serial_putchar(int32_t byte);
/* The next byte of input: 0 if there is none now, WASM_OS_FAILED if there will be none. */
WEFT_EXPORT("getchar") int32_t os_getchar(void);

/* Tells why (AssemblyScript's strings; 0: none) and ends the program by a trap. */
WEFT_EXPORT("abort")
void os_abort(uint32_t message, uint32_t file, int32_t line, int32_t column);
/* Runs a program to its end: its name and arguments, with spaces between them. 0; WASM_OS_FAILED:
 * no such program, or no such text; RUN_BROKEN: it cannot run, or it trapped. */
enum { RUN_BROKEN = -2 };
WEFT_EXPORT("runapp") int32_t os_runapp(uint32_t command);
/* The address of `name\0argument\0...\0\0`, which belongs to the caller. */
WEFT_EXPORT("getargs") int32_t os_getargs(void);

/* Microseconds, 31 bits of them. */
WEFT_EXPORT("timesinceboot") int32_t os_time_since_boot(void);
WEFT_EXPORT("cputime") int32_t os_cpu_time(void);

/* Memory behind all that the program has itself, aligned to 8. */
WEFT_EXPORT("malloc") int32_t os_malloc(uint32_t size);
WEFT_EXPORT("free") void os_free(uint32_t address);
/* The size that was asked for; WASM_OS_FAILED if nothing begins there. */
WEFT_EXPORT("ptrsize") int32_t os_pointer_size(uint32_t address);

/* 0, or WASM_OS_FAILED and nothing done. Mind the order. */
WEFT_EXPORT("memmove") int32_t os_memmove(uint32_t from, uint32_t to, uint32_t size);
WEFT_EXPORT("memset") int32_t os_memset(uint32_t address, uint32_t size, int32_t value);
WEFT_EXPORT("memcpy") int32_t os_memcpy(uint32_t from, uint32_t to, uint32_t size);

/* Pseudo-random numbers from a seed of 8 bytes; before the first seed it is 1. */
WEFT_EXPORT("seedrng") int32_t os_seed_random(uint32_t seed);
WEFT_EXPORT("rng") int32_t os_random(void); /* 31 bits */

/* ---- For the library itself ------------------------------------------------------------------ */

/* Whether the program's memory has these bytes. */
bool caller_has(uint32_t address, uint64_t size);
/* The library's client for small calls, set to a slot. */
struct weft_client *client_of(int32_t slot);
/* Writes to standard output. */
void console_write(struct weft_bytes text);

#endif
