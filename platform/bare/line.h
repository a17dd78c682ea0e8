/* What a person types, made into lines: erasing, echo, the end of input and the interrupt key, as
 * the terminals of other systems have it. Private to the bare platforms. */
#ifndef PLATFORM_BARE_LINE_H
#define PLATFORM_BARE_LINE_H

#include "base/base.h"

enum {
    LINE_BYTES_MAX = 4096,
    LINE_READY_MAX = 16384,
    LINE_ECHO_MAX = 4 * LINE_BYTES_MAX, /* that one key may need */
};

struct line {
    u8 edited[LINE_BYTES_MAX]; /* not yet ended by a new line */
    u32 edited_size;
    u8 ready[LINE_READY_MAX]; /* a ring: to be read */
    u32 ready_start;
    u32 ready_size;
    bool raw; /* input comes by the byte, not by the line */
    bool no_echo;
    bool ended; /* the end of input was typed behind what is ready */
};

enum line_event {
    LINE_NOTHING,
    LINE_INTERRUPT, /* ^C: what was typed of the line is forgotten */
};

/* One byte that was typed; what is to be shown for it is appended to `echo`. What finds no room is
 * lost. */
enum line_event line_type(struct line *line, u8 byte, struct writer *echo);
/* Whether a read would find something, the end of input included. */
bool line_is_ready(const struct line *line);
/* Takes up to `capacity` bytes; 0: the end of input. */
u32 line_take(struct line *line, u8 *buffer, u32 capacity);

#endif
