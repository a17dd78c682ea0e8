/* A puppet that decides about permissions. */
#ifndef TESTS_KERNEL_SUPPORT_GUARD_H
#define TESTS_KERNEL_SUPPORT_GUARD_H

#include "interface/permission.h"
#include "tests/simulate/world.h"

/* It answers the question that it got last; a substitute is a slot of its own. The call's result. */
i64 guard_answer(struct puppet *guard, const struct permission_answer *answer);

#endif
