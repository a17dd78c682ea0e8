/* What differs between WASI's two ABIs, `wasi_snapshot_preview1` and `wasi_unstable`: each has its
 * own layout.c. Private to the library. */
#ifndef PROGRAMS_LIBRARY_WASI_LAYOUT_H
#define PROGRAMS_LIBRARY_WASI_LAYOUT_H

#include "interface/files.h"
#include "programs/library/wasi/wasi.h"

enum layout_whence {
    LAYOUT_FROM_START,
    LAYOUT_FROM_CURRENT,
    LAYOUT_FROM_END,
    LAYOUT_FROM_NOWHERE, /* no such number */
};

enum layout_whence layout_whence_of(uint32_t whence);

/* Writes a filestat; WASI_EFAULT if it does not lie in the program's memory. */
uint32_t layout_check_filestat(uint32_t address);
uint32_t layout_store_filestat(uint32_t address, const struct files_status *status,
                               uint8_t filetype);

enum {
    SUBSCRIPTION_CLOCK = 0,
    SUBSCRIPTION_FD_READ = 1,
    SUBSCRIPTION_FD_WRITE = 2,
    SUBSCRIPTION_KINDS = 3,

    SUBSCRIPTION_CLOCK_ABSTIME = 1,
};

/* One question of poll_oneoff. */
struct subscription {
    uint64_t userdata;
    uint8_t kind;
    uint32_t fd;    /* of SUBSCRIPTION_FD_... */
    uint32_t clock; /* the rest of SUBSCRIPTION_CLOCK */
    uint64_t timeout;
    uint16_t flags;
};

uint32_t layout_check_subscriptions(uint32_t address, uint32_t count);
uint32_t layout_load_subscription(uint32_t address, uint32_t index,
                                  struct subscription *subscription);

#endif
