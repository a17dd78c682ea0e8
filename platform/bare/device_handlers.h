/* The interface `device` before the machine's devices. Private to the bare platforms. */
#ifndef PLATFORM_BARE_DEVICE_HANDLERS_H
#define PLATFORM_BARE_DEVICE_HANDLERS_H

#include "base/base.h"

enum status device_handlers_init(void);
/* No device reaches memory any more. */
void device_handlers_deinit(void);

#endif
