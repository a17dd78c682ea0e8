/* Questions for random numbers that wait until the machine has enough of what they are made of. */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include "base/base.h"

void random_questions_init(void);
/* Without the lock: looks whether it has by now, and answers some of them. */
void random_look(void);

#endif
