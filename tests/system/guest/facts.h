/* What the guests of the system tests share: facts, each a line that the test reads, and calls of
 * the interface `device` in short. */
#ifndef TESTS_SYSTEM_GUEST_FACTS_H
#define TESTS_SYSTEM_GUEST_FACTS_H

#include "interface/device_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"

static _Alignas(8) uint8_t facts_buffer[1 << 16];

static inline struct weft_client *facts_client(int32_t slot)
{
    static struct weft_client client;
    client = (struct weft_client){ .slot = slot,
                                   .buffer = facts_buffer,
                                   .capacity = sizeof(facts_buffer) };
    return &client;
}

static inline void fact(bool holds, const char *name)
{
    print(holds ? "fact: yes " : "fact: no ");
    print(name);
    print("\n");
}

/* What a call gave that is no value: an error, or what is below 0. */
enum { FACTS_DONE = -1, FACTS_STATUS = -1000 };

static inline int32_t facts_claim(int32_t interface, const char *name, int32_t *slot)
{
    struct device_claimed_error_result result;
    struct weft_bytes bytes = { (const uint8_t *)name, (uint32_t)strlen(name) };
    enum weft_status status = device_claim(facts_client(interface), bytes, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    *slot = result.failed ? WEFT_NO_SLOT : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_read(int32_t slot, uint32_t region, uint64_t offset, uint8_t width,
                                 uint64_t *value)
{
    struct device_u64_error_result result;
    enum weft_status status =
        device_claimed_read(facts_client(slot), region, offset, width, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    *value = result.failed ? 0 : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_write(int32_t slot, uint32_t region, uint64_t offset, uint8_t width,
                                  uint64_t value)
{
    struct device_none_error_result result;
    enum weft_status status =
        device_claimed_write(facts_client(slot), region, offset, width, value, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_interrupt(int32_t slot, uint32_t index, int32_t *interrupt)
{
    struct device_interrupt_error_result result;
    enum weft_status status = device_claimed_interrupt(facts_client(slot), index, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    *interrupt = result.failed ? WEFT_NO_SLOT : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_wait(int32_t interrupt, uint64_t *count)
{
    struct device_u64_error_result result;
    enum weft_status status = device_interrupt_wait(facts_client(interrupt), &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    *count = result.failed ? 0 : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_map(int32_t slot, uint32_t region, uint64_t offset, uint64_t address,
                                uint64_t size)
{
    struct device_none_error_result result;
    enum weft_status status =
        device_claimed_map(facts_client(slot), region, offset, address, size, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static inline int32_t facts_share(int32_t slot, uint64_t address, uint64_t size, uint64_t *bus)
{
    struct device_u64_error_result result;
    enum weft_status status = device_claimed_share(facts_client(slot), address, size, &result);
    if (status != WEFT_OK)
        return FACTS_STATUS - (int32_t)status;
    *bus = result.failed ? 0 : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

#endif
