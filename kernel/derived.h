/* What was derived from a right: slots that a handler gave as the answer to a message that was sent
 * by a row, or on a slot that was derived from one itself. When the row comes to say no, they are
 * cut off, wherever they have been handed to, and so is what was under way on them.
 *
 * Such a slot leads to an endpoint of its own, which stands for that of the handler (its `base`) and
 * is in the list of the row. One that is cut off leads to a party that is dead, so a message on its
 * way looks at nothing that it does not look at anyway. All under the kernel's lock. */
#ifndef KERNEL_DERIVED_H
#define KERNEL_DERIVED_H

#include "kernel/binding.h"

/* Makes gifts that answer `message` derived. What is derived already stays so. */
void derived_gifts(const struct message *message, struct slot_target *gifts, u32 count);

/* The table of a silo was changed: cuts off what rows in it and below no longer allow. */
void derived_check(struct silo *silo);
/* The row's silo is destroyed: what was derived from it belongs to who has it. */
void derived_let_go(struct binding *row);

/* Whether the endpoint was cut off: DENIED rather than GONE. */
bool derived_is_cut(const struct endpoint *endpoint);
/* An endpoint that is derived has no holder any more. */
void derived_end(struct endpoint *endpoint);

#endif
