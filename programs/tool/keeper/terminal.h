/* The terminal of a program that runs behind: what programs/terminal is for a screen or a serial line,
 * for whoever attaches. What is shown goes to whoever keeps it, in order, and what is typed comes
 * from there. */
#ifndef PROGRAMS_TOOL_KEEPER_TERMINAL_H
#define PROGRAMS_TOOL_KEEPER_TERMINAL_H

#include "abi/body.h"

#include <stdbool.h>

/* Makes it the terminal of a silo below this process's, and gives a slot of `stream` that leads to
 * it. WEFT_NO_SLOT: it cannot be had. */
int32_t terminal_start(uint64_t silo, void (*show)(struct weft_bytes bytes));
/* A key sequence, or whatever else is typed. */
void terminal_type(struct weft_bytes bytes);
void terminal_resize(uint16_t columns, uint16_t rows);
/* What brings another terminal into the modes that are set; until the next call. */
struct weft_bytes terminal_modes(void);

#endif
