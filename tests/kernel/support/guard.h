/* A puppet that decides about permissions. */
#ifndef TESTS_KERNEL_SUPPORT_GUARD_H
#define TESTS_KERNEL_SUPPORT_GUARD_H

#include "interface/permission.h"
#include "tests/simulate/world.h"

/* In the silo and below, it is asked from now on. */
void guard_bind(struct silo *silo, struct puppet *guard);
/* What the silo's row of alpha says from now on. */
void guard_set_verdict(struct silo *silo, enum verdict verdict);
/* A silo below, without limits of its own. */
struct silo *guard_silo(struct silo *parent);
/* It answers the question that it got last; a substitute is a slot of its own. The call's result. */
i64 guard_answer(struct puppet *guard, const struct permission_answer *answer);

#endif
