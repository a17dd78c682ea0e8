/* Two `edu` devices on one line: each interrupt comes to whose it is. */
#include "tests/system/guest/edu.h"

enum { DEVICES = 2, NAME_BYTES = 32 };

static int32_t slots[DEVICES];
static int32_t interrupts[DEVICES];

static uint32_t claim_all(void)
{
    uint8_t names[DEVICES][NAME_BYTES];
    struct weft_bytes found[DEVICES];
    struct device_identity_list list;
    struct device_claimed_error_result result;
    uint32_t count = 0, claimed = 0;
    device_devices(facts_client(device_slot()), &list);
    for (uint32_t i = 0; i < list.count && count < DEVICES; i++) {
        const struct device_identity *device = &list.data[i];
        if (device->model != 0x11E8 || device->name.size > NAME_BYTES)
            continue;
        memcpy(names[count], device->name.data, device->name.size);
        found[count] = (struct weft_bytes){ names[count], device->name.size };
        count++;
    }
    for (uint32_t i = 0; i < count; i++)
        if (device_claim(facts_client(device_slot()), found[i], &result) == WEFT_OK &&
            !result.failed)
            slots[claimed++] = result.value;
    return claimed;
}

static uint64_t cause_of(uint32_t index)
{
    uint64_t cause = 0;
    facts_read(slots[index], 0, EDU_CAUSE, 4, &cause);
    return cause;
}

static bool raise_one(uint32_t index)
{
    uint64_t count = 0;
    facts_write(slots[index], 0, EDU_RAISE, 4, 1);
    bool came = facts_wait(interrupts[index], &count) == FACTS_DONE && cause_of(index) == 1;
    facts_write(slots[index], 0, EDU_ACKNOWLEDGE, 4, 1);
    return came && count == 1;
}

int weft_main(void)
{
    enum { TIMES = 20 };
    struct weft_event event;
    uint8_t body[64];
    uint64_t count;
    fact(claim_all() == DEVICES, "two devices on one line");
    for (uint32_t i = 0; i < DEVICES; i++)
        facts_interrupt(slots[i], 0, &interrupts[i]);
    bool all = true;
    for (uint32_t i = 0; i < TIMES; i++)
        all = all && raise_one(i % DEVICES);
    fact(all, "each gets its own");
    int64_t waiting = device_interrupt_wait_send(facts_client(interrupts[1]), WEFT_WANT_ANSWER);
    facts_write(slots[0], 0, EDU_RAISE, 4, 1);
    facts_wait(interrupts[0], &count);
    fact(weft_wait(&waiting, 1, &event, body, sizeof(body), 0) == WEFT_EVENT_NONE,
         "and none of the other's");
    facts_write(slots[1], 0, EDU_RAISE, 4, 1);
    fact(weft_wait(&waiting, 1, &event, body, sizeof(body), -1) >= 0,
         "also while the other does not look at its own");
    return 0;
}
