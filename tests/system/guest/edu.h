/* QEMU's `edu` device: where its registers are, and how to find it. */
#ifndef TESTS_SYSTEM_GUEST_EDU_H
#define TESTS_SYSTEM_GUEST_EDU_H

#include "tests/system/guest/facts.h"

enum {
    EDU_IDENTITY = 0x00,
    EDU_LIVENESS = 0x04,
    EDU_FACTORIAL = 0x08,
    EDU_STATUS = 0x20,
    EDU_CAUSE = 0x24,
    EDU_RAISE = 0x60,
    EDU_ACKNOWLEDGE = 0x64,
    EDU_DMA_FROM = 0x80,
    EDU_DMA_TO = 0x88,
    EDU_DMA_COUNT = 0x90,
    EDU_DMA_COMMAND = 0x98,
    EDU_BUFFER = 0x40000,    /* as transfers see it */
    EDU_BUFFER_BYTES = 2048, /* half of it: QEMU has the end of the whole out of bounds */
};

enum {
    EDU_COMPUTES = 0x01, /* of the status */
    EDU_TELLS = 0x80,
    EDU_DMA_START = 0x01,
    EDU_DMA_TO_DEVICE = 0,
    EDU_DMA_FROM_DEVICE = 0x02,
    EDU_DMA_TELLS = 0x04,
    EDU_CAUSE_FACTORIAL = 0x01,
    EDU_CAUSE_DMA = 0x100,
};

static inline int32_t edu_claim(int32_t interface)
{
    enum { VENDOR = 0x1234, MODEL = 0x11E8, NAME_BYTES = 32 };
    struct device_identity_list list;
    struct device_claimed_error_result result;
    uint8_t name[NAME_BYTES];
    if (device_devices(facts_client(interface), &list) != WEFT_OK)
        return WEFT_NO_SLOT;
    for (uint32_t i = 0; i < list.count; i++) {
        struct weft_bytes found = list.data[i].name;
        if (list.data[i].vendor != VENDOR || list.data[i].model != MODEL || found.size > NAME_BYTES)
            continue;
        memcpy(name, found.data, found.size);
        found.data = name;
        if (device_claim(facts_client(interface), found, &result) == WEFT_OK && !result.failed)
            return result.value;
        return WEFT_NO_SLOT;
    }
    return WEFT_NO_SLOT;
}

#endif
