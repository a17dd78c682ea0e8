/* The native handler of `files`: directories of the host that were granted on the command line.
 * Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_FILES_H
#define PLATFORM_HOSTED_NATIVE_FILES_H

#include "kernel/kernel.h"

enum status native_files_init(void);
void native_files_deinit(void);
/* Grants the directory that `fd` is open on, which it takes over; `name` must live on. A slot for
 * it arrives in the table of `receiver`, and `directories` offers it. 0 or an errno. */
int native_files_grant(int fd, const char *name, bool read_only, struct native *receiver,
                       i32 *slot);

#endif
