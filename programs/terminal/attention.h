/* The interface `attention`: the system's own word with the person. A question takes the terminal
 * from all programs: while it stands, nothing else that they send is looked at. */
#ifndef PROGRAMS_TERMINAL_ATTENTION_H
#define PROGRAMS_TERMINAL_ATTENTION_H

#include "programs/terminal/side.h"

void attention_init(const struct side *side);
/* A message; returns when its question was answered or withdrawn. A status for it to be refused
 * with, or WEFT_OK. */
enum weft_status attention_take(const struct weft_event *event, struct body_reader *reader);
/* A byte that was typed; false: it is for the programs. */
bool attention_type(uint8_t byte);

#endif
