/* The native handler of `attention`: questions to the person at the terminal, one at a time, while
 * all other streams of the terminal stand still. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_ATTENTION_H
#define PLATFORM_HOSTED_NATIVE_ATTENTION_H

#include "base/base.h"

enum status native_attention_init(void);
void native_attention_deinit(void);

#endif
