/* Lines of the log: who, what, and how many of it. */
#ifndef LIB_SAY_H
#define LIB_SAY_H

#include "interface/log.h"

void say(enum log_level level, struct weft_bytes who, const char *what);
void say_count(enum log_level level, struct weft_bytes who, const char *what, uint64_t count);

#endif
