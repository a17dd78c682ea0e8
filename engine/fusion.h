/* Joining instructions: where the rows of fusion.def say that one handler can do the work of a few
 * in a row, the first of them gets that handler. All words stay as they are: so a branch may still
 * go to any of them, and a call or trap in the middle has its own address. */
#ifndef ENGINE_FUSION_H
#define ENGINE_FUSION_H

#include "engine/lower.h"

/* The rows, made ready for look-up. */
struct fusions;

struct fusions *fusions_create(const struct source *source); /* NULL: no memory */
void fusions_destroy(struct fusions *fusions, const struct source *source);

/* Joins the instructions of one body, so that as few handlers run as the rows allow. */
void fusions_apply(const struct fusions *fusions, union word *words, struct written *written,
                   u32 count);

#endif
