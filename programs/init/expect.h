/* What init waits for: answers to its messages, and moments. Each comes once, to a function that was
 * named for it. */
#ifndef PROGRAMS_INIT_EXPECT_H
#define PROGRAMS_INIT_EXPECT_H

#include "lib/server.h"

#include <stdbool.h>

enum { EXPECT_MAX = 2048 };

#define EXPECT_FOR_EVER UINT64_MAX

struct answer {
    enum weft_status status;
    struct body_reader *reader; /* over its body */
};

/* `answer` is NULL: it has not come in time, or this is about a moment only. */
typedef void expected(void *context, const struct answer *answer);

/* The answer to a message that was sent, by its id, until the monotonic time `until_ns`; a message
 * that could not be sent, a negated status in place of an id, is answered with that soon. */
void expect_answer(int64_t id, uint64_t until_ns, expected *then, void *context);
void expect_moment(uint64_t when_ns, expected *then, void *context);
/* What `then` was to hear of `context` it will not hear; messages are taken back. */
void expect_no_more(expected *then, const void *context);

/* For how many more there is room: who wants many asks first. */
uint32_t expect_room(void);

/* The next moment, as `wait` has it. */
int64_t expect_deadline(void);
/* An answer has come. */
void expect_on_answer(struct weft_server *server);
/* Moments that are over. */
void expect_on_time(uint64_t now_ns);

#endif
