/* The interface `screen`: programs read and write the picture. */
#ifndef PROGRAMS_TERMINAL_SHARE_H
#define PROGRAMS_TERMINAL_SHARE_H

#include "programs/terminal/side.h"

void share_init(const struct side *side);
/* A message; a status for it to be refused with, or WEFT_OK. */
enum weft_status share_take(const struct weft_event *event, struct body_reader *reader);

#endif
