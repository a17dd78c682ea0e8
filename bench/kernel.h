/* A kernel on one CPU, for benches that measure it: they are its native handler `bench`. Private to
 * bench/. */
#ifndef BENCH_KERNEL_H
#define BENCH_KERNEL_H

#include "bench/linux.h"
#include "kernel/kernel.h"

struct samples {
    u32 count;
    u32 capacity;
    double *values;
};

/* Room for so many, in the block where it stands. */
#define SAMPLES(capacity_) ((struct samples){ 0, capacity_, (double[capacity_]){ 0 } })

void samples_add(struct samples *samples, double value);
double samples_median(struct samples *samples);

/* Of a name and a hash in hexadecimal digits. */
struct interface_key bench_key(const char *name, const char *hash);
/* FOLDER/NAME.wasm. */
struct program *bench_load(const char *folder, const char *name);
struct process *bench_spawn(struct program *program);

struct bench {
    void (*measure)(struct native *native, const char *folder); /* beside the CPU, on a thread */
    struct native_operations operations; /* of the handler of `bench` */
    struct kernel_options options;
};

/* The calling thread, and the Linux processes that it starts from now on, stay on one core of those
 * that there are, counted from the end. */
void bench_stay_on_core(int from_the_end);
/* Runs the kernel until all is measured. */
void bench_run(const struct bench *bench, const char *folder);

#endif
