/* The engine that runs all programs, and the place that the kernel is for it. */
#ifndef KERNEL_ENGINE_PLACE_H
#define KERNEL_ENGINE_PLACE_H

#include "engine/engine.h"

/* `interprets`: nothing is compiled to machine code. */
enum status engine_place_init(bool interprets);
void engine_place_deinit(void);
struct engine *engine_place_engine(void);

#endif
