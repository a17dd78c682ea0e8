#include "programs/init/devices.h"

#include "interface/device_program.h"
#include "lib/memory.h"

enum { LISTING_BYTES = 1 << 17 };

static bool is_of(const struct device_identity *identity, struct manifest_kind_list kinds)
{
    for (uint32_t i = 0; i < kinds.count; i++)
        if (identity->vendor == kinds.data[i].vendor && identity->model == kinds.data[i].model)
            return identity->name.size < DEVICES_NAME_BYTES;
    return false;
}

bool devices_find(struct manifest_kind_list kinds, uint32_t index, char name[DEVICES_NAME_BYTES])
{
    static _Alignas(8) uint8_t listing[LISTING_BYTES];
    struct weft_client client = { .slot = device_slot(),
                                  .buffer = listing,
                                  .capacity = sizeof(listing) };
    struct device_identity_list list;
    if (device_devices(&client, &list) != WEFT_OK)
        return false;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct device_identity *identity = &list.data[i];
        if (!is_of(identity, kinds) || index-- != 0)
            continue;
        memcpy(name, identity->name.data, identity->name.size);
        name[identity->name.size] = 0;
        return true;
    }
    return false;
}
