/* Requests that another handler answers in our place: its answer, slots and all, goes on to who
 * asked, as it is. So a slower handler holds nobody else up, and what is opened in its directory is
 * its own slot: reading and writing go there directly. */
#ifndef PROGRAMS_FS_ROOT_FORWARD_H
#define PROGRAMS_FS_ROOT_FORWARD_H

#include "lib/client.h"

enum { FORWARDS_MAX = 256, FORWARDS_PER_PROCESS_MAX = 64 };

/* Sends what was encoded for the handler; its answer will be that of the event. WEFT_OK, or why it
 * was not sent. */
enum weft_status forward_send(const struct weft_event *event, struct weft_client *client);

/* What is made of an answer that is not passed on as it is. `asked` has id, sender and silo of who
 * asked; `answer` is NULL if there is none. */
struct forward_step {
    void (*finish)(const struct weft_event *asked, struct body_reader *answer, uint64_t what);
    uint64_t what;
    int32_t slot; /* by which it went and which is closed afterwards, in any case; or WEFT_NO_SLOT */
};
enum weft_status forward_ask(const struct weft_event *event, struct weft_client *client,
                             struct forward_step step);
/* An answer has come, or (`answer` NULL) one that is too large to go on. */
void forward_answered(const struct weft_event *event, const uint8_t *body,
                      struct body_reader *answer);
/* Who asked does not wait any more. */
void forward_withdrawn(int64_t asked);

#endif
