/* The file of rules: `rules` in the folder that the start record has as dir:/permissions. */
#ifndef PROGRAMS_PERMISSION_STORE_H
#define PROGRAMS_PERMISSION_STORE_H

#include <stdbool.h>

#define STORE_SLOT "dir:/permissions"

/* What was kept is remembered; problems are told in the log. */
void store_load(void);
/* Keeps what is remembered, where there is a folder. */
void store_save(void);

#endif
