/* The interface `machine`, before what each platform knows of its machine. Private to the platforms. */
#ifndef PLATFORM_COMMON_MACHINE_HANDLERS_H
#define PLATFORM_COMMON_MACHINE_HANDLERS_H

#include "interface/machine.h"
#include "kernel/kernel.h"

enum status machine_handlers_init(void);
void machine_handlers_deinit(void);

/* ---- What the platform gives ---- */

/* What the platform itself turns on, of what the CPU offers: how many of `capacity`. */
u32 facts_features(struct machine_feature *features, u32 capacity);
enum { FACTS_MODEL_MAX = 128 };

/* What the CPU is called: how many bytes of `text`. */
u32 facts_model(char text[FACTS_MODEL_MAX]);
/* How long the CPU has slept; more than the system runs: it has not begun. */
u64 facts_idle_ns(u32 cpu);
struct machine_memory facts_memory(void);

enum { FACTS_REGIONS_MAX = 6 };
u32 facts_device_count(void);
/* One of them, whose regions lie where they are told to; what it borrows stays for good. */
struct machine_device facts_device(u32 index, struct machine_region regions[FACTS_REGIONS_MAX]);

#endif
