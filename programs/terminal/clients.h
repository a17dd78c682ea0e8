/* What programs ask of the terminal: the interfaces `stream` and `terminal`. All that are in front
 * are before the same keyboard: who asked first is answered first. What comes by `attention` goes before
 * them. */
#ifndef PROGRAMS_TERMINAL_CLIENTS_H
#define PROGRAMS_TERMINAL_CLIENTS_H

#include "programs/terminal/side.h"

void clients_init(const struct side *side);
/* A message; a status for it to be refused with, or WEFT_OK. */
enum weft_status clients_take(const struct weft_event *event, struct body_reader *reader);
/* The interrupt key, whatever is typed now; false: nobody waits for it. */
bool clients_interrupt(void);
/* Whoever waits for another size is told the one that there is, and to draw again. */
void clients_draw_again(void);
/* What was typed and not read is lost. */
void clients_forget_typed(void);
/* The message is answered by nobody any more. */
void clients_forget(int64_t message);
/* Nobody has a slot with the badge any more. */
void clients_closed(uint64_t badge);

#endif
