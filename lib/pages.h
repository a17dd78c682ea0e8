/* Memory for as long as the process lives: whole pages behind what the program has. */
#ifndef LIB_PAGES_H
#define LIB_PAGES_H

#include <stddef.h>

/* At least `size` zero bytes, aligned to 64 KiB; NULL if there are no more. */
void *pages_take(size_t size);

#endif
