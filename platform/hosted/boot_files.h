/* Files that a person puts in front of those of a boot bundle. */
#ifndef PLATFORM_HOSTED_BOOT_FILES_H
#define PLATFORM_HOSTED_BOOT_FILES_H

#include "platform/hosted/command.h"

enum { BOOT_FILE_NAME_BYTES = 100 }; /* with the zero behind it: as a tar archive has names */

/* The option by which programs are named. */
#define BOOT_FILES_OPTION                                                                          \
    {                                                                                              \
        "--program", "NAME=FILE", "puts a program where the manifest finds it by that name",       \
            boot_files_take                                                                        \
    }
const char *boot_files_take(const char *value);
/* One of a shorter name; both stay the caller's. Once. */
void boot_files_add(const char *name, const char *path);
/* An archive of these files and, behind them, what the other one has; 0, or an exit status, and why is
 * told. */
int boot_files_bundle(struct bytes own, struct bytes *bundle);

#endif
