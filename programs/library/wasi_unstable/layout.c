/* The layouts of `wasi_unstable`, the snapshot before preview 1. The rest of the library is the
 * same. */
#include "programs/library/wasi/layout.h"

#include "programs/library/wasi/caller.h"

enum layout_whence layout_whence_of(uint32_t whence)
{
    static const enum layout_whence table[] = {
        LAYOUT_FROM_CURRENT,
        LAYOUT_FROM_END,
        LAYOUT_FROM_START,
    };
    return whence < sizeof(table) / sizeof(table[0]) ? table[whence] : LAYOUT_FROM_NOWHERE;
}

struct filestat {
    uint64_t device;
    uint64_t inode;
    uint32_t filetype; /* a byte and padding */
    uint32_t links;
    uint64_t size;
    uint64_t accessed;
    uint64_t modified;
    uint64_t changed;
};
_Static_assert(sizeof(struct filestat) == 56, "filestat is 56 bytes");

uint32_t layout_check_filestat(uint32_t address)
{
    return caller_check(address, sizeof(struct filestat));
}

uint32_t layout_store_filestat(uint32_t address, const struct files_status *status,
                               uint8_t filetype)
{
    struct filestat stat = {
        .device = status->device,
        .inode = status->inode,
        .filetype = filetype,
        .links = status->links > UINT32_MAX ? UINT32_MAX : (uint32_t)status->links,
        .size = status->size,
        .accessed = status->accessed,
        .modified = status->modified,
        .changed = status->changed,
    };
    return caller_store(address, &stat, sizeof(stat));
}

struct raw_subscription {
    uint64_t userdata;
    uint64_t kind;  /* a byte and padding */
    uint64_t first; /* of a clock: a number that nobody uses. Else a descriptor and padding */
    uint64_t clock; /* four bytes and padding */
    uint64_t timeout;
    uint64_t precision;
    uint64_t flags; /* two bytes and padding */
};
_Static_assert(sizeof(struct raw_subscription) == 56, "subscription is 56 bytes");

uint32_t layout_check_subscriptions(uint32_t address, uint32_t count)
{
    return caller_check(address, (uint64_t)count * sizeof(struct raw_subscription));
}

uint32_t layout_load_subscription(uint32_t address, uint32_t index,
                                  struct subscription *subscription)
{
    struct raw_subscription raw;
    uint32_t error = caller_load(&raw, address + index * (uint32_t)sizeof(raw), sizeof(raw));
    if (error != WASI_SUCCESS)
        return error;
    *subscription = (struct subscription){
        .userdata = raw.userdata,
        .kind = (uint8_t)raw.kind,
        .fd = (uint32_t)raw.first,
        .clock = (uint32_t)raw.clock,
        .timeout = raw.timeout,
        .flags = (uint16_t)raw.flags,
    };
    return WASI_SUCCESS;
}
