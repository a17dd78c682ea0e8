/* Messages that are kept while somebody is asked whether their senders may use what they lead to.
 * Meanwhile all others are served; when it is decided they are handled as if they came anew. */
#ifndef PROGRAMS_FS_ROOT_ASKING_H
#define PROGRAMS_FS_ROOT_ASKING_H

#include "abi/weft.h"
#include "programs/fs/root/volume.h"

enum {
    ASKING_MAX = 64,
    ASKING_PER_SILO_MAX = 8, /* one question stands for many: a few programs cannot take all */
    ASKING_BODY_MAX = 2 * (VOLUME_PATH_MAX + 1) + 64, /* two paths */
};

/* Keeps the message that is handled until it is decided about the interface: VOLUME_LATER, or a
 * failure. */
int asking_begin(const char *interface);
/* An answer: false if it is to none of these questions. Otherwise the message about which it was, to be
 * handled again; `body` has room for ASKING_BODY_MAX bytes. */
bool asking_ended(int64_t answered, struct weft_event *event, uint8_t *body);
/* The message that asking_ended gave is handled. */
void asking_over(void);
/* Who has sent the message does not wait any more. */
void asking_withdrawn(int64_t message);

#endif
