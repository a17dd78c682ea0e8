/* The interface `framebuffer` before the machine's picture. Private to the bare platforms. */
#ifndef PLATFORM_BARE_FRAMEBUFFER_HANDLERS_H
#define PLATFORM_BARE_FRAMEBUFFER_HANDLERS_H

#include "base/base.h"

enum status framebuffer_handlers_init(void);
void framebuffer_handlers_deinit(void);

#endif
