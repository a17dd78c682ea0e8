/* Where the kernel's own lines and the text of programs go. Private to the bare platforms. */
#ifndef PLATFORM_BARE_CONSOLE_H
#define PLATFORM_BARE_CONSOLE_H

#include "base/base.h"

/* All of it together. A new line also goes back to the left edge, if `text`. */
void console_write(struct bytes bytes, bool text);
/* From now on whoever writes waits for nobody: the system is about to stop. */
void console_seize(void);

/* ---- What the platform gives ---- */

/* Called by one CPU at a time, unless the console is seized. */
void console_send(struct bytes bytes);

#endif
