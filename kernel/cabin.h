/* Where a program lives that is started: where something is asked about, each has a silo of its own, so
 * that what is permitted to one is permitted to no other, whoever starts it. All under the kernel's
 * lock. */
#ifndef KERNEL_CABIN_H
#define KERNEL_CABIN_H

#include "kernel/silo.h"

/* What the cabins of one program may take that are made below a silo. */
struct cabin_limits {
    struct list_link link; /* in silo->program_limits */
    struct cid program;
    struct silo_limits limits;
};

/* From now on, in the place of what was said of the program before. */
enum weft_status cabin_set_limits(struct silo *silo, const struct cid *program,
                                  const struct silo_limits *limits);
void cabin_forget_limits(struct silo *silo);

/* The silo in which a program comes to live that is started in `silo`: that one, or a new cabin below
 * it, with this name, if another program's answers are there. */
enum weft_status cabin_find(struct silo *silo, const struct cid *program, struct bytes name,
                            struct silo **home);
/* Whether what was answered in one of them holds in the other: it is the same, or of the same program. */
bool cabin_is_shared(const struct silo *a, const struct silo *b);
/* Whether a row of it, or of one above, says ask. */
bool cabin_is_asked_about(const struct silo *silo);

#endif
