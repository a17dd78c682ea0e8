/* Devices with many interrupts: those of QEMU's `edu` come, whichever CPU they go to, and those of
 * all `nvme` are opened until there is no vector left. */
#include "lib/server.h"
#include "tests/system/guest/edu.h"

enum { DEVICES_MAX = 24, NAME_BYTES = 32, EDU = 0x11E8, NVME = 0x0010 };

struct found {
    uint8_t name[NAME_BYTES];
    uint32_t size;
    uint32_t interrupts;
};

static uint32_t find(uint16_t model, struct found found[DEVICES_MAX])
{
    struct device_identity_list list;
    uint32_t count = 0;
    device_devices(facts_client(device_slot()), &list);
    for (uint32_t i = 0; i < list.count && count < DEVICES_MAX; i++) {
        const struct device_identity *device = &list.data[i];
        if (device->model != model || device->name.size > NAME_BYTES)
            continue;
        memcpy(found[count].name, device->name.data, device->name.size);
        found[count].size = device->name.size;
        found[count++].interrupts = device->interrupts;
    }
    return count;
}

static int32_t claim(const struct found *found)
{
    struct device_claimed_error_result result;
    struct weft_bytes name = { found->name, found->size };
    enum weft_status status = device_claim(facts_client(device_slot()), name, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

static uint32_t configuration(int32_t slot, uint32_t offset)
{
    struct device_u32_error_result result;
    device_claimed_read_configuration(facts_client(slot), offset, 4, &result);
    return result.failed ? 0 : result.value;
}

/* The local APIC that the function's messages go to: PCI 3.0, 6.7 and 6.8.1. */
static uint32_t goal(int32_t slot)
{
    enum { CAPABILITIES = 0x34, MESSAGES = 5 };
    uint32_t at = configuration(slot, CAPABILITIES) & 0xFC;
    while (at != 0 && (configuration(slot, at) & 0xFF) != MESSAGES)
        at = configuration(slot, at) >> 8 & 0xFC;
    return configuration(slot, at + 4) >> 12 & 0xFF;
}

static bool comes(int32_t slot, int32_t interrupt)
{
    uint64_t count = 0;
    facts_write(slot, 0, EDU_RAISE, 4, 1);
    bool came = facts_wait(interrupt, &count) == FACTS_DONE && count == 1;
    facts_write(slot, 0, EDU_ACKNOWLEDGE, 4, 1);
    return came;
}

/* They stay open; prints which CPUs they go to. */
static void test_goals(void)
{
    enum { TIMES = 50 };
    struct found found[DEVICES_MAX];
    int32_t slots[DEVICES_MAX], interrupts[DEVICES_MAX];
    uint32_t count = find(EDU, found);
    bool all = true;
    for (uint32_t i = 0; i < count; i++) {
        slots[i] = claim(&found[i]);
        all = all && facts_interrupt(slots[i], 0, &interrupts[i]) == FACTS_DONE;
    }
    for (uint32_t i = 0; i < TIMES * count && all; i++)
        all = comes(slots[i % count], interrupts[i % count]);
    fact(all, "each interrupt comes");
    print("goals:");
    for (uint32_t i = 0; i < count; i++) {
        print(" ");
        print_number(goal(slots[i]));
    }
    print("\n");
}

/* At the limit: there is room for one again when one is closed, and for no second. */
static void test_limit(int32_t device, uint32_t index, int32_t opened)
{
    int32_t again, next;
    server_close(&opened, 1);
    bool one = facts_interrupt(device, index - 1, &again) == FACTS_DONE;
    fact(one && facts_interrupt(device, index, &next) == DEVICE_ERROR_UNSUPPORTED,
         "at the limit one that is closed makes room for one");
}

static void test_all(void)
{
    struct found found[DEVICES_MAX];
    uint32_t count = find(NVME, found), opened = 0;
    int32_t last = FACTS_DONE;
    for (uint32_t i = 0; i < count && last == FACTS_DONE; i++) {
        int32_t device = claim(&found[i]), interrupt = WEFT_NO_SLOT, before = WEFT_NO_SLOT;
        uint32_t index = 0;
        for (; index < found[i].interrupts && last == FACTS_DONE; index++) {
            before = interrupt;
            last = facts_interrupt(device, index, &interrupt);
            opened += last == FACTS_DONE;
        }
        if (last != FACTS_DONE && index > 1)
            test_limit(device, index - 1, before);
    }
    print("opened: ");
    print_number(opened);
    print(last == FACTS_DONE ? ", all there are\n" : ", and no more\n");
}

int weft_main(void)
{
    test_goals();
    test_all();
    return 0;
}
