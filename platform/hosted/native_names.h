/* The native handler of `names`: the host's resolver. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_NAMES_H
#define PLATFORM_HOSTED_NATIVE_NAMES_H

#include "kernel/kernel.h"

enum status native_names_init(void);
void native_names_deinit(void);

#endif
