/* The terminal of who attaches, while it shows the terminal of a program that runs behind. */
#ifndef PROGRAMS_TOOL_SILO_SCREEN_H
#define PROGRAMS_TOOL_SILO_SCREEN_H

#include "abi/body.h"
#include "interface/terminal.h"

#include <stdbool.h>

/* From here on every key comes by itself. How large the terminal is. */
struct terminal_size screen_take(void);
/* It is as it was before. */
void screen_give(void);
/* Brings it into the modes that the program has set; whether the program has the other screen, which
 * is empty then. */
bool screen_return(struct weft_bytes modes);
/* What the program writes; false: nobody sees it. */
bool screen_show(struct weft_bytes bytes);
/* Leaves of what was typed what is for the program; true: the person wants to leave. */
bool screen_keys(struct weft_bytes *typed);

#endif
