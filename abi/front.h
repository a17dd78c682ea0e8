/* Jobs of a terminal, of which one is before the keyboard: each comes to the front of whoever was
 * there when it was made, and of all those in front of one another the innermost has the keys. All that
 * a terminal has of this lies in its own jobs, each with a `struct front`; the outermost is for those
 * that are of no job. Whoever calls sees to it that a parent outlives its jobs, or is forgotten by
 * them. */
#ifndef ABI_FRONT_H
#define ABI_FRONT_H

#include <stdbool.h>

/* All zero: the outermost, or one that nobody is left for to be in front of. */
struct front {
    struct front *parent;
    struct front *child; /* that is in front of it; NULL: none */
};

struct front *front_innermost(struct front *outermost);
/* One of whoever is innermost now, behind. */
void front_join(struct front *front, struct front *outermost);
/* False: nobody is left before whom it could be. Who was there goes behind. */
bool front_take(struct front *front);
/* Together with those in front of it, which come back with it. */
void front_leave(struct front *front);

#endif
