/* The kernel within a program that measures: what more than one of them does. Private to bench/. */
#ifndef BENCH_WEFT_H
#define BENCH_WEFT_H

#include "kernel/kernel.h"

/* Each ends the program, with the reason, if it cannot be done. */
struct interface_key bench_key(const char *name, const char *hash);
struct program *bench_load(const char *folder, const char *name);
struct process *bench_spawn(struct program *program);
/* The calling thread stays on the last core that the process may use, counted from the end. */
void bench_stay_on_core(int from_the_end);

#endif
