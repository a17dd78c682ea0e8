/* What is had by an interface: this process has the rights of the session, and must not lend them to
 * those who have fewer. So the kernel says what the process that has sent the message which is handled
 * may use, and what is sent for it goes by its own row.
 *
 * Interfaces are named by their hashes as text. */
#ifndef PROGRAMS_FS_ROOT_AUTHORITY_H
#define PROGRAMS_FS_ROOT_AUTHORITY_H

#include <stdbool.h>
#include <stdint.h>

/* 0, and a slot by its row; a failure; or VOLUME_LATER: somebody is to be asked first (asking.h). */
int authority_find(const char *interface, int32_t *slot);
/* The same without a slot. */
int authority_check(const char *interface);
/* Whether a process may use it; what is not decided is a no, and nobody is asked. */
bool authority_allows(uint64_t process, const char *interface);
/* Whether the session has it at all, whoever of it may use it. */
bool authority_exists(const char *interface);

#endif
