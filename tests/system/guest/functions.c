/* What some PCI functions have and others have not: interrupts by a table (QEMU's `e1000e`, whose
 * driver can raise them), a reset of their own (QEMU's `nvme`). */
#include "interface/clock_program.h"
#include "lib/server.h"
#include "tests/system/guest/facts.h"

enum { PAGE = 4096, NAME_BYTES = 32 };

static _Alignas(PAGE) uint8_t place[PAGE];
static uint8_t name[NAME_BYTES];

/* The name of a device; empty: there is none. */
static struct weft_bytes find(uint16_t vendor, uint16_t model, uint32_t *interrupts)
{
    struct device_identity_list list;
    struct weft_bytes found = { name, 0 };
    device_devices(facts_client(device_slot()), &list);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct device_identity *device = &list.data[i];
        if (device->vendor != vendor || device->model != model || device->name.size > NAME_BYTES)
            continue;
        memcpy(name, device->name.data, device->name.size);
        found.size = device->name.size;
        *interrupts = device->interrupts;
    }
    return found;
}

static int32_t claim(struct weft_bytes device, int32_t *slot)
{
    struct device_claimed_error_result result;
    device_claim(facts_client(device_slot()), device, &result);
    *slot = result.failed ? WEFT_NO_SLOT : result.value;
    return result.failed ? (int32_t)result.error : FACTS_DONE;
}

static uint32_t configuration(int32_t slot, uint32_t offset)
{
    struct device_u32_error_result result;
    device_claimed_read_configuration(facts_client(slot), offset, 4, &result);
    return result.failed ? 0 : result.value;
}

/* Registers of Intel's 82574 (its data sheet, 10.2): that the link has changed is one of the
 * "other" causes, which have a vector. */
enum { CAUSE = 0xC0, CAUSE_SET = 0xC8, MASK_SET = 0xD0, VECTORS = 0xE4, LINK = 1 << 2 | 1 << 24 };

static void raise_once(int32_t slot)
{
    facts_write(slot, 0, CAUSE, 4, UINT32_MAX);
    facts_write(slot, 0, CAUSE_SET, 4, LINK);
}

static void test_table(void)
{
    enum { TIMES = 50 };
    uint32_t count = 0, came = 0;
    uint64_t value;
    int32_t slot, first, second;
    struct weft_bytes device = find(0x8086, 0x10D3, &count);
    fact(claim(device, &slot) == FACTS_DONE && count == 5,
         "a device with a table of five interrupts");
    fact(facts_interrupt(slot, 0, &first) == FACTS_DONE &&
             facts_interrupt(slot, 3, &second) == FACTS_DONE,
         "two of which are claimed");
    facts_write(slot, 0, VECTORS, 4, (uint32_t)(8 | 3) << 16);
    facts_write(slot, 0, MASK_SET, 4, LINK);
    for (uint32_t i = 0; i < TIMES; i++) {
        raise_once(slot);
        came += facts_wait(second, &value) == FACTS_DONE && value == 1;
    }
    fact(came == TIMES, "and one comes, once each time");
    raise_once(slot);
    raise_once(slot);
    fact(facts_wait(second, &value) == FACTS_DONE && value == 1, "two at once count as one");
    fact(facts_read(slot, 3, 0, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_write(slot, 3, 0, 4, 0) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 3, 0, (uint32_t)(uintptr_t)place, PAGE) == DEVICE_ERROR_INVALID,
         "the table itself is the kernel's");
    const int32_t slots[] = { first, slot, second };
    server_close(slots, 3);
}

static uint64_t now(void)
{
    uint64_t ns = 0;
    clock_monotonic(facts_client(clock_slot()), &ns);
    return ns;
}

static void test_reset(void)
{
    enum { RESET_NS = 100000000, COMMAND = 4, REGION = 0x10, REGIONS_END = 0x28 };
    uint32_t count = 0, before[(REGIONS_END - REGION) / 4];
    uint64_t bus, version, again;
    int32_t slot;
    struct weft_bytes device = find(0x1B36, 0x0010, &count);
    fact(claim(device, &slot) == FACTS_DONE, "a device that can be reset");
    facts_read(slot, 0, 8, 4, &version);
    facts_share(slot, (uint32_t)(uintptr_t)place, PAGE, &bus);
    for (uint32_t i = REGION; i < REGIONS_END; i += 4)
        before[(i - REGION) / 4] = configuration(slot, i);
    uint64_t start = now();
    server_close(&slot, 1);
    fact(claim(device, &slot) == DEVICE_ERROR_BUSY, "is busy while it is reset");
    while (claim(device, &slot) == DEVICE_ERROR_BUSY)
        continue;
    bool same = true;
    for (uint32_t i = REGION; i < REGIONS_END; i += 4)
        same = same && before[(i - REGION) / 4] == configuration(slot, i);
    fact(same && slot != WEFT_NO_SLOT && now() - start >= RESET_NS,
         "and then has its regions where they were");
    fact(facts_read(slot, 0, 8, 4, &again) == FACTS_DONE && again == version && version != 0 &&
             (configuration(slot, COMMAND) & 4) == 0,
         "and answers, and begins without transfers");
    server_close(&slot, 1);
}

int weft_main(void)
{
    test_table();
    test_reset();
    return 0;
}
