/* The devices that every PC has had since 1984, at ports and lines that never changed. Private to
 * the PC platform. */
#ifndef PLATFORM_PC_LEGACY_H
#define PLATFORM_PC_LEGACY_H

/* Adds those that are there. */
void legacy_init(void);

#endif
