/* As much of a C library as the suite's runner and jansson, which it reads its scripts with, ask
 * for: files are those of the boot bundle, what is printed goes to the console. For tests only. */
#ifndef TESTS_SYSTEM_SPEC_LIBRARY_H
#define TESTS_SYSTEM_SPEC_LIBRARY_H

#include "base/base.h"

/* False: no memory. */
bool library_init(struct bytes bundle);

#endif
