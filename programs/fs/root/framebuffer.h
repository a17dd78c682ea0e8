/* The machine's picture: `/dev/framebuffer`, and what `/sys/screen` says of it. */
#ifndef PROGRAMS_FS_ROOT_FRAMEBUFFER_H
#define PROGRAMS_FS_ROOT_FRAMEBUFFER_H

#include "programs/fs/root/text.h"
#include "programs/fs/root/volume.h"

/* Whether there is one, and somebody shares it. */
bool framebuffer_is_there(void);
/* Of the file, by whatever node. */
void framebuffer_status(uint64_t node, struct files_status *status);
/* Opens a node for who has sent the message that is handled, with what of `flags` are rights:
 * VOLUME_LATER, or a failure. */
int framebuffer_open(uint32_t flags);
/* A fact (facts.h). */
bool framebuffer_write_facts(struct text *text);

#endif
