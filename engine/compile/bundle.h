/* Values that never are at the same time and had better share a register, so that no moves are
 * needed where one becomes the other: above all what loops carry. Private to engine/compile.
 *
 * A bundle is a list, through interval_next, from the last to the first in time. The
 * first of the list stands for it: the one that is its own bundle. */
#ifndef ENGINE_COMPILE_BUNDLE_H
#define ENGINE_COMPILE_BUNDLE_H

#include "engine/compile/live.h"

struct bundler {
    const struct source *source;
    u32 *bundles; /* of each interval: the number of the first of its bundle, or one that leads there */
    u32 bundle_capacity;
    u64 steps; /* ever */
};

/* Joins the bundles of all values of which one becomes the other, where they do not overlap. False: no
 * memory. */
bool bundle_run(struct bundler *bundler, struct live *live, const struct ir *ir);
void bundler_deinit(struct bundler *bundler);

#endif
